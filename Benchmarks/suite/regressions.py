"""What became slower since the last run on such a machine over as many rows."""

from suite.ratios import best_peer, ratio

# Ratios move by so much from run to run without a cause.
NOISE = 0.2


def last_before(run, runs):
    """The newest earlier run over as many rows on the same kind of machine, with its results."""
    def alike(facts):
        return (facts["run"] < run["run"] and facts["rows"] == run["rows"]
                and all(facts["machine"][k] == run["machine"][k] for k in ("processor", "threads")))

    earlier = [(facts, results) for facts, results in runs if alike(facts)]
    return earlier[-1] if earlier else None


def slower(before, now):
    """Sentences about the steps whose ratio to the best peer fell by more than the noise."""
    found = []
    for step, engines in now.items():
        old, new = ratio(before.get(step, {})), ratio(engines)
        if old is None or new is None or new >= old * (1 - NOISE):
            continue
        peer, peer_seconds = best_peer(engines)
        old_peer, old_peer_seconds = best_peer(before[step])
        found.append(
            f"{step}: {old:.2f}× → {new:.2f}× (ecq {before[step]['ecq']['seconds']:.4g} s → "
            f"{engines['ecq']['seconds']:.4g} s, {old_peer} {old_peer_seconds:.4g} s → "
            f"{peer} {peer_seconds:.4g} s)")
    return found
