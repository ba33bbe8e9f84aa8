"""The fifteen queries, more statements, and whether two answers are the same."""

import math
import pathlib
import re

FOLDER = pathlib.Path(__file__).parent.parent


def queries():
    return named("queries.sql")


def more_queries():
    return named("more_queries.sql")


def named(file):
    """SQL by the query's name, in the order of the file."""
    parts = re.split(r"^-- (\w+)\n", (FOLDER / file).read_text(), flags=re.M)[1:]
    return {name: sql.strip().rstrip(";") for name, sql in zip(parts[::2], parts[1::2])}


def agree(left, right):
    """Whether two answers have the same rows: numbers to 1e-9 relative, in any order."""

    def cell(value):
        if value is None or value == "":
            return (0, 0.0, "")
        text = str(value).removesuffix(" UTC")
        try:
            return (1, float(text), "")
        except ValueError:
            return (2, 0.0, text.removesuffix(".000").replace("T", " "))

    def rows(answer):
        return sorted([cell(value) for value in row] for row in answer)

    def close(a, b):
        return a[0] == b[0] and a[2] == b[2] and math.isclose(a[1], b[1], rel_tol=1e-9)

    left, right = rows(left), rows(right)
    return len(left) == len(right) and all(
        len(a) == len(b) and all(map(close, a, b)) for a, b in zip(left, right))
