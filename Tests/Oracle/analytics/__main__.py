"""Compares every column of every analysis with SQL in DuckDB, or with a few lines of Python.

    python Tests/Oracle/analytics ECQ
"""

import math
import pathlib
import subprocess
import sys
import tempfile

import duckdb

import definitions
import events
import funnels

DECIMALS = "DECIMAL(9,2)"


class Comparison:
    def __init__(self, ecq, folder):
        self.ecq = ecq
        self.folder = folder
        self.checks = 0
        self.failures = []

    def run(self, *arguments):
        done = subprocess.run(
            [self.ecq, *map(str, arguments)], capture_output=True, text=True,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode != 0:
            raise RuntimeError(f"ecq {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def table(self, *arguments):
        """What a command prints, as rows of JSON with exact numbers as text."""
        path = self.folder / "result.csv"
        path.write_text(self.run(*arguments, "--format", "csv"))
        con = duckdb.connect()
        names = [
            c[0] for c in con.execute(
                f"describe select * from read_csv('{path}', header=true, all_varchar=true, quote='\"')"
            ).fetchall()
        ]
        rows = con.execute(
            f"select * from read_csv('{path}', header=true, all_varchar=true, quote='\"')"
        ).fetchall()
        return names, rows

    def same(self, what, found, expected):
        """Both are (names, rows); rows in any order, told apart by all that is no DOUBLE."""
        self.checks += 1
        if found[0] != expected[0]:
            self.failures.append(f"{what}: columns {found[0]} are not {expected[0]}")
            return
        left = sorted(tuple(map(shown, row)) for row in found[1])
        right = sorted(tuple(map(shown, row)) for row in expected[1])
        if left == right:
            return
        odd = [(l, r) for l, r in zip(left, right) if l != r][:2]
        self.failures.append(
            f"{what}: {len(left)} rows against {len(right)}; first difference {odd}"
        )


def shown(value):
    """A value as text; numbers to ten digits."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    try:
        number = float(text)
    except ValueError:
        return text
    if math.isnan(number) or math.isinf(number):
        return text
    return f"{number:.10g}"


def duckdb_of(events_rows):
    con = duckdb.connect()
    con.execute("set threads = 1")
    con.execute(
        f"create table ev (r BIGINT, event_time TIMESTAMP, event_type VARCHAR, product_id BIGINT, "
        f"category_id BIGINT, category_code VARCHAR, brand VARCHAR, price {DECIMALS}, "
        f"user_id BIGINT, user_session UUID)"
    )
    con.executemany(
        "insert into ev values (?,?,?,?,?,?,?,?,?,?)",
        [(k, *(None if v == "" else v for v in row)) for k, row in enumerate(events_rows)],
    )
    return con


def sql(con, text):
    done = con.execute(text)
    return [c[0] for c in done.description], done.fetchall()


def compare(check, seed, sessions):
    rows = events.rows(seed, sessions)
    con = duckdb_of(rows)
    half = len(rows) // 2
    one, two = check.folder / f"a{seed}.csv", check.folder / f"b{seed}.csv"
    events.write(one, rows[:half], line_end="\r\n")
    events.write(two, rows[half:], is_cut=True)
    stores = {}
    for name, options in {
        "clustered": ["--cluster-by", "user_session"], "ordered": ["--keep-order"],
        "byuser": ["--cluster-by", "user_id"],
    }.items():
        store = check.folder / f"{name}{seed}.ecq"
        check.run("ingest", one, "--into", store, *options)
        check.run("ingest", two, "--into", store)
        stores[name] = store
    for name, store in stores.items():
        # A store by user has the events of one session and time in another order.
        orderly = {"sessions", "transitions", "paths"} if name == "byuser" else set()
        for what, arguments, text in definitions.tables(con):
            if (name != "ordered" and what.startswith("ties")) or what in orderly:
                continue
            check.same(f"{what} ({name}, seed {seed})", check.table(*arguments(store)), sql(con, text))
        for what, arguments, expected in funnels.cases(rows):
            if what in orderly:
                continue
            check.same(f"{what} ({name}, seed {seed})", check.table(*arguments(store)), expected)
        # The same in SQL, with other threads, and as a store.
        for function, options in definitions.FUNCTIONS:
            command, table = function.rstrip("s") if function == "segments" else function, store.stem
            shown_rows = check.table("query", store, f"select * from {function}({table}{options})")
            alone = check.table(
                "query", store, f"select * from {function}({table}{options})", "--threads", "1")
            check.same(f"{function} with one thread ({name}, seed {seed})", alone, shown_rows)
            if options == "" and function in ("sessions", "users"):
                written = check.folder / "written.ecq"
                check.run(command, store, "--into", written)
                stored = check.table("query", written, "select * from written")
                check.same(f"{function} as a store ({name}, seed {seed})", stored, shown_rows)


def main():
    with tempfile.TemporaryDirectory() as folder:
        check = Comparison(sys.argv[1], pathlib.Path(folder))
        for seed, sessions in [(1, 40), (2, 900), (3, 1)]:
            compare(check, seed, sessions)
        compare_buyers(check)
        for failure in check.failures:
            print(failure)
        print(f"analytics oracle: {check.checks} tables, {len(check.failures)} differ")
        sys.exit(1 if check.failures else 0)


def compare_buyers(check):
    """A list of purchases as shops keep it: dates, no types of events, other names."""
    path = check.folder / "orders.csv"
    lines = ["customer,day,amount"]
    for k in range(500):
        lines.append(f"{k * k % 97},1997-{1 + k % 12:02d}-{1 + k % 28:02d},{(k * 37 % 1000) / 100}")
    path.write_text("\n".join(lines) + "\n")
    store = check.folder / "orders.ecq"
    check.run("ingest", path, "--into", store)
    con = duckdb.connect()
    con.execute(
        f"create table ev as select customer user_id, day::timestamp event_time, "
        f"amount::decimal(9,2) price, 'purchase' event_type from read_csv('{path}')"
    )
    check.same(
        "rfm of orders",
        check.table(
            "rfm", store, "--map", "user_id=customer", "--map", "event_time=day", "--map",
            "price=amount"),
        sql(con, definitions.RFM_SEGMENTS))


main()
