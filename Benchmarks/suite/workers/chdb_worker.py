"""ClickHouse in the process (chdb): `chdb_worker.py FOLDER CSV...`.

Texts of few values as LowCardinality, times delta-coded, ordered by time; all threads; no answers
that are remembered from the last time.
"""

import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))

from chdb import session  # noqa: E402
from suite import analyses, protocol, queries  # noqa: E402

folder, *csvs = sys.argv[1:]
path = f"{folder}/chdb"
COLUMNS = (
    "event_type LowCardinality(String), product_id UInt32, category_id UInt64,"
    " category_code LowCardinality(String), brand LowCardinality(String), price Decimal(9, 2),"
    " user_id UInt32, user_session Nullable(UUID)")
clickhouse = session.Session(path)
clickhouse.query("CREATE DATABASE IF NOT EXISTS d ENGINE = Atomic")
clickhouse.query("USE d")


def ingest():
    clickhouse.query("DROP TABLE IF EXISTS d.events SYNC")
    clickhouse.query(
        f"CREATE TABLE d.events (event_time DateTime('UTC') CODEC(DoubleDelta, ZSTD), {COLUMNS})"
        " ENGINE = MergeTree ORDER BY event_time")
    for csv in csvs:
        clickhouse.query(
            "INSERT INTO d.events SELECT parseDateTimeBestEffort(replaceOne(event_time, ' UTC', '')),"
            f" * EXCEPT event_time FROM file('{csv}', 'CSVWithNames', 'event_time String, {COLUMNS}')"
            f" SETTINGS max_threads = {protocol.THREADS}, max_insert_threads = {protocol.THREADS}")
    clickhouse.query("OPTIMIZE TABLE d.events FINAL")
    return open_store()


def open_store():
    size = clickhouse.query(
        "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'events'", "CSV")
    if not int(str(size).strip()):
        raise FileNotFoundError("nothing has been loaded")
    return {"bytes": int(str(size).strip())}


def ask(sql):
    sql = re.sub(r"extract\(dow FROM (\w+)\)", r"toDayOfWeek(\1) % 7", sql)
    sql = re.sub(r"epoch\(", "toUnixTimestamp(", sql)
    settings = (
        f" SETTINGS max_threads = {protocol.THREADS}, use_query_condition_cache = 0,"
        " aggregate_functions_null_for_empty = 1")
    text = str(clickhouse.query(sql + settings, "JSONCompactEachRow"))
    return {"rows": [json.loads(line) for line in text.splitlines()]}


steps = {"ingest": ingest, "open": open_store}
for name, sql in (queries.queries() | analyses.CHDB).items():
    steps[name] = lambda sql=sql: ask(sql)
protocol.serve(steps)
