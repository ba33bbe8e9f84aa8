"""Statements over a store of clickstreams, asked again: blocks are kept as narrow words and as runs of sessions, and
answers are those over rows that were sorted first, which have neither."""

from support import CommandLineTest, ecq

PARTS = ["hour", "minute", "second", "dow", "isodow", "day", "dayofyear", "week", "month", "quarter", "year", "yearweek",
         "isoyear", "epoch"]
LENGTHS = ["second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade"]
# Over `{}`, the store's table or its rows sorted.
STATEMENTS = [
    *(f"SELECT extract({part} FROM event_time) AS p, count(*) AS n, sum(price) AS s FROM {{}} GROUP BY p ORDER BY p"
      for part in PARTS if part != "epoch"),
    *(f"SELECT date_trunc('{length}', event_time) AS p, event_type, count(*) AS n FROM {{}} GROUP BY ALL ORDER BY ALL"
      for length in LENGTHS),
    *(f"SELECT sum(extract({part} FROM event_time)) AS s, min(extract({part} FROM event_time::DATE)) AS l FROM {{}}"
      for part in PARTS),
    "SELECT event_time::DATE AS d, count(DISTINCT user_id) AS u, count(DISTINCT user_session) AS s FROM {} GROUP BY d ORDER BY d",
    "SELECT dayofweek(event_time) AS d, count(DISTINCT user_id) AS u FROM {} WHERE price > 20 GROUP BY d ORDER BY d",
    "SELECT count(DISTINCT brand) AS b, count(DISTINCT product_id) AS p, count(DISTINCT event_time::DATE) AS d FROM {}",
    "SELECT date_trunc('hour', event_time) + INTERVAL 1 HOUR AS h, max(event_time) AS m FROM {} GROUP BY h ORDER BY h",
    "SELECT hour(event_time) * 100 + dayofmonth(event_time) AS k, count(*) AS n FROM {} GROUP BY k ORDER BY k",
    "SELECT event_type, count(*) AS n, count(*) FILTER (WHERE hour(event_time) < 7) AS early FROM {} GROUP BY 1 ORDER BY 1",
    "SELECT CASE WHEN event_type = 'view' THEN product_id ELSE user_id END % 7 AS k, count(*) AS n FROM {} GROUP BY k ORDER BY k",
    "SELECT sum(CASE WHEN brand = 'apple' THEN price END) AS a, sum(CASE WHEN brand <> 'apple' THEN 1 ELSE 2 END) AS b FROM {}",
    "SELECT category_code, count(*) AS n FROM {} WHERE category_code LIKE '%e%' GROUP BY 1 ORDER BY n DESC, 1",
    "SELECT count(*) AS n FROM {} WHERE brand NOT IN ('apple', 'samsung', 'xiaomi') AND event_type <> 'cart'",
    "SELECT * FROM {} WHERE event_type = 'purchase' ORDER BY event_time, user_session, product_id, price LIMIT 20 OFFSET 100",
]
# Of sessions: what is read of each, which are then put together over all.
SESSIONS = [
    "min(CASE WHEN event_type = 'view' THEN event_time END)", "max(CASE WHEN event_type = 'view' THEN event_time END)",
    "min(CASE WHEN event_type = 'cart' THEN event_time END)", "max(CASE WHEN event_type = 'purchase' THEN event_time END)",
    "max(event_time) FILTER (WHERE event_type <> 'view')", "min(event_time) FILTER (WHERE brand = 'apple')",
    "max(CASE WHEN event_type = 'view' AND event_time > TIMESTAMP '2019-10-20' THEN event_time END)",
    "min(CASE WHEN event_type = 'view' THEN price END)", "max(CASE WHEN price > 100 THEN event_time END)",
    "sum(CASE WHEN event_type = 'view' THEN 1 ELSE 0 END)", "sum(CASE WHEN event_type = 'cart' THEN product_id END)",
    "count(*) FILTER (WHERE event_type = 'view')", "count(CASE WHEN event_type = 'purchase' THEN 1 END)",
    "count(DISTINCT event_type)", "sum(CASE WHEN event_type = 'view' THEN price ELSE 0 END)", "min(event_time)",
    "max(event_type)", "count(*)", "sum(CASE event_type WHEN 'view' THEN 1 WHEN 'cart' THEN 10 ELSE 100 END)",
    "min(CASE WHEN event_type = 'view' THEN event_time ELSE TIMESTAMP '2019-10-15' END)",
]
COLUMNS = ", ".join(f"{value} AS v{number}" for number, value in enumerate(SESSIONS))
STATEMENTS += [
    *(f"SELECT count(v) AS n, sum(epoch(v)) AS s, min(v) AS l FROM (SELECT user_session, {value} AS v FROM {{}} GROUP BY 1)"
      for value in SESSIONS if "event_time" in value),
    f"SELECT user_session, {COLUMNS} FROM {{}} GROUP BY user_session ORDER BY user_session LIMIT 2000",
    f"SELECT user_id, {COLUMNS} FROM {{}} GROUP BY user_id ORDER BY user_id LIMIT 2000",
]
# Few values of many, in few blocks or in none.
USER = "(SELECT user_id FROM {} ORDER BY event_time, user_session OFFSET %d LIMIT 1)"
STATEMENTS += [
    *(f"SELECT event_time, product_id, user_session FROM {{}} WHERE user_id = {USER % row} ORDER BY ALL"
      for row in (0, 70000, 149999)),
    f"SELECT count(*) AS n, sum(price) AS s FROM {{}} WHERE user_id IN ({USER % 5}, {USER % 100000}, 77)",
    f"SELECT count(*) AS n FROM {{}} WHERE user_session = {(USER % 90000).replace('user_id', 'user_session')}",
    f"SELECT count(*) AS n FROM {{}} WHERE product_id = {(USER % 90000).replace('user_id', 'product_id')}",
    "SELECT count(*) AS n FROM {} WHERE user_id = 77 OR product_id = 77",
    "SELECT brand, count(*) AS n FROM {} WHERE brand IN ('apple', 'zeta') GROUP BY brand",
]
SORTED = "(SELECT * FROM events ORDER BY price, event_time, user_session, product_id, event_type)"


class KeptBlocks(CommandLineTest):
    def test_answers_of_kept_blocks_are_those_of_sorted_rows(self):
        store = self.path("events.ecq")
        self.done(ecq("generate", self.path("csv"), "--rows", "150000", "--seed", "5"))
        self.done(ecq("ingest", *self.path("csv").glob("*.csv"), "--into", store))
        for statement in STATEMENTS:
            with self.subTest(statement=statement):
                text = statement.replace("{}", "events") + ";"
                again = self.done(ecq("query", "--format", "csv", store, text * 3))
                rows = self.done(ecq("query", "--format", "csv", store, statement.replace("{}", SORTED)))
                self.assertGreater(len(rows.splitlines()), 1)
                self.assertEqual(again, "\n".join([rows] * 3))
