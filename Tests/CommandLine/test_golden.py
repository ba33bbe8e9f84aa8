"""Stores of every released version of the format give the rows that they were made of."""

import hashlib

from support import ROOT, CommandLineTest, ecq

GOLDEN = ROOT / "Tests" / "golden"


class Golden(CommandLineTest):
    def test_rows(self):
        stores = sorted(GOLDEN.glob("*/*.ecq"))
        self.assertGreaterEqual(len(stores), 5)
        for store in stores:
            with self.subTest(store=store):
                rows = self.done(ecq("query", store, f"SELECT * FROM {store.stem}", "--format", "csv"))
                expected = store.with_suffix(".sha256").read_text().strip()
                self.assertEqual(hashlib.sha256(rows.encode()).hexdigest(), expected)
                self.done(ecq("verify", store))

    def test_going_on(self):
        """A golden store can be appended to."""
        for store in sorted(GOLDEN.glob("*/clicks.ecq")):
            copy = self.path("clicks.ecq")
            copy.write_bytes(store.read_bytes())
            self.path("more.csv").write_text("user_id,shop\n7,z\n")
            self.done(ecq("ingest", self.path("more.csv"), "--into", copy))
            count = self.done(ecq("query", copy, "SELECT count(*), count(shop) FROM clicks", "--format", "csv"))
            self.assertEqual(count.splitlines()[1], "75003,2")
            self.done(ecq("verify", copy))
