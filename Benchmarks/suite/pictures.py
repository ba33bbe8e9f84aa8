"""What `ecq-bench draw` draws, as JSON."""

import json
import subprocess

from suite.measure import GROUPS
from suite.ratios import best_peer, geometric_mean, ratio
from suite.report import NAMES


def draw(ecq_bench, chart, path):
    subprocess.run([ecq_bench, "draw", path], input=json.dumps(chart), encoding="utf-8", check=True)


def ratios(run, results):
    """A bar for each step, but for the many statements of `more`: how many times as long the best peer takes."""
    bars = []
    for step, engines in results.items():
        if step in GROUPS["more"]:
            continue
        value = ratio(engines)
        if value is not None:
            name, theirs = best_peer(engines)
            bars.append({"name": step, "value": value, "note": f"{NAMES[name]} {theirs:.3g} s, "
                         f"ecq {engines['ecq']['seconds']:.3g} s"})
    return {
        "kind": "ratios",
        "title": f"How many times as long as ecq its best peer takes, {run['rows'] / 1e6:.0f} M rows",
        "subtitle": f"{run['machine']['processor']}, {run['machine']['threads']} threads, "
        f"{run['run'][:10]}; warm, least of {run['repeats']}; left of 1 ecq loses",
        "bars": bars}


# The panels of the picture of growth: title, what the axis says, its number's format, and the value
# of a run's results for an engine.
def _seconds(*steps):
    def value(run, results, engine):
        found = [results.get(step, {}).get(engine) for step in steps]
        return geometric_mean([f["seconds"] for f in found]) if all(found) else None
    return value


def _peak(step):
    return lambda run, results, engine: (
        results.get(step, {}).get(engine, {}).get("peak_bytes", 0) / 1e9 or None)


def _bytes_a_row(run, results, engine):
    size = results.get("ingest", {}).get(engine, {}).get("bytes")
    return size / run["rows"] if size else None


def growth(runs, query_steps):
    """Lines over the number of rows, from runs of different sizes."""
    # What Polars cannot be asked is left out of everybody's mean.
    asked = [s for s in query_steps if all("polars" in r.get(s, {}) for _, r in runs)] or query_steps
    panels = [
        ("Loading the CSV", "seconds", "duration", _seconds("ingest")),
        (f"Queries, geometric mean of {len(asked)}", "seconds", "duration", _seconds(*asked)),
        ("One row a session, written", "seconds", "duration", _seconds("sessions")),
        ("windowFunnel by session", "seconds", "duration", _seconds("window_funnel")),
        ("Private memory of loading", "GB", "compact", _peak("ingest")),
        ("Size", "bytes a row", "compact", _bytes_a_row),
    ]
    engines = [name for name in NAMES if any(name in found for _, r in runs for found in r.values())]
    drawn = []
    for title, unit, number, value in panels:
        lines = []
        for engine in engines:
            points = [[run["rows"], value(run, results, engine)] for run, results in runs]
            points = [point for point in points if point[1]]
            if points:
                lines.append({"name": NAMES[engine], "points": points})
        drawn.append({"title": title, "unit": unit, "format": number, "lines": lines})
    newest = runs[-1][0]
    return {
        "kind": "growth", "title": "How cost grows with the rows",
        "subtitle": f"{newest['machine']['processor']}, {newest['machine']['threads']} threads, "
        f"{newest['run'][:10]}; all engines in turn",
        "panels": drawn}
