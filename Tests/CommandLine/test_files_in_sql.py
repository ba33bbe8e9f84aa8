"""Files that statements read and write, and parameters."""

import gzip

from support import FIXTURES, CommandLineTest, ecq


class FilesInFrom(CommandLineTest):
    def test_csv(self):
        path = FIXTURES / "brands.csv"
        out = self.done(ecq("query", f"SELECT DISTINCT b.brand FROM '{path}' b WHERE founded > 1950 ORDER BY 1"))
        self.assertEqual(out, "brand\napple\nxiaomi\n")
        out = self.done(ecq("query", f"SELECT count(*) AS n FROM read_csv('{path}') WHERE brand = 'xiaomi'"))
        self.assertEqual(out, "n\n1\n")

    def test_compressed_and_several(self):
        self.path("a1.csv").write_text("x,y\n1,a\n")
        with gzip.open(self.path("a2.csv.gz"), "wt") as file:
            file.write("y,x\nb,2\n")
        out = self.done(ecq("query", f"SELECT x, y FROM '{self.path('a*.csv*')}' ORDER BY x"))
        self.assertEqual(out, "x,y\n1,a\n2,b\n")

    def test_beside_a_store(self):
        store = self.store("events")
        sql = (
            f"SELECT count(*) AS n FROM events SEMI JOIN '{FIXTURES / 'brands.csv'}' AS b USING (brand)"
            f" WHERE EXISTS (SELECT 1 FROM '{store}' AS e WHERE e.brand = events.brand)"
        )
        again = "SELECT count(*) AS n FROM events WHERE brand IN ('samsung', 'apple', 'xiaomi', 'nokia')"
        self.assertEqual(self.done(ecq("query", store, sql)), self.done(ecq("query", store, again)))

    def test_nothing_is_left_behind(self):
        self.done(ecq("query", f"FROM '{FIXTURES / 'brands.csv'}'", TMPDIR=str(self.folder)))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_missing(self):
        self.fails(ecq("query", "FROM 'nothing.csv'"), 1, "nothing.csv", "No such file", r"\^")
        self.fails(ecq("query", "FROM 'nothing.txt'"), 1, "not supported", r"\.csv")
        self.fails(ecq("query", f"FROM '{self.path('z*.csv')}'"), 1, "no file matches")


class Copy(CommandLineTest):
    def test_formats(self):
        rows = "(VALUES (1, 'a'), (2, NULL), (3, 'x,\"y')) AS t(n, s)"
        for name, options, text in [
            ("o.csv", "", 'n,s\n1,a\n2,\n3,"x,""y"\n'),
            ("o.tsv", "", 'n\ts\n1\ta\n2\t\n3\t"x,""y"\n'),
            ("o.txt", "(HEADER false, DELIMITER ';')", '1;a\n2;\n3;"x,""y"\n'),
            ("o.jsonl", "", '{"n":1,"s":"a"}\n{"n":2,"s":null}\n{"n":3,"s":"x,\\"y"}\n'),
        ]:
            path = self.path(name)
            out = self.done(ecq("query", f"COPY (FROM {rows}) TO '{path}' {options}"))
            self.assertEqual(out, "Count\n3\n")
            self.assertEqual(path.read_text(), text)

    def test_links_and_devices_stay_what_they_are(self):
        target, link = self.path("target.csv"), self.path("link.csv")
        target.write_text("old\n")
        link.symlink_to(target)
        self.done(ecq("query", f"COPY (SELECT 1 AS a) TO '{link}'"))
        self.assertTrue(link.is_symlink())
        self.assertEqual(target.read_text(), "a\n1\n")
        out = self.done(ecq("query", "COPY (SELECT 1 AS a) TO '/dev/stdout'"))
        self.assertEqual(out, "a\n1\nCount\n1\n")

    def test_what_cannot_be_written(self):
        self.fails(ecq("query", "COPY (SELECT 1) TO 'x.parquet'"), 1, "not supported", r"\.parquet")
        self.fails(ecq("query", f"COPY (SELECT 1) TO '{self.path('x.csv')}' (DELIMITER '\"')"), 1, "no quote")
        self.fails(ecq("query", 'CREATE TABLE "a/b" AS SELECT 1 AS a'), 1, "no path")

    def test_a_copy_can_be_read_again(self):
        store, path = self.store("nulls"), self.path("again.csv")
        self.done(ecq("query", store, f"COPY nulls TO '{path}'"))
        first = self.done(ecq("query", store, "FROM nulls ORDER BY id"))
        self.assertEqual(self.done(ecq("query", f"FROM '{path}' ORDER BY id")), first)

    def test_failures_leave_nothing(self):
        path = self.path("o.csv")
        self.fails(ecq("query", f"COPY (SELECT CAST(s AS BIGINT) FROM (VALUES ('x')) AS t(s)) TO '{path}'"), 1, "bad value")
        self.fails(ecq("query", f"COPY (SELECT 1) TO '{self.path('no')}/o.csv'"), 1, "cannot be written")
        self.fails(ecq("query", f"COPY (SELECT 1) TO '{path}' (SPEED 11)"), 1, "no option", "FORMAT")
        self.assertEqual(list(self.folder.iterdir()), [])


class Parameters(CommandLineTest):
    def test_values_are_never_text_of_the_statement(self):
        out = self.done(ecq("query", "SELECT $a AS a", "--param", "a=x' OR 'y"))
        self.assertEqual(out, "a\nx' OR 'y\n")

    def test_values_take_the_type_that_is_wanted(self):
        sql = "SELECT n FROM range(10) AS t(n) WHERE n > $low ORDER BY n LIMIT $count"
        out = self.done(ecq("query", sql, "--param", "low=6", "--param", "count=2"))
        self.assertEqual(out, "n\n7\n8\n")
        self.fails(ecq("query", sql, "--param", "low=x", "--param", "count=2"), 1, "bad value", "x")

    def test_missing(self):
        self.fails(ecq("query", "SELECT $a"), 1, r"no value for the parameter \$a", "--param a=VALUE")
        self.fails(ecq("query", "SELECT 1", "--param", "a"), 2, "param")
