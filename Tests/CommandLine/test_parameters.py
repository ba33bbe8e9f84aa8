"""`--param name=value`: values beside the SQL, never part of its text."""

import json

from support import CommandLineTest, ecq


class Parameters(CommandLineTest):
    def answer(self, sql, *parameters):
        given = [word for parameter in parameters for word in ("--param", parameter)]
        rows = json.loads(self.done(ecq("query", self.events, sql, *given, "--format", "json")))
        return list(rows[0].values())[0]

    def setUp(self):
        super().setUp()
        self.events = self.store("events")

    def test_they_take_the_type_of_what_they_meet(self):
        for sql, parameter, same in (
            ("brand = $x", "x=apple", "brand = 'apple'"),
            ("price > $x", "x=99.99", "price > 99.99"),
            ("price BETWEEN $x AND 500", "x=99.99", "price BETWEEN 99.99 AND 500"),
            ("event_time >= $x", "x=2019-10-30", "event_time >= TIMESTAMP '2019-10-30'"),
            ("user_session <> $x", "x=00000000-0000-0000-0000-000000000000", "user_session IS NOT NULL"),
            ("product_id IN ($x, 1004)", "x=1003", "product_id IN (1003, 1004)"),
            ("event_type LIKE $x", "x=p%", "event_type LIKE 'p%'"),
        ):
            count = "SELECT count(*) FROM events WHERE "
            self.assertEqual(self.answer(count + sql, parameter), self.answer(count + same), sql)

    def test_numbers_keep_their_digits(self):
        self.assertEqual(self.answer("SELECT $x * 2", "x=1.5"), 3.0)
        self.assertEqual(self.answer("SELECT 3 > $x", "x=2.9"), True)
        self.assertEqual(self.answer("SELECT $x + $y", "x=1", "y=2.5"), 3.5)
        self.assertEqual(self.answer("SELECT -$x + 1", "x=1"), 0)
        self.assertEqual(self.answer("SELECT $x - 1", "x=-1e2"), -101.0)
        self.assertEqual(self.answer("SELECT 1 AS a LIMIT $x", "x=1"), 1)

    def test_texts_that_look_like_numbers_stay_texts(self):
        self.assertEqual(self.answer("SELECT $x", "x=007"), "007")
        self.assertEqual(self.answer("SELECT 'a' || $x", "x=1.50"), "a1.50")
        self.assertEqual(self.answer("SELECT $x = '1.0'", "x=1.0"), True)
        self.assertEqual(self.answer("SELECT count(*) FROM events WHERE brand = $x", "x=5"), 0)

    def test_they_are_never_pasted(self):
        self.assertEqual(self.answer("SELECT $x", "x='; SELECT 1 --"), "'; SELECT 1 --")
        self.assertEqual(self.answer("SELECT count(*) FROM events WHERE brand = $x", "x=' OR true --"), 0)
        self.fails(ecq("query", self.events, "FROM $x", "--param", "x=events"), 1, "expected a table")

    def test_unknown_names(self):
        self.fails(ecq("query", "SELECT $brnd", "--param", "brand=x"), 1, r"\$brnd", r"did you mean \$brand\?")
        self.fails(ecq("query", "SELECT $brand"), 1, r"\$brand", "--param brand=VALUE")
        self.fails(ecq("query", "SELECT 1", "--param", "brand"), 2, "param")
