"""Makes the golden stores of the current format version; run once a version, never again for an old one.

usage: make.py ECQ FOLDER   writes FOLDER/*.ecq, each with the SHA-256 of its rows as CSV
"""

import hashlib
import pathlib
import random
import subprocess
import sys
import tempfile

ecq, folder = pathlib.Path(sys.argv[1]).absolute(), pathlib.Path(sys.argv[2])
randomness = random.Random(2019)

TYPES = """flag,small,large,ratio,price,wide,at,day,id,word,text
true,1,9223372036854775807,1e300,1.50,99999999999999999999999999999999999999,2019-10-01 00:00:00 UTC,2019-10-01,72d76fde-8bb3-4e00-8c23-a032dfed738c,one,"quoted, with ""quotes"" and
a line end"
false,-2147483648,-9223372036854775808,-0.0,-0.01,-99999999999999999999999999999999999999,1969-12-31 23:59:59.999999,0001-01-01,00000000-0000-0000-0000-000000000000,two,""
,,,,,,,,,,
true,2147483647,0,nan,9999999.99,0,2038-01-19T03:14:08+01:00,9999-12-31,ffffffff-ffff-ffff-ffff-ffffffffffff,one,naïve ☃ 雪
false,0,1,inf,0.00,1,2019-10-01 12:00:00Z,2019-10-31,72d76fde-8bb3-4e00-8c23-a032dfed738c,,"last"
"""
SCHEMA = (
    "small INTEGER, ratio DOUBLE, price DECIMAL(9,2), wide DECIMAL(38,0), at TIMESTAMP, word VARCHAR, text VARCHAR"
)


def clickstream(rows, first):
    """Sessions with products whose price drifts; categories and brands follow from products."""
    lines = ["event_time,event_type,product_id,category,brand,price,user_id,user_session"]
    active = [(first + slot, slot) for slot in range(40)]
    for row in range(rows):
        slot = randomness.randrange(40)
        session, product = active[slot]
        if randomness.random() < 0.15:
            session = first + 40 + row
        if randomness.random() < 0.6:
            product = int(randomness.paretovariate(0.6)) % 3000
        active[slot] = session, product
        second = first + row // 5
        kind = randomness.choices(["view", "cart", "purchase", ""], [80, 15, 4, 1])[0]
        price = f"{product % 500}.{product // 7 % 100:02d}" if row % 5000 > product else f"{product % 499}.50"
        user = 500_000_000 + session // 3 * 17
        name = "" if row % 997 == 0 else f"00000000-0000-4000-8000-{session * 7919:012d}"
        lines.append(
            f"2019-10-{1 + second // 86400:02d} {second // 3600 % 24:02d}:{second // 60 % 60:02d}:{second % 60:02d} UTC,"
            f"{kind},{1_000_000 + product},{product % 37},{'' if product % 5 == 0 else f'brand{product % 300}'},"
            f"{price},{user},{name}"
        )
    return "\n".join(lines) + "\n"


def make(name, *loads):
    store = folder / f"{name}.ecq"
    store.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as work:
        for number, (text, *options) in enumerate(loads):
            source = pathlib.Path(work) / f"load{number}.csv"
            source.write_text(text)
            subprocess.run([ecq, "ingest", source.name, "--into", store.absolute(), *options], check=True, cwd=work)
    rows = subprocess.run(
        [ecq, "query", store, f"SELECT * FROM {name}", "--format", "csv"], check=True, capture_output=True
    ).stdout
    (folder / f"{name}.sha256").write_text(hashlib.sha256(rows).hexdigest() + "\n")


make("types", (TYPES, "--schema", SCHEMA), (TYPES + "true,5,5,5,5,5,,,,five,five\n",))
make("empty", ("a,b\n",))
make("clicks", (clickstream(70_000, 0),), (clickstream(5000, 20_000),), ("user_id,shop\n1,x\n2,\n",))
make("ordered", (clickstream(5000, 0), "--keep-order"))
make(
    "texts",
    (
        "key,id,text\n"
        + "".join(
            f"{row},{randomness.getrandbits(32):08x}-0000-4000-8000-{row:012x},text {randomness.random()}\n"
            for row in range(9000)
        ),
    ),
)
