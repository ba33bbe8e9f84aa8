"""Generates statements, runs them on ecq and on DuckDB over the same rows, and compares types and values.

    python Tests/Oracle/fuzz ECQ [--count N] [--seed S] [--kind KIND] [--show N]

A statement that both refuse counts as equal; one that ecq alone refuses as "not supported" is counted
apart. A canary, a table of which ecq has one other value, proves that a difference is found.

Most statements ask small tables of extremes for all there is of SQL; one in fifteen asks a clickstream of some
hundred thousand rows what analysts ask (their kinds begin with "clicks"). Every statement runs twice, as it
comes and under one of ``CONFIGURATIONS``, which must not change an answer.
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
import clicks  # noqa: E402
import clickstream  # noqa: E402
import compare  # noqa: E402
import engines  # noqa: E402
import statements  # noqa: E402
import tables  # noqa: E402

# Casts that are refused when they are seen, not when a row reaches them, and bits of HUGEINT.
UNSUPPORTED = re.compile(r"cannot be cast|no function matches \S+\(.*DECIMAL\(38,0\)")

CONFIGURATIONS = [
    ("--threads", "1"), ("--threads", "3"), ("--no-block-answers",), ("--memory-limit", "64MB"),
    ("--threads", "1", "--memory-limit", "64MB"), ("--threads", "2", "--no-block-answers"),
]
# A statement that takes longer has failed.
SECONDS_MAX = "60"
# How often each source of statements comes.
SHARES = [14, 1]
CANARIES = [
    ("SELECT id, j FROM few ORDER BY id", 3, 1),
    ("SELECT brand, count(*) AS n FROM clicks GROUP BY brand ORDER BY brand", 17, 1),
]

TABLES = {"mild": (60, False), "wild": (90, True), "few": (25, False), "none": (0, False)}


class Fuzzer:
    def __init__(self, program, folder, seed):
        self.program, self.folder, self.seed = program, pathlib.Path(folder), seed
        self.duck = engines.Duck()
        stores = [self.load(name, *shape) for name, shape in TABLES.items()]
        self.stores = stores + clickstream.load(program, self.folder, seed, self.duck.connection)
        self.source = random.Random(seed)
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
        """Compares the statements; returns those that differ with the options and what differs."""
        texts = [self.prepared(statement.sql) for statement in made]
        ours = [[answer] for answer in self.ecq().answers(texts)]
        drawn = [self.source.choice(CONFIGURATIONS) for _ in made]
        for options in CONFIGURATIONS:
            places = [place for place, choice in enumerate(drawn) if choice == options]
            for place, answer in zip(places, self.ecq(options).answers([texts[place] for place in places])):
                ours[place].append(answer)
        found = []
        for statement, sql, options, (plain, varied) in zip(made, texts, drawn, ours):
            theirs = self.theirs(sql)
            outcome, what = self.verdict(plain, theirs, statement.ordered)
            if outcome == "equal" and self.is_out_of_memory(varied, options):
                self.outcomes["out of memory where limited"] += 1
            elif outcome == "equal":
                outcome, what = self.verdict(varied, theirs, statement.ordered)
            else:
                options = ()
            self.outcomes[outcome] += 1
            if outcome == "not supported":
                self.refusals[re.sub(r"[0-9]+", "0", str(plain))[:110]] += 1
            if what:
                found.append((statement, options, what))
        return found

    def ecq(self, options=()):
        return engines.Ecq(self.program, self.stores, ("--timeout", SECONDS_MAX, *options))

    def theirs(self, sql):
        try:
            return self.duck.answer(sql)
        except engines.Failure as failure:
            return failure

    @staticmethod
    def is_out_of_memory(ours, options):
        return "--memory-limit" in options and isinstance(ours, engines.Failure) and str(ours).startswith("out of memory")

    def verdict(self, ours, theirs, ordered):
        """What comes of two answers, and what is to be shown of it."""
        if isinstance(theirs, engines.Failure):
            # A constant as an order is what DuckDB warns of by refusing it.
            if "ORDER BY non-integer literal" in str(theirs):
                return "both refuse", None
            if isinstance(ours, engines.Failure):
                return "both refuse", f"CRASH {ours}" if "CRASH" in str(ours) else None
            return "differ", f"an answer, DuckDB: {str(theirs)[:200]}"
        if isinstance(ours, engines.Failure):
            if str(ours).startswith("not supported") or "there is no function" in str(ours) or UNSUPPORTED.search(str(ours)):
                return "not supported", None
            if str(ours).startswith("bad value"):
                # ecq computes what DuckDB has found to be of no consequence, and that fails.
                return "fail in ecq alone", f"error: {ours}" if self.shows_failures else None
            return "differ", f"error: {ours}"
        found = compare.difference(ours, theirs, ordered)
        return "differ" if found else "equal", found

    def shrink(self, statement, options, what):
        """The smallest part of the statement that differs by itself, its text and what differs."""
        for part in statement.smaller():
            text = self.prepared(part.sql)
            found = self.verdict(self.ecq(options).answers([text])[0], self.theirs(text), part.ordered)[1]
            if found:
                return self.shrink(part, options, found)
        return self.prepared(statement.sql), what

    def canary(self, sql, row, column):
        """Whether a difference of one value is seen."""
        types, rows = self.ecq().answers([sql])[0]
        rows[row][column] = "17" if rows[row][column] != "17" else "18"
        return compare.difference((types, rows), self.duck.answer(sql), True) is not None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ecq")
    parser.add_argument("--count", type=int, default=1600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("--kind", default="", help="only statements of this kind")
    parser.add_argument("--failures", action="store_true", help="show what fails in ecq alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(options.ecq, folder, options.seed)
        if not all(fuzzer.canary(*canary) for canary in CANARIES):
            print("fuzz: the canary was not found")
            return 1
        fuzzer.shows_failures = options.failures
        sources = [statements.Statements(random.Random(options.seed)), clicks.Clicks(random.Random(options.seed), fuzzer.duck)]
        made = []
        while len(made) < options.count:
            statement = fuzzer.source.choices(sources, SHARES)[0].next()
            if options.kind in statement.kind:
                made.append(statement)
        seen = collections.Counter()
        shown = 0
        for start in range(0, len(made), 500):
            for statement, configuration, what in fuzzer.run(made[start : start + 500]):
                if shown >= options.show:
                    continue
                sql, what = fuzzer.shrink(statement, configuration, what)
                shape = re.sub(r"[^a-z_(|*+/%-]", "", re.sub(r"'[^']*'", "", sql.split("FROM")[0].lower())) + what[:12]
                seen[shape] += 1
                if seen[shape] == 1:
                    shown += 1
                    under = f", {' '.join(configuration)}" if configuration else ""
                    print(f"DIFFERS ({statement.kind}{under}): {what}\n    {sql}")
    for text, count in fuzzer.refusals.most_common(options.show):
        print(f"refused {count}: {text}")
    counts = ", ".join(f"{count} {name}" for name, count in sorted(fuzzer.outcomes.items()))
    print(f"fuzz: {options.count} statements of seed {options.seed}: {counts}")
    compared = fuzzer.outcomes["equal"] + fuzzer.outcomes["differ"]
    return 1 if fuzzer.outcomes["differ"] or compared < options.count / 2 else 0


sys.exit(main())
