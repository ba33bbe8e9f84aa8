"""Generates statements, runs them on ecq and on DuckDB over the same rows, and compares types and values.

    python Tests/Oracle/fuzz ECQ [--count N] [--seed S] [--kind KIND] [--show N]

A statement that both refuse counts as equal; one that ecq alone refuses as "not supported" is counted
apart. A canary, a table of which ecq has one other value, proves that a difference is found.
"""

import argparse
import collections
import pathlib
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import compare  # noqa: E402
import engines  # noqa: E402
import statements  # noqa: E402
import tables  # noqa: E402

# Casts that are refused when they are seen, not when a row reaches them, and bits of HUGEINT.
UNSUPPORTED = re.compile(r"cannot be cast|no function matches \S+\(.*DECIMAL\(38,0\)")

TABLES = {"mild": (60, False), "wild": (90, True), "few": (25, False), "none": (0, False)}


class Fuzzer:
    def __init__(self, program, folder, seed):
        self.program, self.folder, self.seed = program, pathlib.Path(folder), seed
        self.duck = engines.Duck()
        stores = [self.load(name, *shape) for name, shape in TABLES.items()]
        self.ecq = engines.Ecq(program, stores)
        self.outcomes = collections.Counter()
        self.refusals = collections.Counter()
        self.shows_failures = False

    def load(self, name, rows, wild):
        # The empty table gets its types from rows that a condition takes away.
        text = tables.make(name, self.seed, rows or 60, wild)
        path, store = self.folder / f"{name}.csv", self.folder / f"{name}.ecq"
        if rows == 0:
            store = self.folder / "none_rows.ecq"
        path.write_text(text, encoding="utf-8")
        made = subprocess.run([self.program, "ingest", path, "--into", store], capture_output=True)
        if made.returncode != 0:
            raise RuntimeError(made.stderr.decode())
        declared = ", ".join(["id BIGINT"] + [f"{n} {t}" for n, t, _ in tables.MILD])
        target = store.stem
        self.duck.connection.execute(f"CREATE TABLE {target} ({declared})")
        import fields

        rows_of = fields.parse(text)[1:]
        kinds = ["BIGINT"] + [t for _, t, _ in tables.MILD]
        marks = ", ".join(f"CAST(? AS {t})" for t in kinds)
        self.duck.connection.executemany(f"INSERT INTO {target} VALUES ({marks})", rows_of)
        return store

    def prepared(self, sql):
        """The empty table is a subquery, as a store cannot be made without values."""
        return re.sub(r"\b(FROM|JOIN) none\b(?! AS| [ab]\b)", r"\1 (FROM none_rows WHERE id < 0) AS none",
                      re.sub(r"\b(FROM|JOIN) none ([ab])\b", r"\1 (FROM none_rows WHERE id < 0) AS \2", sql))

    def run(self, made):
        """Compares the statements; returns those that differ with what differs."""
        texts = [self.prepared(statement.sql) for statement in made]
        found = []
        for statement, sql, ours in zip(made, texts, self.ecq.answers(texts)):
            verdict = self.verdict(statement, sql, ours)
            if verdict:
                found.append((statement, sql, verdict))
        return found

    def verdict(self, statement, sql, ours):
        try:
            theirs = self.duck.answer(sql)
        except engines.Failure as failure:
            if "ORDER BY non-integer literal" in str(failure):
                # A constant as an order, which DuckDB warns of by refusing it.
                self.outcomes["both refuse"] += 1
                return None
            if isinstance(ours, engines.Failure):
                self.outcomes["both refuse"] += 1
                return f"CRASH {ours}" if "CRASH" in str(ours) else None
            self.outcomes["differ"] += 1
            return f"an answer, DuckDB: {str(failure)[:200]}"
        if isinstance(ours, engines.Failure):
            if str(ours).startswith("not supported") or "there is no function" in str(ours) or UNSUPPORTED.search(str(ours)):
                self.outcomes["not supported"] += 1
                self.refusals[re.sub(r"[0-9]+", "0", str(ours))[:110]] += 1
                return None
            if str(ours).startswith("bad value"):
                # ecq computes what DuckDB has found to be of no consequence, and that fails.
                self.outcomes["fail in ecq alone"] += 1
                return f"error: {ours}" if self.shows_failures else None
            self.outcomes["differ"] += 1
            return f"error: {ours}"
        found = compare.difference(ours, theirs, statement.ordered)
        self.outcomes["differ" if found else "equal"] += 1
        return found

    def shrink(self, statement, sql, verdict):
        """The smallest part of the statement that differs by itself."""
        if not statement.single:
            return sql, verdict
        for node in sorted((n for top in statement.nodes for n in top.nodes()), key=lambda n: len(n.text())):
            text = statement.single(node)
            if text is None:
                continue
            text = self.prepared(text)
            saved = self.outcomes.copy(), self.refusals.copy()
            part = statements.Statement(statement.kind, text, statement.ordered)
            found = self.verdict(part, text, self.ecq.answers([text])[0])
            self.outcomes, self.refusals = saved
            if found:
                return text, found
        return sql, verdict

    def canary(self):
        """Whether a difference of one value is seen."""
        sql = "SELECT id, j FROM few ORDER BY id"
        theirs = self.duck.answer(sql)
        types, rows = self.ecq.answers([sql])[0]
        rows[3][1] = "17" if rows[3][1] != "17" else "18"
        return compare.difference((types, rows), theirs, True) is not None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ecq")
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("--kind", default="", help="only statements of this kind")
    parser.add_argument("--failures", action="store_true", help="show what fails in ecq alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(options.ecq, folder, options.seed)
        if not fuzzer.canary():
            print("fuzz: the canary was not found")
            return 1
        fuzzer.shows_failures = options.failures
        source = statements.Statements(random.Random(options.seed))
        made = []
        while len(made) < options.count:
            statement = source.next()
            if options.kind in statement.kind:
                made.append(statement)
        seen = collections.Counter()
        shown = 0
        for start in range(0, len(made), 500):
            for statement, sql, verdict in fuzzer.run(made[start : start + 500]):
                if shown >= options.show:
                    continue
                sql, verdict = fuzzer.shrink(statement, sql, verdict)
                shape = re.sub(r"[^a-z_(|*+/%-]", "", re.sub(r"'[^']*'", "", sql.split("FROM")[0].lower())) + verdict[:12]
                seen[shape] += 1
                if seen[shape] == 1:
                    shown += 1
                    print(f"DIFFERS ({statement.kind}): {verdict}\n    {sql}")
    for text, count in fuzzer.refusals.most_common(options.show):
        print(f"refused {count}: {text}")
    counts = ", ".join(f"{count} {name}" for name, count in sorted(fuzzer.outcomes.items()))
    print(f"fuzz: {options.count} statements of seed {options.seed}: {counts}")
    compared = fuzzer.outcomes["equal"] + fuzzer.outcomes["differ"]
    return 1 if fuzzer.outcomes["differ"] or compared < options.count / 2 else 0


sys.exit(main())
