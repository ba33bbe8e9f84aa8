"""Answers of the two engines, compared."""

import math
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import values  # noqa: E402


def difference(ours, theirs, ordered):
    """What differs between two answers (types, rows); None where nothing does."""
    (our_types, our_rows), (their_types, their_rows) = ours, theirs
    if len(our_types) != len(their_types):
        return f"{len(our_types)} columns, DuckDB has {len(their_types)}"
    for number, (left, right) in enumerate(zip(our_types, their_types)):
        # What is NULL throughout has types of its own in DuckDB.
        if left != right and "NULL" not in right and any(row[number] is not None for row in their_rows):
            return f"column {number + 1} is {left}, DuckDB has {right}"
    ours = [[plain(cell, kind) for cell, kind in zip(row, our_types)] for row in our_rows]
    theirs = [list(row) for row in their_rows]
    if len(ours) != len(theirs):
        return f"{len(ours)} rows, DuckDB has {len(theirs)}"
    if not ordered:
        ours, theirs = sorted(ours, key=sort_key), sorted(theirs, key=sort_key)
    for number, (left, right) in enumerate(zip(ours, theirs)):
        for column, (text, value) in enumerate(zip(left, right)):
            if not matches(text, value):
                return f"row {number + 1}, column {column + 1}: {text!r}, DuckDB has {value!r} ({our_types[column]})"
    return None


def plain(cell, kind):
    """A cell of ecq's JSON as in its CSV; lists and maps of such cells."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, list):
        return [plain(c, kind) for c in cell]
    if isinstance(cell, dict):
        return {key: plain(c, kind) for key, c in cell.items()}
    return {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}.get(cell, cell) if "DOUBLE" in kind else cell


def matches(ours, theirs):
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(matches, ours, theirs))
    if isinstance(theirs, dict):
        left = sorted(ours.items(), key=lambda pair: sort_key([pair[0]]))
        right = sorted(theirs.items(), key=lambda pair: sort_key([pair[0]]))
        return len(left) == len(right) and all(
            values.matches(a, c) and matches(b, d) for (a, b), (c, d) in zip(left, right)
        )
    if values.matches(ours, theirs):
        return True
    # What depends on the order of additions in its last digits.
    if isinstance(theirs, float) and isinstance(ours, str):
        left = float(ours)
        if not math.isfinite(left) and not math.isfinite(theirs):
            # Infinities that meet: which of nan and inf comes out depends on the order of additions.
            return True
        return abs(left - theirs) <= 1e-9 * max(abs(left), abs(theirs), 1e-3)
    return False


def sort_key(row):
    def flat(cell):
        if isinstance(cell, list):
            return "[" + ", ".join(flat(c) for c in cell) + "]"
        if isinstance(cell, dict):
            return "{" + ", ".join(sorted(f"{k}={flat(v)}" for k, v in cell.items())) + "}"
        return cell if isinstance(cell, str) else "NULL" if cell is None else values.text_of(cell)

    def key(cell):
        if cell is None:
            return ([(0, 0, "")], "")
        return filled(cell)

    def filled(cell):
        """Numbers by their first digits, so that both sides meet, then exactly."""
        text = flat(cell)
        text = text[1:] if text in ("-0.0", "-0") else text
        rounded = values.sort_key([text])
        return (rounded, text.rstrip("0").rstrip(".") if "." in text else text)

    return [key(cell) for cell in row]
