"""What the benchmarks compare, say and draw; the peers themselves are not needed."""

import json
import pathlib
import subprocess
import sys
import unittest
import xml.etree.ElementTree

from support import ECQ, CommandLineTest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Benchmarks"))

from suite import models, pictures, queries, ratios, regressions, report  # noqa: E402
from suite.engines import Ecq, StepFailed  # noqa: E402

BENCH = pathlib.Path(ECQ).parent / "ecq-bench"
MACHINE = {"processor": "one", "threads": 2, "memory_bytes": 8 << 30, "system": "Linux"}


def run_facts(moment="2026-01-02T00:00:00", rows=1000, **machine):
    return {"run": moment, "rows": rows, "csv_bytes": 5000, "machine": MACHINE | machine,
            "load_average": 0.1, "versions": {"commit": "abc", "changed": False, "duckdb": "2"}, "repeats": 3}


def seconds(**engines):
    return {name: {"seconds": value, "peak_bytes": 1 << 20} for name, value in engines.items()}


class Comparison(unittest.TestCase):
    def test_answers_agree_in_any_order_and_writing(self):
        self.assertTrue(queries.agree([["a", "1.50"], ["", "2"]], [[None, 2], ["a", 1.5]]))
        self.assertTrue(queries.agree([["2019-10-01 00:00:00"]], [["2019-10-01T00:00:00.000"]]))
        self.assertTrue(queries.agree([["1.0000000001"]], [[1]]))

    def test_other_answers_do_not(self):
        self.assertFalse(queries.agree([["a", "1"]], [["a", "1.001"]]))
        self.assertFalse(queries.agree([["a"]], [["a"], ["a"]]))
        self.assertFalse(queries.agree([["a"]], [["b"]]))
        self.assertFalse(queries.agree([["0"]], [[None]]))

    def test_all_fifteen_queries_are_read(self):
        self.assertEqual(len(queries.queries()), 15)

    def test_more_statements_have_names_of_their_own(self):
        more = queries.more_queries()
        self.assertGreater(len(more), 20)
        self.assertFalse(more.keys() & queries.queries().keys())
        self.assertTrue(all(sql.startswith("SELECT") for sql in more.values()))

    def test_the_fastest_peer_counts(self):
        engines = seconds(ecq=2, ecq_no_block_answers=1, duckdb=6, polars=4)
        self.assertEqual(ratios.best_peer(engines), ("polars", 4))
        self.assertEqual(ratios.ratio(engines), 2)
        self.assertEqual(ratios.ratio(engines, "ecq_no_block_answers"), 4)
        self.assertIsNone(ratios.ratio(seconds(ecq=1)))

    def test_a_worse_model_is_a_fault(self):
        ours = {"auc": 0.9, "log_loss": 0.2}
        self.assertEqual(models.faults(ours, {"auc": 0.9001, "log_loss": 0.2}), [])
        self.assertEqual(
            models.faults(ours, {"auc": 0.91, "log_loss": 0.1}), ["area under ROC", "log loss"])
        few = {"auc": 0.91, "log_loss": 0.201, "test_rows": 50_000}
        self.assertEqual(models.faults(ours, few), ["area under ROC"])
        self.assertEqual(models.faults({"auc": 0.9, "log_loss": 0.203}, {"auc": 0.9, "log_loss": 0.2}),
                         ["log loss"])
        self.assertEqual(models.faults(
            {"auc": 0.9, "log_loss": 0.203}, {"auc": 0.9, "log_loss": 0.2, "test_rows": 50_000}), [])
        self.assertEqual(models.faults({"inertia": 102.0}, {"inertia": 100.0}), ["inertia"])


class Regressions(unittest.TestCase):
    def test_only_ratios_that_fell_are_named(self):
        before = {"a": seconds(ecq=1, duckdb=10), "b": seconds(ecq=1, duckdb=10)}
        # Everything takes twice as long, and b of ecq four times.
        now = {"a": seconds(ecq=2, duckdb=20), "b": seconds(ecq=4, duckdb=20)}
        found = regressions.slower(before, now)
        self.assertEqual(len(found), 1)
        self.assertIn("b: 10.00× → 5.00×", found[0])

    def test_the_last_run_of_the_same_kind_is_compared(self):
        runs = [(run_facts("2026-01-01"), {"number": 1}), (run_facts("2026-01-02"), {"number": 2}),
                (run_facts("2026-01-03", rows=5), {}), (run_facts("2026-01-04", threads=8), {})]
        found = regressions.last_before(run_facts("2026-01-05"), runs)
        self.assertEqual(found[1], {"number": 2})
        self.assertIsNone(regressions.last_before(run_facts("2026-01-01"), runs))


class Report(CommandLineTest):
    RESULTS = {
        "ingest": {"ecq": {"seconds": 1, "peak_bytes": 1 << 20, "bytes": 7000},
                   "duckdb": {"seconds": 3, "peak_bytes": 1 << 20, "bytes": 39000}},
        "q01_event_mix": seconds(ecq=1, duckdb=0.5), "q02_top_brand_revenue": seconds(ecq=1, duckdb=1.5),
        "q03_hour_by_type": seconds(ecq=1, duckdb=80),
    }

    def test_where_ecq_loses_is_said(self):
        text = report.markdown(run_facts(), self.RESULTS, [], "x.svg")
        self.assertIn("q01_event_mix: loses, 0.50×", text)
        self.assertIn("q02_top_brand_revenue: wins by little, 1.50×", text)
        self.assertNotIn("q03_hour_by_type: ", text)
        self.assertIn("| store | 7.00 | 39.00 |", text)
        self.assertIn("Geometric mean 3.9×, least 0.5×.", text)

    def test_pictures_are_drawn(self):
        growth = pictures.growth(
            [(run_facts(rows=1000), self.RESULTS), (run_facts(rows=9000), self.RESULTS)],
            ["q01_event_mix", "q02_top_brand_revenue"])
        for name, chart in ("ratios", pictures.ratios(run_facts(), self.RESULTS)), ("growth", growth):
            path = self.path(f"{name}.svg")
            pictures.draw(BENCH, chart, path)
            text = "".join(xml.etree.ElementTree.parse(path).getroot().itertext())
            self.assertIn("q03" if name == "ratios" else "Loading the CSV", text)

    def test_kernels_are_measured(self):
        run = subprocess.run([BENCH, "kernels", "--only", "memory: read"], capture_output=True)
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual({line["threads"] for line in lines} >= {1}, True)
        for line in lines:
            # A loop that the compiler has taken away would be faster than any memory.
            self.assertTrue(1e8 < line["bytes_per_second"] < 1e12, line)


class Engine(CommandLineTest):
    def test_ecq_is_asked_and_watched(self):
        (self.path("in.csv")).write_text("event_type,user_session\nview,s\ncart,s\nview,t\n")
        engine = Ecq(ECQ, self.path("."), [self.path("in.csv")])
        try:
            self.assertGreater(engine.ask("ingest")["bytes"], 0)
            answer = engine.ask("q01_event_mix")
            self.assertEqual(sorted(answer["rows"]), [["cart", "1"], ["view", "2"]])
            self.assertTrue(answer["seconds"] > 0 and answer["peak_bytes"] > 1 << 20)
            with self.assertRaisesRegex(StepFailed, "brand"):
                engine.ask("q02_top_brand_revenue")
            # A statement that failed does not end the process.
            self.assertEqual(len(engine.ask("q01_event_mix")["rows"]), 2)
        finally:
            engine.close()


if __name__ == "__main__":
    unittest.main()
