"""DuckDB, on its own store (`native`) or on zstd Parquet: `duckdb_worker.py KIND FOLDER CSV...`.

Types as narrow as the rows allow, UUIDs as UUID, times as TIMESTAMP; all threads.
"""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))

import duckdb  # noqa: E402
from suite import analyses, protocol, queries  # noqa: E402

kind, folder, *csvs = sys.argv[1:]
is_native = kind == "native"
path = f"{folder}/events.{'duckdb' if is_native else 'parquet'}"
TYPES = {
    "event_time": "VARCHAR", "event_type": "VARCHAR", "product_id": "INTEGER",
    "category_id": "BIGINT", "category_code": "VARCHAR", "brand": "VARCHAR",
    "price": "DECIMAL(9,2)", "user_id": "INTEGER", "user_session": "UUID",
}
ROWS = (
    "SELECT strptime(event_time, '%Y-%m-%d %H:%M:%S UTC') AS event_time, * EXCLUDE (event_time)"
    f" FROM read_csv({csvs!r}, header = true, auto_detect = false, delim = ',', columns = {TYPES!r})")
connection = None


def connect():
    global connection
    connection = duckdb.connect(path if is_native else ":memory:")
    connection.execute(f"SET threads = {protocol.THREADS}")
    # Off a terminal there is nothing to draw on.
    connection.execute("SET enable_progress_bar = false")


def ingest():
    if connection:
        connection.close()
    for old in (path, path + ".wal"):
        if os.path.exists(old):
            os.remove(old)
    connect()
    if is_native:
        connection.execute(f"CREATE TABLE events AS {ROWS}")
        connection.execute("CHECKPOINT")
        return {"bytes": os.path.getsize(path)}
    connection.execute(f"COPY ({ROWS}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    return look()


def look():
    connection.execute(f"CREATE VIEW events AS FROM '{path}'")
    return {"bytes": os.path.getsize(path)}


def open_store():
    size = os.path.getsize(path)
    connect()
    if not is_native:
        return look()
    connection.execute("SELECT count(*) FROM events")
    return {"bytes": size}


def ask(sql):
    return {"rows": connection.execute(sql).fetchall()}


steps = {"ingest": ingest, "open": open_store}
steps |= {name: lambda sql=sql: ask(sql) for name, sql in queries.queries().items()}
if is_native:
    more = queries.more_queries() | analyses.duckdb()
    steps |= {name: lambda sql=sql: ask(sql) for name, sql in more.items()}
    steps["session_sums"] = lambda: ask(analyses.SESSION_SUMS)
protocol.serve(steps)
