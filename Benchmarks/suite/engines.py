"""The engines, each a process that stays, so that all are as warm as each other."""

import csv
import fcntl
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import time

from suite import analyses, models
from suite.memory import PeakMemory
from suite.protocol import THREADS
from suite.queries import more_queries, queries

WORKERS = pathlib.Path(__file__).parent / "workers"


class StepFailed(Exception):
    pass


class Peer:
    """An engine behind `suite/protocol.py`."""

    def __init__(self, name, worker, *arguments):
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", WORKERS / f"{worker}_worker.py", *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            encoding="utf-8")

    def ask(self, step):
        with PeakMemory(self.process.pid) as peak:
            try:
                self.process.stdin.write(json.dumps({"step": step}) + "\n")
                self.process.stdin.flush()
                line = self.process.stdout.readline()
            except BrokenPipeError:
                line = ""
        if not line:
            raise StepFailed(f"the process of {self.name} has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise StepFailed(answer["error"])
        return answer | {"peak_bytes": peak.bytes}

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Ecq:
    """Statements go to `ecq shell`, which stays; all else is a command of its own, timed whole."""

    MARK = "-- end of answer --"

    def __init__(self, ecq, folder, csvs, name="ecq", options=()):
        self.name = name
        self.ecq, self.folder, self.csvs, self.options = ecq, folder, csvs, options
        self.store = folder / "events.ecq"
        self.shell = None
        self.seeds = iter(range(1000))
        self.steps = {"ingest": self.ingest, "open": self.open_store, "sessions": self.sessions,
                      "session_sums": self.session_sums, "kmeans_12": self.cluster}
        for step, sql in (queries() | more_queries() | analyses.ECQ).items():
            self.steps[step] = lambda sql=sql: self.query(sql)
        for step, facts in models.CLASSIFIERS.items():
            self.steps[step] = lambda facts=facts: self.train(*facts)

    def ask(self, step):
        return self.steps[step]()

    def run(self, *arguments):
        """Runs a command; gives what it measured, and what it printed."""
        process = subprocess.Popen(
            [self.ecq, *map(str, arguments), "--threads", str(THREADS)], cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        with PeakMemory(process.pid) as peak:
            out, said = process.communicate()
        if process.returncode != 0:
            raise StepFailed(said.strip())
        return {"peak_bytes": peak.bytes}, out, said

    def timed(self, *arguments):
        start = time.perf_counter()
        found, _, _ = self.run(*arguments)
        return found | {"seconds": time.perf_counter() - start}

    def ingest(self):
        self.close()
        self.store.unlink(missing_ok=True)
        found = self.timed("ingest", *self.csvs, "--into", self.store)
        return found | {"bytes": self.store.stat().st_size}

    def open_store(self):
        if not self.store.exists():
            raise StepFailed(f"there is no {self.store}")
        return {"bytes": self.store.stat().st_size}

    def sessions(self):
        return self.timed("sessions", self.store, "--into", self.folder / "sessions.ecq")

    def session_sums(self):
        found, out, _ = self.run(
            "query", self.folder / "sessions.ecq", analyses.SESSION_SUMS, "--format", "csv")
        return found | {"rows": list(csv.reader(io.StringIO(out)))[1:]}

    def query(self, sql):
        shell = self.open_shell()
        with PeakMemory(shell.pid) as peak:
            shell.stdin.write(f"{sql};\n.print {self.MARK}\n".encode())
            shell.stdin.flush()
            lines = []
            for line in shell.stdout:
                line = line.decode().rstrip("\n")
                if line == self.MARK:
                    break
                lines.append(line)
        said = (shell.stderr.read() or b"").decode()
        timer = re.search(r"^time: ([0-9.]+) s$", said, re.M)
        if not timer:
            raise StepFailed(said.strip() or "ecq shell has ended")
        rows = list(csv.reader(io.StringIO("\n".join(lines).strip("\n"))))[1:]
        return {"seconds": float(timer.group(1)), "rows": rows, "peak_bytes": peak.bytes}

    def open_shell(self):
        if not self.shell:
            self.shell = subprocess.Popen(
                [self.ecq, "shell", self.store, "--no-init", "--threads", str(THREADS),
                 *self.options],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            # What is said of a statement is there before the mark is; it must not be waited for.
            fcntl.fcntl(self.shell.stderr, fcntl.F_SETFL, os.O_NONBLOCK)
            self.shell.stdin.write(b".bail off\n.mode csv\n.timer on\n")
        return self.shell

    def close(self):
        if self.shell:
            self.shell.stdin.close()
            self.shell.wait(30)
            self.shell.stdout.close()
            self.shell.stderr.close()
            self.shell = None

    # Models: seconds are those of training, the columns' way from the store included.

    def train(self, kind, features, parameters):
        options = [o for k, v in parameters.items() for o in ("--param", f"{k}={v}")]
        found, _, said = self.run(
            "train", "train.ecq", "--label", models.LABEL, "--features", ",".join(features),
            "--model", kind, "--split", "none", "-o", "model", *options)
        _, judged, _ = self.run("evaluate", "test.ecq", "--model", "model", "--format", "csv")
        metrics = {r["metric"]: float(r["value"]) for r in csv.DictReader(io.StringIO(judged))}
        return found | {"seconds": reported_seconds(said), "auc": metrics["auc_roc"],
                        "log_loss": metrics["log_loss"]}

    def cluster(self):
        found, _, said = self.run(
            "cluster", "sessions.ecq", "--k", 8, "--seed", next(self.seeds), "-o", "clusters")
        model = json.loads((self.folder / "clusters" / "kmeans_model.json").read_text())
        return found | {"seconds": reported_seconds(said), "inertia": model["inertia"]}

    def prepare_models(self):
        """Parts the sessions by user, seven in ten to train, and writes them for the libraries."""
        paths = []
        for part, condition in (("train", "user_id % 10 < 7"), ("test", "user_id % 10 >= 7"),
                                ("all", "TRUE")):
            columns = models.TWELVE if part == "all" else [*models.EIGHT, models.LABEL]
            casts = ", ".join(f"{column}::DOUBLE AS {column}" for column in columns)
            rows = f"FROM sessions WHERE {condition}"
            path = self.folder / f"{part}.csv"
            (self.folder / f"{part}.ecq").unlink(missing_ok=True)
            if part != "all":
                self.run("query", self.folder / "sessions.ecq",
                         f"CREATE TABLE {part} AS SELECT * {rows}")
            self.run("query", self.folder / "sessions.ecq",
                     f"COPY (SELECT {casts} {rows}) TO '{path}'")
            paths.append(path)
        return paths


def reported_seconds(said):
    return float(re.search(r" in ([0-9.]+) s", said).group(1))
