"""-o of the analyses: tables as CSV and pictures as PNG and SVG in a folder."""

import csv
import io
import pathlib
import random
import signal
import struct
import subprocess
import time
import unittest
import xml.etree.ElementTree
import zlib

from support import ECQ, CommandLineTest, ecq


def decoded(path):
    """Width, height and the colours of a PNG, which must be whole."""
    data = pathlib.Path(path).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", path
    at, pixels, kinds, header = 8, b"", [], None
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0]
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        if kind == b"IDAT":
            pixels += body
        kinds.append(kind)
        at += 12 + length
    assert kinds[-1] == b"IEND", path
    width, height, depth, color = header[:4]
    assert (depth, color) == (8, 2), header
    raw = zlib.decompress(pixels)
    assert len(raw) == height * (1 + 3 * width), path
    return width, height, raw


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


class Pictures(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.done(ecq("generate", self.path("csv"), "--rows", "20000", "--seed", "5"))
        self.events = self.path("events.ecq")
        self.done(ecq("ingest", *sorted(self.path("csv").iterdir()), "--into", self.events))

    def written(self, *arguments, folder="out"):
        """The files of a run with -o, by name, after all pictures were decoded; and its output."""
        folder = self.path(folder)
        run = ecq(*arguments, "-o", folder)
        out = self.done(run)
        names = sorted(p.name for p in folder.iterdir())
        for name in names:
            if name.endswith(".png"):
                width, height, raw = decoded(folder / name)
                self.assertGreater(min(width, height), 200, name)
                # Not one colour alone.
                self.assertGreater(len(set(raw[1:1 + 3 * width * 40])), 1, name)
                self.assertIn(str(folder / name), run.stderr)
            if name.endswith(".svg"):
                root = xml.etree.ElementTree.parse(folder / name).getroot()
                self.assertTrue(root.tag.endswith("svg"))
                self.assertTrue(any(e.tag.endswith("text") for e in root.iter()), name)
        self.assertFalse([n for n in names if n.endswith(".tmp")])
        return names, out, folder

    def expect(self, names, *stems):
        """Each stem has a CSV file unless it begins with -, and each a picture of both kinds."""
        expected = set()
        for stem in stems:
            if not stem.startswith("-"):
                expected.add(stem + ".csv")
            stem = stem.lstrip("-")
            expected |= {stem + ".png", stem + ".svg"}
        self.assertEqual(set(names), expected)

    def test_eda(self):
        names, out, folder = self.written("eda", self.events)
        self.expect(names, *("eda_" + n for n in (
            "event_mix", "hours", "weekdays", "hours_by_weekday", "days", "categories", "brands",
            "prices", "session_events", "session_seconds", "nulls")))
        printed = out.split("\n\n")
        self.assertEqual(len(printed), 11)
        self.assertEqual(printed[0].strip(), (folder / "eda_event_mix.csv").read_text().strip())
        self.assertEqual(printed[4].strip(), (folder / "eda_days.csv").read_text().strip())
        names, _, _ = self.written("eda", self.events, "--table", "hours", folder="one")
        self.expect(names, "eda_hours")

    def test_rfm(self):
        names, out, folder = self.written("rfm", self.events)
        self.expect(names, "rfm_segments", "rfm_scores", "rfm_lorenz")
        self.assertEqual(out, (folder / "rfm_segments.csv").read_text())
        self.assertEqual(out, self.done(ecq("rfm", self.events)))
        segments = rows(out)
        scores = rows((folder / "rfm_scores.csv").read_text())
        self.assertEqual(
            sum(int(r["buyers"]) for r in scores), sum(int(r["users"]) for r in segments))
        lorenz = rows((folder / "rfm_lorenz.csv").read_text())
        self.assertEqual(float(lorenz[-1]["cumulative_revenue"]), 1)
        # The coefficient from its definition, over all pairs of buyers.
        money = [float(r["monetary"]) for r in rows(self.done(
            ecq("query", self.events, "SELECT monetary FROM rfm(events)")))]
        pairs = sum(abs(a - b) for a in money for b in money)
        self.assertAlmostEqual(
            float(lorenz[0]["gini"]), pairs / (2 * len(money) * sum(money)), places=9)

    def test_rfm_as_of_a_day(self):
        _, out, folder = self.written("rfm", self.events, "--as-of", "2019-12-10")
        scores = rows((folder / "rfm_scores.csv").read_text())
        self.assertEqual(sum(int(r["buyers"]) for r in scores),
                         sum(int(r["users"]) for r in rows(out)))
        self.fails(ecq("rfm", self.events, "--as-of", "o'clock", "-o", self.path("x")), 1, "as_of")

    def test_segment(self):
        names, out, folder = self.written("segment", self.events)
        self.expect(names, "segments")
        self.assertEqual(out, (folder / "segments.csv").read_text())

    def test_store_and_folder_at_once(self):
        for command, stem in (("rfm", "rfm_segments"), ("segment", "segments")):
            store = self.path(f"{command}_rows.ecq")
            names, out, _ = self.written(command, self.events, "--into", store, folder=command)
            self.assertEqual(out, "")
            self.assertIn(stem + ".csv", names)
            self.assertTrue(store.exists())

    def test_funnel(self):
        names, out, folder = self.written("funnel", self.events, "--window", "1h")
        self.expect(names, "funnel")
        self.assertEqual(out, (folder / "funnel.csv").read_text())
        names, out, folder = self.written(
            "funnel", self.events, "--breakdown", "brand", "--by", "user_id", folder="brands")
        self.expect(names, "funnel")
        self.assertEqual(out, (folder / "funnel.csv").read_text())
        self.assertIn("samsung", (folder / "funnel.svg").read_text())
        names, _, _ = self.written(
            "funnel", self.events, "--dropped-at", "cart", folder="dropped")
        self.assertEqual(names, ["funnel_dropped.csv"])

    def test_retention(self):
        names, out, folder = self.written(
            "retention", self.events, "--unit", "week", "--periods", "12")
        self.expect(names, "retention", "-retention_curves")
        self.assertEqual(out, (folder / "retention.csv").read_text())
        svg = (folder / "retention.svg").read_text()
        self.assertIn("2019-09-30", svg)
        self.assertIn("the week is not over", svg)

    def test_paths(self):
        names, out, folder = self.written("paths", self.events)
        self.expect(names, "paths_transitions", "-paths_flow", "paths")
        self.assertEqual(out, (folder / "paths_transitions.csv").read_text())
        names, out, folder = self.written(
            "paths", self.events, "--output", "paths", "--top", "20", folder="paths")
        self.expect(names, "paths")
        self.assertEqual(out, (folder / "paths.csv").read_text())
        names, _, _ = self.written(
            "paths", self.events, "--state", "coalesce(brand, 'none')", folder="brands")
        self.expect(names, "paths_transitions", "-paths_flow", "paths")

    def test_no_rows(self):
        for command in ("eda", "rfm", "segment", "funnel", "retention", "paths"):
            names, _, _ = self.written(command, self.events, "--where", "false", folder=command)
            self.assertTrue([n for n in names if n.endswith(".png")], command)

    def test_one_row(self):
        self.path("one.csv").write_text(
            "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"
            "2019-10-31 23:50:00 UTC,view,1,11,a.b,\"a <b> & 'c'\",10.00,7,s1\n")
        one = self.path("one.ecq")
        self.done(ecq("ingest", self.path("one.csv"), "--into", one))
        for command in ("eda", "rfm", "segment", "funnel", "retention", "paths"):
            self.written(command, one, folder=command)

    def test_same_bytes(self):
        first, _, a = self.written("funnel", self.events, "--threads", "1", folder="a")
        second, _, b = self.written("funnel", self.events, "--threads", "3", folder="b")
        self.assertEqual(first, second)
        for name in first:
            self.assertEqual((a / name).read_bytes(), (b / name).read_bytes(), name)

    def test_folders_that_cannot_be(self):
        self.path("file").write_text("x")
        self.fails(ecq("rfm", self.events, "-o", self.path("file")), 1, "file")
        self.fails(ecq("rfm", self.events, "-o", self.path("file") / "below"), 1, "file")
        _, _, folder = self.written("segment", self.events, folder="a/b/c")
        self.assertTrue((folder / "segments.png").exists())

    def test_killed_it_leaves_whole_files(self):
        dice = random.Random(11)
        folder = self.path("killed")
        start = time.monotonic()
        self.done(ecq("eda", self.events, "-o", self.path("timing")))
        seconds = time.monotonic() - start
        for _ in range(8):
            run = subprocess.Popen(
                [ECQ, "eda", self.events, "-o", folder], stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(0, seconds))
            run.send_signal(signal.SIGKILL)
            run.wait()
            for path in folder.iterdir() if folder.exists() else ():
                if path.suffix == ".png":
                    decoded(path)
                elif path.suffix == ".svg":
                    xml.etree.ElementTree.parse(path)
                elif path.suffix == ".csv":
                    self.assertEqual(path.read_bytes(),
                                     (self.path("timing") / path.name).read_bytes())
        self.done(ecq("eda", self.events, "-o", folder))
        for path in self.path("timing").iterdir():
            self.assertEqual(path.read_bytes(), (folder / path.name).read_bytes(), path.name)


if __name__ == "__main__":
    unittest.main()
