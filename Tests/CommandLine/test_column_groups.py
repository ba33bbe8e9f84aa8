"""Groups by texts put together of columns are found by these columns; they are those found row by row."""

from support import CommandLineTest, ecq

ROWS = 300_000


class ColumnGroups(CommandLineTest):
    @classmethod
    def rows(cls):
        yield "k,s,v,p,x,t"
        for i in range(ROWS):
            k = "" if i % 97 == 0 else i * 7919 % 4999
            s = "" if i % 31 == 0 else f"s{i * 31 % 5}"
            p = "" if i % 7 == 0 else f"{i % 3001}.{i % 100:02}"
            yield f"{k},{s},{i % 1009 - 500},{p},{i % 37 / 4}e0,2019-10-{1 + i % 28:02} 0{i % 9}:00:00"

    def setUp(self):
        super().setUp()
        self.stored = self.table(self.rows())

    def check(self, key, others, results):
        """`stddev` cannot be put together of parts, so that a statement with it goes row by row."""
        groups = ", ".join([f"{key} AS g", *others])
        sql = f"SELECT {groups}, {{}} FROM rows WHERE v <> 7 GROUP BY ALL ORDER BY ALL"
        whole = self.answer(self.stored, sql.format(", ".join([*results, "stddev(v) AS row_by_row"])))
        self.assertGreater(len(whole), 50)
        for row in whole:
            del row["row_by_row"]
        for options in ([], ["--threads", "1"], ["--memory-limit", "64MB"]):
            with self.subTest(key=key, others=others, options=options):
                self.assertEqual(self.answer(self.stored, sql.format(", ".join(results)), *options), whole)

    def test_results_of_parts(self):
        self.check(
            "concat(k, '/', s)",
            [],
            ["count(*) AS n", "count(p) AS c", "sum(p) AS a", "avg(p) AS m", "min(v) AS l", "max(t) AS h"],
        )

    def test_other_keys_and_filters(self):
        self.check(
            "upper(s) || '-' || k % 10",
            ["v % 3 AS w"],
            [
                "sum(v) FILTER (WHERE p > 1000) AS a",
                "avg(v) FILTER (WHERE p < 0) AS b",
                "bool_or(p = 3.03) AS c",
                "count_if(v > 0) AS d",
                "avg(v) AS e",
                "min(s) AS f",
                "bit_xor(v) AS i",
            ],
        )

    def test_distinct_texts(self):
        present = "k IS NOT NULL AND s IS NOT NULL"
        expected = self.answer(self.stored, f"SELECT count(DISTINCT (k, s)) AS n FROM rows WHERE {present}")
        sql = "SELECT count(DISTINCT k || '/' || s) AS n FROM rows"
        self.assertEqual(self.answer(self.stored, sql), expected)
        sql = "SELECT count(*) AS n FROM (SELECT DISTINCT k || '/' || s AS g FROM rows) WHERE g IS NOT NULL"
        self.assertEqual(self.answer(self.stored, sql), expected)

    def test_errors_are_those_of_the_rows(self):
        sql = "SELECT concat(CAST(s AS INTEGER), k) AS g, count(*) FROM rows GROUP BY g"
        self.fails(ecq("query", self.stored, sql), 1, "INTEGER")
