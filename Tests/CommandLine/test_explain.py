"""EXPLAIN ANALYZE says of each node what it has done."""

import csv
import io
import re
import unittest

from support import CommandLineTest, ecq

NODE = re.compile(r"(?P<indent> *)(?P<name>[A-Z]+).*  \{(?P<facts>.*)\}")


class ExplainAnalyze(CommandLineTest):
    def setUp(self):
        super().setUp()
        ecq("generate", self.folder, "--rows", "200000")
        self.table = self.path("t.ecq")
        files = [self.path("2019-Oct.csv"), self.path("2019-Nov.csv")]
        self.done(ecq("ingest", *files, "--into", self.table))

    def nodes(self, query, *options):
        """The nodes' names, and what is said of them, outermost first."""
        output = self.done(
            ecq("query", self.table, f"EXPLAIN ANALYZE {query}", "--format", "csv", *options))
        text = list(csv.DictReader(io.StringIO(output)))[0]["explain_value"]
        nodes = []
        for line in text.splitlines()[:-1]:
            found = NODE.fullmatch(line)
            self.assertIsNotNone(found, line)
            facts = dict(fact.split(": ", 1) for fact in found["facts"].split(", ") if ":" in fact)
            nodes.append((found["name"], facts))
        self.assertRegex(text.splitlines()[-1], r"^\d+ rows in \d+\.\d{6} s$")
        return nodes

    def value(self, query):
        return int(self.done(ecq("query", self.table, query)).splitlines()[1])

    def test_rows_of_each_node(self):
        for threads in ("1", "3"):
            nodes = self.nodes(
                "SELECT brand, count(*) FROM t WHERE price > 500 GROUP BY brand HAVING count(*) > 5",
                "--threads", threads)
            rows = {name: int(facts["rows"]) for name, facts in nodes}
            self.assertEqual(rows["SCAN"], self.value("SELECT count(*) FROM t WHERE price > 500"))
            self.assertEqual(
                rows["AGGREGATE"],
                self.value("SELECT count(*) FROM (SELECT DISTINCT brand FROM t WHERE price > 500)"))
            self.assertLess(rows["FILTER"], rows["AGGREGATE"])
            for _, facts in nodes:
                self.assertRegex(facts["time"], r"^\d+\.\d{6} s$")
                self.assertRegex(facts["memory"], r"^\d")

    def test_blocks_that_a_time_range_misses_are_skipped(self):
        query = "SELECT sum(price + 1) FROM t WHERE event_time < TIMESTAMP '2019-10-02'"
        _, scan = self.nodes(query)[-1]
        skipped, blocks = map(int, re.match(r"(\d+) of (\d+)", scan["blocks skipped"]).groups())
        self.assertGreater(blocks, 1)
        self.assertGreater(skipped, 0)
        _, whole = self.nodes("SELECT sum(price + 1) FROM t WHERE event_time IS NOT NULL")[-1]
        self.assertTrue(whole["blocks skipped"].startswith("0 of"))
        self.assertNotEqual(scan["read"], whole["read"])

    def test_what_is_not_run_says_so(self):
        output = self.done(ecq("query", self.table, "EXPLAIN ANALYZE SELECT count(*) FROM t"))
        self.assertIn("answered from block statistics", output)
        self.assertIn("{not run}", output)

    def test_sorted_rows_are_grouped_by_what_the_table_is_clustered_by(self):
        query = "SELECT count(*), sum(n) FROM (SELECT user_session, count(*) AS n FROM ({}) GROUP BY 1)"
        rows = "SELECT user_session, price FROM t WHERE price > 100"
        plain = self.done(ecq("query", self.table, query.format(rows)))
        for moved in (rows + " ORDER BY price", f"SELECT *, row_number() OVER () FROM ({rows})"):
            self.assertEqual(self.done(ecq("query", self.table, query.format(moved))), plain)


if __name__ == "__main__":
    unittest.main()
