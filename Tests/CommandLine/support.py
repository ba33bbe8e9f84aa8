"""Runs the built ecq as a user would."""

import csv
import io
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parent.parent.parent
FIXTURES = ROOT / "Tests" / "slt" / "fixtures"
ECQ = os.environ.get("ECQ") or str(ROOT / ".build" / "release" / "ecq")


def ecq(*arguments, stdin=None, **environment):
    """The finished process, with its outputs as text, line ends as they are."""
    run = subprocess.run(
        [ECQ, *map(str, arguments)], capture_output=True,
        input=None if stdin is None else stdin.encode(),
        stdin=subprocess.DEVNULL if stdin is None else None,
        env={**os.environ, **environment}, timeout=120,
    )
    run.stdout, run.stderr = run.stdout.decode(), run.stderr.decode()
    return run


def mixed_lines(count, keys, texts, numbers):
    """Lines of a CSV file with NULLs, NaN and -0.0, and so many keys, texts and numbers at most."""
    yield "k,v,s,d,t"
    for i in range(count):
        k = "" if i % 97 == 0 else i * 7919 % keys
        s = "" if i % 31 == 0 else f"s{i * 31 % texts}"
        d = ["nan", "", "-0.0", f"{i * 7 % numbers / 4}e0"][min(i % 40, 3)]
        second = i * 13 % 86_399
        yield f"{k},{i},{s},{d},2019-10-01 {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


class CommandLineTest(unittest.TestCase):
    """A test with a folder of its own, in which `events.ecq` can be had."""

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def path(self, name):
        return self.folder / name

    def store(self, fixture):
        """The store of a fixture, which is made."""
        store = self.path(f"{fixture}.ecq")
        self.done(ecq("ingest", FIXTURES / f"{fixture}.csv", "--into", store))
        return store

    def table(self, lines):
        """A new store `rows` of the CSV file with these lines."""
        path = self.path("rows.csv")
        path.write_text("\n".join(lines) + "\n")
        store = self.path("rows.ecq")
        self.done(ecq("ingest", path, "--into", store))
        return store

    def answer(self, store, sql, *options):
        """The rows of a statement's answer, each a dictionary of texts."""
        output = self.done(ecq("query", store, sql, "--format", "csv", *options))
        return list(csv.DictReader(io.StringIO(output)))

    def done(self, run):
        """The output of a run that must succeed."""
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def fails(self, run, code, *patterns):
        """A run must fail with `code` and one to three lines that the patterns find, in order."""
        self.assertEqual(run.returncode, code, run.stderr)
        self.assertEqual(run.stdout, "")
        self.assertIn(run.stderr.count("\n"), (1, 2, 3), run.stderr)
        self.assertTrue(run.stderr.startswith("ecq: "), run.stderr)
        self.assertRegex(run.stderr, "(?s)" + ".*".join(patterns))
