"""Makes small clickstreams with what real ones have: events of the same second, sessions of several
users, without a session or a user, prices of 0 and none at all, sessions that span midnight and files,
CRLF and a cut last line."""

import csv
import datetime
import io
import random

HEADER = [
    "event_time", "event_type", "product_id", "category_id", "category_code", "brand", "price",
    "user_id", "user_session",
]
TYPES = ["view"] * 12 + ["cart"] * 4 + ["remove_from_cart", "purchase", "purchase", "wishlist"]
START = datetime.datetime(2019, 9, 28, 21, 0, 0)


def rows(seed, sessions):
    """The events in the order of their times; several of a second are common."""
    random_ = random.Random(seed)
    products = [
        (
            1000 + k, 5000 + k % 40, random_.choice(["a.b", "a.c", "electronics.phone", ""]),
            random_.choice(["apple", "x y", 'q"t', "", "Ünï"]), random_.choice([0, 1, 995, 1250, 99999]),
        )
        for k in range(120)
    ]
    users = [100 + k * k for k in range(max(4, sessions // 5))]
    found = []
    for number in range(sessions):
        session = f"{random_.getrandbits(32):08x}-0000-4000-8000-{number:012x}"
        user = random_.choice(users)
        time = START + datetime.timedelta(seconds=random_.randrange(45 * 86400))
        for _ in range(min(1 + int(random_.expovariate(0.18)), 90)):
            product = random_.choice(products[: random_.choice([3, 20, 120])])
            price = product[4] if random_.random() > 0.1 else random_.randrange(0, 300000)
            found.append(
                (
                    time, random_.choice(TYPES), product[0], product[1], product[2], product[3],
                    "" if random_.random() < 0.01 else f"{price / 100:.2f}",
                    random_.choice(users) if random_.random() < 0.01 else
                    "" if random_.random() < 0.003 else user,
                    "" if random_.random() < 0.005 else session,
                )
            )
            time += datetime.timedelta(seconds=random_.choice([0, 0, 1, 7, 60, 1800, 1801, 40000]))
    found.sort(key=lambda row: row[0])
    return found


def write(path, events, line_end="\n", is_cut=False):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=line_end)
    writer.writerow(HEADER)
    for row in events:
        writer.writerow([row[0].strftime("%Y-%m-%d %H:%M:%S UTC"), *row[1:]])
    text = out.getvalue()
    path.write_bytes((text[: -len(line_end)] if is_cut else text).encode())
