"""Exit codes and messages: 0 done, 1 the data or the query, 2 wrong usage, 130 interrupted."""

import os
import signal
import subprocess
import time

from support import ECQ, FIXTURES, CommandLineTest, ecq


class Usage(CommandLineTest):
    def test_no_command(self):
        self.fails(ecq(), 2, "no command", "--help")

    def test_unknown_command(self):
        self.fails(ecq("qurey"), 2, 'unknown command "qurey"', 'did you mean "query"')

    def test_unknown_option(self):
        self.fails(ecq("query", "--formt", "csv", "SELECT 1"), 2, "--formt", "--format", "query --help")

    def test_bad_values(self):
        self.fails(ecq("query", "--format", "jsn", "SELECT 1"), 2, "jsn", "json")
        self.fails(ecq("query", "--threads", "0", "SELECT 1"), 2, "threads")
        self.fails(ecq("query", "--memory-limit", "much", "SELECT 1"), 2, "memory-limit")
        self.fails(ecq("generate", "x", "--rows", "-1"), 2, "rows")
        self.fails(ecq("ingest", "x.csv", "--into", "y", "--delimiter", "ab"), 2, "delimiter")

    def test_missing_arguments(self):
        self.fails(ecq("ingest", "x.csv"), 2, "into")
        self.fails(ecq("ingest", "--into", "x"), 2, "csv")
        self.fails(ecq("info"), 2, "store")

    def test_memory_limit(self):
        store = self.store("single")
        sql = "SELECT count(*) FROM single"
        self.fails(ecq("query", "--memory-limit", "1KB", store, sql), 1, "out of memory", "limit is")
        self.done(ecq("query", "--memory-limit", "1GB", store, sql))

    def test_texts_too_long(self):
        for text in ["replace(repeat('a', 2000000), 'a', repeat('b', x))", "string_agg(repeat('a', 1000 * x), ',')"]:
            sql = f"SELECT max(length(t)) FROM (SELECT {text} AS t FROM range(1000, 2000) AS r(x))"
            self.fails(ecq("query", sql), 1, "1073741824 bytes", r"\^")

    def test_equal_stems(self):
        store = self.store("single")
        (self.folder / "other").mkdir()
        other = self.folder / "other" / "Single.ecq"
        other.write_bytes(store.read_bytes())
        self.fails(ecq("query", store, other, "SELECT 1"), 2, "single")

    def test_help_and_version(self):
        self.assertIn("USAGE: ecq", self.done(ecq("--help")))
        for command in ("demo", "generate", "ingest", "query", "info"):
            self.assertIn("USAGE: ecq " + command, self.done(ecq(command, "--help")))
        self.assertRegex(self.done(ecq("--version")), r"^ecq \d+\.\d+\.\d+ \(store format \d+, \w+ build, \w+\)\n$")

    def test_completion_scripts(self):
        for shell in ("bash", "zsh", "fish"):
            self.assertIn("ecq", self.done(ecq("--generate-completion-script", shell)))
        self.fails(ecq("--generate-completion-script", "tcsh"), 2, "tcsh")


class Data(CommandLineTest):
    def test_missing_files(self):
        self.fails(ecq("query", "no.ecq", "SELECT 1"), 1, r"no\.ecq", "No such file")
        self.fails(ecq("info", "no.ecq"), 1, r"no\.ecq", "No such file")
        self.fails(ecq("ingest", "no.csv", "--into", self.path("x.ecq")), 1, r"no\.csv", "No such file")
        self.fails(ecq("query", "-f", "no.sql"), 1, r"no\.sql", "No such file")

    def test_no_store(self):
        file = self.path("text.ecq")
        file.write_text("not a store\n" * 1000)
        self.fails(ecq("info", file), 1, r"text\.ecq")
        self.fails(ecq("query", file, "SELECT 1"), 1, r"text\.ecq")
        self.fails(ecq("info", self.folder), 1)

    def test_a_caret_stands_under_the_place(self):
        run = ecq("query", self.store("events"), "SELECT count(*)\nFROM events WHERE brnd = 'x'")
        self.fails(run, 1, "unknown name", 'did you mean "brand"')
        lines = run.stderr.split("\n")
        self.assertEqual(lines[1], "FROM events WHERE brnd = 'x'")
        self.assertEqual(lines[2].index("^"), lines[1].index("brnd"))

    def test_files_have_line_and_column(self):
        script = self.path("q.sql")
        script.write_text("SELECT 1;\n\nSELECT 2 +;\n")
        run = ecq("query", "-f", script)
        self.assertEqual((run.returncode, run.stdout), (1, "1\n1\n"))
        self.assertIn(f"{script}:3:11: syntax error", run.stderr)

    def test_statements_stop_at_the_first_error(self):
        run = ecq("query", "SELECT 1 AS a; SELECT nothing; SELECT 3 AS c")
        self.assertEqual((run.returncode, run.stdout), (1, "a\n1\n"))

    def test_a_failed_statement_leaves_no_half_result(self):
        run = ecq("query", self.store("extremes"), "SELECT CAST(big AS INTEGER) FROM extremes")
        self.assertEqual((run.returncode, run.stdout), (1, ""))

    def test_damage_is_no_answer(self):
        words = ["".join(chr(97 + (n * k + k) % 26) for k in range(12)) for n in range(40)]
        source, store = self.path("words.csv"), self.path("words.ecq")
        rows = "".join(f"{words[n * n % 40]},{n}\n" for n in range(3000))
        source.write_text("word,n\n" + rows)
        self.done(ecq("ingest", source, "--into", store))
        sql = "SELECT sum(length(word)) FROM words; SELECT count(*) FROM words WHERE length(word) > 3"
        whole, right = store.read_bytes(), self.done(ecq("query", store, sql))
        refused = 0
        for place in range(0, len(whole), 29):
            damaged = bytearray(whole)
            damaged[place] ^= 0x41
            store.write_bytes(damaged)
            run = ecq("query", store, sql)
            refused += run.returncode
            self.assertTrue(run.returncode == 1 or run.stdout == right, f"byte {place}: {run.stdout}")
        self.assertGreater(refused, 0)

    def test_not_utf8(self):
        script = self.path("q.sql")
        script.write_bytes(b"SELECT '\xff'")
        self.fails(ecq("query", "-f", script), 1, "UTF-8")


class Pipes(CommandLineTest):
    def test_a_broken_pipe_is_quiet(self):
        stores = [self.store("events"), self.store("brands")]
        sql = "SELECT a.* FROM events AS a, events AS b, brands"
        for form in ("csv", "json", "html"):
            process = subprocess.Popen(
                [ECQ, "query", *stores, sql, "--format", form],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process.stdout.readline()
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b"")
            process.stderr.close()
            self.assertEqual(process.wait(60), 0)

    def test_a_full_disk_is_an_error(self):
        with open("/dev/full", "w") as full:
            run = subprocess.run(
                [ECQ, "query", "SELECT 1"], stdout=full, stderr=subprocess.PIPE, encoding="utf-8")
        self.assertEqual(run.returncode, 1)
        self.assertIn("No space left", run.stderr)

    def test_an_interrupt_leaves_no_litter(self):
        process = subprocess.Popen(
            [ECQ, "generate", self.path("out"), "--rows", "100000000"], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not (self.path("out").exists() and os.listdir(self.path("out"))):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 130)
        self.assertEqual(os.listdir(self.path("out")), [])

    def test_an_interrupted_demo_leaves_no_half_files(self):
        process = subprocess.Popen(
            [ECQ, "demo", self.path("demo"), "--rows", "50000000"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not any(files for _, _, files in os.walk(self.folder)):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 130)
        self.assertEqual([files for _, _, files in os.walk(self.folder) if files], [])


class Ingest(CommandLineTest):
    HEADER = "event_time,event_type,price\n"
    GOOD = "2019-10-01 00:00:00 UTC,view,35.79\n"

    def test_a_malformed_row_fails_and_leaves_nothing(self):
        csv = self.path("bad.csv")
        csv.write_text(self.HEADER + self.GOOD * 3 + "2019-10-01 00:00:00 UTC,vi")
        self.fails(ecq("ingest", csv, "--into", self.path("bad.ecq")), 1, r"bad\.csv:5:", "3 fields")
        self.assertEqual(os.listdir(self.folder), ["bad.csv"])

    def test_rejects_take_malformed_rows(self):
        csv, rejects = self.path("bad.csv"), self.path("rejects.csv")
        csv.write_text(self.HEADER + self.GOOD + "a,b\n" + self.GOOD + '"x"y,b,1\n' + self.GOOD)
        run = ecq("ingest", csv, "--into", self.path("bad.ecq"), "--rejects", rejects)
        self.done(run)
        self.assertIn("3 rows", run.stderr)
        self.assertIn("2 rows rejected", run.stderr)
        lines = rejects.read_text().splitlines()
        self.assertEqual(lines[0], "file,line,column,reason,raw")
        self.assertTrue(lines[1].startswith(f"{csv},3,"), lines[1])
        self.assertTrue(lines[2].startswith(f"{csv},5,"), lines[2])
        count = self.done(ecq("query", self.path("bad.ecq"), "SELECT count(*) FROM bad"))
        self.assertEqual(count.split()[1], "3")

    def test_a_column_that_is_not_there(self):
        one, two = self.path("one.csv"), self.path("two.csv")
        one.write_text("a,b\n1,2\n")
        two.write_text("b,a\n20,10\n")
        store = self.path("t.ecq")
        self.done(ecq("ingest", one, two, "--into", store))
        rows = self.done(ecq("query", store, "SELECT a, b FROM t ORDER BY a"))
        self.assertEqual(rows, "a,b\n1,2\n10,20\n")

    def test_compressed_and_standard_input(self):
        import gzip

        text = (FIXTURES / "events.csv").read_text()
        with gzip.open(self.path("e.csv.gz"), "wt") as file:
            file.write(text)
        subprocess.run(["zstd", "-q", "-", "-o", self.path("e.csv.zst")], input=text.encode(), check=False)
        sources = [(self.path("e.csv.gz"), None), ("-", text)]
        if self.path("e.csv.zst").exists():
            sources.append((self.path("e.csv.zst"), None))
        for number, (source, stdin) in enumerate(sources):
            store = self.path(f"e{number}.ecq")
            self.done(ecq("ingest", source, "--into", store, stdin=stdin))
            rows = self.done(ecq("query", store, f"SELECT count(*), sum(price) FROM e{number}"))
            expected = self.done(
                ecq("query", self.path("events.ecq") if number else self.store("events"),
                    "SELECT count(*), sum(price) FROM events"))
            self.assertEqual(rows.split("\n")[1], expected.split("\n")[1])

    def test_other_shapes(self):
        csv = self.path("t.csv")
        csv.write_text("1\t2\n3\t4\n")
        store = self.path("t.ecq")
        self.done(ecq("ingest", csv, "--into", store, "--no-header", "--delimiter", "tab"))
        self.assertEqual(self.done(ecq("query", store, "SELECT count(*) AS n FROM t")), "n\n2\n")
        types = self.done(ecq("info", store))
        self.assertEqual(types.count("column,"), 2)

    def test_ten_thousand_columns(self):
        csv, store = self.path("wide.csv"), self.path("wide.ecq")
        width = 10_000
        csv.write_text(
            ",".join(f"c{i}" for i in range(width)) + "\n"
            + "".join(",".join(str(i * row) for i in range(width)) + "\n" for row in (1, 2, 3)))
        self.done(ecq("ingest", csv, "--into", store))
        rows = self.done(ecq("query", store, "SELECT * FROM wide ORDER BY c1")).split("\n")
        self.assertEqual(rows[:4], csv.read_text().split("\n")[:4])
