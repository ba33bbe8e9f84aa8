"""Compares ecq with its peers on generated rows, all in one run, and checks that answers agree.

    python bench.py ECQ [--rows N] [--engines duckdb,duckdb_parquet,polars,chdb]

Prints a Markdown table: seconds, best of three, warm; a peer's time over ecq's in brackets. Every
step is appended as a JSON line to Benchmarks/results/, with the date and the machine.
"""

import argparse
import csv
import datetime
import io
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
QUERIES = HERE / "queries.sql"
CHDB = "chdb==4.4.0"


def ecq_steps(ecq, csvs, work):
    """Like peers.py, for ecq: (step, values)."""
    store = work / "events.ecq"
    store.unlink(missing_ok=True)
    start = time.perf_counter()
    subprocess.run([ecq, "ingest", *csvs, "--into", store], check=True, stderr=subprocess.DEVNULL)
    yield "ingest", {"seconds": time.perf_counter() - start, "bytes": store.stat().st_size}
    for name, sql in queries():
        run = subprocess.run(
            [ecq, "query", store, ";\n".join([sql] * 3), "--timer", "--format", "csv"],
            capture_output=True, encoding="utf-8")
        times = [float(t) for t in re.findall(r"^time: ([0-9.]+) s$", run.stderr, re.M)]
        if run.returncode != 0 or len(times) != 3:
            yield name, {"error": run.stderr.strip()}
            continue
        rows = list(csv.reader(io.StringIO(run.stdout.split("\n\n")[0])))[1:]
        yield name, {"seconds": min(times), "rows": rows}


def peer_steps(engine, csv_folder, work):
    if engine == "chdb" and not has_chdb():
        print("chdb cannot be installed here: left out", file=sys.stderr)
        return
    run = subprocess.Popen(
        [sys.executable, HERE / "peers.py", engine, csv_folder, work, QUERIES],
        stdout=subprocess.PIPE, encoding="utf-8")
    for line in run.stdout:
        values = json.loads(line)
        yield values.pop("step"), values
    if run.wait() != 0:
        print(f"{engine} failed", file=sys.stderr)


def has_chdb():
    probe = [sys.executable, "-c", "import chdb"]
    if subprocess.run(probe, capture_output=True).returncode == 0:
        return True
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", CHDB]
    return subprocess.run(pip, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0


def queries():
    parts = re.split(r"^-- (\w+)\n", QUERIES.read_text(), flags=re.M)[1:]
    return [(name, sql.strip().rstrip(";")) for name, sql in zip(parts[::2], parts[1::2])]


def agree(left, right):
    """Whether two answers have the same rows: numbers to 1e-9 relative, any order."""

    def cell(value):
        if value is None or value == "":
            return (0, 0.0, "")
        text = str(value).removesuffix(" UTC")
        try:
            return (1, float(text), "")
        except ValueError:
            return (2, 0.0, text.removesuffix(".000").replace("T", " "))

    def rows(answer):
        return sorted([cell(v) for v in row] for row in answer)

    def close(a, b):
        return a[0] == b[0] and a[2] == b[2] and math.isclose(a[1], b[1], rel_tol=1e-9)

    left, right = rows(left), rows(right)
    return len(left) == len(right) and all(
        len(a) == len(b) and all(map(close, a, b)) for a, b in zip(left, right))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ecq")
    parser.add_argument("--rows", type=int, default=11_000_000)
    parser.add_argument("--engines", default="duckdb,duckdb_parquet,polars,chdb")
    options = parser.parse_args()
    work = HERE / ".work" / str(options.rows)
    csv_folder = work / "csv"
    if not csv_folder.exists():
        subprocess.run([options.ecq, "generate", csv_folder, "--rows", str(options.rows)], check=True)
    csvs = sorted(csv_folder.glob("*.csv"))

    results = {"ecq": dict(ecq_steps(options.ecq, csvs, work))}
    for engine in options.engines.split(","):
        results[engine] = dict(peer_steps(engine, csv_folder, work))
    results = {engine: steps for engine, steps in results.items() if steps}

    differing = report(results, options.rows)
    save(results, options.rows)
    return 1 if differing else 0


def report(results, row_count):
    ours, peers = results["ecq"], [engine for engine in results if engine != "ecq"]
    differing = []
    print(f"\n{row_count:,} rows, {len(os.sched_getaffinity(0))} processors, {datetime.date.today()}\n")
    print("| step | ecq | " + " | ".join(peers) + " |")
    print("|---|--:|" + "--:|" * len(peers))
    for step, values in ours.items():
        if "error" in values:
            differing.append(f"{step}: {values['error']}")
        cells = [f"{values['seconds']:.4f}" if "seconds" in values else "failed"]
        for engine in peers:
            theirs = results[engine].get(step, {})
            if "seconds" not in theirs or "seconds" not in values:
                cells.append("–")
                continue
            cells.append(f"{theirs['seconds']:.4f} ({theirs['seconds'] / values['seconds']:.1f}×)")
            if "rows" in values and not agree(values["rows"], theirs["rows"]):
                differing.append(f"{step}: ecq and {engine} do not agree")
        print(f"| {step} | " + " | ".join(cells) + " |")
    sizes = [results[e]["ingest"].get("bytes", 0) / row_count for e in ["ecq", *peers]]
    print("| bytes a row | " + " | ".join(f"{size:.1f}" for size in sizes) + " |\n")
    for line in differing:
        print(f"DIFFERS {line}")
    return differing


def save(results, row_count):
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    commit = subprocess.run(
        ["git", "-C", HERE, "rev-parse", "--short", "HEAD"], capture_output=True, encoding="utf-8")
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    with open(folder / f"{now[:10]}.jsonl", "a") as file:
        for engine, steps in results.items():
            for step, values in steps.items():
                line = {k: v for k, v in values.items() if k != "rows"}
                file.write(json.dumps({
                    "date": now, "commit": commit.stdout.strip(), "rows": row_count,
                    "processors": len(os.sched_getaffinity(0)), "engine": engine, "step": step,
                    **line}) + "\n")


sys.exit(main())
