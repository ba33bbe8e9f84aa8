"""The interactive shell, at a terminal and without one."""

import os
import re
import signal
import stat
import termios
import time

from support import CommandLineTest, ecq
from terminal import Terminal


def cells(table):
    """A table without the blanks that make its columns even."""
    return re.sub(" +", " ", table)


class AtATerminal(CommandLineTest):
    def shell(self, *arguments, **options):
        terminal = Terminal("shell", *arguments, folder=self.folder, **options)
        self.addCleanup(terminal.close)
        terminal.prompt(1)
        return terminal

    def test_statements_of_several_lines(self):
        shell = self.shell(self.store("events"))
        self.assertIn("events: 205 rows, 9 columns", shell.screen.text)
        shell.type("SELECT count(*) AS n\r")
        shell.wait_for(r"\.\.\.> $|\.\.\.>$")
        self.assertIn("│ 205 │", cells(shell.run("FROM events;")))
        self.assertEqual(shell.run("SELECT 1; SELECT 2;").count("1 row, 1 column"), 2)

    def test_history_gives_whole_statements_back(self):
        shell = self.shell()
        shell.run("SELECT 1 AS first,\r 2 AS second;")
        shell.run("SELECT 3 AS third;")
        shell.type("\x1b[A\x1b[A")
        shell.wait_for(r"ecq> SELECT 1 AS first,\n\.\.\.>  2 AS second;$")
        shell.type("\x03")
        shell.prompt(4)
        history = self.path(".local/state/ecq/history")
        self.assertEqual(
            history.read_text(), "SELECT 1 AS first,\\n 2 AS second;\nSELECT 3 AS third;\n")
        self.assertEqual(stat.S_IMODE(history.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(history.parent.stat().st_mode), 0o700)
        shell.type("\x04")
        self.assertEqual(shell.ended(), 0)
        again = self.shell()
        again.type("\x1b[A")
        again.wait_for("ecq> SELECT 3 AS third;")

    def test_searching_the_history(self):
        shell = self.shell()
        shell.run("SELECT 'apple';")
        shell.run("SELECT 'banana';")
        shell.type("\x12app")
        shell.wait_for(r"\(search: app\) SELECT 'apple';")
        shell.type("\r")
        shell.prompt(4)
        self.assertEqual(shell.screen.text.count("│ apple"), 2)

    def test_editing(self):
        shell = self.shell()
        # Home, a word, end; the last word killed and put in twice.
        shell.type("1 AS xyz\x01SELECT \x05\x17yyy AS \x19\x19;\r")
        shell.prompt(2)
        self.assertIn("ecq> SELECT 1 AS yyy AS xyzxyz;", shell.screen.text)
        shell.type("SELECT 日本\x7f\x7f'日本語'\x1b[D\x1b[D\x7f AS x;\x1b[H")
        shell.wait_for(r"ecq> SELECT '日 AS x;語'")
        shell.type("\x03")
        shell.prompt(3)

    def test_pasted_lines_are_one_text(self):
        shell = self.shell()
        shell.type("\x1b[200~SELECT 7 AS a,\n  8 AS b;\n\x1b[201~")
        shell.wait_for(r"\.\.\.>   8 AS b;")
        self.assertNotIn("row", shell.screen.text)
        shell.type("\r")
        shell.wait_for("1 row, 2 columns")

    def test_long_lines_are_wrapped(self):
        shell = self.shell(columns=40)
        text = "SELECT 'a text that is longer than the row of the terminal is wide' AS x"
        shell.type(text + "\x01\x04s")
        shell.wait_for(r"ecq> sELECT 'a text that is longer than\s+the row of the terminal is wide' AS x$")
        shell.resize(100, 24)
        shell.type("\x05;\r")
        shell.wait_for("1 row, 1 column")

    def test_completion(self):
        shell = self.shell(self.store("events"))
        for typed, completed in (
            ("SEL\t", "SELECT"), ("sel\t", "select"), ("SELECT category_c\t", "SELECT category_code"),
            ("SELECT * FROM eve\t", "SELECT * FROM events"),
            ("FROM events AS e SELECT e.user_s\t", "FROM events AS e SELECT e.user_session"),
            ("SELECT date_tr\t", "SELECT date_trunc("), (".tab\t", ".tables"),
            (".mode js\t", ".mode json"), (".schema ev\t", ".schema events"),
            ("FROM 'even\t", "FROM 'events.ecq"), (".read even\t", ".read events.ecq"),
        ):
            shell.type(typed)
            shell.wait_for("ecq> " + completed.replace("(", r"\(").replace("*", r"\*") + "( *$|\n)")
            shell.type("\x03")
            shell.wait_for(r"\^C\necq>$")
        shell.type("SELECT user\t")
        shell.wait_for("user_id +user_session")
        shell.type("\t\t")
        shell.wait_for("ecq> SELECT user_session")
        shell.type("\x03")

    def test_colours(self):
        shell = self.shell()
        shell.type("SELECT 'x' -- why")
        shell.wait_for("-- why", "raw")
        self.assertIn("\x1b[1;34mSELECT\x1b[0m", shell.raw)
        self.assertIn("\x1b[33m'x'\x1b[0m", shell.raw)
        self.assertIn("\x1b[2m-- why\x1b[0m", shell.raw)
        plain = self.shell(NO_COLOR="1")
        plain.type("SELECT 'x' -- why")
        plain.wait_for("-- why")
        self.assertNotRegex(plain.raw, r"\x1b\[[0-9;]*m")

    def test_errors_leave_the_shell(self):
        shell = self.shell(self.store("events"))
        text = shell.run("SELECT brnd FROM events;")
        self.assertIn('did you mean "brand"?', text)
        self.assertIn("\nSELECT brnd FROM events;\n       ^", text)
        self.assertIn('did you mean ".tables"?', shell.run(".tabels"))
        self.assertIn('did you mean "json"?', shell.run(".mode jsn"))
        self.assertIn("1 row", shell.run("SELECT 1;"))
        shell.type(".quit 3\r")
        self.assertEqual(shell.ended(), 3)

    def test_ways_to_leave(self):
        for keys in ("\x04", ".quit\r", ".exit\r", "\\q\r", "exit\r", "quit;\r"):
            shell = self.shell()
            shell.type(keys)
            self.assertEqual(shell.ended(), 0, keys)

    def test_ctrl_c_drops_what_is_typed(self):
        shell = self.shell()
        shell.type("SELECT 1,\rnothing\x03")
        shell.prompt(2)
        self.assertIn("1 row", shell.run("SELECT 2;"))

    def test_ctrl_c_stops_the_statement_alone(self):
        store = self.store("events")
        shell = self.shell(store)
        shell.run("SELECT 42 AS kept;")
        shell.type(
            "SELECT count(*) FROM events AS a, events AS b, events AS c, events AS d, events AS e"
            " WHERE a.price + b.price + c.price > d.price + e.price;\r")
        time.sleep(1)
        started = time.monotonic()
        shell.type("\x03")
        shell.wait_for("interrupted\n")
        self.assertLess(time.monotonic() - started, 5)
        self.assertIn("│ 42 │", cells(shell.run("FROM _;")))

    def test_what_ends_the_process_gives_the_terminal_back(self):
        shell = self.shell()
        self.assertFalse(termios.tcgetattr(shell.leader)[3] & termios.ECHO)
        shell.process.send_signal(signal.SIGTERM)
        self.assertEqual(shell.ended(), 128 + signal.SIGTERM)
        self.assertTrue(shell.raw.endswith("\x1b[?2004l"))

    def test_results_elsewhere(self):
        shell = self.shell(self.store("brands"))
        shell.run(".output all.csv")
        shell.run("SELECT 1 AS a;")
        shell.run("SELECT 2 AS b;")
        shell.run(".output")
        shell.run(".once one.json")
        shell.run("SELECT 3 AS c;")
        self.assertIn("│ 4 │", cells(shell.run("SELECT 4 AS d;")))
        self.assertEqual(self.path("all.csv").read_text(), "a\n1\n\nb\n2\n")
        self.assertEqual(self.path("one.json").read_text(), '[{"c":3}]\n')

    def test_long_results_are_paged(self):
        page = self.path("page")
        shell = self.shell(self.store("events"), ECQ_PAGER=f"cat > {page}", rows=20)
        text = shell.run("SELECT * FROM events;")
        self.assertIn("205 rows, 9 columns; .last shows them again", text)
        self.assertEqual(page.read_text().count("\n"), 205 + 6)
        self.assertIn("user_session", page.read_text())
        page.unlink()
        shell.run("SELECT * FROM events LIMIT 5;")
        self.assertFalse(page.exists())
        shell.run(".last")
        self.assertEqual(page.read_text().count("\n"), 5 + 6)
        page.unlink()
        shell.run(".pager off")
        self.assertIn("205 rows (40 shown)", shell.run("SELECT * FROM events;"))
        self.assertFalse(page.exists())

    def test_a_pager_that_is_left_early(self):
        shell = self.shell(ECQ_PAGER="head -1")
        self.assertIn("range", shell.run("FROM range(2000000);"))
        self.assertIn("│ 2000000 │", cells(shell.run("SELECT count(*) AS n FROM _;")))

    def test_the_last_result_is_a_table(self):
        shell = self.shell()
        shell.run("SELECT 1 AS a, [1, 2] AS b, INTERVAL 1 day AS c, NULL AS d, 5 AS a;")
        self.assertIn("a_1", shell.run("FROM _;"))
        shell.run(".nullvalue (none)")
        self.assertIn("(none)", shell.run("SELECT d FROM _;"))
        shell.run(".mode csv")
        shell.run(".once big.csv")
        shell.run("SELECT repeat(range::VARCHAR, 20) AS x FROM range(1000000);")
        self.assertIn("larger than the 64.0 MB that are kept", shell.run("FROM _;"))
        self.assertIn("larger than the 64.0 MB that are kept", shell.run(".last"))

    def test_the_startup_file(self):
        self.path(".ecqrc").write_text(".mode json\n.timer on\n")
        shell = self.shell()
        text = shell.run("SELECT 1 AS a;")
        self.assertIn('[{"a":1}]', text)
        self.assertRegex(text, r"time: \d+\.\d{6} s")
        self.assertIn("1 row", self.shell("--no-init").run("SELECT 1 AS a;"))

    def test_query_without_sql_opens_the_shell(self):
        store = self.store("single")
        terminal = Terminal("query", store, folder=self.folder)
        self.addCleanup(terminal.close)
        terminal.prompt(1)
        self.assertIn("│ 5 │", cells(terminal.run("SELECT count(*) AS n FROM single;")))

    def test_a_terminal_that_cannot_move_its_cursor(self):
        terminal = Terminal("shell", folder=self.folder, TERM="dumb", PAGER="less")
        self.addCleanup(terminal.close)
        terminal.prompt(1)
        terminal.type("SELECT 1 AS a,\n")
        terminal.wait_for(r"\n\.\.\.>$")
        terminal.type("2 AS b;\nFROM range(30);\nexit\n")
        self.assertEqual(terminal.ended(), 0)
        self.assertIn("30 rows, 1 column", terminal.screen.text)
        self.assertNotIn("\x1b", terminal.raw)

    def test_the_editor(self):
        editor = self.path("editor")
        editor.write_text("#!/bin/sh\nsed -i s/1/77/ \"$1\"\n")
        editor.chmod(0o755)
        shell = self.shell(EDITOR=str(editor))
        shell.run("SELECT 1 AS a;")
        self.assertIn("77 │", shell.run(".edit"))


class Commands(CommandLineTest):
    """Off a terminal: the shell reads a script."""

    def script(self, text, *arguments):
        return ecq("shell", *arguments, stdin=text, HOME=str(self.folder))

    def test_statements_and_commands(self):
        run = self.script(
            "SELECT 1 AS a;\n.mode json\nSELECT 2\n  AS b;\n\n-- a comment\n.print done  'a  b'\nSELECT 3 AS c")
        self.assertEqual(self.done(run), 'a\n1\n[{"b":2}]\ndone a  b\n[{"c":3}]\n')
        self.assertEqual(run.stderr, "")

    def test_the_startup_file_is_for_people(self):
        self.path(".ecqrc").write_text(".mode json\n")
        self.assertEqual(self.done(self.script("SELECT 1 AS a;")), "a\n1\n")

    def test_scripts_end_with_the_first_error(self):
        run = self.script("SELECT 1 AS a;\nSELECT nothing;\nSELECT 2 AS b;")
        self.assertEqual((run.returncode, run.stdout), (1, "a\n1\n"))
        self.assertTrue(run.stderr.startswith("ecq: unknown name"), run.stderr)
        run = self.script(".bail off\nSELECT nothing;\n.nothing\nSELECT 2 AS b;")
        self.assertEqual(self.done(run), "b\n2\n")
        self.assertIn("unknown name", run.stderr)
        self.assertIn('unknown command ".nothing"', run.stderr)

    def test_files_that_are_read(self):
        self.path("in.sql").write_text("SELECT 1 AS a;\nSELECT\n  nothing;\n")
        script = self.path("in.sql")
        run = self.script(f".read {script}\n")
        self.assertEqual((run.returncode, run.stdout), (1, "a\n1\n"))
        self.assertIn(f"{script}:3:3: unknown name", run.stderr)
        script.write_text(f".read {script}\n")
        self.fails(self.script(f".read {script}\n"), 1, "read each other")
        self.fails(self.script(".read no.sql\n"), 1, "no.sql", "No such file")

    def test_tables_and_their_columns(self):
        stores = self.store("brands"), self.store("single")
        self.assertEqual(
            self.done(self.script(".tables\n.tables br%\n.tables x%\n", *stores)).replace(str(self.folder), ""),
            "name,rows,columns,store\nbrands,6,3,/brands.ecq\nsingle,5,1,/single.ecq\n\n"
            "name,rows,columns,store\nbrands,6,3,/brands.ecq\n\nname,rows,columns,store\n")
        self.assertEqual(
            self.done(self.script(".schema brands", *stores)),
            "CREATE TABLE brands (\n  brand VARCHAR,\n  country VARCHAR,\n  founded BIGINT\n);\n")
        self.assertEqual(
            self.done(self.script("\\d brands", *stores)),
            "column,type\nbrand,VARCHAR\ncountry,VARCHAR\nfounded,BIGINT\n")
        self.fails(self.script(".schema brand", *stores), 1, 'did you mean "brands"')

    def test_opening_and_closing(self):
        store = self.store("brands")
        self.assertEqual(
            self.done(self.script(f".open {store}\nSELECT count(*) AS n FROM brands;\n.close brands\nSHOW TABLES;")),
            "n\n6\n\nname\n_\n")
        self.fails(self.script(f".open {store}\n.open {store}"), 1, "already")
        self.fails(self.script(".open no.ecq"), 1, "no.ecq", "No such file")

    def test_settings(self):
        self.assertEqual(self.done(self.script(".headers off\nSELECT 1, NULL;\n.nullvalue -\nSELECT 1, NULL;")), "1,\n1,-\n")
        self.assertEqual(
            self.done(self.script(".mode json\n.bigint string\nSELECT 9007199254740993 AS a;")),
            '[{"a":"9007199254740993"}]\n')
        self.assertEqual(
            self.done(self.script(".threads 1\n.threads\n.memory 2GB\n.memory\n.memory off\n.memory\n.timeout 5\n.timeout\n")),
            "1\n2.00 GB\nno limit\n5.000 s\n")
        parameters = '.param set brand "o\'neill"\n.param list\nSELECT $brand AS b;\n.param clear\n.param\n'
        self.assertEqual(
            self.done(self.script(parameters)),
            "name,value\nbrand,o'neill\n\nb\no'neill\n\nname,value\n")
        run = self.script(".timer on\nSELECT 1 AS a;")
        self.assertRegex(run.stderr, r"^time: \d+\.\d{6} s\n$")
        self.assertEqual(self.done(self.script(".echo on\nSELECT 1\n AS a;")), "SELECT 1\n AS a;\na\n1\n")
        for line, reason in (
            (".mode", "auto"), (".threads 0", "above 0"), (".memory much", "much"), (".timeout x", "x"),
            (".headers perhaps", "perhaps"), (".maxrows -1", "-1"), (".bigint x", "number or string"),
            (".open", "needs"), (".timer on off", "one argument"), (".mode 'a", "quote"), (".quit 300", "255"),
        ):
            run = self.script(line)
            self.assertIn(reason, run.stderr + run.stdout, line)
            self.assertEqual(run.returncode, 0 if line == ".mode" else 1, line)

    def test_loading(self):
        csv = self.path("t.csv")
        csv.write_text("a,b\n1,x\n2,y\n")
        run = self.script(f".import {csv} {self.path('t.ecq')}\nSELECT sum(a) AS s FROM t;")
        self.assertEqual(self.done(run), "s\n3\n")
        self.assertIn("t: 2 rows", run.stderr)

    def test_plans(self):
        self.assertIn("SCAN", self.done(self.script(".mode table\n.explain FROM brands", self.store("brands"))))
        text = self.done(self.script(".mode table\nFROM brands LIMIT 1;\n.explain analyze\n", self.store("brands")))
        self.assertIn("SCAN", text)

    def test_the_system(self):
        self.assertEqual(self.done(self.script(".shell echo hello\n")), "hello\n")
        self.fails(self.script(".shell exit 3\n"), 1, "exit code 3")
        folder = os.path.realpath(self.folder)
        self.assertEqual(self.done(self.script(f".cd {folder}\n.shell pwd\n")), folder + "\n")
        self.fails(self.script(".cd /nowhere\n"), 1, "/nowhere")

    def test_help(self):
        text = self.done(self.script(".help\n"))
        for name in ("tables", "schema", "mode", "timer", "read", "output", "explain", "quit", "last"):
            self.assertIn(f"\n.{name}" if name != "tables" else ".tables", text)
        self.assertIn(".mode, .format", self.done(self.script(".help mode\n")))
        self.fails(self.script(".help mod\n"), 1, 'did you mean ".mode"')

    def test_names_of_other_shells(self):
        self.assertIn("brands", self.done(self.script("\\dt\n", self.store("brands"))))
        self.assertEqual(self.done(self.script("\\x\nSELECT 1 AS a;\n")), "a = 1\n")
        self.assertEqual(self.script("\\q 4\n").returncode, 4)

    def test_an_unfinished_script(self):
        self.fails(self.script("SELECT 'a"), 1, "does not end")
        self.assertEqual(self.done(self.script("")), "")
        self.assertEqual(self.done(self.script("-- nothing\n")), "")
