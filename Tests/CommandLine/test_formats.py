"""Every format, read back by readers that are not ours."""

import csv
import decimal
import html.parser
import io
import json
import os
import pty
import select
import subprocess

from support import ECQ, CommandLineTest, ecq
from terminal import Terminal

# One row of everything that is hard to write.
SQL = """SELECT 9223372036854775807 AS big, CAST(0.10 AS DECIMAL(9,2)) AS money, 'a,"b' AS text,
 '' AS empty, NULL AS nothing, true AS flag, TIMESTAMP '2019-10-01 00:00:00.5' AS moment,
 DATE '2019-10-01' AS day, 0.1e0 AS ratio"""


class Formats(CommandLineTest):
    def query(self, sql, form=None, *more):
        return self.done(ecq("query", *more, sql, *(["--format", form] if form else [])))

    def test_csv(self):
        text = self.query(SQL)
        self.assertEqual(
            text,
            "big,money,text,empty,nothing,flag,moment,day,ratio\n"
            '9223372036854775807,0.10,"a,""b","",,true,2019-10-01 00:00:00.5,2019-10-01,0.1\n')
        self.assertEqual(next(iter(csv.DictReader(io.StringIO(text))))["text"], 'a,"b')

    def test_tsv(self):
        text = self.query("SELECT 'a\tb' AS x, 'a,b' AS y", "tsv")
        self.assertEqual(text, 'x\ty\n"a\tb"\ta,b\n')

    def test_line_ends_and_quotes_are_quoted(self):
        store = self.store("quoted")
        text = self.query("SELECT id, text FROM quoted ORDER BY id", "csv", store)
        rows = {row["id"]: row["text"] for row in csv.DictReader(io.StringIO(text, newline=""))}
        self.assertEqual(rows["2"], "two\r\nlines")
        self.assertEqual(rows["3"], 'say "hi"')
        self.assertIn("\n5,\n", text)
        self.assertIn('\n4,""\n', text)

    def test_non_finite_numbers(self):
        sql = "SELECT CAST('nan' AS DOUBLE) AS a, CAST('inf' AS DOUBLE) AS b, CAST('-inf' AS DOUBLE) AS c"
        self.assertEqual(self.query(sql), "a,b,c\nnan,inf,-inf\n")
        self.assertEqual(self.query(sql, "json"), '[{"a":NaN,"b":Infinity,"c":-Infinity}]\n')

    def test_json(self):
        row, = json.loads(self.query(SQL, "json"), parse_float=decimal.Decimal)
        self.assertEqual(row["big"], 9223372036854775807)
        self.assertEqual(str(row["money"]), "0.10")
        self.assertEqual(row["text"], 'a,"b')
        self.assertEqual((row["empty"], row["nothing"], row["flag"]), ("", None, True))
        self.assertEqual((row["moment"], row["day"]), ("2019-10-01 00:00:00.5", "2019-10-01"))
        self.assertEqual(list(row), "big money text empty nothing flag moment day ratio".split())

    def test_json_escapes(self):
        store = self.store("quoted")
        rows = json.loads(self.query("SELECT * FROM quoted ORDER BY id", "json", store))
        self.assertEqual(rows[1]["text"], "two\r\nlines")
        self.assertEqual(rows[5]['na"me, odd'], "Ünï→日本😀")
        self.assertEqual(rows[6]['na"me, odd'], "\ttab")

    def test_json_names_and_no_rows(self):
        self.assertEqual(self.query("SELECT 1 AS a, 2 AS a, 3 AS a", "json"), '[{"a":1,"a_1":2,"a_2":3}]\n')
        self.assertEqual(self.query("SELECT 1 AS a WHERE 1 = 0", "json"), "[]\n")
        self.assertEqual(self.query("SELECT 1 AS a WHERE 1 = 0", "jsonl"), "")
        self.assertEqual(self.query("SELECT 1 AS a WHERE 1 = 0", "csv"), "a\n")

    def test_jsonl(self):
        store = self.store("events")
        lines = self.query("SELECT * FROM events", "jsonl", store).splitlines()
        self.assertEqual(len([json.loads(line) for line in lines]), 205)

    def test_several_statements(self):
        sql = "SELECT 1 AS a; SELECT 2 AS b;"
        self.assertEqual(self.query(sql), "a\n1\n\nb\n2\n")
        self.assertEqual(self.query(sql, "json"), '[{"a":1}]\n[{"b":2}]\n')

    def test_markdown(self):
        text = self.query("SELECT 'a|b' AS x, 1 AS n, NULL AS z", "markdown")
        self.assertEqual(text.split("\n")[0], "| x | n | z |")
        self.assertIn("| --- | --: |", text)
        self.assertIn("| a\\|b | 1 | NULL |", text)

    def test_line(self):
        text = self.query("SELECT 1 AS a, 'x' AS long UNION ALL SELECT 2, 'y' ORDER BY 1", "line")
        self.assertEqual(text, "   a = 1\nlong = x\n\n   a = 2\nlong = y\n")

    def test_html(self):
        cells = []

        class Reader(html.parser.HTMLParser):
            def handle_data(self, data):
                cells.append(data)

        Reader().feed(self.query("SELECT '<a&\"b\">' AS x, 2 AS y", "html"))
        self.assertEqual("".join(cells).split(), ["xy", '<a&"b">2'])

    def test_table_off_a_terminal_is_whole(self):
        store = self.store("events")
        lines = self.query("SELECT * FROM events", "table", store).splitlines()
        self.assertEqual(len(lines), 205 + 6)
        self.assertEqual(lines[-1], "205 rows, 9 columns")

    def test_timer(self):
        run = ecq("query", "SELECT 1; SELECT 2", "--timer")
        self.assertRegex(run.stderr, r"^(time: \d+\.\d{6} s\n){2}$")

    def test_where_the_sql_comes_from(self):
        store = self.store("single")
        script = self.path("q.sql")
        script.write_text("SELECT count(*) AS n FROM single")
        for arguments, stdin in (
            ((store, script.read_text()), None), ((store, "-f", script), None),
            ((store, "--file", script), None), ((store,), script.read_text()),
        ):
            self.assertEqual(self.done(ecq("query", *arguments, stdin=stdin)), "n\n5\n")
        self.assertEqual(self.done(ecq("query", stdin="SELECT 1 AS a")), "a\n1\n")
        self.assertEqual(self.done(ecq("query", "")), "")

    def test_threads_do_not_matter(self):
        store = self.store("events")
        sql = "SELECT * FROM events; SELECT brand, count(*) FROM events GROUP BY brand"
        one = self.done(ecq("query", store, sql, "--threads", 1))
        self.assertEqual(one, self.done(ecq("query", store, sql, "--threads", 3)))
        self.assertEqual(one, self.done(ecq("query", store, sql, "--no-block-answers")))

    def test_info(self):
        store = self.store("events")
        rows = json.loads(self.done(ecq("info", store, "--format", "json")))
        self.assertEqual(rows[0]["rows"], 205)
        types = {row["name"]: row["type"] for row in rows if row["kind"] == "column"}
        self.assertEqual(
            types,
            {"event_time": "TIMESTAMP", "event_type": "VARCHAR", "product_id": "BIGINT",
             "category_id": "BIGINT", "category_code": "VARCHAR", "brand": "VARCHAR",
             "price": "DECIMAL(9,2)", "user_id": "BIGINT", "user_session": "UUID"})
        self.assertEqual([row["rows"] for row in rows if row["kind"] == "file"], [205])
        self.assertIn("205 rows, 9 columns", self.done(ecq("info", store, "--format", "table")))

    def test_inferred_types(self):
        rows = json.loads(self.done(ecq("info", self.store("extremes"), "--format", "json")))
        types = [row["type"] for row in rows if row["kind"] == "column"]
        self.assertEqual(
            types,
            ["BIGINT", "BIGINT", "DECIMAL(38,0)", "DECIMAL(9,2)", "DECIMAL(9,4)", "DOUBLE", "DATE",
             "TIMESTAMP", "BOOLEAN", "UUID", "VARCHAR"])


class OnATerminal(CommandLineTest):
    def shown(self, *arguments, columns=80, **environment):
        """What a terminal of so many columns is given."""
        leader, follower = pty.openpty()
        process = subprocess.Popen(
            [ECQ, *map(str, arguments)], stdin=follower, stdout=follower, stderr=subprocess.DEVNULL,
            env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "TERM": "xterm",
                 "COLUMNS": str(columns), **environment})
        os.close(follower)
        pieces = []
        while True:
            ready, _, _ = select.select([leader], [], [], 30)
            self.assertTrue(ready)
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            pieces.append(piece)
        os.close(leader)
        self.assertEqual(process.wait(30), 0)
        return b"".join(pieces).decode().replace("\r\n", "\n")

    def test_tables_are_cut_to_the_terminal(self):
        text = self.shown("query", self.store("events"), "SELECT * FROM events", "--color", "never")
        lines = text.splitlines()
        self.assertRegex(lines[-1], r"^205 rows \(40 shown\), 9 columns( \(\d hidden\))?$")
        self.assertTrue(all(len(line) <= 80 for line in lines))

    def test_colours(self):
        self.assertIn("\x1b[", self.shown("query", "SELECT 1"))
        self.assertNotIn("\x1b[", self.shown("query", "SELECT 1", "--color", "never"))
        self.assertNotIn("\x1b[", self.shown("query", "SELECT 1", NO_COLOR="1"))
        self.assertNotIn("\x1b[", self.done(ecq("query", "SELECT 1", "--format", "table")))
        always = ecq("query", "SELECT 1", "--format", "table", "--color", "always", NO_COLOR="1")
        self.assertIn("\x1b[", self.done(always))

    def test_any_width(self):
        store = self.store("events")
        sql = "SELECT * FROM events ORDER BY event_time LIMIT 3"
        for columns in (30, 40, 72, 200, 400):
            terminal = Terminal("query", store, sql, folder=self.folder, columns=columns)
            self.addCleanup(terminal.close)
            self.assertEqual(terminal.ended(), 0)
            lines = terminal.screen.text.split("\n")
            self.assertEqual(len(lines), 3 + 6, columns)
            self.assertLessEqual(max(map(len, lines[:-1])), columns)
            hidden = 9 - (lines[1].count("│") - 1 - lines[1].count("…"))
            self.assertEqual(lines[-1], "3 rows, 9 columns" + (f" ({hidden} hidden)" if hidden else ""))
        self.assertEqual(hidden, 0)
