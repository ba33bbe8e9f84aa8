"""Compares the CSVs that `ecq generate` wrote with what is published about the real files.

    python generator_statistics.py DIR

Prints a table (name, published, measured, tolerance, ok) and exits with 1 if a measure misses.
Tolerances are relative unless they end in `abs`. Statistics that depend on the number of rows are
compared at the full size alone; those marked `big` need at least ten million rows.
"""

import sys

import duckdb

FULL_ROWS = 109_950_743


def main(directory: str) -> int:
    con = duckdb.connect()
    con.execute("set preserve_insertion_order = false")
    con.execute("set memory_limit = '10GB'")
    con.execute("set temp_directory = ?", [directory + "/.duckdb"])
    columns = (
        "{'event_time': 'VARCHAR', 'event_type': 'VARCHAR', 'product_id': 'INTEGER',"
        " 'category_id': 'BIGINT', 'category_code': 'VARCHAR', 'brand': 'VARCHAR',"
        " 'price': 'DECIMAL(10,2)', 'user_id': 'INTEGER', 'user_session': 'VARCHAR'}"
    )
    for number, month in ((10, "Oct"), (11, "Nov")):
        con.execute(
            f"create or replace table m{number} as select strptime(event_time,"
            " '%Y-%m-%d %H:%M:%S UTC') t, event_type e, product_id p, category_id c,"
            " category_code code, brand b, price, user_id u, try_cast(user_session as uuid) s,"
            f" {number} m from read_csv('{directory}/2019-{month}.csv', header=true,"
            f" auto_detect=false, delim=',', columns={columns})"
        )
    con.execute("create view ev as select * from m10 union all select * from m11")
    con.execute(
        "create table sess as select s, min(t) t0, epoch(max(t)) - epoch(min(t)) d, count(*) n,"
        " count(distinct p) np, count(distinct u) nu, min(u) u,"
        " sum((e = 'cart')::int) carts, sum((e = 'purchase')::int) buys,"
        " min(m) m0, max(m) m1 from ev where s is not null group by s"
    )
    con.execute(
        "create table users as select u, sum((m = 10)::int) o, sum((m = 11)::int) n,"
        " sum((e = 'purchase')::int) buys, sum(price) filter (e = 'purchase') spent"
        " from ev group by u"
    )
    con.execute(
        "create table prods as select p, count(*) n, sum((m = 10)::int) o,"
        " sum((m = 11)::int) v, count(distinct c) nc, count(distinct b) nb,"
        " sum((e = 'view')::int) views, sum((e = 'purchase')::int) buys,"
        " count(distinct price) prices, max(code) code, max(b) b,"
        " sum(price) filter (e = 'purchase') revenue from ev group by p"
    )

    def one(sql: str):
        return con.execute(sql).fetchone()[0]

    rows = one("select count(*) from ev")
    full = rows == FULL_ROWS
    big = rows >= 10_000_000
    results = []

    def check(name, published, sql, tolerance, absolute=False, when=True):
        if not when:
            return
        measured = sql if isinstance(sql, (int, float)) else one(sql)
        measured = float(measured if measured is not None else float("nan"))
        bound = tolerance if absolute else abs(published) * tolerance
        text = f"{tolerance:g} abs" if absolute else f"{tolerance:.1%}"
        results.append((name, published, measured, text, abs(measured - published) <= bound))

    # Sizes
    check("October share of rows %", 38.607, f"select 100.0 * count(*) / {rows} from m10", 0.001)
    for month, view, cart, buy in (
        ("10", 96.067, 2.1827, 1.7500), ("11", 94.155, 4.4872, 1.3584),
    ):
        for kind, value in (("view", view), ("cart", cart), ("purchase", buy)):
            check(
                f"{kind} % of events, month {month}", value,
                f"select 100.0 * avg((e = '{kind}')::int) from m{month}",
                0.006 if kind == "view" else 0.10)
    # Sessions
    check("events per session", 4.777, f"select {rows} / count(*) from sess", 0.04)
    check("median events per session", 2, "select median(n) from sess", 0)
    check("sessions of one event %", 37.2, "select 100.0 * avg((n = 1)::int) from sess", 0.06)
    check("sessions under three events %", 52.0, "select 100.0 * avg((n < 3)::int) from sess", 0.04)
    check("p90 of session events", 11, "select quantile_disc(n, 0.9) from sess", 1, True)
    check("p99 of session events", 35, "select quantile_disc(n, 0.99) from sess", 4, True)
    check("products per session", 3.01, "select avg(np) from sess", 0.06)
    check("products in sessions of 5", 3.07, "select avg(np) from sess where n = 5", 0.08)
    check("products in sessions of 20", 10.7, "select avg(np) from sess where n = 20", 0.12)
    check("session duration median s", 61, "select median(d) from sess", 0.12)
    check("session duration mean s", 986, "select avg(d) from sess", 0.20)
    check("sessions over 24 h %", 0.18, "select 100.0 * avg((d > 86400)::int) from sess", 0.3)
    check("sessions with purchase % Oct", 6.81,
          "select 100.0 * avg((buys > 0)::int) from sess where m0 = 10", 0.06)
    check("sessions with purchase % Nov", 5.61,
          "select 100.0 * avg((buys > 0)::int) from sess where m0 = 11", 0.06)
    check("sessions with cart % Oct", 6.20,
          "select 100.0 * avg((carts > 0)::int) from sess where m0 = 10", 0.10)
    check("sessions with cart % Nov", 12.65,
          "select 100.0 * avg((carts > 0)::int) from sess where m0 = 11", 0.10)
    check("cart but no purchase % of sessions", 5.98,
          "select 100.0 * avg((carts > 0 and buys = 0)::int) from sess", 0.08)
    check("buyers without a cart % Oct", 53.6,
          "select 100.0 * avg((carts = 0)::int) from sess where buys > 0 and m0 = 10", 0.08)
    check("buyers without a cart % Nov", 16.15,
          "select 100.0 * avg((carts = 0)::int) from sess where buys > 0 and m0 = 11", 0.15)
    check("buyers without a cart % 5-7 Nov", 66,
          "select 100.0 * avg((carts = 0)::int) from sess where buys > 0 and"
          " t0 between '2019-11-05' and '2019-11-07 19:00'", 0.22)
    check("buyers without a cart % 8-13 Nov", 3.5,
          "select 100.0 * avg((carts = 0)::int) from sess where buys > 0 and"
          " t0 between '2019-11-08 02:00' and '2019-11-14'", 2.5, True)
    check("sessions of two users, per million", 40.8,
          "select 1e6 * avg((nu > 1)::int) from sess", 0.5, when=big)
    # Gaps
    con.execute(
        "create table gaps as select epoch(t) - epoch(lag(t) over (partition by s order by t)) g"
        " from ev where s is not null and hash(s) % 16 = 0")
    for q, value, tolerance in (
        (0.25, 19, 0.15), (0.5, 34, 0.1), (0.75, 68, 0.1), (0.9, 141, 0.1), (0.99, 795, 0.3)):
        check(f"gap p{q * 100:g} s", value,
              f"select quantile_disc(g, {q}) from gaps where g is not null", tolerance)
    check("gaps over 30 min %", 0.47,
          "select 100.0 * avg((g > 1800)::int) from gaps where g is not null", 0.15)
    # Nulls, zeros, copies, integrity
    check("category_code null %", 32.21, "select 100.0 * avg((code is null)::int) from ev", 0.04)
    check("brand null %", 13.94, "select 100.0 * avg((b is null)::int) from ev", 0.08)
    check("price zero %", 0.2335, "select 100.0 * avg((price = 0)::int) from ev", 0.35)
    check("purchases at price zero", 0,
          "select count(*) from ev where e = 'purchase' and price = 0", 0)
    check("purchases on 15 November", 0,
          "select count(*) from m11 where e = 'purchase' and t::date = '2019-11-15'", 0)
    check("copied rows %", 0.119,
          f"select 100.0 * ({rows} - (select count(*) from (select distinct * from ev))) / {rows}",
          0.15)
    check("category ids with several codes", 0,
          "select count(*) from (select c from ev group by c having count(distinct code) > 1"
          " or (count(code) not in (0, count(*))))", 0)
    check("products in several categories", 0, "select count(*) from prods where nc > 1", 0)
    check("products with several brands, per thousand", 0.66,
          "select 1000.0 * avg((nb > 1)::int) from prods", 0.8, when=big)
    check("7-digit products % of events", 57,
          "select 100.0 * avg((p < 10000000)::int) from ev", 0.12)
    check("category ids of prefix 2053013 % of events", 92,
          "select 100.0 * avg((c // 1000000000000 = 2053013)::int) from ev", 0.04)
    check("sessions of UUID version 4 %", 99,
          "select 100.0 * avg(((s::varchar)[15] = '4')::int) from sess where hash(s) % 8 = 0", 0.006)
    # Users
    check("sessions per user", 4.33,
          "select (select count(*) from sess) / (select count(*) from users)", 0.05)
    check("users in both months %", 26.37,
          "select 100.0 * avg((o > 0 and n > 0)::int) from users", 0.12)
    check("users of October that come back %", 46.38,
          "select 100.0 * avg((n > 0)::int) from users where o > 0", 0.12)
    check("buyers % of users", 13.12, "select 100.0 * avg((buys > 0)::int) from users", 0.12)
    check("buyers of one purchase %", 57.66,
          "select 100.0 * avg((buys = 1)::int) from users where buys > 0", 0.12)
    check("buyers of over 5 purchases %", 6.97,
          "select 100.0 * avg((buys > 5)::int) from users where buys > 0", 0.5)
    check("median user id, millions", 531, "select median(u) / 1e6 from ev", 0.015)
    # Prices and revenue
    for kind, mean, median in (
        ("view", 291.11, 163.41), ("cart", 300.25, 174.88), ("purchase", 304.35, 174.84)):
        check(f"{kind} price mean", mean, f"select avg(price) from ev where e = '{kind}'", 0.05)
        check(f"{kind} price median", median,
              f"select median(price) from ev where e = '{kind}'", 0.12)
    for q, value in ((0.25, 67.95), (0.75, 361.24), (0.95, 1006.67), (0.99, 1680)):
        check(f"price p{q * 100:g}", value, f"select quantile_disc(price, {q}) from ev", 0.07)
    check("price standard deviation", 356.68, "select stddev(price) from ev", 0.05)
    check("highest price", 2574.07, "select max(price) from ev", 0.02, when=big)
    check("revenue per row", 4.5943,
          f"select sum(price) / {rows} from ev where e = 'purchase'", 0.08)
    # Concentration
    for brand, value in (("samsung", 12.4), ("apple", 9.7), ("xiaomi", 7.3), ("huawei", 2.6)):
        check(f"{brand} % of October", value,
              f"select 100.0 * avg((coalesce(b, '') = '{brand}')::int) from m10", 0.15)
    for brand, value in (
        ("apple", 18.24), ("samsung", 21.34), ("xiaomi", 7.54), ("huawei", 2.81)):
        check(f"{brand} % of purchases", value,
              f"select 100.0 * avg((coalesce(b, '') = '{brand}')::int) from ev"
              " where e = 'purchase'", 0.20)
    check("no brand % of purchases", 12.44,
          "select 100.0 * avg((b is null)::int) from ev where e = 'purchase'", 0.25)
    check("smartphones % of October", 27.1,
          "select 100.0 * avg((coalesce(code, '') = 'electronics.smartphone')::int) from m10", 0.08)
    check("smartphones % of revenue", 67,
          "select 100.0 * sum(revenue) filter (code = 'electronics.smartphone') / sum(revenue)"
          " from prods", 0.10)
    check("notebooks % of October", 2.68,
          "select 100.0 * avg((coalesce(code, '') = 'computers.notebook')::int) from m10", 0.15)
    check("top product 1004856 % of events", 1.03,
          f"select 100.0 * n / {rows} from prods where p = 1004856", 0.15)
    check("top product's purchases % of all", 3.69,
          "select 100.0 * (select buys from prods where p = 1004856) / sum(buys) from prods", 0.25)
    check("top 676 products' share of revenue %", 80,
          "select 100.0 * sum(revenue) filter (r <= 676) / sum(revenue) from (select revenue,"
          " row_number() over (order by revenue desc nulls last) r from prods)", 0.12, when=big)
    check("top 10 category ids % of events", 48,
          f"select 100.0 * sum(n) / {rows} from (select count(*) n from ev group by c order by n"
          " desc limit 10)", 0.10)
    # Time
    check("sessions begun in hour 15 %", 6.405,
          "select 100.0 * avg((hour(t0) = 15)::int) from sess", 0.05)
    check("sessions begun in hour 23 %", 0.434,
          "select 100.0 * avg((hour(t0) = 23)::int) from sess", 0.25)
    check("sessions at hour 9 that buy %", 7.75,
          "select 100.0 * avg((buys > 0)::int) from sess where hour(t0) = 9", 0.10)
    check("sessions at hour 1 that buy %", 2.94,
          "select 100.0 * avg((buys > 0)::int) from sess where hour(t0) = 1", 0.20)
    for day, value in (
        ("2019-10-03", 1.0253), ("2019-11-14", 2.792), ("2019-11-15", 5.657),
        ("2019-11-16", 5.914), ("2019-11-17", 5.817), ("2019-11-29", 1.687)):
        check(f"events on {day} %", value,
              f"select 100.0 * count(*) / {rows} from ev where t::date = '{day}'", 0.05)
    for day, value in (
        ("2019-11-14", 22_124), ("2019-11-16", 68_247), ("2019-11-17", 185_195)):
        check(f"purchases on {day}, per million rows", value / FULL_ROWS * 1e6,
              f"select 1e6 * count(*) / {rows} from m11 where e = 'purchase' and"
              f" t::date = '{day}'", 0.12)
    for day, value in (("2019-11-15", 483_305), ("2019-11-16", 406_778), ("2019-11-17", 426_941)):
        check(f"carts on {day}, per million rows", value / FULL_ROWS * 1e6,
              f"select 1e6 * count(*) / {rows} from m11 where e = 'cart' and"
              f" t::date = '{day}'", 0.15)
    check("products with one price %", 52.7,
          "select 100.0 * avg((prices = 1)::int) from prods", 0.15, when=full)
    # Counts at full size
    for name, value, sql, tolerance in (
        ("rows of October", 42_448_764, "select count(*) from m10", 0),
        ("users", 5_316_649, "select count(*) from users", 0.05),
        ("sessions", 23_016_650, "select count(*) from sess", 0.04),
        ("sessions in both months", 3_821, "select count(*) from sess where m0 < m1", 0.4),
        ("products", 206_876, "select count(*) from prods", 0.02),
        ("products of October", 166_794, "select count(*) from prods where o > 0", 0.05),
        ("products of November", 190_662, "select count(*) from prods where v > 0", 0.05),
        ("brands", 4_303, "select count(distinct b) from ev", 0.02),
        ("brands of October", 3_444, "select count(distinct b) from m10", 0.06),
        ("category ids", 691, "select count(distinct c) from ev", 0.01),
        ("category codes", 129, "select count(distinct code) from ev", 0),
        ("rows without a session", 12, "select count(*) from ev where s is null", 0.8),
        ("revenue, millions", 505.15,
         "select sum(price) / 1e6 from ev where e = 'purchase'", 0.08),
        ("buyers", 697_470, "select count(*) from users where buys > 0", 0.12),
        ("branded products %", 76.5,
         "select 100.0 * avg((b is not null)::int) from prods", 0.06),
        ("products with a code %", 42.9,
         "select 100.0 * avg((code is not null)::int) from prods", 0.06),
    ):
        check(name, value, sql, tolerance, when=full)

    width = max(len(row[0]) for row in results)
    print(f"{rows:,} rows")
    print(f"{'name':{width}}  {'published':>14}  {'measured':>14}  {'tolerance':>9}  ok")
    for name, published, measured, tolerance, ok in results:
        print(f"{name:{width}}  {published:>14,.4g}  {measured:>14,.4g}  {tolerance:>9}"
              f"  {'yes' if ok else 'NO'}")
    missed = sum(not row[4] for row in results)
    print(f"{len(results) - missed} of {len(results)} within tolerance")
    return 1 if missed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
