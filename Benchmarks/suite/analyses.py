"""The analyses, as ecq and as its peers say them; their SQL is that of the tests."""

import pathlib
import sys

sys.path.insert(
    0, str(pathlib.Path(__file__).parents[2] / "Tests" / "Oracle" / "analytics"))

import definitions  # noqa: E402

# What is compared of the table of sessions once it is written.
SESSION_SUMS = (
    "SELECT count(*), sum(num_events), sum(products_viewed), sum(duration_seconds),"
    " sum(is_returning_user::INT), sum(seconds_since_previous) FROM sessions")
USER_SUMS = "count(*), sum(total_spend), sum(products_viewed), sum(num_sessions), sum(mean_hour)"
WINDOW_FUNNEL = (
    "SELECT level, count(*) FROM (SELECT user_session, windowFunnel(3600)(event_time, "
    "event_type = 'view', event_type = 'cart', event_type = 'purchase') AS level FROM events "
    "WHERE user_session IS NOT NULL GROUP BY user_session) AS t GROUP BY level ORDER BY level")

ECQ = {
    "users": f"SELECT {USER_SUMS} FROM users(events)",
    "rfm": "SELECT segment, count(*), sum(monetary) FROM rfm(events) GROUP BY 1",
    "window_funnel": WINDOW_FUNNEL,
}
CHDB = {"window_funnel": WINDOW_FUNNEL}


def duckdb():
    """SQL by analysis, over a table `events`."""
    def over_events(sql):
        return sql.replace("from ev", "from events")

    ordered = definitions.SESSIONS.replace("(select * from ev", "(select *, rowid r from ev")
    users = definitions.USERS.format(before="", as_of=definitions.DEFAULT_AS_OF)
    return {
        "sessions": "CREATE OR REPLACE TABLE sessions AS "
        + over_events(ordered.format(columns=definitions.SESSION_COLUMNS)),
        "users": over_events(f"{users} SELECT {USER_SUMS} FROM u"),
        "rfm": over_events(
            definitions.RFM + "SELECT segment, count(*), sum(monetary) FROM scored GROUP BY 1"),
    }
