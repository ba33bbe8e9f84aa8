"""Subqueries in subqueries over stores, whose columns have codes: an answer does not depend on which rows are coded."""

from support import CommandLineTest, ecq

TABLES = {
    "t": """SELECT (i*7)%5 AS a, CASE WHEN i%4=0 THEN NULL ELSE (i*3)%4 END AS b, i AS c FROM range(14) r(i)""",
    "u": """SELECT CASE WHEN i%5=0 THEN NULL ELSE (i*2)%5 END AS a, i%3 AS b, i*2 AS c FROM range(11) r(i)""",
    "v": """SELECT i%4 AS a, CASE WHEN i%3=1 THEN NULL ELSE i%5 END AS b, (i*i)%9 AS c FROM range(9) r(i)""",
}
STATEMENTS = [
    """SELECT e.a, e.b, e.c FROM u e WHERE e.c > 2 AND (e.a > 2 OR EXISTS (SELECT s1.a FROM v s1 WHERE s1.c <> e.b
       AND EXISTS (SELECT 1 FROM u s2 WHERE s2.c >= e.a AND EXISTS (SELECT * FROM t s3 WHERE s3.a = s1.c AND
       s3.a <> s1.b) AND EXISTS (SELECT 1 FROM t s3 WHERE s1.a IS NOT NULL AND s3.a < s2.b AND s3.b > 1))))
       ORDER BY ALL""",
    """SELECT e.a, e.b, (SELECT count(*) FROM v s WHERE s.b = e.b AND EXISTS (SELECT 1 FROM t WHERE t.a = e.a AND
       t.b = s.a)) AS n, (SELECT max(s.c) FROM u s WHERE s.b = e.b) AS m FROM t e ORDER BY ALL""",
    """SELECT e.a, e.b FROM t e WHERE (e.a, e.b) NOT IN (SELECT s.a, s.b FROM u s WHERE s.b <= e.c) ORDER BY ALL""",
]


class NestedExists(CommandLineTest):
    def test_stores_and_rows_agree(self):
        stores = []
        for name, rows in TABLES.items():
            stores.append(self.path(f"{name}.ecq"))
            self.done(ecq("query", f"COPY ({rows}) TO '{stores[-1]}'"))
        written = ", ".join(f"{name} AS ({rows})" for name, rows in TABLES.items())
        for sql in STATEMENTS:
            with self.subTest(sql=sql):
                coded = self.done(ecq("query", "--format", "csv", *stores, sql))
                self.assertGreater(len(coded.splitlines()), 3)
                self.assertEqual(coded, self.done(ecq("query", "--format", "csv", f"WITH {written} {sql}")))
