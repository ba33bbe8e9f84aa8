"""Of groups in the order of a key only the first are made; the answer is that of all groups, cut off."""

import json
import re

from support import CommandLineTest, ecq, mixed_lines

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
    def setUp(self):
        super().setUp()
        self.stored = self.table(mixed_lines(ROWS, 100_003, 90_001, 99_991))

    def test_first_of_all(self):
        for results, groups, order in QUERIES:
            with self.subTest(results=results, order=order):
                sql = f"SELECT {results} FROM rows {groups} ORDER BY {order}"
                every = self.done(ecq("query", self.stored, sql)).splitlines()
                for limit, offset in [(1, 0), (7, 0), (5, 90), (3000, 0)]:
                    cut = self.done(ecq("query", self.stored, f"{sql} LIMIT {limit} OFFSET {offset}"))
                    self.assertEqual(cut.splitlines()[1:], every[1 + offset : 1 + offset + limit])

    def test_distinct(self):
        sql = "SELECT DISTINCT k, v % 2 AS w FROM rows ORDER BY k, w"
        every = self.done(ecq("query", self.stored, sql)).splitlines()
        cut = self.done(ecq("query", self.stored, f"{sql} LIMIT 11")).splitlines()
        self.assertEqual(cut, every[:12])

    def test_few_groups_are_made(self):
        sql = "EXPLAIN ANALYZE SELECT k, count(*) FROM rows GROUP BY k ORDER BY k LIMIT 5"
        plan = json.loads(self.done(ecq("query", self.stored, sql, "--format", "json")))[0]["explain_value"]
        made = re.search(r"AGGREGATE .* BY k.*\{rows: (\d+)", plan)
        self.assertLess(int(made[1]), 50)
