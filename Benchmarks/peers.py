"""Times the peers on the clickstream: loads the CSVs, then runs each query three times, warm.

    python peers.py ENGINE CSVDIR WORKDIR QUERIES.sql
    ENGINE: duckdb, duckdb_parquet, chdb, polars

Prints a JSON line a step: {"step", "seconds", "bytes" or "rows"}.
"""

import glob
import json
import os
import re
import shutil
import sys
import time

engine, source, work, queries_path = sys.argv[1:5]
csvs = sorted(glob.glob(source + "/*.csv"))
threads = len(os.sched_getaffinity(0))
TYPES = {
    "event_time": "VARCHAR", "event_type": "VARCHAR", "product_id": "BIGINT", "category_id": "BIGINT",
    "category_code": "VARCHAR", "brand": "VARCHAR", "price": "DECIMAL(9,2)", "user_id": "BIGINT",
    "user_session": "UUID",
}


def queries():
    parts = re.split(r"^-- (\w+)\n", open(queries_path).read(), flags=re.M)[1:]
    return [(name, sql.strip().rstrip(";")) for name, sql in zip(parts[::2], parts[1::2])]


def emit(step, **values):
    print(json.dumps({"step": step, **values}, default=str), flush=True)


def best(ask):
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        rows = ask()
        seconds.append(time.perf_counter() - start)
    return min(seconds), rows


def run(pairs):
    for name, ask in pairs:
        try:
            seconds, rows = best(ask)
            emit(name, seconds=seconds, rows=[list(row) for row in rows])
        except Exception as error:
            emit(name, error=str(error)[:200])


def run_duckdb(is_native):
    import duckdb

    path = f"{work}/events.{'duckdb' if is_native else 'parquet'}"
    if os.path.exists(path):
        os.remove(path)
    connection = duckdb.connect(path if is_native else ":memory:")
    connection.execute(f"set threads = {threads}")
    rows = (
        "select strptime(event_time, '%Y-%m-%d %H:%M:%S UTC') as event_time, * exclude (event_time)"
        f" from read_csv({csvs!r}, header = true, auto_detect = false, delim = ',', columns = {TYPES!r})"
    )
    start = time.perf_counter()
    if is_native:
        connection.execute(f"create table events as {rows}")
        connection.execute("checkpoint")
    else:
        connection.execute(f"copy ({rows}) to '{path}' (format parquet, compression zstd)")
        connection.execute(f"create view events as from '{path}'")
    emit("ingest", seconds=time.perf_counter() - start, bytes=os.path.getsize(path))
    run((name, lambda sql=sql: connection.execute(sql).fetchall()) for name, sql in queries())


def run_chdb():
    from chdb import session

    path = f"{work}/chdb"
    shutil.rmtree(path, ignore_errors=True)
    chdb = session.Session(path)
    chdb.query("create database d engine = Atomic")
    columns = (
        "event_type LowCardinality(String), product_id UInt32, category_id UInt64,"
        " category_code LowCardinality(String), brand LowCardinality(String), price Decimal(9, 2),"
        " user_id UInt32, user_session Nullable(UUID)"
    )
    chdb.query(
        f"create table d.events (event_time DateTime('UTC') codec(DoubleDelta, ZSTD), {columns})"
        " engine = MergeTree order by event_time"
    )
    start = time.perf_counter()
    for csv in csvs:
        chdb.query(
            "insert into d.events select parseDateTimeBestEffort(replaceOne(event_time, ' UTC', '')),"
            f" * except event_time from file('{csv}', 'CSVWithNames', 'event_time String, {columns}')"
            f" settings max_threads = {threads}, max_insert_threads = {threads}"
        )
    chdb.query("optimize table d.events final")
    seconds = time.perf_counter() - start
    size = chdb.query("select sum(bytes_on_disk) from system.parts where active and table = 'events'", "CSV")
    emit("ingest", seconds=seconds, bytes=int(str(size).strip()))
    chdb.query("use d")

    def ask(sql):
        sql = re.sub(r"extract\(dow FROM (\w+)\)", r"toDayOfWeek(\1) % 7", sql)
        sql = re.sub(r"epoch\(", "toUnixTimestamp(", sql)
        settings = (
            f" settings max_threads = {threads}, use_query_condition_cache = 0,"
            " aggregate_functions_null_for_empty = 1"
        )
        text = str(chdb.query(sql + settings, "JSONCompactEachRow"))
        return [json.loads(line) for line in text.splitlines()]

    run((name, lambda sql=sql: ask(sql)) for name, sql in queries())


def run_polars():
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import polars as pl

    path = f"{work}/events_polars.parquet"
    start = time.perf_counter()
    pl.scan_csv(
        csvs, schema_overrides={"category_id": pl.Int64, "product_id": pl.Int64, "user_id": pl.Int64}
    ).with_columns(
        pl.col("event_time").str.strptime(pl.Datetime("ms"), "%Y-%m-%d %H:%M:%S UTC")
    ).sink_parquet(path, compression="zstd")
    emit("ingest", seconds=time.perf_counter() - start, bytes=os.path.getsize(path))
    events, c = pl.scan_parquet(path), pl.col

    def kind(name):
        return c("event_type") == name

    sold = events.filter(kind("purchase"))
    plans = {
        "q01_event_mix": events.group_by("event_type").len(),
        "q02_top_brand_revenue": sold.group_by("brand").agg(c("price").sum().alias("r"), pl.len())
        .sort("r", descending=True).limit(10),
        "q03_hour_by_type": events.group_by(c("event_time").dt.hour(), "event_type").len(),
        "q04_weekday": events.group_by(c("event_time").dt.weekday() % 7).agg(pl.len(), c("user_id").n_unique()),
        "q05_category_demand": events.group_by("category_code").agg(
            pl.len().alias("n"), pl.when(kind("purchase")).then(c("price")).otherwise(0).sum())
        .sort(["n", "category_code"], descending=[True, False], nulls_last=True).limit(20),
        "q06_daily_users": events.group_by(c("event_time").dt.date()).agg(c("user_id").n_unique()),
        "q07_one_user": events.filter(c("user_id") == events.select(c("user_id").max()).collect().item())
        .select("event_time", "event_type", "product_id", "price"),
        "q08_brand_price_filter": events.filter((c("brand") == "apple") & c("price").is_between(500, 1000))
        .select(pl.len(), c("price").mean()),
        "q09_like": events.filter(c("category_code").str.contains("phone", literal=True))
        .group_by("category_code").len(),
        "q10_distinct_sessions": events.select(c("user_session").drop_nulls().n_unique()),
        "q11_top_spenders": sold.group_by("user_id").agg(c("price").sum().alias("m"), pl.len())
        .sort(["m", "user_id"], descending=[True, False]).limit(10),
        "q12_top_products": events.group_by("product_id").agg(pl.len().alias("n"), c("price").mean())
        .sort(["n", "product_id"], descending=[True, False]).limit(10),
        "q13_sessions": events.group_by("user_session").agg(
            kind("view").sum().alias("v"),
            ((kind("cart").sum() > 0) & (kind("purchase").sum() == 0)).alias("a"),
            (c("event_time").max() - c("event_time").min()).dt.total_seconds().alias("d"),
            c("price").mean()).select(pl.len(), c("a").sum(), c("d").mean(), c("v").mean()),
    }
    run((name, lambda plan=plan: plan.collect(engine="streaming").rows()) for name, plan in plans.items())


{
    "duckdb": lambda: run_duckdb(True),
    "duckdb_parquet": lambda: run_duckdb(False),
    "chdb": run_chdb,
    "polars": run_polars,
}[engine]()
