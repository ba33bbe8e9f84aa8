"""What analysts write about clickstreams, as rules: a name, and texts of which one is drawn.

`<name>` is a hole for a text of that rule; alternatives stand between ` | ` or on lines. The table of a
statement is called e. Rules in capitals are texts of the rows: `<BRAND>` is a brand that occurs.
"""

import re

import functions

HOLE = re.compile(r"<(\w+)>")

RULES = {
    # Keys by the number of their values: some, hundreds, about as many as there are rows.
    "few": """
        e.event_type | month(e.event_time) | dayofweek(e.event_time) | extract(hour FROM e.event_time) | e.brand IS NULL
        date_trunc('week', e.event_time) | date_trunc('month', e.event_time) | split_part(e.category_code, '.', 1)
        CASE WHEN e.price < <PRICE> THEN 'low' WHEN e.price < <PRICE> THEN 'middle' ELSE 'high' END | e.price > <PRICE>
        CASE e.event_type WHEN 'view' THEN 0 WHEN 'cart' THEN 1 ELSE 2 END | strftime(e.event_time, '%a') | e.brand = <BRAND>
        concat(e.event_type, '/', split_part(e.category_code, '.', 1)) | substr(e.category_code, 1, 3) | e.user_id % 7
        CASE WHEN e.brand IN (<BRAND>, <BRAND>, <BRAND>) THEN e.brand ELSE 'other' END | dayname(e.event_time)
        CAST(e.event_time AS DATE) < <DAY> | left(CAST(e.user_session AS VARCHAR), 1) | hour(e.event_time) // 6
        CAST(log10(e.price + 1) AS INTEGER) | upper(left(e.brand, 1)) | length(e.category_code) | quarter(e.event_time)
        CASE WHEN e.event_time < <TIME> THEN 'before' ELSE 'after' END | coalesce(e.category_code, 'none') LIKE '%e%'
        e.event_type || CASE WHEN e.price > <PRICE> THEN '+' ELSE '-' END | week(e.event_time) | e.product_id = <PRODUCT>
    """,
    "some": """
        e.brand | e.category_code | e.category_id | e.brand | e.category_code | CAST(e.event_time AS DATE)
        date_trunc('day', e.event_time) | strftime(e.event_time, '%Y-%m-%d') | coalesce(e.brand, 'none') | upper(e.brand)
        round(e.price, -1) | floor(e.price / 100) | time_bucket(INTERVAL 6 HOURS, e.event_time) | e.user_id % 1000
        concat(e.event_type, ':', e.category_code) | substr(CAST(e.user_session AS VARCHAR), 1, 2) | e.category_id % 1000
        strftime(e.event_time, '%m-%d') | CAST(e.price AS INTEGER) // 25 | dayofyear(e.event_time) | concat(e.brand, '')
        nullif(e.brand, <BRAND>) | replace(e.category_code, '.', '/') | e.product_id // 100000 | length(e.brand)
        CASE WHEN e.event_type = 'view' THEN e.brand ELSE e.category_code END | CAST(e.category_id AS VARCHAR)
    """,
    "many": """
        e.product_id | e.user_id | e.user_session | e.event_time | e.price | e.product_id | e.user_id | e.user_session
        date_trunc('hour', e.event_time) | date_trunc('minute', e.event_time) | concat(e.brand, ' ', e.product_id)
        CAST(e.user_session AS VARCHAR) | e.brand || ' ' || e.category_code | e.user_id // 10 | e.price * 2
        concat(e.brand, '|', e.category_code, '|', e.event_type) | e.product_id + e.user_id | round(e.price)
        strftime(e.event_time, '%Y-%m-%d %H') | left(CAST(e.user_session AS VARCHAR), 8) | md5(e.brand || e.product_id)
        CAST(e.event_time AS DATE) + CAST(e.user_id % 500 AS INTEGER) | epoch(e.event_time) | e.category_id + e.user_id
        concat_ws('-', e.user_id, e.event_type) | CAST(e.price AS VARCHAR) | CAST(e.price AS DOUBLE)
    """,
    "column": """
        e.event_time | e.event_type | e.product_id | e.category_id | e.category_code | e.brand | e.price | e.user_id | e.user_session
    """,
    "key": "<few> | <some> | <many> | <column>",
    "number": "e.price | e.price | e.product_id | e.user_id | e.category_id | e.price * 2 | e.product_id - e.user_id | e.price * e.price",
    # Figures whose variance has digits in a DOUBLE.
    "figure": "e.price | e.price | e.product_id % 1000 | hour(e.event_time) | CAST(e.price AS DOUBLE) | ln(e.price + 1)",
    "text": "e.brand | e.category_code | e.event_type | upper(e.brand) | split_part(e.category_code, '.', 2) | CAST(e.user_session AS VARCHAR)",
    # The order in which no two different rows are equal.
    "total": "e.event_time, e.user_session, e.product_id, e.event_type, e.price",
    "direction": "DESC | ASC | NULLS FIRST | DESC NULLS FIRST",
    "comparison": "= | <> | < | <= | > | >=",
    "small": "1 | 2 | 3 | 5 | 10",
    # Aggregates that are exact, and can be an order; those that are not.
    "exact": """
        count(*) | count(*) | count(<column>) | count(DISTINCT <key>) | count(DISTINCT e.user_id) | count(DISTINCT e.user_session)
        sum(e.price) | sum(<number>) | sum(<number>) FILTER (WHERE <filter>) | count(*) FILTER (WHERE <filter>)
        min(<key>) | max(<key>) | min(<column>) FILTER (WHERE <filter>) | max(<column>) FILTER (WHERE <filter>)
        sum(CASE WHEN <filter> THEN e.price ELSE 0 END) | sum(DISTINCT e.price) | count(DISTINCT e.product_id) FILTER (WHERE <filter>)
        count_if(<filter>) | first(<column> ORDER BY <total>) | last(<column> ORDER BY <total>) | quantile_disc(<number>, 0.9)
        quantile_disc(e.event_time, 0.5) | any_value(<text> ORDER BY <total>) | max(length(<text>)) | count(<text>)
        date_diff('second', min(e.event_time), max(e.event_time)) | max(e.price) - min(e.price) | count(nullif(e.event_type, 'view'))
        arg_max(<column>, e.event_time ORDER BY <total>) | arg_min(<column>, e.price ORDER BY <total>) | mode(<few> ORDER BY <total>)
        CAST(max(e.event_time) AS DATE) | count(DISTINCT CAST(e.event_time AS DATE)) | min(e.user_session) | bit_xor(e.product_id)
    """,
    "rough": """
        avg(e.price) | avg(<number>) | median(<figure>) | quantile_cont(<figure>, 0.75) | stddev(<figure>) | var_pop(<figure>)
        corr(<figure>, <figure>) | regr_slope(e.price, hour(e.event_time)) | covar_samp(<figure>, <figure>) | median(e.event_time)
        sum(CAST(e.price AS DOUBLE)) | avg(e.price) FILTER (WHERE <filter>) | count(*) FILTER (WHERE <filter>) / count(*)
        max(e.event_time) - min(e.event_time) | bool_or(<filter>) | bool_and(<filter>) | avg(DISTINCT e.price)
        string_agg(DISTINCT e.event_type, ',' ORDER BY e.event_type) | list(DISTINCT e.event_type ORDER BY e.event_type)
        md5(string_agg(<text>, ',' ORDER BY <total>)) | len(list(<column> ORDER BY <total>)) | quantile_cont(<figure>, [0.1, 0.5])
        sum(e.price) / count(DISTINCT e.user_session) | entropy(<few>) | max(e.price, 3) | histogram(<few>)
        md5(string_agg(DISTINCT <text>, '|' ORDER BY <same>)) | avg(epoch(e.event_time)) | stddev_pop(e.user_id % 100)
    """,
    "filter": """
        e.event_type = <TYPE> | e.event_type = <TYPE> | e.event_type <> 'view' | e.event_type IN ('cart', 'purchase') | <simple> | <simple>
        <simple> | <simple> | <simple> | <simple> | <simple> AND <filter> | (<simple> OR <filter>) | NOT (<simple>) | (<filter>) IS NOT TRUE
    """,
    "simple": """
        e.brand = <BRAND> | e.brand IN (<BRAND>, <BRAND>, <BRAND>) | e.brand NOT IN (<BRAND>, <BRAND>) | e.brand <comparison> <BRAND>
        e.brand IS NULL | e.brand IS NOT NULL | e.category_code IS NULL | e.category_code = <CODE> | e.category_code LIKE 'electronics.%'
        e.category_code LIKE '%phone%' | e.brand LIKE 's%g' | e.brand ILIKE '%A' | e.category_code NOT LIKE 'app%' | starts_with(e.brand, 'x')
        e.price BETWEEN <PRICE> AND <PRICE> | e.price <comparison> <PRICE> | e.price BETWEEN <PRICE> AND <PRICE> + 100 | e.price <> 0
        e.event_time >= <TIME> | e.event_time < <TIME> | e.event_time BETWEEN <TIME> AND <TIME> | e.event_time >= <DAY> AND e.event_time < <DAY> + INTERVAL 3 DAYS
        e.event_time BETWEEN <TIME> AND <TIME> + INTERVAL 10 HOURS | CAST(e.event_time AS DATE) = <DAY> | date_trunc('day', e.event_time) >= <DAY>
        CAST(e.event_time AS DATE) IN (<DAY>, <DAY>, <DAY>) | extract(hour FROM e.event_time) BETWEEN 8 AND 17 | dayofweek(e.event_time) IN (0, 6)
        e.user_id = <USER> | e.user_id IN (<USER>, <USER>, <USER>, <USER>) | e.user_id <comparison> <USER> | e.user_id % 10 = 3
        e.user_session = <SESSION> | e.user_session IN (<SESSION>, <SESSION>, <SESSION>) | e.user_session <comparison> <SESSION>
        e.product_id = <PRODUCT> | e.product_id IN (<PRODUCT>, <PRODUCT>, <PRODUCT>) | e.product_id BETWEEN <PRODUCT> AND <PRODUCT> + 100000
        e.category_id = <CATEGORY> | e.category_id <comparison> <CATEGORY> | CAST(e.user_session AS VARCHAR) LIKE 'a%' | length(e.brand) = <small>
        month(e.event_time) = 11 | coalesce(e.brand, 'none') = 'none' | e.brand = e.category_code | e.price > e.product_id % 500 | e.price IS NULL
        e.brand IS DISTINCT FROM <BRAND> | (e.brand, e.event_type) IN ((<BRAND>, 'view'), (<BRAND>, 'cart')) | e.event_type < 'd' | false | true
    """,
    "subquery": """
        e.user_id <in> (SELECT o.user_id FROM <table> o WHERE o.event_type = 'purchase')
        e.user_session <in> (SELECT o.user_session FROM <table> o WHERE o.event_type = 'cart' AND o.price > <PRICE>)
        e.product_id <in> (SELECT o.product_id FROM <table> o GROUP BY o.product_id HAVING count(*) > <small>)
        e.brand <in> (SELECT o.brand FROM <table> o WHERE o.brand IS NOT NULL GROUP BY o.brand ORDER BY count(*) DESC, o.brand LIMIT <small>)
        <exists> (SELECT 1 FROM <table> o WHERE o.user_session = e.user_session AND o.event_type = 'purchase')
        <exists> (SELECT 1 FROM <table> o WHERE o.user_id = e.user_id AND o.event_type = 'purchase' AND o.event_time > e.event_time)
        <exists> (SELECT * FROM <table> o WHERE o.product_id = e.product_id AND o.price <> e.price AND o.event_type <> 'view')
        e.price > (SELECT avg(o.price) FROM <table> o) | e.event_time > (SELECT max(o.event_time) - INTERVAL 5 DAYS FROM <table> o)
        e.price >= (SELECT max(o.price) FROM <table> o WHERE o.category_id = e.category_id)
        e.event_time = (SELECT min(o.event_time) FROM <table> o WHERE o.user_session = e.user_session)
        (SELECT count(*) FROM <table> o WHERE o.user_id = e.user_id AND o.event_type = 'cart') >= <small>
        (e.user_id, e.product_id) <in> (SELECT o.user_id, o.product_id FROM <table> o WHERE o.event_type = 'purchase')
    """,
    "in": "IN | IN | NOT IN",
    "exists": "EXISTS | NOT EXISTS",
    # Values of windows; those in RANGE or over peers do not depend on how ties lie.
    "window": """
        row_number() OVER (<by> ORDER BY <total>) | row_number() OVER (<by> ORDER BY <column> DESC, <total>) | rank() OVER (<by> ORDER BY <key>)
        dense_rank() OVER (<by> ORDER BY <column> <direction>) | percent_rank() OVER (<by> ORDER BY e.price) | cume_dist() OVER (<by> ORDER BY e.event_time)
        ntile(<small>) OVER (<by> ORDER BY <total>) | lag(<column>) OVER (<by> ORDER BY <total>) | lead(<column>, <small>) OVER (<by> ORDER BY <total>)
        lag(e.price, 2, 0) OVER (<by> ORDER BY <total>) | e.event_time - lag(e.event_time) OVER (<by> ORDER BY <total>)
        date_diff('minute', lag(e.event_time) OVER (<by> ORDER BY <total>), e.event_time) | sum(e.price) OVER (<by> ORDER BY <total>)
        sum(<number>) OVER (<by> ORDER BY <total> <rows>) | count(*) OVER (<by> ORDER BY <total> <rows>) | avg(e.price) OVER (<by> ORDER BY <total> <rows>)
        min(<column>) OVER (<by> ORDER BY <total> <rows>) | max(<key>) OVER (<by> ORDER BY <total> <rows>) | count(<column>) OVER (<by>)
        sum(e.price) OVER (<by>) | sum(e.price) OVER (<by> ORDER BY e.event_time) | count(*) OVER (<by> ORDER BY e.event_time <range>)
        sum(e.price) OVER (<by> ORDER BY e.event_time <range>) | max(e.price) OVER (<by> ORDER BY e.event_time <range>)
        count(*) OVER (<by> ORDER BY e.price RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING) | e.price / sum(e.price) OVER (<by>)
        first_value(<column>) OVER (<by> ORDER BY <total>) | last_value(<column>) OVER (<by> ORDER BY <total> <rows>)
        nth_value(<column>, <small>) OVER (<by> ORDER BY <total>) | first_value(e.brand IGNORE NULLS) OVER (<by> ORDER BY <total>)
        lag(e.brand IGNORE NULLS) OVER (<by> ORDER BY <total>) | count(*) FILTER (WHERE <filter>) OVER (<by> ORDER BY <total>)
        count(DISTINCT <few>) OVER (<by>) | median(e.price) OVER (<by>) | min(e.event_time) OVER (<by>) | max(<key>) OVER (<by>)
        sum(e.price) OVER (<by> ORDER BY e.event_time GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) | max(e.brand) OVER (<by>)
    """,
    "by": """
        PARTITION BY e.user_session | PARTITION BY e.user_session | PARTITION BY e.user_id | PARTITION BY e.product_id | PARTITION BY <few>
        PARTITION BY <some> | PARTITION BY <few>, <some> | PARTITION BY <many>
    """,
    "rows": """
        ROWS BETWEEN <small> PRECEDING AND CURRENT ROW | ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW | ROWS BETWEEN <small> PRECEDING AND <small> FOLLOWING
        ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING | ROWS <small> PRECEDING | ROWS BETWEEN 1 FOLLOWING AND <small> FOLLOWING
        ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING
    """,
    "range": """
        RANGE BETWEEN INTERVAL <small> HOURS PRECEDING AND CURRENT ROW | RANGE BETWEEN INTERVAL <small> DAYS PRECEDING AND INTERVAL 1 HOUR FOLLOWING
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW | RANGE INTERVAL 30 MINUTES PRECEDING | RANGE BETWEEN CURRENT ROW AND INTERVAL 1 MONTH FOLLOWING
    """,
    "expression": """
        <few> | <some> | <many> | <column> | <column> | <number> | <text> | <figure> | e.price IN (<PRICE>, <PRICE>) | <filter>
    """,
    "set": "UNION | UNION ALL | EXCEPT | INTERSECT | EXCEPT ALL | INTERSECT ALL",
    # Tables made of the events, one row a key.
    "summary": """
        SELECT user_id AS k, count(*) AS n, sum(price) AS p, min(event_time) AS t, max(brand) AS b FROM <table> GROUP BY user_id
        SELECT user_id AS k, count(*) AS n, sum(price) AS p, min(event_time) AS t, min(brand) AS b FROM <table> WHERE event_type = 'purchase' GROUP BY 1
        SELECT user_session AS k, count(*) AS n, max(price) AS p, max(event_time) AS t, max(category_code) AS b FROM <table> GROUP BY ALL
        SELECT product_id AS k, count(DISTINCT user_id) AS n, max(price) AS p, min(event_time) AS t, min(brand) AS b FROM <table> GROUP BY product_id
        SELECT category_id AS k, count(*) AS n, sum(price) AS p, max(event_time) AS t, min(category_code) AS b FROM <table> GROUP BY ALL HAVING count(*) > <small>
        SELECT brand AS k, count(*) AS n, sum(price) AS p, max(event_time) AS t, max(brand) AS b FROM <table> WHERE event_type = 'cart' GROUP BY ALL
        SELECT CAST(event_time AS DATE) AS k, count(*) AS n, sum(price) AS p, max(event_time) AS t, max(brand) AS b FROM <table> GROUP BY ALL
        SELECT DISTINCT brand AS k, 1 AS n, price AS p, CAST(NULL AS TIMESTAMP) AS t, category_code AS b FROM <table>
        SELECT user_session AS k, row_number() OVER (PARTITION BY user_id ORDER BY min(event_time), user_session) AS n, sum(price) AS p, min(event_time) AS t, max(brand) AS b FROM <table> GROUP BY user_session, user_id
    """,
    "over_summary": """
        count(*) | sum(s.n) | max(s.n) | avg(s.n) | sum(s.p) | min(s.t) | count(DISTINCT s.b) | count(DISTINCT s.n) | median(s.n) | max(s.k) | max(s.b)
        quantile_cont(s.p, 0.9) | sum(s.n) FILTER (WHERE s.p > <PRICE>) | count(s.b) | stddev(s.n) | max(s.t) | quantile_disc(s.n, [0.5, 0.99])
    """,
    "summary_key": "s.n | s.b | date_trunc('day', s.t) | s.n > <small> | CAST(s.p AS INTEGER) // 100 | month(s.t) | least(s.n, 5)",
    # Conditions of joins of e and o; the outer side of those by users and products is filtered.
    "pair": """
        e.user_session = o.user_session AND e.event_type = 'cart' AND o.event_type = 'purchase' AND e.product_id = o.product_id
        e.user_session = o.user_session AND e.event_time < o.event_time AND o.event_type <> 'view' | e.user_session = o.user_session AND e.price > o.price
        e.user_id = o.user_id AND e.event_type = 'purchase' AND o.event_type = 'purchase' AND e.event_time < o.event_time
        e.user_id = o.user_id AND e.event_type <> 'view' AND o.event_time BETWEEN e.event_time - INTERVAL 1 DAY AND e.event_time
        e.product_id = o.product_id AND e.event_type = 'purchase' AND o.event_type = 'cart' | e.product_id = o.product_id AND e.user_id = o.user_id AND e.event_type = 'cart'
        e.brand = o.brand AND e.user_id = o.user_id AND e.event_type = 'cart' AND o.event_type = 'view' | e.event_time = o.event_time AND e.event_type < o.event_type
        e.category_id = o.category_id AND e.user_session = o.user_session AND e.product_id < o.product_id AND e.event_type = 'cart'
    """,
    "outer": "JOIN | JOIN | LEFT JOIN | RIGHT JOIN | FULL JOIN",
    "over_pair": """
        count(*) | count(o.price) | sum(o.price) | sum(e.price) | sum(e.price - o.price) | count(DISTINCT e.user_id) | max(o.event_time) | min(e.brand)
        max(o.event_time - e.event_time) | count(DISTINCT o.product_id) | sum(e.product_id % 97 * (o.product_id % 89)) | avg(o.price)
    """,
    "table": "clicks | clicks | stream",
}


class Grammar:
    """Draws texts by the rules; `literals` are the texts of the rules in capitals."""

    def __init__(self, source, literals):
        self.source = source
        self.rules = {name: functions.parsed(text) for name, text in RULES.items()} | literals
        for name in ("by", "direction"):
            self.rules[name].append("")

    def draw(self, rule):
        return self.fill(self.source.choice(self.rules[rule]))

    def fill(self, template):
        """The template with its holes filled; <same> is the text of the hole before."""
        parts, last = [], None
        for number, part in enumerate(HOLE.split(template)):
            if number % 2 and part != "same":
                last = part = self.draw(part)
            parts.append(last if part == "same" else part)
        return "".join(parts)
