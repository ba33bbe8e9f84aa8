"""Funnels by trying all chains: slow, short, and hard to get wrong."""

import statistics

NAMES = ["step", "name", "units", "of_previous", "step_rate", "of_first", "overall_rate",
         "median_seconds", "mean_seconds"]


def units_of(rows, column):
    units = {}
    for row in rows:
        if row[column] != "":
            units.setdefault(row[column], []).append(row)
    return units


def events_of(rows, steps, exclude):
    """(time, step, row) in order; step 0 is no step, -1 an exclusion."""
    found = []
    for number, row in enumerate(rows):
        hits = [k + 1 for k, step in enumerate(steps) if row[1] == step]
        if row[1] in exclude:
            found.append((row[0], -1, number))
        elif not hits:
            found.append((row[0], 0, number))
        found += [(row[0], hit, number) for hit in hits]
    return sorted(found, key=lambda e: (e[0], e[1], e[2]))


def chains(events, steps, window, order):
    """The level, and the times of the chain that reaches it first with the latest earlier steps."""
    best, times = 0, []
    if order == "any":
        for end in range(len(events)):
            level = 0
            found = []
            for step in range(1, steps + 1):
                fits = [
                    e[0] for e in events[: end + 1]
                    if e[1] == step and within(e[0], events[end][0], window)
                    and not any(x[1] == -1 for x in events[events.index(e): end])
                ]
                if not fits:
                    break
                level, found = step, found + [max(fits)]
            if level > best:
                best, times = level, sorted(found)
        return best, times
    last_start = [None] * (steps + 1)
    for index, event in enumerate(events):
        if event[1] == -1:
            if order == "strict" and last_start[1] is not None:
                break
            last_start = [None] * (steps + 1)
            continue
        step = event[1]
        if step == 0:
            if order == "strict" and last_start[1] is not None:
                break
            continue
        if step == 1:
            last_start[1] = [event[0]]
        elif last_start[step - 1] is not None:
            if within(last_start[step - 1][0], event[0], window):
                last_start[step] = last_start[step - 1] + [event[0]]
            else:
                continue
        else:
            if order == "strict" and last_start[1] is not None:
                break
            continue
        if step > best:
            best, times = step, last_start[step]
    return best, times


def within(first, last, window):
    return window is None or (last - first).total_seconds() <= window


def counts(units, steps, window, order, exclude):
    levels = []
    for rows in units.values():
        rows = sorted(rows, key=lambda row: row[0])
        levels.append(chains(events_of(rows, steps, exclude), len(steps), window, order))
    result = []
    reached = [sum(level > k for level, _ in levels) for k in range(len(steps))]
    for k, name in enumerate(steps):
        spans = [(t[k] - t[k - 1]).total_seconds() for level, t in levels if k > 0 and level > k]
        before = reached[max(0, k - 1)]
        result.append((
            k + 1, name, reached[k], before, reached[k] / before if before else None, reached[0],
            reached[k] / reached[0] if reached[0] else None,
            statistics.median(spans) if spans else None, statistics.fmean(spans) if spans else None))
    return NAMES, result


def cases(rows):
    for by, column in [("user_session", 8), ("user_id", 7)]:
        units = units_of(rows, column)
        for window, text in [(None, None), (60, "1m"), (1800, "30m")]:
            for order in ["ordered", "strict", "any"]:
                for exclude in [[], ["remove_from_cart"]]:
                    if order == "any" and by == "user_id":
                        continue
                    yield (
                        f"funnel by {by}, window {text}, {order}, without {exclude}",
                        lambda s, b=by, t=text, o=order, e=exclude: [
                            "funnel", s, "--by", b, "--order", o, *(["--window", t] if t else []),
                            *(["--exclude", e[0]] if e else [])],
                        counts(units, ["view", "cart", "purchase"], window, order, exclude))
