"""Draws how cost grows: results/growth.svg, of each number of rows from the newest run of each step.

    python growth.py BIN_FOLDER [--rows 1000000,11000000,55000000,110000000]
"""

import argparse
import pathlib
import sys

from suite import pictures, record
from suite.queries import queries


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--rows", default="1000000,11000000,55000000,110000000")
    options = parser.parse_args()
    newest = {}
    for run, results in record.runs():
        steps = newest.get(run["rows"], (run, {}))[1] | results
        newest[run["rows"]] = (run, steps)
    wanted = [int(rows) for rows in options.rows.split(",")]
    if missing := [rows for rows in wanted if rows not in newest]:
        sys.exit(f"there is no recorded run of {missing[0]:,} rows: make bench ROWS={missing[0]}")
    chart = pictures.growth([newest[rows] for rows in wanted], list(queries()))
    pictures.draw(options.bin / "ecq-bench", chart, record.FOLDER / "growth.svg")


main()
