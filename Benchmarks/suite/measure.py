"""Asks every engine in turn, step after step, and sees whether the answers agree."""

import sys
import time

from suite import analyses, models
from suite.engines import Ecq, Peer, StepFailed
from suite.queries import agree, more_queries, queries

GROUPS = {
    "load": ["ingest"],
    "queries": list(queries()),
    "more": list(more_queries()),
    "analyses": ["sessions", *analyses.ECQ],
    "models": models.STEPS,
}
# One answer more of each is asked for and not counted, so that the others are warm.
WARMED = {*queries(), *more_queries(), *analyses.ECQ}
# A step that has taken longer, all engines together, is not repeated further.
SECONDS_MAX = 240
WITHOUT_BLOCK_ANSWERS = "ecq_no_block_answers"
PEERS = ["duckdb", "duckdb_parquet", "polars", "chdb"]
LIBRARIES = "libraries"
# What can be asked of whom, where it is not everything of everybody.
ABLE = {
    "ingest": ["ecq", *PEERS],
    "sessions": ["ecq", "duckdb"],
    "users": ["ecq", "duckdb"],
    "rfm": ["ecq", "duckdb"],
    "window_funnel": ["ecq", "chdb"],
    "q14_rfm": ["ecq", WITHOUT_BLOCK_ANSWERS, "duckdb", "duckdb_parquet", "chdb"],
    "q15_funnel": ["ecq", WITHOUT_BLOCK_ANSWERS, "duckdb", "duckdb_parquet", "chdb"],
} | {step: ["ecq", "duckdb"] for step in more_queries()} | {
    step: ["ecq", LIBRARIES] for step in models.STEPS}


class Measure:
    """One run. `results` has by step and engine: seconds (the least), all_seconds, first_seconds
    (of the answer that is not counted), peak_bytes, and bytes, rows or metrics."""

    def __init__(self, ecq, folder, csvs, peers, repeats):
        self.repeats = repeats
        self.ecq = Ecq(ecq, folder, csvs)
        unaided = Ecq(ecq, folder, csvs, WITHOUT_BLOCK_ANSWERS, ["--no-block-answers"])
        makers = {
            "duckdb": lambda: Peer("duckdb", "duckdb", "native", folder, *csvs),
            "duckdb_parquet": lambda: Peer("duckdb_parquet", "duckdb", "parquet", folder, *csvs),
            "polars": lambda: Peer("polars", "polars", folder, *csvs),
            "chdb": lambda: Peer("chdb", "chdb", folder, *csvs),
        }
        self.engines = [self.ecq, unaided, *(makers[name]() for name in peers)]
        self.csvs = csvs
        self.results = {}
        self.differences = []

    def run(self, groups):
        try:
            if "load" in groups:
                self.measure(GROUPS["load"], self.repeats)
            else:
                self.open()
            for group in ("queries", "more", "analyses"):
                if group in groups:
                    self.measure(GROUPS[group], self.repeats)
            if "models" in groups:
                for engine in self.engines:
                    engine.close()
                if "analyses" not in groups:
                    self.ecq.ask("sessions")
                paths = self.ecq.prepare_models()
                self.engines = [self.ecq, Peer(LIBRARIES, "libraries", *paths)]
                self.measure(GROUPS["models"], self.repeats)
        finally:
            for engine in self.engines:
                engine.close()

    def open(self):
        """Opens the stores of the last run, or loads what has none."""
        for engine in self.engines:
            if engine.name not in ABLE["ingest"]:
                continue
            try:
                engine.ask("open")
            except StepFailed:
                engine.ask("ingest")

    def measure(self, steps, repeats):
        for step in steps:
            engines = [e for e in self.engines if e.name in ABLE.get(step, [e.name])]
            answers = {engine.name: [] for engine in engines}
            # The forest of the library takes longer than all else together.
            count = 1 if step == "random_forest_4" else repeats
            is_warmed = step in WARMED
            start = time.monotonic()
            for turn in range(count + is_warmed):
                if turn > is_warmed and time.monotonic() - start > SECONDS_MAX:
                    break
                if step == "ingest":
                    self.read_csvs()
                # Nobody goes first always.
                turned = engines[turn % len(engines):] + engines[:turn % len(engines)]
                for engine in turned:
                    if answers[engine.name] is None:
                        continue
                    try:
                        answers[engine.name].append(engine.ask(step))
                    except StepFailed as failure:
                        answers[engine.name] = None
                        self.differences.append(f"{step}: {engine.name} failed: {failure}")
            self.results[step] = {
                name: summary(found, is_warmed) for name, found in answers.items() if found}
            self.compare(step)
            said = ", ".join(
                f"{name} {found['seconds']:.4g} s" for name, found in self.results[step].items())
            print(f"{step}: {said}", file=sys.stderr, flush=True)

    def read_csvs(self):
        """Brings the files into the page cache, the same for everybody, as far as it holds them."""
        for path in self.csvs:
            with open(path, "rb", buffering=0) as file:
                while file.read(1 << 22):
                    pass

    def compare(self, step):
        found = self.results[step]
        ours = found.get("ecq")
        if step == "sessions" and ours and "duckdb" in found:
            by_name = {engine.name: engine for engine in self.engines}
            if not agree(by_name["ecq"].ask("session_sums")["rows"],
                         by_name["duckdb"].ask("session_sums")["rows"]):
                self.differences.append("sessions: the tables of ecq and duckdb differ")
        for name, theirs in found.items():
            if ours is None or name == "ecq":
                continue
            if "rows" in ours and "rows" in theirs and not agree(ours["rows"], theirs["rows"]):
                self.differences.append(f"{step}: ecq and {name} do not agree")
            self.differences += [
                f"{step}: {name} is better in {fault}" for fault in models.faults(ours, theirs)]


def summary(answers, is_warmed):
    counted = answers[1:] if is_warmed else answers
    seconds = [answer["seconds"] for answer in counted]
    result = counted[-1] | {
        "seconds": min(seconds), "all_seconds": seconds,
        "peak_bytes": max(answer["peak_bytes"] for answer in answers)}
    if is_warmed:
        result["first_seconds"] = answers[0]["seconds"]
    if "inertia" in result:
        # Of several seeds: how often the best is found is part of the quality.
        result["inertia"] = sum(a["inertia"] for a in counted) / len(counted)
    return result
