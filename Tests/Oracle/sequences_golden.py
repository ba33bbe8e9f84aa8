"""Writes what ClickHouse (chdb) answers about random sequences of events with many ties:

    Tests/slt/fixtures/sequences.csv         the events
    Tests/slt/fixtures/sequence_answers.csv  a row a unit, a column a call
    Tests/slt/clickstream/sequence_answers.slt  queries that compare ecq's answers with those

usage: sequences_golden.py   (chdb 4.4.0; the test run does not need it)
"""

import itertools
import json
import pathlib
import random
import re

import chdb

SLT = pathlib.Path(__file__).parent.parent / "slt"
EVENTS = SLT / "fixtures" / "sequences.csv"
ANSWERS = SLT / "fixtures" / "sequence_answers.csv"
QUERIES = SLT / "clickstream" / "sequence_answers.slt"
UNITS = 3000

CONDITIONS = ["m % 2 = 1", "m {div} 2 % 2 = 1", "m {div} 4 % 2 = 1", "m {div} 8 % 2 = 1"]
MODES = [
    [], ["strict_order"], ["strict_deduplication"], ["strict_increase"], ["strict_once"],
    ["strict_order", "allow_reentry"], ["strict_order", "strict_deduplication"],
    ["strict_order", "strict_increase"], ["strict_deduplication", "strict_increase"],
    ["strict_once", "strict_order"], ["strict_once", "strict_increase"],
    ["strict_once", "strict_deduplication"], ["strict_once", "strict_order", "allow_reentry"],
    ["strict_order", "strict_deduplication", "strict_increase"],
]
PATTERNS = [
    "(?1)(?2)", "(?1).*(?2)", "(?1).(?2)", "(?1).*(?2).*(?3)", "(?1)(?2).*(?4)", "..(?3)",
    "(?2).*(?2)(?1)", "(?1)(?t<=2)(?2)", "(?1)(?t>2)(?2)", "(?1)(?t==0)(?2)", "(?1).*(?t<3)(?2)",
    "(?1)(?t>=1)(?2)(?t<=4)(?3)", "(?1)(?t<1).(?t>3)(?4)", "(?3)(?t==2)(?1).*(?2)",
    "(?1).*(?t>=0)", "(?t<=1)(?2)", ".*(?t>4)(?1)(?2)",
]


def calls():
    """(name, call) of each column of answers; {div} divides whole numbers."""
    listed = ", ".join(CONDITIONS)
    found = []
    for window, modes in itertools.product([3, 8], MODES):
        options = "".join(f", '{mode}'" for mode in modes)
        found.append(f"windowFunnel({window}{options})(t, {listed})")
    for window in [0, 100]:
        for steps in [1, 2, 4]:
            found.append(f"windowFunnel({window})(t, {', '.join(CONDITIONS[:steps])})")
    found.append("windowFunnel(5, 'strict_order')(t, m % 2 = 1)")
    unknown = "nullif(m, 6) {div} 2 % 2 = 1"
    found.append(f"windowFunnel(6)(t, m % 2 = 1, {unknown}, m {{div}} 4 % 2 = 1)")
    found.append(f"windowFunnel(6, 'strict_order')(t, m % 2 = 1, {unknown}, m {{div}} 4 % 2 = 1)")
    for pattern in PATTERNS:
        found.append(f"sequenceMatch('{pattern}')(t, {listed})")
        found.append(f"sequenceCount('{pattern}')(t, {listed})")
    for count in [2, 4]:
        flags = ", ".join(CONDITIONS[:count])
        digits = " + ".join(f"retention({flags})[{i + 1}] * {10 ** i}" for i in range(count))
        found.append(digits)
    return [(f"a{number}", call) for number, call in enumerate(found, 1)]


def events():
    """Rows (unit, t, m): m has a bit a condition; rows of up to four units lie among each other."""
    source = random.Random(11)
    rows = []
    for first in range(0, UNITS, 4):
        some = []
        for unit in range(first, first + 4):
            longest = source.choice([4, 9, 14])
            times = source.choice([3, 8, 16])
            for _ in range(source.randint(1, longest)):
                mask = 1 << source.randrange(4) if source.random() < 0.7 else source.randrange(16)
                some.append((unit, source.randrange(times), "" if source.random() < 0.03 else mask))
        source.shuffle(some)
        # Most of a unit's rows come nearly in the order of their times.
        some.sort(key=lambda row: row[1] + source.randrange(3))
        rows += some
    return rows


def answers():
    table = f"file('{EVENTS}', 'CSVWithNames', 'unit UInt32, t UInt32, m Nullable(Int32)')"
    columns = ", ".join(
        f"ifNull({clickhouse(call)}, 0) as {name}" for name, call in calls()
    )
    sql = f"select unit, {columns} from {table} group by unit order by unit settings max_threads = 1"
    return str(chdb.query(sql, "CSVWithNames")).replace('"', "")


def clickhouse(call):
    # An array cannot be NULL here, and is empty where no row counted.
    call = re.sub(r"m \{div\} (\d)", r"intDiv(m, \1)", call)
    return re.sub(r"nullif\(m, 6\) \{div\} (\d)", r"intDiv(nullIf(m, 6), \1)", call)


def ecq(call):
    return call.replace("{div}", "//")


def queries():
    lines = [
        "# The answers of ClickHouse about the sequences of events in sequences.csv.",
        "# Made by Tests/Oracle/sequences_golden.py.", "", "load sequences", "load sequence_answers", "",
        "skipif duckdb", "query I", f"SELECT count(*) FROM sequence_answers", "----", f"{UNITS}", "",
    ]
    for name, call in calls():
        lines += [
            "skipif duckdb", "query II",
            f"SELECT count(*), count_if(ours <> {name}) FROM (SELECT unit, {ecq(call)} AS ours FROM"
            f" sequences GROUP BY unit) JOIN sequence_answers USING (unit)",
            "----", f"{UNITS}\t0", "",
        ]
    return "\n".join(lines)


def main():
    text = "unit,t,m\n" + "".join(f"{u},{t},{m}\n" for u, t, m in events())
    EVENTS.write_text(text, encoding="utf-8")
    found = answers()
    ANSWERS.write_text(found, encoding="utf-8")
    QUERIES.write_text(queries(), encoding="utf-8")
    rows = [line.split(",") for line in found.splitlines()[1:]]
    spread = {call: len({row[i] for row in rows}) for i, (_, call) in enumerate(calls(), 1)}
    print(json.dumps({call: n for call, n in spread.items() if n < 2}, indent=1))


main()
