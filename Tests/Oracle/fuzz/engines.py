"""ecq and DuckDB over the same tables; an answer is (types, rows) or an error."""

import json
import re
import subprocess

import duckdb

# What DuckDB has and ecq answers with another type (docs/sql.md, Types).
STANDS_FOR = {
    "HUGEINT": "DECIMAL(38,0)", "TINYINT": "INTEGER", "SMALLINT": "INTEGER", "UTINYINT": "INTEGER",
    "USMALLINT": "INTEGER", "UINTEGER": "BIGINT", "FLOAT": "DOUBLE", "UBIGINT": "BIGINT",
    "UHUGEINT": "DECIMAL(38,0)", "TIMESTAMP WITH TIME ZONE": "TIMESTAMP", '"NULL"': "NULL",
}
AS_TEXT = re.compile(r"INTERVAL|\bTIME\b|STRUCT")


def normal(name):
    name = re.sub(r"\b(HUGEINT|[US]?TINYINT|U?SMALLINT|UINTEGER|FLOAT|UBIGINT|UHUGEINT)\b",
                  lambda word: STANDS_FOR.get(word[0], word[0]), name)
    return STANDS_FOR.get(name, name)


class Failure(Exception):
    pass


class Duck:
    def __init__(self):
        self.connection = duckdb.connect()
        self.connection.execute("set threads = 1; set TimeZone = 'UTC'")

    def types(self, sql):
        """The types of the answer's columns."""
        try:
            return [row[1] for row in self.connection.execute(f"DESCRIBE {sql}").fetchall()]
        except duckdb.Error as error:
            raise Failure(str(error)) from None

    def answer(self, sql):
        try:
            relation = self.connection.execute(sql)
            types = [str(column[1]) for column in relation.description]
            if any(AS_TEXT.search(t) for t in types):
                # Python has no value for these.
                names = [f"c{n}" for n in range(len(types))]
                listed = ", ".join(
                    f"CAST({name} AS VARCHAR{'[]' if t.endswith(']') else ''})" if AS_TEXT.search(t) else name
                    for name, t in zip(names, types)
                )
                relation = self.connection.execute(f"SELECT {listed} FROM ({sql}) AS answer({', '.join(names)})")
            return [normal(t) for t in types], relation.fetchall()
        except (duckdb.Error, UnicodeDecodeError, OverflowError, ValueError) as error:
            raise Failure(f"{type(error).__name__}: {error}") from None


class Ecq:
    def __init__(self, program, stores, options=()):
        self.program = program
        self.stores = [str(store) for store in stores]
        self.options = list(options)

    def answers(self, statements):
        """An answer or a Failure for each statement; run in few processes."""
        found = []
        while len(found) < len(statements):
            rest = statements[len(found) :][:200]
            text = "".join(f"DESCRIBE {sql};\n{sql};\n" for sql in rest)
            run = subprocess.run(
                [self.program, "query", *self.stores, "--format", "json", *self.options],
                input=text.encode(), capture_output=True, timeout=600,
            )
            results, error = split(run.stdout.decode()), run.stderr.decode().strip()
            for number in range(len(results) // 2):
                types = [normal(column["column_type"]) for column in results[2 * number]]
                found.append((types, [list(row.values()) for row in results[2 * number + 1]]))
            if len(results) // 2 < len(rest):
                message = error or f"exit code {run.returncode}, nothing said"
                found.append(Failure(message.split("\n")[0].removeprefix("ecq: ")))
                if run.returncode not in (0, 1):
                    found[-1] = Failure(f"CRASH {run.returncode}: {error[-200:]}")
        return found


def split(text):
    """The JSON arrays that stand one after the other; a last one may be cut short."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=Pairs)
    results, at = [], 0
    while at < len(text):
        if text[at] in " \r\n":
            at += 1
            continue
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            break
        results.append(value)
    return results


class Pairs(dict):
    def __init__(self, pairs):
        super().__init__(pairs)
