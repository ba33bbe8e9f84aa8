"""Random statements over the clickstream: what each gives does not depend on how its rows lie.

Answers are small: whole ones of few groups, the first rows of a total order, or a digest of all rows.
"""

from engines import Failure
from grammar import RULES, Grammar
from statements import Statement

# The grammar's rules in capitals: literals of these expressions' values.
LITERALS = {
    "TYPE": "event_type", "BRAND": "brand", "CODE": "category_code", "PRICE": "price", "TIME": "event_time",
    "DAY": "CAST(event_time AS DATE)", "USER": "user_id", "SESSION": "user_session", "PRODUCT": "product_id",
    "CATEGORY": "category_id",
}
TOTAL = RULES["total"]


class Parts(Statement):
    """A statement made of lists of texts; smaller ones lack one of the texts."""

    def __init__(self, kind, render, *parts):
        super().__init__(kind, *render(*parts))
        self.render, self.parts = render, parts

    def smaller(self):
        for number, part in enumerate(self.parts):
            for text in range(len(part)):
                less = part[:text] + part[text + 1 :]
                try:
                    yield Parts(self.kind, self.render, *self.parts[:number], less, *self.parts[number + 1 :])
                except NothingLeft:
                    pass


class NothingLeft(Exception):
    """A statement without what it was to compute."""


class Clicks:
    """A source of statements; DuckDB tells it values that occur, and the types of columns."""

    def __init__(self, source, duck):
        self.source, self.duck = source, duck
        self.grammar = Grammar(source, self.literals())
        self.kinds = [
            (30, self.groups), (7, self.grouping_sets), (8, self.rows), (5, self.distinct), (16, self.windows),
            (5, self.windows_of_groups), (8, self.nested), (8, self.pairs), (8, self.joined_summaries), (4, self.asof),
            (5, self.set_operations), (3, self.funnels), (3, self.visits),
        ]

    def literals(self):
        """Values of some hundred rows, so that frequent values are drawn often, and a brand that is none."""
        listed = ", ".join(LITERALS.values())
        order = "md5(CAST(user_session AS VARCHAR) || product_id), event_time"
        rows = self.duck.connection.execute(f"SELECT {listed} FROM clicks ORDER BY {order} LIMIT 400").fetchall()
        prefixes = {"TIME": "TIMESTAMP ", "DAY": "DATE "}
        found = {}
        for rule, values in zip(LITERALS, zip(*rows)):
            texts = [str(value).replace("'", "''") for value in values if value is not None]
            is_number = rule in ("PRICE", "USER", "PRODUCT", "CATEGORY")
            found[rule] = texts if is_number else [f"{prefixes.get(rule, '')}'{text}'" for text in texts]
        found["BRAND"] += ["'nobody'", "''"]
        return found

    def next(self):
        weights = [weight for weight, _ in self.kinds]
        while True:
            try:
                return self.source.choices([make for _, make in self.kinds], weights)[0]()
            except NothingLeft:
                pass

    def pick(self, values):
        return self.source.choice(values)

    def draw(self, rule, *counts):
        """A text of the rule; with counts as many as one of them says."""
        return [self.grammar.draw(rule) for _ in range(self.pick(counts))] if counts else self.grammar.draw(rule)

    def filters(self, *counts):
        return [self.draw("filter" if self.source.random() < 0.8 else "subquery") for _ in range(self.pick(counts))]

    # How answers are made small.

    def finished(self, style, sql, order):
        """(sql, ordered) of a query that gives whole answers, first rows in an order, or a digest."""
        if style == "whole":
            return sql, False
        if style in ("sums", "hashes"):
            return self.digest(sql, style == "hashes"), False
        return f"{sql} ORDER BY {order} LIMIT {style}", True

    def style(self, is_small):
        if is_small and self.source.random() < 0.7:
            return "whole"
        return self.pick(["sums", "hashes", "10", "100", "1000", "20 OFFSET 300"])

    def digest(self, sql, is_hashed):
        """Few values that differ where a row does: of hashes of the rows, or of the columns; DOUBLE is added up."""
        try:
            types = self.duck.types(sql)
        except Failure:
            return sql
        names = [f"c{number}" for number in range(len(types))]
        sums = [f"sum({name})" for name, kind in zip(names, types) if kind == "DOUBLE"]
        exact = [name for name, kind in zip(names, types) if "DOUBLE" not in kind]
        if exact and is_hashed:
            texts = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '-')" for name in exact)
            sums.append(f"sum(CAST('0x' || left(md5(concat_ws('|', {texts})), 8) AS BIGINT))")
        else:
            sums += [f"{word}({name})" for name in exact for word in ("count", "min", "max")]
        return f"SELECT {', '.join(['count(*)'] + sums)} FROM ({sql}) AS answer({', '.join(names)})"

    # Groups.

    def keys(self):
        """Keys, and whether their groups are few."""
        if self.source.random() < 0.5:
            keys = self.draw("few", 0, 1, 2, 3) + self.draw("some", 0, 0, 1)
            return keys, len(keys) < 4
        return self.draw("key", 1, 2, 3, 4, 5, 6), False

    def groups(self):
        keys, is_small = self.keys()
        table, style, direction = self.draw("table"), self.style(is_small), self.draw("direction")

        def render(keys, exact, rough, filters, having):
            results = named(keys, "k") + named(exact, "c") + named(rough, "r")
            group = f" GROUP BY {', '.join(names(keys, 'k'))}" if keys else ""
            sql = f"SELECT {', '.join(some(results))} FROM {table} e{where(filters)}{group}{where(having, 'HAVING')}"
            order = ([f"c0 {direction}"] if exact else []) + names(keys, "k")
            return self.finished(style if order else "whole", sql, ", ".join(order))

        having = [f"{self.pick(['count(*)', 'count(DISTINCT e.user_id)', 'sum(e.price)'])} > {self.draw('small')}"]
        having = having if self.source.random() < 0.2 else []
        return Parts(
            "clicks: groups", render, keys, self.draw("exact", 0, 1, 2, 3), self.draw("rough", 0, 0, 1, 2),
            self.filters(0, 0, 1, 1, 2), having,
        )

    def grouping_sets(self):
        table, shape = self.draw("table"), self.pick(["ROLLUP", "ROLLUP", "CUBE", "GROUPING SETS"])
        style = self.style(False)

        def render(keys, aggregates, filters):
            columns = names(some(keys), "k")
            listed = ", ".join(columns)
            sets = f"({columns[0]}), ({listed}), ()" if shape == "GROUPING SETS" else listed
            inner = f"(SELECT {', '.join(named(keys, 'k'))}, e.* FROM {table} e{where(filters)}) e"
            results = ", ".join([listed, f"GROUPING({listed}) AS level"] + named(aggregates, "c"))
            return self.finished(style, f"SELECT {results} FROM {inner} GROUP BY {shape} ({sets})", f"level, {listed}")

        keys = self.draw("few", 1, 2) + self.draw("some", 0, 1) + self.draw("key", 0, 0, 1)
        return Parts("clicks: grouping sets", render, keys, self.draw("exact", 1, 2), self.filters(0, 1))

    def nested(self):
        """Aggregates of aggregates."""
        summary = self.draw("summary")

        def render(keys, aggregates):
            results = named(keys, "k") + named(aggregates, "c")
            group = f" GROUP BY {', '.join(keys)}" if keys else ""
            return self.finished("hashes" if keys else "whole", f"SELECT {', '.join(some(results))} FROM ({summary}) s{group}", "")

        return Parts("clicks: nested", render, self.draw("summary_key", 0, 1, 2), self.draw("over_summary", 1, 2, 3))

    # Rows.

    def rows(self):
        table, style = self.draw("table"), self.style(False)
        order = ", ".join(f"{text} {self.draw('direction')}" for text in self.draw("column", 0, 1, 1))

        def render(expressions, filters):
            sql = f"SELECT {', '.join(['e.*'] + named(expressions, 'c'))} FROM {table} e{where(filters)}"
            return self.finished(style, sql, ", ".join([order, TOTAL] if order else [TOTAL]))

        return Parts("clicks: rows", render, self.draw("expression", 0, 1, 2), self.filters(0, 1, 2, 3))

    def distinct(self):
        table, style, is_on = self.draw("table"), self.style(False), self.source.random() < 0.5
        direction = self.draw("direction")

        def render(keys, filters):
            listed = ", ".join(names(some(keys), "k"))
            if is_on:
                inner = f"SELECT DISTINCT ON ({', '.join(keys)}) {', '.join(named(keys, 'k'))}, e.event_time, e.product_id"
                inner += f" FROM {table} e{where(filters)} ORDER BY {', '.join(keys)}, e.event_time {direction}, {TOTAL}"
                return self.finished(style, f"SELECT * FROM ({inner})", f"{listed}, event_time, product_id")
            sql = f"SELECT DISTINCT {', '.join(named(keys, 'k'))} FROM {table} e{where(filters)}"
            return self.finished(style, sql, listed)

        return Parts("clicks: distinct", render, self.draw("key", 1, 1, 2, 3), self.filters(0, 1))

    def set_operations(self):
        words = self.draw("set", 1, 1, 2)
        keys, tables, style = self.draw("key", 1, 2), self.draw("table", 3), self.style(False)

        def render(first, second, third):
            results = ", ".join(named(keys, "k"))
            sides = [f"SELECT {results} FROM {t} e{where(f)}" for t, f in zip(tables, [first, second, third])]
            sql = "".join(f"{side} {word} " for side, word in zip(sides, words)) + sides[len(words)]
            return self.finished(style, f"SELECT * FROM ({sql})", ", ".join(names(keys, "k")))

        return Parts("clicks: set operation", render, self.filters(0, 1), self.filters(1), self.filters(1))

    # Windows.

    def windows(self):
        table, style, place = self.draw("table"), self.style(False), self.draw("small")

        def render(windows, filters, qualify):
            chosen = f" QUALIFY row_number() OVER ({qualify[0]} ORDER BY {TOTAL}) <= {place}" if qualify else ""
            results = ", ".join(["e.event_time", "e.product_id"] + named(some(windows), "w"))
            return self.finished(style, f"SELECT {results} FROM {table} e{where(filters)}{chosen}", TOTAL)

        qualify = self.draw("by", 1) if self.source.random() < 0.15 else []
        return Parts("clicks: windows", render, self.draw("window", 1, 1, 2, 3), self.filters(0, 0, 1), qualify)

    def windows_of_groups(self):
        table = self.draw("table")

        def render(keys, windows, filters):
            listed = ", ".join(names(some(keys), "k"))
            inner = f"SELECT {', '.join(named(keys, 'k'))}, count(*) AS n, sum(e.price) AS p, min(e.event_time) AS t FROM {table} e"
            results = ", ".join([listed] + named(some(windows), "w"))
            texts = f"SELECT {results} FROM ({inner}{where(filters)} GROUP BY ALL) g"
            return self.finished("hashes", texts.replace("KEYS", listed), "")

        windows = self.source.sample([
            "row_number() OVER (ORDER BY n DESC, KEYS)", "rank() OVER (PARTITION BY k0 ORDER BY p DESC)", "n / sum(n) OVER ()",
            "sum(p) OVER (ORDER BY t, KEYS)", "lag(n) OVER (ORDER BY KEYS)", "p - lag(p) OVER (PARTITION BY k0 ORDER BY t, KEYS)",
            "ntile(4) OVER (ORDER BY p, KEYS)", "max(n) OVER (PARTITION BY k0)", "sum(n) OVER (ORDER BY t RANGE INTERVAL 7 DAYS PRECEDING)",
            "avg(n) OVER (ORDER BY KEYS ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING)", "first_value(t) OVER (PARTITION BY k0 ORDER BY KEYS)",
        ], self.pick([1, 2]))
        return Parts("clicks: windows of groups", render, self.draw("key", 1, 2, 3), windows, self.filters(0, 1))

    def visits(self):
        """Visits that end where nothing happens for a while."""
        table, by, gap = self.draw("table"), self.pick(["user_id", "user_session", "product_id"]), self.pick([5, 30, 600])
        total = TOTAL.replace("e.", "")

        def render(filters):
            gaps = f"SELECT *, event_time - lag(event_time) OVER (PARTITION BY {by} ORDER BY {total}) > INTERVAL {gap} MINUTES AS is_new FROM {table} e"
            numbered = f"SELECT *, count_if(is_new) OVER (PARTITION BY {by} ORDER BY {total}) AS visit FROM gaps"
            visits = f"SELECT {by}, visit, count(*) AS n, sum(price) AS p, max(event_time) - min(event_time) AS d FROM numbered GROUP BY ALL"
            sql = f"WITH gaps AS ({gaps}{where(filters)}), numbered AS ({numbered}), visits AS ({visits})"
            return f"{sql} SELECT least(visit, 9) AS v, count(*), sum(n), max(n), sum(p), max(d), avg(n) FROM visits GROUP BY v", False

        return Parts("clicks: visits", render, self.filters(0, 1))

    def funnels(self):
        table, by = self.draw("table"), self.pick(["user_id", "user_session", "user_session, product_id", "user_id, brand"])
        key, keys = self.draw("few"), self.draw("few")
        times = ", ".join(f"min(e.event_time) FILTER (WHERE e.event_type = '{t}') AS {t}" for t in ("view", "cart", "purchase"))

        def render(filters):
            firsts = f"SELECT {by}, min({key}) AS first_key, {times}, min({keys}) AS second_key FROM {table} e{where(filters)} GROUP BY {by}"
            return (
                f"WITH firsts AS ({firsts}) SELECT first_key, count(view) AS n, count_if(cart >= view) AS carts, "
                "count_if(purchase > cart AND cart >= view) AS bought, median(date_diff('second', view, purchase)) AS took, "
                "max(purchase - view) AS longest, count(DISTINCT second_key) AS others FROM firsts GROUP BY first_key", False,
            )

        return Parts("clicks: funnel", render, self.filters(0, 1))

    # Several tables.

    def pairs(self):
        """Rows joined with rows of the same session, user or product."""
        first, second, condition, join = self.draw("table"), self.draw("table"), self.draw("pair"), self.draw("outer")
        kept = self.pick(["SEMI JOIN", "ANTI JOIN"]) if self.source.random() < 0.3 else None

        def render(keys, aggregates, filters):
            results = ", ".join(some(named(keys, "k") + named(aggregates, "c")))
            group = f" GROUP BY {', '.join(names(keys, 'k'))}" if keys else ""
            sql = f"SELECT {results} FROM {first} e {kept or join} {second} o ON {condition}{where(filters)}{group}"
            return self.finished("hashes" if keys else "whole", sql, "")

        aggregates = self.draw("exact" if kept else "over_pair", 1, 2, 3)
        return Parts("clicks: pairs", render, self.draw("key", 0, 0, 1), aggregates, self.draw("filter", 0, 1))

    def joined_summaries(self):
        """Rows with figures of their user, session, product, brand, category or day; or such figures joined."""
        summary, other, join = self.draw("summary"), self.draw("summary"), self.draw("outer")
        key = next((c for c in ("user_id", "user_session", "product_id", "category_id", "brand") if f"{c} AS k" in summary), None)
        key = key or "CAST(e.event_time AS DATE)"
        table = self.draw("table")

        def render(keys, aggregates, filters):
            results = ", ".join(some(named(keys, "k") + named(aggregates, "c")))
            group = f" GROUP BY {', '.join(names(keys, 'k'))}" if keys else ""
            sql = f"WITH s AS ({summary}) SELECT {results} FROM {table} e {join} s ON s.k = {key}{where(filters)}{group}"
            return self.finished("hashes" if keys else "whole", sql, "")

        def render_values(aggregates, filters):
            listed = ", ".join(some(named(aggregates, "c")))
            sql = f"WITH s AS ({summary}), o AS ({other}) SELECT {listed} FROM s {join} o ON s.n = o.n AND s.p = o.p{where(filters)}"
            return self.finished("whole", sql, "")

        aggregates = self.draw("over_summary", 1, 2)
        if self.source.random() < 0.2:
            return Parts("clicks: joined summaries", render_values, aggregates, [])
        keys = self.pick([[], self.draw("summary_key", 1), self.draw("few", 1), self.draw("some", 1)])
        return Parts(
            "clicks: joined summaries", render, keys, aggregates + self.draw("exact", 0, 1), self.filters(0, 1)
        )

    def asof(self):
        """The last cart, or view, before each purchase."""
        tables, side = self.draw("table", 2), self.pick(["", "LEFT "])
        equal, symbol = self.pick(["user_session", "user_id", "product_id", "brand"]), self.pick([">=", ">", "<=", "<"])
        kind, style = self.draw("TYPE"), self.style(False)

        def render(filters):
            left = f"(SELECT * FROM {tables[0]} e{where(filters)}) e"
            right = f"(SELECT * FROM {tables[1]} WHERE event_type = {kind}) o"
            condition = f"e.{equal} = o.{equal} AND e.event_time {symbol} o.event_time"
            sql = f"SELECT {TOTAL}, o.event_time AS other, e.event_time - o.event_time AS apart FROM {left} ASOF {side}JOIN {right} ON {condition}"
            return self.finished(style, sql, TOTAL)

        return Parts("clicks: asof", render, self.filters(0, 1, 1))


def some(texts):
    if not texts:
        raise NothingLeft
    return texts


def names(texts, letter):
    return [f"{letter}{number}" for number in range(len(texts))]


def named(texts, letter):
    return [f"{text} AS {name}" for text, name in zip(texts, names(texts, letter))]


def where(conditions, word="WHERE"):
    return f" {word} " + " AND ".join(f"({text})" if " OR " in text else text for text in conditions) if conditions else ""
