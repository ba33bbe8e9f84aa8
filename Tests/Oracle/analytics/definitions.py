"""The definitions of docs/analytics.md as SQL."""

SESSIONS = """
with c as (select * from ev where price > 0 and user_session is not null),
s as (
  select user_session, first(user_id order by event_time, r) user_id, min(event_time) session_start,
    max(event_time) session_end, date_sub('second', min(event_time), max(event_time)) duration_seconds,
    count(*) num_events, count(*) filter (event_type = 'view') num_views,
    count(*) filter (event_type = 'cart') num_carts,
    count(*) filter (event_type = 'remove_from_cart') num_removes,
    count(*) filter (event_type = 'purchase') num_purchases,
    count(distinct product_id) products_viewed, count(distinct category_code) categories_viewed,
    count(distinct brand) brands_viewed, avg(price) avg_price, min(price) min_price,
    max(price) max_price, coalesce(sum(price) filter (event_type = 'cart'), 0) cart_value,
    coalesce(sum(price) filter (event_type = 'purchase'), 0) purchase_value, min(r) first_row
  from c group by user_session)
select {columns}
from (select *, hour(session_start) start_hour, isodow(session_start) start_weekday,
  isodow(session_start) >= 6 is_weekend, row_number() over w session_number,
  session_start > min(session_start) over (partition by user_id) is_returning_user,
  date_sub('second', lag(session_start) over w, session_start) seconds_since_previous,
  num_carts / (num_views + 1) cart_to_view_ratio,
  num_purchases / (num_carts + 1) purchase_to_cart_ratio,
  products_viewed / (num_events + 1) products_per_event,
  case when duration_seconds = 0 then 0 else num_events / (duration_seconds / 60) end events_per_minute,
  num_carts > 0 and num_purchases = 0 is_abandoned, num_purchases > 0 is_purchased
from s window w as (partition by user_id order by session_start, first_row))
"""

SESSION_COLUMNS = """user_session, user_id, session_start, session_end, duration_seconds, num_events,
 num_views, num_carts, num_removes, num_purchases, products_viewed, categories_viewed, brands_viewed,
 avg_price, min_price, max_price, cart_value, purchase_value, start_hour, start_weekday, is_weekend,
 session_number, is_returning_user, seconds_since_previous, cart_to_view_ratio,
 purchase_to_cart_ratio, products_per_event, events_per_minute, is_abandoned, is_purchased"""
# What does not depend on the order of sessions that start together.
SAFE_COLUMNS = SESSION_COLUMNS.replace("session_number, ", "").replace(
    "seconds_since_previous, ", "")

GAP_SESSIONS = """
with c as (select *, row_number() over (partition by user_id order by event_time, r) k from ev
  where price > 0 and user_id is not null),
g as (select *, coalesce(event_time - lag(event_time) over (partition by user_id order by k)
  > interval 30 minutes, true)::int starts from c),
n as (select *, sum(starts) over (partition by user_id order by k) number from g)
select user_id || '-' || number session_id, user_id, min(event_time) session_start,
  max(event_time) session_end, count(*) num_events, count(distinct product_id) products_viewed,
  number::bigint session_number, number > 1 is_returning_user
from n group by user_id, number
"""

USERS = """
with c as (select * from ev where price > 0 and user_session is not null and user_id is not null
  {before}),
a as (select {as_of} as_of from ev),
u as (select user_id, count(*) num_events, count(*) filter (event_type = 'view') num_views,
  count(*) filter (event_type = 'cart') num_carts,
  count(*) filter (event_type = 'remove_from_cart') num_removes,
  count(*) filter (event_type = 'purchase') num_purchases, count(distinct user_session) num_sessions,
  count(distinct event_time::date) active_days, count(distinct product_id) products_viewed,
  count(distinct category_code) categories_viewed, count(distinct brand) brands_viewed,
  coalesce(sum(price) filter (event_type = 'purchase'), 0) total_spend,
  coalesce(avg(price) filter (event_type = 'purchase'), 0) mean_spend,
  avg(price) filter (event_type = 'view') mean_view_price,
  avg(price) filter (event_type = 'cart') mean_cart_price, avg(hour(event_time)) mean_hour,
  avg((isodow(event_time) >= 6)::int) weekend_share, min(event_time) first_seen,
  max(event_time) last_seen, date_diff('day', max(event_time)::date, any_value(as_of)) days_since_last,
  count(*) filter (event_type = 'view') / count(distinct user_session) views_per_session,
  count(*) filter (event_type = 'cart') / count(distinct user_session) carts_per_session,
  ln(1 + count(*) filter (event_type = 'view')) log1p_num_views,
  ln(1 + count(*) filter (event_type = 'cart')) log1p_num_carts,
  ln(1 + coalesce(sum(price) filter (event_type = 'purchase'), 0)::double) log1p_total_spend,
  count(*) filter (event_type = 'purchase') > 0 is_buyer,
  date_diff('day', max(event_time) filter (event_type = 'purchase')::date, any_value(as_of)) recency
  from c, a group by user_id)
"""
SCORES = """
b as (select *, 1 + floor(5 * (rank() over (order by recency desc) - 1) / count(*) over ())::int r,
  1 + floor(5 * (rank() over (order by frequency) - 1) / count(*) over ())::int f,
  1 + floor(5 * (rank() over (order by monetary) - 1) / count(*) over ())::int m from buyers)
"""
DEFAULT_AS_OF = "max(event_time)::date + 1"

RFM = f"""
with buyers as (select user_id, date_diff('day', max(event_time)::date,
    (select {DEFAULT_AS_OF} from ev)) recency, count(*) frequency, sum(price) monetary
  from ev where event_type = 'purchase' and user_id is not null group by user_id), {SCORES},
map(r, names) as (values
  (5, ['New', 'Potential Loyalists', 'Potential Loyalists', 'Champions', 'Champions']),
  (4, ['Promising', 'Potential Loyalists', 'Potential Loyalists', 'Loyal', 'Loyal']),
  (3, ['About to Sleep', 'About to Sleep', 'Need Attention', 'Loyal', 'Loyal']),
  (2, ['Hibernating', 'Hibernating', 'At Risk', 'At Risk', 'Can''t Lose']),
  (1, ['Lost', 'Hibernating', 'At Risk', 'At Risk', 'Can''t Lose'])),
scored as (select user_id, recency, frequency, coalesce(monetary, 0) monetary, b.r, f, m,
  names[f] segment from b join map on b.r = map.r)
"""
RFM_SEGMENTS = RFM + """
select segment, count(*) users, sum(count(*)) over () of_users, count(*) / sum(count(*)) over () share,
  avg(recency) mean_recency, avg(frequency) mean_frequency, avg(monetary) mean_monetary,
  sum(monetary) revenue, sum(sum(monetary)) over () of_revenue,
  sum(monetary)::double / nullif(sum(sum(monetary)) over (), 0)::double revenue_share
from scored group by segment
"""

SEGMENTS = USERS.format(before="", as_of=DEFAULT_AS_OF) + """,
z as (select *, ln(1 + total_spend::double) spend from u),
s as (select *,
  coalesce((num_views - avg(num_views) over ()) / nullif(stddev_pop(num_views) over (), 0), 0) z_views,
  coalesce((num_carts - avg(num_carts) over ()) / nullif(stddev_pop(num_carts) over (), 0), 0) z_carts,
  coalesce((num_purchases - avg(num_purchases) over ())
    / nullif(stddev_pop(num_purchases) over (), 0), 0) z_purchases from z),
named as (select *, case when z_purchases > 1 then 'Loyal Buyers'
  when z_carts > 1 and num_purchases = 0 then 'High Interest / High Risk'
  when z_views > 0 and num_carts = 0 and num_purchases = 0 then 'Churn Warning'
  when num_purchases > 0 then 'Occasional Buyers' else 'Casual Browsers' end segment from s)
"""

RETENTION = """
with e as (select user_id, event_time, event_type, date_trunc('{unit}', event_time)::date u from ev
  where user_id is not null),
a as (select max(event_time)::date + 1 as_of from ev),
s as (select user_id, min(event_time) t, min(u) cohort from e where event_type = 'view' group by user_id),
b as (select distinct s.user_id, cohort, date_diff('{unit}', cohort, u) k from s join e
  on s.user_id = e.user_id and e.event_type = 'purchase' and e.event_time >= s.t),
p as (select cohort, users, period from (select cohort, count(*) users from s group by cohort),
  (select unnest(range(0, {periods} + 1)) period)),
n as (select cohort, period, users,
  (select count(distinct user_id) from b where b.cohort = p.cohort and {matches}) returned,
  cohort + to_days((period + 1)::int * {days}) <= (select as_of from a) complete from p)
select cohort, period, users, returned, case when complete then returned / users end rate, complete from n
"""

TRANSITIONS = """
with e as (select user_session, event_type, event_time, r,
  lag(event_type) over w before, lag(event_time) over w before_time, lead(r) over w after
  from ev where user_session is not null window w as (partition by user_session order by event_time, r)),
t as (select coalesce(before, 'START') from_state, event_type to_state,
    epoch(event_time - before_time) AS seconds from e
  union all select event_type, 'END', null from e where after is null)
select from_state, to_state, count(*) transitions, sum(count(*)) over (partition by from_state) of_from,
  count(*) / sum(count(*)) over (partition by from_state) probability, median(seconds) median_seconds
from t group by from_state, to_state
"""

PATHS = """
with e as (select user_session, list(event_type order by event_time, r) types from ev
  where user_session is not null group by user_session),
p as (select 'START > ' || array_to_string(types[1:3], ' > ')
  || case when len(types) > 3 then ' > …' else ' > END' end path from e)
select path, count(*) units, sum(count(*)) over () of_units, count(*) / sum(count(*)) over () share
from p group by path
"""

USER_COLUMNS = "* exclude (recency)"

# Table functions in SQL, with arguments that leave the order of equal times out of it.
FUNCTIONS = [
    ("sessions", ""), ("sessions", ", gap := INTERVAL 30 minutes"), ("users", ""),
    ("users", ", rfm := true"), ("rfm", ""), ("rfm", ", output := 'segments'"), ("funnel", ""),
    ("funnel", ", steps := ['view', 'brand = ''apple'''], window := '1h', breakdown := 'brand'"),
    ("retention", ", unit := 'day', periods := 3"), ("segments", ""),
    ("segments", ", output := 'segments'"), ("paths", ""), ("paths", ", output := 'paths'"),
]


def tables(con):
    """(name, command, SQL) of everything that SQL can say."""
    until = "2019-10-20"
    yield (
        "ties in sessions", lambda s: ["sessions", s], SESSIONS.format(columns=SESSION_COLUMNS))
    columns = ", ".join(c.strip() for c in SAFE_COLUMNS.split(","))
    yield (
        "sessions", lambda s: ["query", s, f"select {columns} from sessions({s.stem})"],
        SESSIONS.format(columns=columns))
    yield (
        "sessions by inactivity",
        lambda s: [
            "query", s, "select session_id, user_id, session_start, session_end, num_events, "
            "products_viewed, session_number, is_returning_user "
            f"from sessions({s.stem}, gap := '30m')"],
        GAP_SESSIONS)
    users = USERS.format(before="", as_of=DEFAULT_AS_OF)
    yield "users", lambda s: ["users", s], users + f"select {USER_COLUMNS} from u"
    label = (
        f"exists (from ev e where e.user_id = u.user_id and e.event_type = 'purchase' and e.price > 0 "
        f"and e.user_session is not null and e.event_time >= '{until}' "
        f"and e.event_time < timestamp '{until}' + interval 10 days) will_purchase")
    yield (
        "users with a label",
        lambda s: ["users", s, "--until", until, "--label-window", "10d"],
        USERS.format(before=f"and event_time < '{until}'", as_of=f"date '{until}'").replace(
            "from ev),\nu as", "),\nu as")
        + f"select {USER_COLUMNS}, {label} from u")
    yield (
        "users with rfm", lambda s: ["users", s, "--rfm"],
        users + ", buyers as (select user_id, recency, num_purchases frequency, total_spend monetary "
        f"from u where is_buyer), {SCORES} select u.* exclude (recency), b.recency, frequency, monetary, "
        "r, f, m from u left join b on u.user_id = b.user_id")
    yield (
        "rfm of users", lambda s: ["query", s, f"select * from rfm({s.stem})"],
        RFM + "select * from scored")
    yield "rfm", lambda s: ["rfm", s], RFM_SEGMENTS
    yield (
        "segments of users",
        lambda s: [
            "query", s, "select user_id, num_views, num_carts, num_purchases, total_spend, z_views, "
            f"z_carts, z_purchases, segment from segments({s.stem})"],
        SEGMENTS + "select user_id, num_views, num_carts, num_purchases, total_spend, z_views, z_carts, "
        "z_purchases, segment from named")
    for unit, days, periods, rolling in [("day", 1, 4, False), ("week", 7, 3, False), ("week", 7, 3, True)]:
        yield (
            f"retention by {unit}{' rolling' if rolling else ''}",
            lambda s, u=unit, p=periods, o=rolling: [
                "retention", s, "--unit", u, "--periods", p, *(["--rolling"] if o else [])],
            RETENTION.format(
                unit=unit, days=days, periods=periods, matches="k >= period" if rolling else "k = period"))
    yield "transitions", lambda s: ["paths", s], TRANSITIONS
    yield "paths", lambda s: ["paths", s, "--output", "paths", "--length", "3"], PATHS
