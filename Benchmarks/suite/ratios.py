"""How many times as long as ecq the best of the others takes."""

import math

from suite.measure import WITHOUT_BLOCK_ANSWERS

OWN = ["ecq", WITHOUT_BLOCK_ANSWERS]


def best_peer(engines):
    """(name, seconds) of the fastest engine that is not ecq; None where there is none."""
    peers = [(found["seconds"], name) for name, found in engines.items() if name not in OWN]
    return min(peers)[::-1] if peers else None


def ratio(engines, own="ecq"):
    peer = best_peer(engines)
    if peer is None or own not in engines:
        return None
    # A timer of microseconds can say zero.
    return peer[1] / max(engines[own]["seconds"], 1e-6)


def geometric_mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))
