"""Results as JSON lines: a line of the run itself, then one for each step and engine."""

import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import subprocess

from suite.protocol import THREADS

FOLDER = pathlib.Path(__file__).parent.parent / "results"
PACKAGES = ["duckdb", "polars", "chdb", "xgboost", "lightgbm", "scikit-learn", "numpy"]
UNRECORDED = ["rows"]


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    with open("/proc/meminfo", encoding="utf-8") as file:
        kilobytes = int(file.readline().split()[1])
    return {
        "processor": names[0] if names else platform.machine(), "threads": THREADS,
        "memory_bytes": kilobytes * 1024, "system": f"{platform.system()} {platform.release()}"}


def versions(ecq):
    def said(*command):
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", cwd=FOLDER.parent).stdout.strip()

    found = {"ecq": said(ecq, "--version"), "commit": said("git", "rev-parse", "--short", "HEAD"),
             "changed": bool(said("git", "status", "--porcelain", "--", "../Sources"))}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            pass
    return found


def run_facts(ecq, row_count, csv_bytes):
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    return {"run": now, "rows": row_count, "csv_bytes": csv_bytes, "machine": machine(),
            "versions": versions(ecq), "load_average": os.getloadavg()[0]}


def save(run, results):
    FOLDER.mkdir(exist_ok=True)
    with open(FOLDER / f"{run['run'][:10]}.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps(run) + "\n")
        for step, engines in results.items():
            for engine, values in engines.items():
                kept = {k: v for k, v in values.items() if k not in UNRECORDED}
                file.write(
                    json.dumps({"run": run["run"], "step": step, "engine": engine, **kept}) + "\n")


def runs():
    """All recorded runs, oldest first: (facts, results)."""
    found = {}
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            values = json.loads(line)
            run = values.pop("run")
            if "machine" in values:
                found[run] = ({"run": run, **values}, {})
            else:
                step, engine = values.pop("step"), values.pop("engine")
                found[run][1].setdefault(step, {})[engine] = values
    return [found[run] for run in sorted(found)]
