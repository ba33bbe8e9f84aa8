"""Times the analyses against the same in SQL: DuckDB on its own store, ClickHouse for windowFunnel.

    python analyses.py ECQ CSVDIR [--without-chdb]

All in one run, warm, best of three; prints a Markdown table and appends JSON lines to
Benchmarks/results/. The SQL is that of the tests (Tests/Oracle/analytics/definitions.py).
"""

import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "Tests" / "Oracle" / "analytics"))

import definitions  # noqa: E402

THREADS = 2
WINDOW_FUNNEL = (
    "SELECT level, count(*) FROM (SELECT user_session, windowFunnel(3600)(event_time, "
    "event_type = 'view', event_type = 'cart', event_type = 'purchase') AS level FROM events "
    "GROUP BY user_session) AS t GROUP BY level ORDER BY level")
USER_SUMS = "count(*), sum(total_spend), sum(products_viewed), sum(num_sessions), sum(mean_hour)"


def best(ask):
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


class Ecq:
    def __init__(self, ecq, store):
        self.ecq, self.store = ecq, store

    def run(self, *arguments):
        done = subprocess.run(
            [self.ecq, *map(str, arguments), "--threads", str(THREADS)],
            capture_output=True, encoding="utf-8", check=True)
        return done.stderr

    def query(self, sql):
        """Seconds of the statement, as --timer says them."""
        said = self.run("query", self.store, ";\n".join([sql] * 4), "--timer")
        return min(float(t) for t in re.findall(r"^time: ([0-9.]+) s$", said, re.M))


def duckdb_tables(csvs, folder):
    import duckdb

    con = duckdb.connect(str(folder / "events.duckdb"))
    con.execute(f"SET threads = {THREADS}")
    con.execute(f"""CREATE TABLE ev AS SELECT * REPLACE (
        strptime(event_time, '%Y-%m-%d %H:%M:%S UTC') AS event_time) FROM read_csv({csvs!r},
        header = true, columns = {{'event_time': 'VARCHAR', 'event_type': 'VARCHAR',
        'product_id': 'BIGINT', 'category_id': 'BIGINT', 'category_code': 'VARCHAR',
        'brand': 'VARCHAR', 'price': 'DECIMAL(9,2)', 'user_id': 'BIGINT', 'user_session': 'UUID'}})""")
    con.execute("CHECKPOINT")
    return con


def chdb_session(csvs, folder):
    from chdb import session

    clickhouse = session.Session(str(folder / "chdb"))
    clickhouse.query(f"SET max_threads = {THREADS}")
    clickhouse.query("CREATE DATABASE d ENGINE = Atomic")
    clickhouse.query("""CREATE TABLE d.events (event_time DateTime('UTC'),
        event_type LowCardinality(String), user_session UUID) ENGINE = MergeTree ORDER BY event_time""")
    for path in csvs:
        clickhouse.query(f"""INSERT INTO d.events SELECT parseDateTimeBestEffort(event_time),
            event_type, user_session FROM file('{path}', CSVWithNames, 'event_time String,
            event_type String, product_id UInt32, category_id UInt64, category_code String,
            brand String, price Decimal(9,2), user_id UInt32, user_session UUID')""")
    clickhouse.query("OPTIMIZE TABLE d.events FINAL")
    return clickhouse


def main():
    ecq_path, source = sys.argv[1:3]
    csvs = sorted(map(str, pathlib.Path(source).glob("*.csv")))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        store = folder / "events.ecq"
        ecq = Ecq(ecq_path, store)
        subprocess.run([ecq_path, "ingest", *csvs, "--into", store], check=True, capture_output=True)
        con = duckdb_tables(csvs, folder)
        ordered = definitions.SESSIONS.replace("(select * from ev", "(select *, rowid r from ev")
        sessions = ordered.format(columns=definitions.SESSION_COLUMNS)
        users = definitions.USERS.format(before="", as_of=definitions.DEFAULT_AS_OF)
        rows = [
            ("sessions, written as a table", "DuckDB",
             lambda: best(lambda: ecq.run("sessions", store, "--into", folder / "sessions.ecq")),
             lambda: best(lambda: con.execute(f"CREATE OR REPLACE TABLE s AS {sessions}").fetchall())),
            ("users", "DuckDB", lambda: ecq.query(f"SELECT {USER_SUMS} FROM users(events)"),
             lambda: best(lambda: con.execute(f"{users} SELECT {USER_SUMS} FROM u").fetchall())),
            ("RFM of all buyers", "DuckDB",
             lambda: ecq.query("SELECT segment, count(*), sum(monetary) FROM rfm(events) GROUP BY 1"),
             lambda: best(lambda: con.execute(
                 definitions.RFM
                 + "SELECT segment, count(*), sum(monetary) FROM scored GROUP BY 1").fetchall())),
        ]
        if "--without-chdb" not in sys.argv:
            clickhouse = chdb_session(csvs, folder)
            rows.append((
                "windowFunnel by session", "ClickHouse", lambda: ecq.query(WINDOW_FUNNEL),
                lambda: best(lambda: str(clickhouse.query(
                    WINDOW_FUNNEL.replace("FROM events", "FROM d.events"), "CSV")))))
        date = datetime.date.today().isoformat()
        print("| analysis | ecq, s | peer | peer, s | ratio |\n|---|--:|---|--:|--:|")
        with open(HERE / "results" / f"analyses-{date}.jsonl", "a") as results:
            for what, peer, ask, ask_peer in rows:
                own, other = ask(), ask_peer()
                print(f"| {what} | {own:.3f} | {peer} | {other:.3f} | {other / own:.1f}× |", flush=True)
                results.write(json.dumps(
                    {"date": date, "analysis": what, "ecq": own, "peer": peer, "seconds": other})
                    + "\n")


main()
