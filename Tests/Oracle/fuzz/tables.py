"""Small tables for the fuzzer: NULLs, NaN, extremes, empty texts and duplicates in every type."""

import io
import random

# name, type in ecq (inferred, so each pool must hold a value that forces it), pool of fields.
# None is NULL, "" the empty text. `mild` tables leave out what overflows arithmetic.
MILD = [
    ("b", "BOOLEAN", ["true", "false"]),
    ("j", "BIGINT", ["0", "1", "-1", "2", "3", "7", "10", "42", "-13", "100", "999", "-1000"]),
    ("k", "BIGINT", ["1", "2", "3"]),
    ("d", "DECIMAL(9,2)", ["0.00", "0.01", "-0.01", "1.50", "2.25", "-3.75", "10.00", "99.99", "1234.56"]),
    ("w", "DECIMAL(18,4)", ["0.0000", "0.0001", "-0.5000", "1.2500", "98765432.1234", "-3.1416"]),
    ("x", "DOUBLE", ["0.0", "-0.0", "1e0", "-1.5", "2.5", "3.14159", "1e-3", "123456.789", "-2e2", "0.5"]),
    ("dt", "DATE", ["2019-10-01", "2019-10-31", "2020-02-29", "1999-12-31", "2000-01-01", "2024-06-15"]),
    (
        "ts",
        "TIMESTAMP",
        ["2019-10-01 00:00:00", "2019-10-01 12:34:56", "2020-02-29 23:59:59.999999", "1969-12-31 23:59:59.5",
         "2019-11-30 08:15:00", "2000-01-01 00:00:00.000001"],
    ),
    (
        "s",
        "VARCHAR",
        ["", "a", "b", "abc", "ABC", "Hello World", " padded ", "naïve café", "ÄÖÜß", "日本語", "a,b,c", "x_y%z",
         "12", "3.5", "-7", "true", "2019-10-01", "aaa", "banana", "it's", "tab\there", "😀 smile"],
    ),
    ("g", "VARCHAR", ["red", "green", "blue"]),
    (
        "u",
        "UUID",
        ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
         "7b391e3d-0962-4b94-aff2-8db52dd159a7", "0a0b0c0d-0e0f-4011-8213-141516171819"],
    ),
]

EXTREMES = {
    "j": ["9223372036854775807", "-9223372036854775808", "2147483647", "-2147483648", "2147483648"],
    "d": ["9999999.99", "-9999999.99"],
    "w": ["99999999999999.9999", "-99999999999999.9999"],
    "x": ["nan", "inf", "-inf", "1.7976931348623157e308", "-1.7976931348623157e308", "5e-324", "1e300"],
    "dt": ["0001-01-01", "9999-12-31", "1582-10-15"],
    "ts": ["0001-01-01 00:00:00", "9999-12-31 23:59:59.999999", "1900-01-01 00:00:00"],
    "s": ["\\", "(", "[a-z]+", "x" * 40, "%", "_", "a\nb", "\"quoted\""],
}


def make(name, seed, rows, wild):
    """The CSV text of a table; column `id` numbers the rows."""
    source = random.Random(f"{name} {seed}")
    pools = []
    for column, _, pool in MILD:
        values = pool + (EXTREMES.get(column, []) if wild else [])
        # Every pool comes up whole first, so that the inferred types do not depend on the draw.
        head = values[:]
        source.shuffle(head)
        if rows < len(head) and rows > 0:
            head = [value for value in values if value not in ("nan", "inf", "-inf")]
        pools.append((values, head))
    output = io.StringIO()
    output.write(",".join(["id"] + [column for column, _, _ in MILD]) + "\n")
    for row in range(rows):
        fields = [str(row)]
        for values, head in pools:
            if row < len(head):
                value = head[row]
            elif source.random() < 0.2:
                value = None
            else:
                value = source.choice(values)
            fields.append(field(value))
        output.write(",".join(fields) + "\n")
    return output.getvalue()


def field(value):
    if value is None:
        return ""
    if value == "" or any(c in value for c in ',"\n'):
        return '"' + value.replace('"', '""') + '"'
    return value


def columns(prefix=""):
    return [(prefix + "id", "L")] + [(prefix + name, LETTERS[kind]) for name, kind, _ in MILD]


LETTERS = {
    "BOOLEAN": "B", "BIGINT": "L", "DECIMAL(9,2)": "N", "DECIMAL(18,4)": "N", "DOUBLE": "X",
    "DATE": "D", "TIMESTAMP": "T", "VARCHAR": "S", "UUID": "U",
}
