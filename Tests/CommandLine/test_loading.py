"""Loading more than once, interrupted and damaged: what was in a store stays, and nothing else does."""

import fcntl
import os
import pathlib
import random
import resource
import signal
import subprocess
import time

from support import ECQ, CommandLineTest, ecq

# How often a load is killed; more by hand: ECQ_KILLS=100.
KILLS = int(os.environ.get("ECQ_KILLS", "20"))

HEADER = "event_time,event_type,product_id,price,user_session\n"


def session(number):
    return f"00000000-0000-4000-8000-{number:012d}"


def rows(first, count):
    """Rows of a clickstream, some of a session that other files have too."""
    return "".join(
        f"2019-10-01 00:{row // 60 % 60:02d}:{row % 60:02d} UTC,view,{row % 97},{row % 97}.50,{session(row // 3)}\n"
        for row in range(first, first + count)
    )


class Loading(CommandLineTest):
    def csv(self, name, text):
        self.path(name).write_text(text)
        return self.path(name)

    def load(self, *files, into="t.ecq", **options):
        flags = [part for key, value in options.items() for part in (f"--{key}", value)]
        return ecq("ingest", *[self.path(file) for file in files], "--into", self.path(into), *flags)

    def answer(self, sql, store="t.ecq"):
        return self.done(ecq("query", self.path(store), sql, "--format", "csv")).splitlines()[1]

    def test_appending_and_the_ledger(self):
        self.csv("a.csv", HEADER + rows(0, 100))
        self.csv("b.csv", HEADER + rows(98, 100))
        self.done(self.load("a.csv"))
        second = self.load("b.csv")
        self.done(second)
        self.assertRegex(second.stderr, r"100 rows added to 100 rows")
        # Rows 98 … 101 belong to two sessions that both files have.
        self.assertEqual(self.answer("SELECT count(*), count(DISTINCT user_session) FROM t"), "200,66")
        before = self.path("t.ecq").read_bytes()
        again = self.load("a.csv")
        self.done(again)
        self.assertIn("a.csv is loaded already: nothing to do", again.stderr)
        self.assertEqual(self.path("t.ecq").read_bytes(), before)
        self.assertIn(",", self.done(ecq("info", self.path("t.ecq"))))

    def test_replacing(self):
        self.csv("a.csv", HEADER + rows(0, 100))
        self.csv("b.csv", HEADER + rows(100, 50))
        self.csv("better.csv", HEADER + rows(1000, 7))
        self.done(self.load("a.csv", "b.csv"))
        self.done(self.load("better.csv", replace="a.csv"))
        self.assertEqual(self.answer("SELECT count(*), min(product_id) FROM t"), "57,3")
        self.assertEqual(self.done(ecq("verify", self.path("t.ecq"))), "")
        self.fails(self.load("a.csv", replace="c.csv"), 1, "c.csv cannot be replaced", 'did you mean "b.csv"')
        self.assertEqual(sorted(os.listdir(self.folder)), ["a.csv", "b.csv", "better.csv", "t.ecq"])

    def test_types(self):
        self.csv("a.csv", "id,price\n1,2\n")
        self.done(self.load("a.csv", schema='id INTEGER, "price" DECIMAL(9,2)'))
        self.assertEqual(self.answer("SELECT price, typeof(price), typeof(id) FROM t"), '2.00,"DECIMAL(9,2)",INTEGER')
        self.csv("b.csv", "id,price\n2,2.125\n")
        self.fails(self.load("b.csv"), 1, "b.csv:2: column price: the value is no DECIMAL")
        self.fails(self.load("b.csv", into="u.ecq", schema="price DECIML(9,2)"), 2, "deciml", "did you mean DECIMAL")
        self.fails(self.load("b.csv", into="u.ecq", schema="prize BIGINT"), 1, "prize", 'did you mean "price"')
        self.fails(self.load("b.csv", into="u.ecq", schema="price INTERVAL"), 2, "INTERVAL")

    def test_order(self):
        text = HEADER + "".join(
            f"2019-10-01 00:00:{row:02d} UTC,view,1,1.50,{session(row % 5)}\n" for row in range(60)
        )
        self.csv("a.csv", text)
        self.done(ecq("ingest", self.path("a.csv"), "--into", self.path("k.ecq"), "--keep-order"))
        kept = self.done(ecq("query", self.path("k.ecq"), "SELECT * FROM k", "--format", "csv"))
        self.assertEqual(kept.replace(",", " UTC,", 1).count("\n"), 61)
        self.assertEqual([line[:19] for line in kept.splitlines()[1:]], [line[:19] for line in text.splitlines()[1:]])
        self.done(self.load("a.csv", **{"cluster-by": "user_session"}))
        column = self.done(ecq("query", self.path("t.ecq"), "SELECT user_session FROM t", "--format", "csv"))
        lines = column.splitlines()[1:]
        self.assertEqual(lines, sorted(lines))
        self.fails(self.load("a.csv", into="v.ecq", **{"cluster-by": "sesion"}), 1, "sesion")
        self.fails(
            ecq("ingest", self.path("a.csv"), "--into", self.path("v.ecq"), "--keep-order", "--cluster-by", "price"),
            2, "exclude each other")

    def test_two_writers(self):
        self.csv("a.csv", HEADER + rows(0, 100))
        self.csv("b.csv", HEADER + rows(100, 100))
        self.done(self.load("a.csv"))
        with open(self.path("t.ecq"), "r+b") as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            self.fails(self.load("b.csv"), 1, "another process is writing")
        self.done(self.load("b.csv"))
        # The name was taken while a new store was being made.
        big = self.csv("big.csv", HEADER + rows(0, 300_000))
        first = subprocess.Popen([ECQ, "ingest", big, "--into", self.path("new.ecq")], stderr=subprocess.PIPE)
        self.path("new.ecq").write_bytes(b"")
        error = first.communicate()[1].decode()
        if first.returncode != 0:
            self.assertRegex(error, "new.ecq: (was made by another process|is not an ecq store)")
            self.assertEqual(self.path("new.ecq").read_bytes(), b"")

    def test_damage(self):
        self.csv("a.csv", HEADER + rows(0, 3000))
        self.csv("b.csv", HEADER + rows(3000, 2000))
        self.done(self.load("a.csv"))
        end = self.path("t.ecq").stat().st_size
        self.done(self.load("b.csv"))
        self.assertEqual(self.done(ecq("verify", self.path("t.ecq"))), "")
        data = bytearray(self.path("t.ecq").read_bytes())
        data[end + 40] ^= 1
        self.path("bad.ecq").write_bytes(data)
        run = ecq("verify", self.path("bad.ecq"))
        self.assertEqual(run.returncode, 1)
        self.assertRegex(run.stdout, r"^column \w+, row group 1, block 0: bytes .* damaged")
        self.assertIn("1 part damaged", run.stderr)
        saved = ecq("repair", self.path("bad.ecq"), "--salvage", "-o", self.path("saved.ecq"))
        self.done(saved)
        self.assertRegex(saved.stderr, "left out: row group 1: .*\n.*3,000 rows saved, 2,000 rows left out")
        self.assertEqual(self.answer("SELECT count(*), max(product_id) FROM saved", "saved.ecq"), "3000,96")
        self.fails(ecq("repair", self.path("bad.ecq"), "-o", self.path("x.ecq")), 2, "--salvage")
        self.fails(
            ecq("repair", self.path("bad.ecq"), "--salvage", "-o", self.path("saved.ecq")), 1, "left as it is")

    def test_a_full_disk(self):
        self.csv("a.csv", HEADER + rows(0, 1000))
        self.csv("big.csv", HEADER + "".join(
            f"2019-10-01 00:00:00 UTC,view,{random.getrandbits(40)},1.50,{session(random.getrandbits(38))}\n"
            for _ in range(100_000)))
        self.done(self.load("a.csv"))
        before = self.path("t.ecq").read_bytes()
        limit = len(before) + 200_000
        for into in ("t.ecq", "new.ecq"):
            run = subprocess.run(
                [ECQ, "ingest", self.path("big.csv"), "--into", self.path(into)], capture_output=True, text=True,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
            self.fails(run, 1, "cannot write: File too large")
        self.assertEqual(self.path("t.ecq").read_bytes(), before)
        self.assertEqual(sorted(os.listdir(self.folder)), ["a.csv", "big.csv", "t.ecq"])


class Killing(CommandLineTest):
    """A load that ends at any moment leaves the state before it, or the one after."""

    def setUp(self):
        super().setUp()
        self.done(ecq("generate", self.folder / "csv", "--rows", "400000"))
        self.october, self.november = sorted((self.folder / "csv").iterdir(), reverse=True)
        self.base = self.folder / "base.ecq"
        self.done(ecq("ingest", self.october, "--into", self.base))
        self.stores = self.folder / "stores"
        self.stores.mkdir()

    def count(self, store):
        return int(self.done(ecq("query", store, f"SELECT count(*) FROM {store.stem}")).splitlines()[1])

    def end_at_random(self, number, moment, *arguments):
        process = subprocess.Popen([ECQ, *map(str, arguments)], stderr=subprocess.DEVNULL)
        time.sleep(moment)
        process.send_signal(number)
        return process.wait()

    def seconds_of_a_load(self):
        started = time.monotonic()
        self.done(ecq("ingest", self.november, "--into", self.folder / "whole.ecq"))
        return time.monotonic() - started

    def test_creating(self):
        randomness = random.Random(1)
        longest = self.seconds_of_a_load() * 1.1
        store = self.stores / "s.ecq"
        for _ in range(KILLS // 2):
            self.end_at_random(
                signal.SIGKILL, randomness.uniform(0, longest), "ingest", self.november, "--into", store)
            self.assertIn(os.listdir(self.stores), ([], ["s.ecq"]))
            if store.exists():
                self.done(ecq("verify", store))
                store.unlink()

    def test_appending(self):
        randomness = random.Random(2)
        longest = self.seconds_of_a_load() * 1.1
        store = self.stores / "s.ecq"
        old = self.count(self.base)
        whole = old + self.count(self.folder / "whole.ecq")
        outcomes = set()
        for _ in range(KILLS):
            store.write_bytes(self.base.read_bytes())
            self.end_at_random(
                signal.SIGKILL, randomness.uniform(0, longest), "ingest", self.november, "--into", store)
            self.assertEqual(os.listdir(self.stores), ["s.ecq"])
            self.done(ecq("verify", store))
            outcomes.add(self.count(store))
            # The next load finds nothing in its way.
            self.done(ecq("ingest", self.november, "--into", store))
            self.assertEqual(self.count(store), whole)
        self.assertLessEqual(outcomes, {old, whole})
        self.done(ecq("verify", store))

    def test_interrupting(self):
        store = self.stores / "s.ecq"
        store.write_bytes(self.base.read_bytes())
        moment = self.seconds_of_a_load() / 2
        code = self.end_at_random(signal.SIGINT, moment, "ingest", self.november, "--into", store)
        self.assertIn(code, (0, 130))
        if code == 130:
            self.assertEqual(store.read_bytes(), self.base.read_bytes(), "nothing is left behind")

    def test_reading_meanwhile(self):
        store = self.stores / "s.ecq"
        store.write_bytes(self.base.read_bytes())
        old = self.count(self.base)
        writer = subprocess.Popen([ECQ, "ingest", self.november, "--into", store], stderr=subprocess.DEVNULL)
        counts = []
        while writer.poll() is None:
            counts.append(self.count(store))
        whole = self.count(store)
        self.assertLessEqual(set(counts), {old, whole})
        self.assertGreater(whole, old)


class Results(CommandLineTest):
    """Results of queries as stores."""

    def run_here(self, *arguments):
        run = subprocess.run([ECQ, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True)
        return run

    def test_tables_and_copies(self):
        store = self.store("events")
        sql = "CREATE TABLE kinds AS SELECT event_type, count(*) AS n FROM events GROUP BY ALL ORDER BY ALL"
        made = self.run_here("query", store, f"{sql}; SELECT sum(n) = (SELECT count(*) FROM events) FROM kinds")
        self.assertEqual(self.done(made).splitlines()[1], "true")
        self.done(ecq("verify", self.path("kinds.ecq")))
        self.assertRegex(self.run_here("query", store, sql).stderr, "kinds.ecq exists already")
        self.done(self.run_here("query", store, sql.replace("CREATE", "CREATE OR REPLACE")))
        copied = self.run_here("query", store, "COPY (SELECT 1 AS a, NULL AS b) TO 'one.ecq'")
        self.assertEqual(self.done(copied).splitlines()[1], "1")
        self.assertEqual(self.done(ecq("query", self.path("one.ecq"), "FROM one")), "a,b\n1,\n")
        refused = self.run_here("query", store, "COPY (SELECT INTERVAL 1 DAY AS i) TO 'two.ecq'")
        self.assertEqual(refused.returncode, 1)
        self.assertRegex(refused.stderr, "column i is of type INTERVAL")
        self.assertFalse(self.path("two.ecq").exists())
