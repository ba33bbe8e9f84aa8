"""Of groups in the order of a key only the first are made; the answer is that of all groups, cut off."""

import json
import re

from support import CommandLineTest, ecq

ROWS = 150_000
# Select list, what it groups by, and an order that leaves no ties.
QUERIES = [
    ("k, count(*) AS n, sum(v) AS s", "GROUP BY k", "k"),
    ("k, count(*) AS n, sum(v) AS s", "GROUP BY k", "k DESC NULLS FIRST"),
    ("t, max(s) AS m, min(k) AS l", "WHERE v % 3 = 0 GROUP BY t", "t"),
    ("s, k, sum(v) AS n", "GROUP BY s, k", "s NULLS FIRST, k"),
    ("k + 1 AS q, count(*) AS n", "GROUP BY q", "q DESC"),
    ("d, count(*) AS n", "GROUP BY d", "d DESC"),
]


class FirstGroups(CommandLineTest):
    @classmethod
    def rows(cls):
        yield "k,v,s,d,t"
        for i in range(ROWS):
            k = "" if i % 97 == 0 else i * 7919 % 100_003
            s = "" if i % 31 == 0 else f"s{i * 31 % 90_001}"
            d = ["nan", "", "-0.0", f"{i * 7 % 99_991 / 4}e0"][min(i % 40, 3)]
            second = i * 13 % 86_399
            yield f"{k},{i},{s},{d},2019-10-01 {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"

    def setUp(self):
        super().setUp()
        path = self.path("rows.csv")
        path.write_text("\n".join(self.rows()) + "\n")
        self.table = self.path("rows.ecq")
        self.done(ecq("ingest", path, "--into", self.table))

    def test_first_of_all(self):
        for results, groups, order in QUERIES:
            with self.subTest(results=results, order=order):
                sql = f"SELECT {results} FROM rows {groups} ORDER BY {order}"
                every = self.done(ecq("query", self.table, sql)).splitlines()
                for limit, offset in [(1, 0), (7, 0), (5, 90), (3000, 0)]:
                    cut = self.done(ecq("query", self.table, f"{sql} LIMIT {limit} OFFSET {offset}"))
                    self.assertEqual(cut.splitlines()[1:], every[1 + offset : 1 + offset + limit])

    def test_distinct(self):
        sql = "SELECT DISTINCT k, v % 2 AS w FROM rows ORDER BY k, w"
        every = self.done(ecq("query", self.table, sql)).splitlines()
        cut = self.done(ecq("query", self.table, f"{sql} LIMIT 11")).splitlines()
        self.assertEqual(cut, every[:12])

    def test_few_groups_are_made(self):
        sql = "EXPLAIN ANALYZE SELECT k, count(*) FROM rows GROUP BY k ORDER BY k LIMIT 5"
        plan = json.loads(self.done(ecq("query", self.table, sql, "--format", "json")))[0]["explain_value"]
        made = re.search(r"AGGREGATE .* BY k.*\{rows: (\d+)", plan)
        self.assertLess(int(made[1]), 50)
