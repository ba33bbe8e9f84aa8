"""How the process of an engine is asked: a JSON line a step, answered by a JSON line.

    {"step": "q01_event_mix"}  →  {"seconds": 0.04, "rows": [["view", 10]]}
"""

import json
import os
import sys
import time

THREADS = len(os.sched_getaffinity(0))


def serve(steps):
    """Answers requests until the input ends. `steps` maps a step's name to what does it, which gives
    a dictionary: what it has measured ("bytes"), or found ("rows"). "seconds" are those of the call,
    unless it gives them itself, having prepared something first."""
    # What a library prints must not come between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        name = json.loads(line)["step"]
        try:
            start = time.perf_counter()
            found = steps[name]()
            answer = {"seconds": time.perf_counter() - start, **found}
        except Exception as error:  # whatever the peer's own kind of error is
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(answer, default=str), file=answers, flush=True)
