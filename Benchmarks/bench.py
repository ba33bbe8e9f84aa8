"""Compares ecq with its peers on generated rows, all in one run, and checks that answers agree.

    python bench.py BIN_FOLDER [--rows 11000000] [--groups load,queries,more,analyses,models,kernels]
        [--peers duckdb,duckdb_parquet,polars,chdb] [--repeats 3] [--csv FOLDER] [--fail-if-slower]

Writes results/ROWS.md and results/ROWS.svg, and appends the figures to results/DATE.jsonl. Says what
became slower than in the last such run. Fails where answers differ or a model is worse.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

from suite import pictures, record, regressions, report
from suite.measure import GROUPS, PEERS, Measure

HERE = pathlib.Path(__file__).parent


def main():
    options = parse()
    ecq, ecq_bench = options.bin / "ecq", options.bin / "ecq-bench"
    groups = options.groups.split(",")
    work = HERE.resolve() / ".work" / str(options.rows)
    work.mkdir(parents=True, exist_ok=True)
    csvs = generated(ecq, options.csv or work / "csv", options.rows)
    # Kernels first, while nothing has warmed the machine.
    kernels = measured_kernels(ecq_bench) if "kernels" in groups else []
    os.sync()
    measure = Measure(ecq, work, csvs, options.peers.split(","), options.repeats)
    run = record.run_facts(ecq, options.rows, sum(path.stat().st_size for path in csvs))
    run |= {"repeats": options.repeats, "groups": groups}
    measure.run(groups)

    before = regressions.last_before(run, record.runs())
    record.save(run | {"kernels": kernels}, measure.results)
    name = HERE / "results" / str(options.rows)
    pictures.draw(ecq_bench, pictures.ratios(run, measure.results), f"{name}.svg")
    text = report.markdown(run, measure.results, kernels, f"{options.rows}.svg")
    pathlib.Path(f"{name}.md").write_text(text, encoding="utf-8")
    print(text)

    slower = regressions.slower(before[1], measure.results) if before else []
    if before:
        print(f"Compared with {before[0]['run']} ({before[0]['versions']['commit']}):",
              "nothing became slower." if not slower else "")
    for line in slower:
        print(f"SLOWER {line}")
    for line in measure.differences:
        print(f"DIFFERS {line}")
    return 1 if measure.differences or (slower and options.fail_if_slower) else 0


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--rows", type=int, default=11_000_000)
    parser.add_argument("--groups", default=",".join([*GROUPS, "kernels"]))
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--csv", type=pathlib.Path, help="a folder of files made before")
    parser.add_argument("--fail-if-slower", action="store_true")
    return parser.parse_args()


def generated(ecq, folder, row_count):
    if not folder.exists():
        subprocess.run([ecq, "generate", folder, "--rows", str(row_count)], check=True)
    return sorted(folder.resolve().glob("*.csv"))


def measured_kernels(ecq_bench):
    said = subprocess.run([ecq_bench, "kernels"], capture_output=True, encoding="utf-8", check=True)
    return [json.loads(line) for line in said.stdout.splitlines()]


sys.exit(main())
