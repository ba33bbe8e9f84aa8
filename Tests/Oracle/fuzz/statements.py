"""Random statements: what each gives does not depend on the order of its input rows."""

from dataclasses import dataclass, field

import functions
import tables
from expressions import NUMBERS, STORED, Generator, Node

AGGREGATES = functions.parsed(functions.AGGREGATES)
WINDOWS = functions.parsed(functions.WINDOWS)
ALL = STORED + "IVCYZ"


@dataclass
class Statement:
    kind: str
    sql: str
    ordered: bool = False
    # For shrinking: the expressions, and how one of them alone is asked for.
    nodes: list = field(default_factory=list)
    single: object = None

    def smaller(self):
        """Statements that are parts of this one, the smallest first."""
        for node in sorted((n for top in self.nodes for n in top.nodes()), key=lambda n: len(n.text())):
            text = self.single(node)
            if text is not None:
                yield Statement(self.kind, text, self.ordered)


class Statements:
    def __init__(self, source):
        self.source = source
        self.kinds = [
            (30, self.expressions), (8, self.constants), (10, self.casts), (10, self.filters), (16, self.aggregates),
            (5, self.grouping_sets), (14, self.windows), (8, self.joins), (9, self.subqueries), (6, self.set_operations),
            (5, self.ordered), (4, self.clauses),
        ]

    def next(self):
        weights = [weight for weight, _ in self.kinds]
        return self.source.choices([make for _, make in self.kinds], weights)[0]()

    def table(self):
        return self.source.choices(["mild", "wild", "none"], [6, 3, 1])[0]

    def generator(self, columns=None):
        return Generator(self.source, tables.columns() if columns is None else columns)

    def pick(self, values):
        return self.source.choice(values)

    def depth(self):
        return self.source.choices([1, 2, 3], [5, 4, 1])[0]

    # One expression a column, by row.

    def expressions(self):
        table, make = self.table(), self.generator()
        nodes = [make.expression(self.pick(ALL), self.depth()) for _ in range(self.pick([1, 1, 2, 3]))]
        listed = ", ".join(f"{node.text()} AS c{n}" for n, node in enumerate(nodes))
        return Statement(
            "expression", f"SELECT id, {listed} FROM {table} ORDER BY id", True, nodes,
            lambda node: f"SELECT id, {node.text()} AS c FROM {table} ORDER BY id",
        )

    def constants(self):
        make = self.generator([])
        node = make.expression(self.pick(ALL), self.depth())
        return Statement("constant", f"SELECT {node.text()} AS c", True, [node], lambda node: f"SELECT {node.text()} AS c")

    def casts(self):
        table, make = self.table(), self.generator()
        value = make.expression(self.pick(ALL), self.pick([0, 0, 1]))
        if self.source.random() < 0.3:
            value = Node("S", [self.pick(functions.POOLS["castable"])])
        word = self.pick(["CAST", "TRY_CAST", "TRY_CAST"])
        node = Node("", [f"{word}(", value, f" AS {self.pick(functions.POOLS['type'])})"])
        return Statement(
            "cast", f"SELECT id, {node.text()} AS c FROM {table} ORDER BY id", True, [node],
            lambda node: f"SELECT id, {node.text()} AS c FROM {table} ORDER BY id",
        )

    def filters(self):
        table, make = self.table(), self.generator()
        node = make.expression("B", self.depth() + 1)
        return Statement(
            "filter", f"SELECT id, s FROM {table} WHERE {node.text()} ORDER BY id", True, [node],
            lambda node: f"SELECT id, {node.text()} AS c FROM {table} ORDER BY id",
        )

    # Groups.

    def aggregate(self, make, depth=1):
        mild = Generator(self.source, [c for c in make.columns if c[0].split(".")[-1] in ("x", "k", "j", "id")])
        extra = {
            "x": lambda: Node("X", ["x"]), "g": lambda: "g", "k": lambda: "k",
            "p": lambda: "(abs(j) % 100 + 1)", "H": lambda: f"CAST({make.leaf('L').text()} AS HUGEINT)",
        }
        return make.filled(self.pick(AGGREGATES), "", depth - 1 if self.source.random() < 0.6 else depth, extra=extra)

    def keys(self, make, count):
        found = []
        for _ in range(count):
            if self.source.random() < 0.6:
                found.append(Node("", [self.pick(["g", "k", "b", "dt", "s", "d", "u", "ts", "x"])]))
            else:
                found.append(make.expression(self.pick(STORED + "I"), 1))
        return found

    def source_table(self):
        """A table whose DOUBLE sums do not depend on the order much."""
        return self.source.choices(["mild", "wild", "none"], [8, 1, 1])[0]

    def aggregates(self):
        table, make = self.source_table(), self.generator()
        nodes = [self.aggregate(make) for _ in range(self.pick([1, 2, 3]))]
        keys = self.keys(make, self.pick([0, 0, 1, 1, 2]))
        where = f" WHERE {make.expression('B', 1).text()}" if self.source.random() < 0.25 else ""
        group = ""
        if keys:
            style = self.source.random()
            names = [f"k{n}" for n in range(len(keys))]
            listed = [key.text() for key in keys]
            group = " GROUP BY " + (
                ", ".join(listed) if style < 0.4 else ", ".join(names) if style < 0.7
                else ", ".join(str(n + 1) for n in range(len(keys))) if style < 0.9 else "ALL"
            )
        results = [f"{key.text()} AS k{n}" for n, key in enumerate(keys)]
        results += [f"{node.text()} AS c{n}" for n, node in enumerate(nodes)]
        having = f" HAVING count(*) > {self.pick('012')}" if keys and self.source.random() < 0.2 else ""
        return Statement(
            "aggregate", f"SELECT {', '.join(results)} FROM {table}{where}{group}{having}", False, nodes + keys,
            lambda node: f"SELECT {node.text()} AS c FROM {table}{where}" if "(" in node.text() else None,
        )

    def grouping_sets(self):
        make = self.generator()
        keys = self.pick([["g", "k"], ["g", "b", "k"], ["dt", "k"], ["s", "b"]])
        shape = self.pick([
            f"ROLLUP ({', '.join(keys)})", f"CUBE ({', '.join(keys)})", f"GROUPING SETS (({keys[0]}), ({keys[1]}), ())",
            f"GROUPING SETS (({', '.join(keys)}), ({keys[0]}))", f"{keys[0]}, ROLLUP ({', '.join(keys[1:])})",
            f"GROUPING SETS (ROLLUP ({', '.join(keys)}), ({keys[1]}))",
        ])
        grouping = f", GROUPING({', '.join(keys)}) AS level" if self.source.random() < 0.5 else ""
        nodes = [self.aggregate(make) for _ in range(2)]
        listed = ", ".join(f"{node.text()} AS c{n}" for n, node in enumerate(nodes))
        table = self.source_table()
        return Statement(
            "grouping sets", f"SELECT {', '.join(keys)}{grouping}, {listed} FROM {table} GROUP BY {shape}", False, nodes,
            lambda node: f"SELECT {node.text()} AS c FROM {table}",
        )

    # Windows.

    def window(self, framed, total=False):
        parts = []
        if self.source.random() < 0.6:
            parts.append("PARTITION BY " + ", ".join(self.source.sample(["g", "k", "b", "dt"], self.pick([1, 1, 2]))))
        direction = self.pick(["", " ASC", " DESC", " NULLS FIRST", " DESC NULLS LAST", " DESC NULLS FIRST"])
        key = self.pick(["j", "x", "d", "dt", "ts", "s", "u", "k"])
        if total or not framed or self.source.random() < 0.5:
            parts.append(f"ORDER BY {key}{direction}, id")
            units = ["ROWS", "GROUPS"]
        else:
            key = self.pick(["j", "k", "d", "x", "dt", "ts", "id"])
            parts.append(f"ORDER BY {key}{direction}")
            units = ["RANGE", "GROUPS", "RANGE"]
        if framed and self.source.random() < 0.8:
            unit = self.pick(units)
            step = {"dt": "INTERVAL 30 DAYS", "ts": "INTERVAL 1 MONTH"}.get(key) if unit == "RANGE" else None
            amount = step or self.pick(["1", "2", "0"])
            starts = ["UNBOUNDED PRECEDING", f"{amount} PRECEDING", "CURRENT ROW", f"{amount} FOLLOWING"]
            ends = ["UNBOUNDED FOLLOWING", f"{amount} FOLLOWING", "CURRENT ROW", f"{amount} PRECEDING"]
            frame = f"{unit} BETWEEN {self.pick(starts)} AND {self.pick(ends)}"
            if self.source.random() < 0.1:
                frame = f"{unit} {self.pick(starts[:3])}"
            if self.source.random() < 0.25:
                frame += " EXCLUDE " + self.pick(["CURRENT ROW", "GROUP", "TIES", "NO OTHERS"])
            parts.append(frame)
        return "(" + " ".join(parts) + ")"

    def windows(self):
        make = self.generator()
        table = self.pick(["mild", "mild", "none"])
        extra = {
            "w": lambda: self.window(False), "f": lambda: self.window(True), "o": lambda: self.window(True, True), "x": lambda: "x", "g": lambda: "g", "k": lambda: "k",
        }
        nodes = [make.filled(self.pick(WINDOWS), "", 0, extra=extra) for _ in range(self.pick([1, 2]))]
        listed = ", ".join(f"{node.text()} AS c{n}" for n, node in enumerate(nodes))
        qualify = " QUALIFY row_number() OVER (PARTITION BY g ORDER BY id) <= 3" if self.source.random() < 0.1 else ""
        return Statement(
            "window", f"SELECT id, {listed} FROM {table}{qualify} ORDER BY id", True, nodes,
            lambda node: f"SELECT id, {node.text()} AS c FROM {table} ORDER BY id" if "OVER" in node.text() else None,
        )

    # Several tables.

    def joins(self):
        first, second = self.source.sample(["mild", "few", "none", "wild"], 2)
        columns = tables.columns("a.") + tables.columns("b.")
        make = self.generator(columns)
        key = self.pick(["k", "g", "id", "j", "s", "dt", "u", "b", "x", "d"])
        condition = self.pick([
            f"a.{key} = b.{key}", f"a.{key} = b.{key} AND a.b = b.b", f"a.{key} = b.{key} AND a.id < b.id",
            f"a.id = b.id AND {make.expression('B', 1).text()}", "a.k = b.k AND a.j > b.j", "a.j = b.d", "a.x = b.j", "a.id < b.id - 3",
            f"a.{key} IS NOT DISTINCT FROM b.{key}", f"a.id = b.id OR a.{key} = b.{key}",
        ])
        join = self.pick(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "SEMI JOIN", "ANTI JOIN", "CROSS JOIN", "USING", "ASOF", "NATURAL"])
        where = f" WHERE {make.expression('B', 1).text()}" if self.source.random() < 0.3 else ""
        if join in ("SEMI JOIN", "ANTI JOIN"):
            return Statement("join", f"SELECT a.* FROM {first} a {join} {second} b ON {condition}")
        if join == "CROSS JOIN":
            return Statement("join", f"SELECT count(*) AS n, sum(a.id * b.id) AS m FROM {first} a CROSS JOIN {second} b{where}")
        if join == "USING":
            side = self.pick(["", "LEFT ", "RIGHT ", "FULL "])
            return Statement("join", f"SELECT {key}, a.id AS i1, b.id AS i2 FROM {first} a {side}JOIN {second} b USING ({key})")
        if join == "NATURAL":
            return Statement(
                "join", f"SELECT * FROM (SELECT id, k, s FROM {first}) a NATURAL {self.pick(['', 'LEFT ', 'FULL '])}JOIN (SELECT id AS other, k, g FROM {second}) b"
            )
        if join == "ASOF":
            symbol, time = self.pick([">=", ">", "<=", "<"]), self.pick(["ts", "dt", "id", "x"])
            side = self.pick(["", "LEFT "])
            equal = self.pick([f"a.g = b.g AND ", ""])
            # Of rows with the same time any may be found.
            return Statement(
                "join", f"SELECT a.id AS i1, b.{time} AS t FROM {first} a ASOF {side}JOIN {second} b ON {equal}a.{time} {symbol} b.{time}"
            )
        made = make.expression(self.pick("BLNXDTS"), 1).text()
        if self.source.random() < 0.3:
            return Statement("join", f"SELECT a.g AS k0, count(*) AS n, count(b.id) AS m, sum(b.k) AS t FROM {first} a {join} {second} b ON {condition}{where} GROUP BY a.g")
        return Statement("join", f"SELECT a.id AS i1, b.id AS i2, {made} AS c FROM {first} a {join} {second} b ON {condition}{where}")

    def subqueries(self):
        first, second = self.source.sample(["mild", "few", "none", "wild"], 2)
        key = self.pick(["k", "g", "j", "s", "dt", "id", "b"])
        outer, inner = Generator(self.source, tables.columns("a.")), Generator(self.source, tables.columns("b."))
        both = Generator(self.source, tables.columns("a.") + tables.columns("b."))
        value = inner.expression(self.pick("LNDS"), self.pick([0, 1]))
        wanted = outer.expression(value.kind, self.pick([0, 1]))
        correlated = f"b.{key} = a.{key}" if self.source.random() < 0.6 else both.expression("B", 1).text()
        aggregate = self.pick(["max", "min", "count", "first"])
        if aggregate == "first":
            scalar = f"first(b.j ORDER BY b.id)"
        else:
            scalar = f"{aggregate}({value.text()})"
        forms = [
            f"SELECT a.id AS i FROM {first} a WHERE EXISTS (SELECT 1 FROM {second} b WHERE {correlated})",
            f"SELECT a.id AS i FROM {first} a WHERE NOT EXISTS (SELECT 1 FROM {second} b WHERE {correlated})",
            f"SELECT a.id AS i FROM {first} a WHERE {wanted.text()} IN (SELECT {value.text()} FROM {second} b)",
            f"SELECT a.id AS i FROM {first} a WHERE {wanted.text()} NOT IN (SELECT {value.text()} FROM {second} b WHERE b.{key} IS NOT NULL)",
            f"SELECT a.id AS i, {wanted.text()} IN (SELECT {value.text()} FROM {second} b) AS c FROM {first} a",
            f"SELECT a.id AS i, EXISTS (SELECT 1 FROM {second} b WHERE {correlated}) AS c FROM {first} a",
            f"SELECT a.id AS i, (SELECT {scalar} FROM {second} b WHERE {correlated}) AS c FROM {first} a",
            f"SELECT a.id AS i, {wanted.text()} IN (SELECT {value.text()} FROM {second} b WHERE {correlated}) AS c FROM {first} a",
            f"SELECT a.id AS i FROM {first} a WHERE {wanted.text()} NOT IN (SELECT {value.text()} FROM {second} b WHERE {correlated})",
            f"SELECT a.id AS i FROM {first} a WHERE {wanted.text()} = ANY (SELECT {value.text()} FROM {second} b)",
            f"SELECT a.id AS i, {wanted.text()} > ALL (SELECT {value.text()} FROM {second} b) AS c FROM {first} a",
            f"SELECT a.id AS i, {wanted.text()} <= ANY (SELECT {value.text()} FROM {second} b WHERE {correlated}) AS c FROM {first} a",
            f"SELECT a.id AS i, l.v AS c FROM {first} a, LATERAL (SELECT {scalar} AS v FROM {second} b WHERE {correlated}) l",
            f"SELECT a.id AS i, l.v AS c FROM {first} a LEFT JOIN LATERAL (SELECT b.id AS v FROM {second} b WHERE b.{key} = a.{key} ORDER BY b.id LIMIT 2) l ON true",
            f"WITH t AS (SELECT {key}, count(*) AS n FROM {first} a GROUP BY {key}) SELECT t.{key}, t.n, o.n AS m FROM t LEFT JOIN t AS o ON t.n = o.n",
            f"SELECT a.id AS i FROM {first} a WHERE (SELECT count(*) FROM {second} b WHERE {correlated}) > 2",
            f"SELECT a.{key} AS i, count(*) AS n FROM {first} a GROUP BY a.{key} HAVING count(*) >= (SELECT min(b.k) FROM {second} b WHERE b.{key} = a.{key})",
            f"SELECT a.id AS i, ({correlated.replace('b.', 'a.')}) AS p, (SELECT list(b.id ORDER BY b.id) FROM {second} b WHERE b.{key} = a.{key}) AS c FROM {first} a",
        ]
        return Statement("subquery", self.pick(forms))

    def set_operations(self):
        kinds = [self.pick("BILNXDTS") for _ in range(self.pick([1, 2]))]
        make = self.generator()
        word = self.pick(["UNION", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL"])
        sides = []
        for table in [self.table(), self.pick(["few", "mild"])]:
            cells = []
            for n, kind in enumerate(kinds):
                if kind in NUMBERS and self.source.random() < 0.2:
                    kind = self.pick(NUMBERS)
                cells.append(f"{make.expression(kind, self.pick([0, 0, 1])).text()} AS c{n}")
            sides.append(f"SELECT {', '.join(cells)} FROM {table}")
        return Statement("set operation", f" {word} ".join(sides))

    # Order.

    def ordered(self):
        table, make = self.table(), self.generator()
        keys = []
        for _ in range(self.pick([1, 2])):
            node = make.expression(self.pick(STORED + "IV"), self.pick([0, 0, 1]))
            keys.append(f"{node.text()} {self.pick(['', 'ASC', 'DESC', 'NULLS FIRST', 'DESC NULLS FIRST'])}")
        limit = self.pick(["", " LIMIT 5", " LIMIT 3 OFFSET 2", " OFFSET 4"])
        # A lone constant cannot be an order.
        keys = [key if not key[0] in "'0123456789-NtfD" else "s" for key in keys]
        return Statement("order", f"SELECT id FROM {table} ORDER BY {', '.join(keys)}, id{limit}", True)

    def clauses(self):
        table = self.table()
        column = self.pick(["g", "k", "b", "s", "d", "dt"])
        node = self.generator().expression(self.pick("LSNX"), 1)
        forms = [
            (f"SELECT DISTINCT {column} FROM {table} ORDER BY {column}", True),
            (f"SELECT DISTINCT {column}, {node.text()} AS c FROM {table}", False),
            (f"SELECT DISTINCT ON ({column}) {column}, id FROM {table} ORDER BY {column}, id DESC", True),
            (f"SELECT DISTINCT ON ({column}) id FROM {table} ORDER BY id", True),
            (f"SELECT * EXCLUDE ({column}) FROM {table} ORDER BY id", True),
            (f"SELECT * REPLACE ({node.text()} AS {column}) FROM {table} ORDER BY id", True),
            (f"SELECT * RENAME ({column} AS other) FROM {table} ORDER BY id LIMIT 3", True),
            (f"FROM {table} SELECT {column}, count(*) AS n GROUP BY ALL ORDER BY ALL", True),
            (f"FROM {table} SELECT {column}, count(*) AS n GROUP BY ALL ORDER BY ALL DESC", True),
            (f"SELECT COLUMNS('^[bdj]') FROM {table} ORDER BY id", True),
            (f"SELECT max(COLUMNS(*)) FROM {table}", False),
            (f"SELECT {column} AS q, sum(id) AS n FROM {table} GROUP BY q HAVING n > 5 ORDER BY q", True),
            (f"SELECT id, lag(id) OVER w AS c, sum(k) OVER (w ROWS 1 PRECEDING) AS e FROM {table} WINDOW w AS (PARTITION BY {column} ORDER BY id) ORDER BY id", True),
            (f"WITH RECURSIVE r(n) AS (SELECT min(k) FROM {table} UNION ALL SELECT n + 1 FROM r WHERE n < 9) SELECT * FROM r", False),
            (f"WITH RECURSIVE r(n) AS (SELECT k FROM {table} UNION SELECT (n * 7 + 1) % 20 FROM r) SELECT * FROM r", False),
            (f"PIVOT (SELECT g, k, id FROM {table}) ON k IN (1, 2, 3) USING count(*) GROUP BY g", False),
            (f"UNPIVOT (SELECT id, j, k FROM {table}) ON j, k INTO NAME n VALUE v", False),
            (f"SELECT unnest([id, k, 7]) AS c, id FROM {table}", False),
            (f"SELECT id, c FROM {table}, unnest([1, id]) AS l(c)", False),
            (f"VALUES (1, 'a'), (2, {node.text() if False else 'NULL'}), (NULL, 'c')", False),
            (f"SELECT id FROM {table} ORDER BY id LIMIT 20%", True),
            (f"SELECT #1, #2 FROM {table} ORDER BY #1", True),
        ]
        sql, is_ordered = self.pick(forms)
        return Statement("clause", sql, is_ordered)
