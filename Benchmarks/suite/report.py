"""A run as Markdown."""

from suite.measure import GROUPS, LIBRARIES, WITHOUT_BLOCK_ANSWERS
from suite.ratios import OWN, best_peer, geometric_mean, ratio

LITTLE = 2.0
NAMES = {
    "ecq": "ecq", WITHOUT_BLOCK_ANSWERS: "ecq, every row", "duckdb": "DuckDB",
    "duckdb_parquet": "DuckDB, Parquet", "polars": "Polars", "chdb": "ClickHouse",
    LIBRARIES: "library",
}


def markdown(run, results, kernels, picture):
    parts = [f"# {run['rows']:,} rows", heading(run), f"![ratios]({picture})"]
    tables = [("Loading", "load"), ("Queries", "queries"), ("More statements", "more"),
              ("Analyses", "analyses"),
              ("Models", "models")]
    for title, group in tables:
        steps = {step: results[step] for step in GROUPS[group] if step in results}
        if steps:
            parts += [f"## {title}", times(steps), summary(steps)]
            if group == "models":
                parts.append(quality(steps))
            if group == "load":
                parts.append(sizes(run, steps["ingest"]))
    parts += ["## Private memory", memory(results)]
    if kernels:
        parts += ["## Kernels", kernel_table(kernels)]
    parts += ["## Where ecq loses, or wins by little", weak_places(results)]
    return "\n\n".join(part for part in parts if part) + "\n"


def heading(run):
    machine, versions = run["machine"], run["versions"]
    peers = ", ".join(f"{name} {version}" for name, version in versions.items()
                      if name not in ("ecq", "commit", "changed"))
    return (
        f"{run['run'][:10]}, commit {versions['commit']}{' with changes' if versions['changed'] else ''}; "
        f"{machine['processor']}, {machine['threads']} threads, {machine['memory_bytes'] / 2**30:.0f} GB; "
        f"{run['csv_bytes'] / 1e9:.2f} GB of generated CSV. {peers}. Seconds are the least of "
        f"{run['repeats']} rounds in which the engines take turns, warm; how the peers are set up "
        f"and what is measured stands in Benchmarks/README.md.")


def columns(steps):
    return [name for name in NAMES if any(name in engines for engines in steps.values())]


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "--:|" * (len(heads) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def seconds(value):
    return f"{value:.5f}" if value < 0.001 else f"{value:.4f}" if value < 0.1 else f"{value:.3f}"


def times(steps):
    names = columns(steps)
    has_first = any("first_seconds" in e.get("ecq", {}) for e in steps.values())
    heads = ["seconds", *(NAMES[name] for name in names), "best peer ÷ ecq"]
    if WITHOUT_BLOCK_ANSWERS in names:
        heads.append("every row")
    if has_first:
        heads.append("first time")
    rows = []
    for step, engines in steps.items():
        cells = [step]
        cells += [seconds(engines[n]["seconds"]) if n in engines else "–" for n in names]
        cells.append(times_text(ratio(engines)))
        if WITHOUT_BLOCK_ANSWERS in names:
            cells.append(times_text(ratio(engines, WITHOUT_BLOCK_ANSWERS)))
        if has_first:
            cells.append(times_text(first_ratio(engines)))
        rows.append(cells)
    return table(heads, rows)


def first_ratio(engines):
    """The same of the first answers after the stores were opened."""
    firsts = {n: {"seconds": e["first_seconds"]} for n, e in engines.items() if "first_seconds" in e}
    return ratio(firsts)


def times_text(value):
    return "–" if value is None else f"{value:.0f}×" if value >= 100 else f"{value:.1f}×"


def summary(steps):
    if len(steps) < 2:
        return ""
    found = [r for r in map(ratio, steps.values()) if r]
    text = f"Geometric mean {geometric_mean(found):.1f}×, least {min(found):.1f}×"
    unaided = [r for r in (ratio(e, WITHOUT_BLOCK_ANSWERS) for e in steps.values()) if r]
    if unaided:
        text += (f"; computing everything from the rows (`--no-block-answers`) "
                 f"{geometric_mean(unaided):.1f}×, least {min(unaided):.1f}×")
    return text + "."


def quality(steps):
    rows = []
    for step, engines in steps.items():
        ours, theirs = engines.get("ecq", {}), engines.get(LIBRARIES, {})
        for metric in ("auc", "log_loss", "inertia"):
            if metric in ours and metric in theirs:
                digits = 0 if metric == "inertia" else 5
                rows.append([step, metric.replace("_", " "), f"{ours[metric]:.{digits}f}",
                             f"{theirs[metric]:.{digits}f}"])
    return table(["model", "of the test rows", "ecq", "library"], rows)


def sizes(run, ingest):
    names = [name for name in NAMES if "bytes" in ingest.get(name, {})]
    return table(
        ["bytes a row", *(NAMES[name] for name in names)],
        [["store", *(f"{ingest[name]['bytes'] / run['rows']:.2f}" for name in names)]])


def memory(results):
    """The most of each group of steps that share a process, in MB."""
    rows, names = [], columns(results)
    for title, steps in (("ingest", GROUPS["load"]), ("queries", GROUPS["queries"]), ("more statements", GROUPS["more"]),
                         *((s, [s]) for s in GROUPS["analyses"] + GROUPS["models"])):
        peaks = {}
        for step in steps:
            for name, found in results.get(step, {}).items():
                peaks[name] = max(peaks.get(name, 0), found["peak_bytes"])
        if peaks:
            rows.append([title, *(f"{peaks[n] / 1e6:.0f}" if n in peaks else "–" for n in names)])
    return table(["MB at most", *(NAMES[name] for name in names)], rows)


def kernel_table(kernels):
    limit = max(k["bytes_per_second"] for k in kernels if k["kind"] == "bandwidth")
    rows = []
    for kernel in kernels:
        rate = kernel["bytes_per_second"]
        rows.append([kernel["name"], str(kernel["threads"]), f"{rate / 1e9:.1f}",
                     f"{rate / limit * 100:.0f} %", kernel["items"],
                     f"{kernel['items_per_second'] / 1e9:.2f}"])
    return table(["kernel", "threads", "GB/s moved", "of the bandwidth", "items", "10⁹ items/s"], rows)


def weak_places(results):
    lines = []
    for step, engines in results.items():
        value = ratio(engines)
        if value is not None and value < LITTLE:
            name, theirs = best_peer(engines)
            verb = "loses" if value < 1 else "wins by little"
            lines.append(f"- {step}: {verb}, {value:.2f}× against {NAMES[name]} ({theirs:.4g} s).")
        first = first_ratio(engines)
        if first is not None and first < 1 and value >= 1:
            lines.append(f"- {step}: the first time after opening the store, {first:.2f}×.")
        for name, theirs in engines.items():
            if name not in OWN and "bytes" in theirs and theirs["bytes"] < engines["ecq"]["bytes"]:
                lines.append(f"- {step}: the store of {NAMES[name]} is smaller.")
    return "\n".join(lines) or "Nowhere in this run."
