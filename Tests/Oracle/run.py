"""Runs the queries of Tests/slt and of Benchmarks/queries.sql on ecq and on DuckDB and compares
every value: DOUBLE to 1e-12 relative, all else exactly, in order where there is an ORDER BY.

    python run.py ECQ            compares; exit code 1 where something differs
    python run.py ECQ --rewrite  writes DuckDB's rows into the .slt files as what is expected
"""

import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import duckdb

import fields
import sqllogic
import values

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent / "slt"
QUERIES = HERE.parent.parent / "Benchmarks" / "queries.sql"
NESTED = re.compile(r"\[\]|^MAP|^INTERVAL|^TIME$|^STRUCT")


class Bench:
    """The same tables in ecq and in DuckDB."""

    def __init__(self, ecq, folder):
        self.ecq = ecq
        self.folder = pathlib.Path(folder)
        self.stores = []
        self.duck = duckdb.connect()
        self.duck.execute("set threads = 2")

    def run_ecq(self, *arguments):
        run = subprocess.run(
            [self.ecq, *map(str, arguments)], capture_output=True, stdin=subprocess.DEVNULL
        )
        # Not in text mode, which would change line ends inside values.
        run.stdout, run.stderr = run.stdout.decode(), run.stderr.decode()
        return run

    def load(self, name, path, *options):
        store = self.folder / f"{name}.ecq"
        made = self.run_ecq("ingest", path, "--into", store, *options)
        if made.returncode != 0:
            raise RuntimeError(f"ecq ingest {path}: {made.stderr}")
        self.stores.append(store)
        columns = self.columns(store)
        declared = ", ".join(f'"{c.replace(chr(34), chr(34) * 2)}" {t}' for c, t in columns)
        self.duck.execute(f'create table "{name}" ({declared})')
        rows = fields.parse(path.read_bytes().decode("utf-8"))[1:]
        casts = ", ".join(f"cast(? as {t})" for _, t in columns)
        rows = [[utc(c) if t == "TIMESTAMP" else c for c, (_, t) in zip(row, columns)] for row in rows]
        if rows:
            self.duck.executemany(f'insert into "{name}" values ({casts})', rows)

    def columns(self, store):
        info = json.loads(self.run_ecq("info", store, "--format", "json").stdout)
        return [(row["name"], row["type"]) for row in info if row["kind"] == "column"]

    def ask_ecq(self, sql):
        """(rows, None) or (None, message)."""
        run = self.run_ecq("query", *self.stores, sql, "--format", "csv")
        if run.returncode != 0:
            return None, run.stderr.strip() or f"exit code {run.returncode}, nothing said"
        return fields.parse(run.stdout)[1:], None

    def ask_duckdb(self, sql):
        relation = self.duck.execute(sql)
        types = [str(column[1]) for column in relation.description]
        if any(NESTED.search(t) for t in types):
            body = sql.rstrip().rstrip(";")
            relation = self.duck.execute(f"select cast(columns(*) as varchar) from ({body})")
        return relation.fetchall()


def difference(ours, theirs, is_ordered):
    """What differs between the rows; None where nothing does."""
    if not is_ordered:
        ours, theirs = sorted(ours, key=values.sort_key), sorted(theirs, key=values.sort_key)
    if len(ours) != len(theirs):
        return f"{len(ours)} rows, DuckDB has {len(theirs)}"
    for number, (left, right) in enumerate(zip(ours, theirs)):
        if len(left) != len(right):
            return f"{len(left)} columns, DuckDB has {len(right)}"
        for column, (text, value) in enumerate(zip(left, right)):
            if not values.matches(text, value):
                return f"row {number + 1}, column {column + 1}: {text!r}, DuckDB has {value!r}"
    return None


def utc(text):
    """A time with a zone or an offset as the same time in UTC without one."""
    if text is None:
        return None
    text = text.removesuffix(" UTC").removesuffix("Z")
    offset = re.search(r"([+-])(\d\d)(?::?(\d\d))?$", text[19:])
    if not offset:
        return text
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    shift = datetime.timedelta(minutes=minutes if offset[1] == "-" else -minutes)
    moment = datetime.datetime.fromisoformat(text[: 19 + offset.start()]) + shift
    return str(moment)


class Comparison:
    def __init__(self):
        self.compared = self.skipped = 0
        self.failures = []

    def compare(self, bench, sql, place):
        self.compared += 1
        try:
            theirs = bench.ask_duckdb(sql)
        except duckdb.Error as error:
            self.failures.append(f"{place}: DuckDB: {error}\n    {sql}")
            return
        ours, message = bench.ask_ecq(sql)
        found = message if ours is None else difference(ours, theirs, has_order(sql))
        if found:
            self.failures.append(f"{place}: {found}\n    {sql}")

    def compare_error(self, bench, sql, place):
        self.compared += 1
        try:
            bench.duck.execute(sql).fetchall()
            self.failures.append(f"{place}: DuckDB answers what must fail\n    {sql}")
        except duckdb.Error:
            pass


def has_order(sql):
    """Whether the statement's last clause orders the rows."""
    return re.search(r"\border\s+by\b[^()]*$|\border\s+by\b(?!.*\bfrom\b)", sql, re.I | re.S) is not None


def run_files(ecq, comparison, rewrite):
    for path in sorted(ROOT.rglob("*.slt")):
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(ecq, folder)
            lines, records = sqllogic.read(path)
            for record in records:
                place = f"{path.relative_to(ROOT)}:{record.line}"
                if record.kind == "load":
                    words = [word for word in record.words if word != "in-order"]
                    fixture = words[2] if len(words) > 2 else words[1] + ".csv"
                    options = ["--keep-order"] if words != record.words else []
                    bench.load(words[1], ROOT / "fixtures" / fixture, *options)
                elif record.only_ecq:
                    comparison.skipped += 1
                elif record.kind == "query" and not rewrite:
                    comparison.compare(bench, record.sql, place)
                elif record.kind == "error" and not rewrite:
                    comparison.compare_error(bench, record.sql, place)
            if rewrite:
                rewrite_file(path, lines, records, bench)


def rewrite_file(path, lines, records, bench):
    for record in reversed(records):
        if record.kind != "query" or record.only_ecq:
            continue
        try:
            answer = bench.ask_duckdb(record.sql)
        except duckdb.Error as error:
            print(f"{path}:{record.line}: {error}")
            continue
        rows = [["NULL" if c is None else values.text_of(c) or "(empty)" for c in row] for row in answer]
        if record.words[2:] == ["rowsort"]:
            rows.sort()
        lines[record.first : record.last] = ["\t".join(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")


def run_clickstream(ecq, comparison):
    """The fifteen queries over a generated clickstream."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(ecq, folder)
        bench.run_ecq("generate", folder, "--rows", 60_000, "--seed", 7)
        files = [str(path) for path in sorted(pathlib.Path(folder).glob("*.csv"))]
        store = pathlib.Path(folder) / "events.ecq"
        made = bench.run_ecq("ingest", *files, "--into", store)
        if made.returncode != 0:
            comparison.failures.append(f"ingest of generated rows: {made.stderr}")
            return
        bench.stores.append(store)
        declared = {name: "VARCHAR" if name == "event_time" else t for name, t in bench.columns(store)}
        bench.duck.execute(
            "create table events as select strptime(event_time, '%Y-%m-%d %H:%M:%S UTC') as event_time,"
            f" * exclude (event_time) from read_csv({files!r}, header = true, auto_detect = false,"
            f" delim = ',', quote = '\"', columns = {declared!r})"
        )
        for name, sql in named_queries(QUERIES):
            comparison.compare(bench, sql, name)


def named_queries(path):
    """(name, SQL) of each statement under a `-- name` line."""
    parts = re.split(r"^-- (\w+)\n", path.read_text(encoding="utf-8"), flags=re.M)[1:]
    return [(name, sql.strip().rstrip(";")) for name, sql in zip(parts[::2], parts[1::2])]


def main():
    ecq, rewrite = sys.argv[1], "--rewrite" in sys.argv[2:]
    comparison = Comparison()
    run_files(ecq, comparison, rewrite)
    if rewrite:
        return 0
    run_clickstream(ecq, comparison)
    for failure in comparison.failures:
        print(f"FAILED {failure}")
    print(
        f"oracle: {comparison.compared} answers compared with DuckDB {duckdb.__version__},"
        f" {len(comparison.failures)} differ, {comparison.skipped} are ecq's alone"
    )
    return 1 if comparison.failures or comparison.compared < 50 else 0


sys.exit(main())
