"""sessions, users, rfm, funnel, retention, segment, paths and eda as a user runs them."""

import csv
import io
import json
import unittest

from support import CommandLineTest, ecq

CLICKS = """\
event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session
2019-10-31 23:50:00 UTC,view,1,11,a.b,apple,10.00,7,s1
2019-10-31 23:59:30 UTC,cart,1,11,a.b,apple,10.00,7,s1
2019-11-01 00:10:00 UTC,purchase,1,11,a.b,apple,10.00,7,s1
2019-11-01 08:00:00 UTC,view,2,12,,,5.50,8,s2
2019-11-01 08:00:00 UTC,view,2,12,,,0.00,8,s2
2019-11-01 09:00:00 UTC,view,1,11,a.b,apple,10.00,8,
2019-11-03 10:00:00 UTC,view,3,12,a.c,nokia,7.25,7,s3
2019-11-03 10:01:00 UTC,cart,3,12,a.c,nokia,7.25,7,s3
2019-11-03 10:02:00 UTC,remove_from_cart,3,12,a.c,nokia,7.25,7,s3
"""


class Analyses(CommandLineTest):
    def setUp(self):
        super().setUp()
        # CRLF, and a last line without its end.
        self.path("clicks.csv").write_bytes(CLICKS.rstrip("\n").replace("\n", "\r\n").encode())
        self.clicks = self.path("clicks.ecq")
        self.done(ecq("ingest", self.path("clicks.csv"), "--into", self.clicks))

    def rows(self, *arguments):
        text = self.done(ecq(*arguments, "--format", "csv"))
        return list(csv.DictReader(io.StringIO(text)))

    def query(self, store, sql):
        return self.rows("query", store, sql)

    def test_sessions_become_a_store(self):
        out = self.path("sessions.ecq")
        run = ecq("sessions", self.clicks, "--into", out)
        self.done(run)
        self.assertIn("1 row without a session or user", run.stderr)
        self.assertIn("1 row without a price above 0", run.stderr)
        found = self.query(out, "SELECT * FROM sessions ORDER BY user_session")
        self.assertEqual([r["user_session"] for r in found], ["s1", "s2", "s3"])
        first = found[0]
        self.assertEqual(first["session_start"], "2019-10-31 23:50:00")
        self.assertEqual(
            [first[c] for c in ("duration_seconds", "num_events", "cart_value", "purchase_value",
                                "is_abandoned", "session_number", "seconds_since_previous")],
            ["1200", "3", "10.00", "10.00", "false", "1", ""])
        self.assertEqual(
            [found[2][c] for c in ("session_number", "is_returning_user", "is_abandoned",
                                   "num_removes", "is_weekend")],
            ["2", "true", "true", "1", "true"])
        # Another result takes its place.
        self.done(ecq("sessions", self.clicks, "--where", "user_id = 8", "--into", out))
        self.assertEqual(self.query(out, "SELECT count(*) n FROM sessions"), [{"n": "1"}])

    def test_sessions_by_inactivity(self):
        found = self.rows("sessions", self.clicks, "--gap", "30m")
        self.assertEqual(
            sorted((r["session_id"], r["num_events"]) for r in found),
            [("7-1", "3"), ("7-2", "3"), ("8-1", "1"), ("8-2", "1")])

    def test_choosing_rows(self):
        one = self.rows("sessions", self.clicks, "--where", "brand = 'nokia'")
        self.assertEqual([r["user_session"] for r in one], ["s3"])
        november = self.rows("sessions", self.clicks, "--from", "2019-11-01", "--to", "2019-11-02")
        self.assertEqual(sorted(r["user_session"] for r in november), ["s1", "s2"])
        self.assertEqual(self.rows("sessions", self.clicks, "--where", "false"), [])
        self.fails(ecq("sessions", self.clicks, "--where", "brnd = 'x'"), 1, "brnd", "brand")
        self.fails(ecq("sessions", self.clicks, "--from", "yesterday"), 1, "yesterday|time")

    def test_other_names(self):
        self.path("orders.csv").write_text(
            "customer,day,amount\n1,1997-01-01,11.77\n2,1997-01-12,12.00\n2,1997-01-12,77.00\n"
            "3,1998-05-28,0.00\n")
        store = self.path("orders.ecq")
        self.done(ecq("ingest", self.path("orders.csv"), "--into", store))
        names = ["--map", "user_id=customer", "--map", "event_time=day", "--map", "price=amount"]
        found = {r["user_id"]: r for r in self.query(
            store, "SELECT * FROM rfm((SELECT customer AS user_id, day AS event_time, "
            "amount AS price FROM orders))")}
        self.assertEqual(
            [found["2"][c] for c in ("frequency", "monetary", "recency")], ["2", "89.00", "502"])
        self.assertEqual(sum(int(r["users"]) for r in self.rows("rfm", store, *names)), 3)
        into = self.path("buyers.ecq")
        self.done(ecq("rfm", store, *names, "--into", into))
        self.assertEqual(self.query(into, "SELECT count(*) n FROM buyers"), [{"n": "3"}])
        self.fails(ecq("rfm", store), 1, "user_id")
        self.fails(ecq("rfm", store, "--map", "user_id"), 2, "user_id")

    def test_users(self):
        found = {r["user_id"]: r for r in self.rows("users", self.clicks, "--rfm")}
        self.assertEqual(
            [found["7"][c] for c in ("num_sessions", "active_days", "total_spend", "is_buyer", "r")],
            ["2", "3", "10.00", "true", "1"])
        self.assertEqual([found["8"][c] for c in ("is_buyer", "frequency", "r")], ["false", "", ""])
        labelled = self.rows(
            "users", self.clicks, "--until", "2019-11-01", "--label-window", "1d")
        self.assertEqual(
            [(r["user_id"], r["num_events"], r["will_purchase"]) for r in labelled],
            [("7", "2", "true")])

    def test_funnel(self):
        run = ecq("funnel", self.clicks, "--steps", "view,cart,purchase", "--format", "json")
        steps = json.loads(self.done(run))
        self.assertEqual([(s["name"], s["units"], s["of_previous"]) for s in steps],
                         [("view", 3, 3), ("cart", 2, 3), ("purchase", 1, 2)])
        self.assertEqual([s["median_seconds"] for s in steps], [None, 315.0, 630.0])
        self.assertIn("1 row without a session", run.stderr)
        self.assertIn("fewer than 30 units", run.stderr)
        dropped = self.rows("funnel", self.clicks, "--dropped-at", "cart")
        self.assertEqual([r["user_session"] for r in dropped], ["s3"])
        within = self.rows("funnel", self.clicks, "--window", "10m")
        self.assertEqual([r["units"] for r in within], ["3", "2", "0"])
        users = self.rows("funnel", self.clicks, "--by", "user_id", "--breakdown", "brand",
                          "--steps", "view,cart", "--exclude", "purchase")
        self.assertEqual(
            sorted((r["brand"], r["step"], r["units"]) for r in users),
            [("", "1", "1"), ("", "2", "0"), ("apple", "1", "1"), ("apple", "2", "1")])
        self.assertEqual(
            [r["units"] for r in self.rows(
                "funnel", self.clicks, "--step", "brand = 'apple' AND event_type = 'view'",
                "--step", "price > 5 AND event_type = 'cart'")], ["1", "1"])
        self.fails(ecq("funnel", self.clicks, "--dropped-at", "carts"), 1, "carts")
        self.fails(ecq("funnel", self.clicks, "--window", "long"), 1, "window")

    def test_retention(self):
        found = self.rows("retention", self.clicks, "--start", "view", "--return", "cart",
                          "--unit", "day", "--periods", "3")
        cohort = [r for r in found if r["cohort"] == "2019-10-31"]
        self.assertEqual([r["returned"] for r in cohort], ["1", "0", "0", "1"])
        self.assertEqual([r["complete"] for r in cohort], ["true"] * 4)
        late = [r for r in found if r["cohort"] == "2019-11-01"]
        self.assertEqual([(r["complete"], r["rate"]) for r in late[2:]],
                         [("true", "0.0"), ("false", "")])

    def test_segments_and_paths(self):
        found = self.rows("segment", self.clicks)
        self.assertEqual(len(found), 5)
        self.assertEqual(sum(int(r["users"]) for r in found), 2)
        top = self.rows("paths", self.clicks, "--output", "paths", "--top", "1")
        self.assertEqual(len(top), 1)
        moves = {(r["from_state"], r["to_state"]): r for r in self.rows("paths", self.clicks)}
        self.assertEqual(moves["view", "cart"]["transitions"], "2")
        self.assertEqual(moves["view", "cart"]["of_from"], "4")
        self.assertEqual(moves["view", "cart"]["median_seconds"], "315.0")

    def test_rfm_explains_its_segments(self):
        run = ecq("rfm", self.clicks, "--explain")
        self.done(run)
        self.assertIn("4   Promising, Potential Loyalists", run.stderr)

    def test_exploration(self):
        folder = self.path("eda")
        self.done(ecq("eda", self.clicks, "-o", folder))
        names = {p.stem for p in folder.iterdir()}
        self.assertEqual(
            names, {"eda_" + name for name in (
                "event_mix", "hours", "weekdays", "hours_by_weekday", "days", "categories",
                "brands", "prices", "session_events", "session_seconds", "nulls")})
        mix = list(csv.DictReader(io.StringIO((folder / "eda_event_mix.csv").read_text())))
        self.assertEqual([(r["event_type"], r["events"]) for r in mix],
                         [("view", "5"), ("cart", "2"), ("purchase", "1"), ("remove_from_cart", "1")])
        nulls = {r["column_name"]: r["nulls"] for r in self.rows("eda", self.clicks, "--table", "nulls")}
        self.assertEqual((nulls["user_session"], nulls["category_code"]), ("1", "2"))
        brands = self.rows("eda", self.clicks, "--table", "brands")
        self.assertEqual([r["brand"] for r in brands], ["apple", "", "nokia"])
        self.assertEqual(brands[-1]["cumulative_share"], "1.0")
        self.fails(ecq("eda", self.clicks, "--table", "brand"), 2, "brand", "brands")

    def test_exploration_of_other_data(self):
        self.path("orders.csv").write_text("event_time,price\n1997-01-01,11.77\n1997-01-12,12.00\n")
        self.done(ecq("ingest", self.path("orders.csv"), "--into", self.path("orders.ecq")))
        folder = self.path("eda")
        self.done(ecq("eda", self.path("orders.ecq"), "-o", folder))
        self.assertEqual({p.stem for p in folder.iterdir()}, {"eda_nulls"})
        self.fails(ecq("eda", self.path("orders.ecq"), "--table", "brands"), 2, "brand")


if __name__ == "__main__":
    unittest.main()
