"""Values of DuckDB and texts of ecq: the one made of the other, and compared."""

import datetime
import decimal
import math
import uuid

decimal.getcontext().prec = 60
RELATIVE_TOLERANCE = 1e-12


def text_of(value):
    """A value of DuckDB as ecq writes it in CSV; None for NULL."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return "nan"
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
        return repr(value)
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        text = value.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")
        return text + (f".{value.microsecond:06d}".rstrip("0") if value.microsecond else "")
    return str(value)


def matches(text, value):
    """Whether a field of ecq's CSV is the value of DuckDB."""
    if text is None or value is None:
        return text is None and value is None
    try:
        if isinstance(value, float):
            return close(float(text), value)
        if isinstance(value, decimal.Decimal):
            return decimal.Decimal(text) == value
        if isinstance(value, int) and not isinstance(value, bool):
            return decimal.Decimal(text) == value
        if isinstance(value, uuid.UUID):
            return uuid.UUID(text) == value
    except (ValueError, decimal.InvalidOperation):
        return False
    return text == text_of(value)


def close(left, right):
    if math.isnan(left) or math.isnan(right):
        return math.isnan(left) and math.isnan(right)
    if left == right:
        return True
    return abs(left - right) <= RELATIVE_TOLERANCE * max(abs(left), abs(right))


def sort_key(row):
    """Orders rows of either side alike: numbers as numbers, rounded so that they meet."""

    def key(cell):
        if cell is None:
            return (0, 0, "")
        text = cell if isinstance(cell, str) else text_of(cell)
        try:
            number = float(text)
            return (1, 0 if math.isnan(number) else float(f"{number:.9g}"), "")
        except ValueError:
            return (2, 0, text)

    return [key(cell) for cell in row]
