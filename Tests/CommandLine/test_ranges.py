"""Conditions that want ranges of words, over stores: asked again, blocks are kept as narrow numbers, and an answer is
the same."""

from support import CommandLineTest, ecq

ROWS = """SELECT i AS k, CASE WHEN i % 13 = 0 THEN NULL ELSE (i * 7919) % 100000 - 50000 END AS a,
    ((i * 31337) % 200000 - 100000)::DECIMAL(9,2) / 8 AS x, ((i * 31337) % 200000 - 100000)::DECIMAL(9,2) AS d,
    CASE WHEN i % 5 = 0 THEN 'nan'::DOUBLE WHEN i % 7 = 0 THEN NULL ELSE (i % 100) - 50.5 END AS f,
    TIMESTAMP '2019-10-01' + INTERVAL (i * 37) MINUTE AS t,
    CASE WHEN i < 3 THEN -9223372036854775808 + i WHEN i < 6 THEN 9223372036854775807 - i ELSE i * 1000000007 END AS b,
    i * 8 + 3 AS s FROM range(150000) r(i)"""
CONDITIONS = [
    "a > 0", "a >= -49999 AND a < -49000", "a BETWEEN 10 AND 10000 AND x > 0.5", "a < -60000", "a <= 60000",
    "d > 12.34", "12.345 >= d", "d = 500", "d > 99.995 AND d < 100.005", "x < -1",
    "t >= DATE '2019-12-01' AND t < DATE '2020-02-01'", "t::DATE = DATE '2020-01-05'", "t > TIMESTAMP '2035-01-01'",
    "b > 9223372036854775800", "b < -9223372036854775806", "b BETWEEN -5 AND 14000000098", "b >= 149999000000000",
    "s >= 80003 AND s <= 80020", "s > 80004 AND s < 80010", "s = 11", "s <> 11", "f > 10", "f <= -50.5", "f = 'nan'::DOUBLE",
    "a > 5 AND a > 7 AND a < 100000 AND d < 0", "a > 5 AND a < 5",
]


class Ranges(CommandLineTest):
    def test_kept_blocks_and_rows_agree(self):
        store = self.path("r.ecq")
        self.done(ecq("query", f"COPY ({ROWS}) TO '{store}'"))
        asked = "SELECT count(*) AS n, sum(k) AS k, min(a) AS a, max(t) AS t FROM {} WHERE {};"
        found = [0, 0]
        for condition in CONDITIONS:
            with self.subTest(condition=condition):
                again = self.done(ecq("query", "--format", "csv", store, asked.format("r", condition) * 3))
                own = asked.format(f"({ROWS})", condition)
                # What is computed has no blocks.
                computed = self.done(ecq("query", "--format", "csv", own))
                self.assertEqual(again, "\n".join([computed] * 3))
                found[computed.splitlines()[1].startswith("0,")] += 1
        self.assertGreater(found[0], 20)
        self.assertGreater(found[1], 2)
