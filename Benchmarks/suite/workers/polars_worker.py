"""Polars, lazily over zstd Parquet, streaming: `polars_worker.py FOLDER CSV...`."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))

from suite import protocol  # noqa: E402

os.environ["POLARS_MAX_THREADS"] = str(protocol.THREADS)

import polars as pl  # noqa: E402

folder, *csvs = sys.argv[1:]
path = f"{folder}/events_polars.parquet"
c = pl.col


def ingest():
    numbers = {"category_id": pl.Int64, "product_id": pl.Int32, "user_id": pl.Int32}
    pl.scan_csv(csvs, schema_overrides=numbers).with_columns(
        c("event_time").str.strptime(pl.Datetime("ms"), "%Y-%m-%d %H:%M:%S UTC")
    ).sink_parquet(path, compression="zstd")
    return open_store()


def open_store():
    return {"bytes": os.path.getsize(path)}


def kind(name):
    return c("event_type") == name


def sold(events):
    return events.filter(kind("purchase"))


def one_user(events):
    last = events.select(c("user_id").max()).collect().item()
    return events.filter(c("user_id") == last).select(
        "event_time", "event_type", "product_id", "price")


PLANS = {
    "q01_event_mix": lambda events: events.group_by("event_type").len(),
    "q02_top_brand_revenue": lambda events: sold(events).group_by("brand").agg(
        c("price").sum().alias("r"), pl.len()).sort("r", descending=True).limit(10),
    "q03_hour_by_type": lambda events: events.group_by(c("event_time").dt.hour(), "event_type").len(),
    "q04_weekday": lambda events: events.group_by(c("event_time").dt.weekday() % 7).agg(
        pl.len(), c("user_id").n_unique()),
    "q05_category_demand": lambda events: events.group_by("category_code").agg(
        pl.len().alias("n"), pl.when(kind("purchase")).then(c("price")).otherwise(0).sum())
    .sort(["n", "category_code"], descending=[True, False], nulls_last=True).limit(20),
    "q06_daily_users": lambda events: events.group_by(c("event_time").dt.date()).agg(
        c("user_id").n_unique()),
    "q07_one_user": one_user,
    "q08_brand_price_filter": lambda events: events.filter(
        (c("brand") == "apple") & c("price").is_between(500, 1000))
    .select(pl.len(), c("price").mean()),
    "q09_like": lambda events: events.filter(c("category_code").str.contains("phone", literal=True))
    .group_by("category_code").len(),
    "q10_distinct_sessions": lambda events: events.select(c("user_session").drop_nulls().n_unique()),
    "q11_top_spenders": lambda events: sold(events).group_by("user_id").agg(
        c("price").sum().alias("m"), pl.len())
    .sort(["m", "user_id"], descending=[True, False]).limit(10),
    "q12_top_products": lambda events: events.group_by("product_id").agg(
        pl.len().alias("n"), c("price").mean())
    .sort(["n", "product_id"], descending=[True, False]).limit(10),
    "q13_sessions": lambda events: events.group_by("user_session").agg(
        kind("view").sum().alias("v"),
        ((kind("cart").sum() > 0) & (kind("purchase").sum() == 0)).alias("a"),
        (c("event_time").max() - c("event_time").min()).dt.total_seconds().alias("d"),
        c("price").mean()).select(pl.len(), c("a").sum(), c("d").mean(), c("v").mean()),
}


def ask(plan):
    return {"rows": plan(pl.scan_parquet(path)).collect(engine="streaming").rows()}


steps = {name: lambda plan=plan: ask(plan) for name, plan in PLANS.items()}
protocol.serve({"ingest": ingest, "open": open_store} | steps)
