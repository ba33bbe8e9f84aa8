"""Bake-off, clusters, purchases and the pipeline: what they leave, and what a kill leaves of them."""

import csv
import json
import os
import random
import signal
import subprocess
import time

from support import ECQ, CommandLineTest, ecq

LEADERBOARD = ["model_name", "weighted_avg_f1", "abandoned_recall", "abandoned_precision",
               "auc_roc", "train_time_sec"]


def shop(path, users=700, seed=3):
    """A small clickstream: two months, prices of 0, empty brands, carts that are abandoned."""
    generator = random.Random(seed)
    rows = []
    for user in range(1, users + 1):
        for visit in range(generator.randrange(1, 4)):
            session = f"{user:08x}-{visit:04x}-4000-8000-000000000000"
            day, second = generator.randrange(61), generator.randrange(80_000)
            for step in range(generator.randrange(1, 9)):
                product = generator.randrange(30)
                kinds = ["view"]
                if generator.random() < 0.2:
                    kinds.append("cart")
                    if generator.random() < 0.5:
                        kinds.append("purchase")
                for kind in kinds:
                    second += generator.randrange(1, 200)
                    rows.append((day, second, kind, product, user, session,
                                 0 if generator.random() < 0.02 else 10 + 7 * product))
    rows.sort()
    with open(path, "w", newline="") as file:
        file.write("event_time,event_type,product_id,category_id,category_code,brand,price,"
                   "user_id,user_session\r\n")
        for day, second, kind, product, user, session, price in rows:
            month, date = (10, day + 1) if day < 31 else (11, day - 30)
            hour, minute = second // 3600 % 24, second // 60 % 60
            file.write(
                f"2019-{month}-{date:02d} {hour:02d}:{minute:02d}:{second % 60:02d} UTC,{kind},"
                f"{product},{product % 5},{'' if product % 5 == 4 else f'a.b{product % 5}'},"
                f"{['x', 'y', ''][product % 3]},{price}.50,{user},{session}\r\n".replace(
                    "0.50,", "0.00," if price == 0 else "0.50,"))


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


class BakeOff(CommandLineTest):
    def setUp(self):
        super().setUp()
        shop(self.path("shop.csv"))
        self.events = self.path("events.ecq")
        self.sessions = self.path("sessions.ecq")
        self.done(ecq("ingest", self.path("shop.csv"), "--into", self.events))
        self.done(ecq("sessions", self.events, "--into", self.sessions))
        self.path("grid.json").write_text(json.dumps({
            "xgboost": {"n_estimators": [5, 10, 20], "learning_rate": [0.1, 0.3],
                        "max_depth": [2, 4]},
            "lightgbm": {"n_estimators": [5, 20], "num_leaves": [4, 15],
                         "is_unbalance": [False, True]}}))

    def bakeoff(self, folder, *options):
        return ["bakeoff", self.sessions, "--label", "is_abandoned", "--grid",
                self.path("grid.json"), "-o", self.path(folder), *options]

    def test_artifacts(self):
        printed = self.done(ecq(*self.bakeoff("r")))
        folder = self.path("r")
        board = table(folder / "all_model_results.csv")
        self.assertEqual(list(board[0]), LEADERBOARD)
        self.assertEqual(printed.splitlines()[0], ",".join(LEADERBOARD))
        self.assertEqual({row["model_name"] for row in board},
                         {"XGBoost", "XGBoost_Tuned", "LightGBM", "LightGBM_Tuned",
                          "RandomForest", "LogisticRegression"})
        scores = [float(row["weighted_avg_f1"]) for row in board]
        self.assertEqual(scores, sorted(scores, reverse=True))
        runs = table(folder / "running_results.csv")
        searched = [run for run in runs if run["stage"] == "search"]
        self.assertEqual(len(searched), 3 * (12 + 8))
        champion = json.loads((folder / "champion.json").read_text())
        self.assertEqual(champion["model_name"], board[0]["model_name"])
        self.assertTrue((folder / champion["model_file"]).exists())
        names = ["champion_xgb_model.json", "champion_feature_importance.png",
                 "roc_pr_curves.png", "calibration.png", "champion_feature_importance.csv"]
        names += [f"{row['model_name']}_confusion_matrix.png" for row in board]
        for name in names:
            data = (folder / name).read_bytes()
            self.assertGreater(len(data), 100, name)
            if name.endswith(".png"):
                self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n", name)

        # The tuned model is the grid's point of the best mean over the folds, on all rows.
        best = {}
        for run in searched:
            if run["model_name"] == "XGBoost":
                best.setdefault(run["parameters"], []).append(float(run["weighted_avg_f1"]))
        best = max(best, key=lambda point: (sum(best[point]), ))
        tuned = [run for run in runs
                 if run["stage"] == "tuned" and run["model_name"] == "XGBoost_Tuned"]
        self.assertEqual(tuned[0]["parameters"], best)

        # The champion can be trained again, and is the same.
        self.done(ecq("train", self.sessions, "--from", folder / "champion.json", "-o",
                      self.path("again")))
        model = folder / champion["model_file"]
        predict = ["predict", self.sessions, "--model"]
        self.assertEqual(self.done(ecq(*predict, self.path("again"))),
                         self.done(ecq(*predict, model)))

        # Nothing is left to do.
        stamp = (folder / "running_results.csv").read_bytes()
        self.assertEqual(self.done(ecq(*self.bakeoff("r"))), printed)
        self.assertEqual((folder / "running_results.csv").read_bytes(), stamp)

        # A feature more.
        paired = self.done(ecq(*self.bakeoff("r", "--with", "max_price")))
        rows = table(folder / "with_max_price.csv")
        self.assertEqual(paired.replace("\n", "\r\n").splitlines(),
                         (folder / "with_max_price.csv").read_text().splitlines())
        for row in rows:
            low, difference, high = (float(row[k]) for k in ("low", "difference", "high"))
            self.assertTrue(low <= difference <= high, row)
            self.assertAlmostEqual(float(row["with_feature"]) - float(row["champion"]), difference)
        self.assertTrue((folder / "with_max_price.png").exists())

    def test_a_kill_costs_no_finished_run(self):
        def results(folder):
            return [{k: v for k, v in row.items() if k != "train_time_sec"}
                    for row in table(self.path(folder) / "all_model_results.csv")]

        self.done(ecq(*self.bakeoff("whole")))
        log = self.path("killed") / "running_results.csv"
        finished = 0
        for kill in range(4):
            process = subprocess.Popen([ECQ, *map(str, self.bakeoff("killed"))],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            deadline = time.monotonic() + 60
            while process.poll() is None and time.monotonic() < deadline:
                lines = log.read_text().count("\n") if log.exists() else 0
                if lines > finished + 3:
                    break
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
            process.wait()
            now = log.read_text().count("\n")
            self.assertGreaterEqual(now, finished)
            finished = now
            with open(log, "a") as file:
                file.write("search,XGBoost,cut sho")  # a line that a kill has cut short
        self.done(ecq(*self.bakeoff("killed")))
        self.assertEqual(results("killed"), results("whole"))

    def test_other_data_is_another_bake_off(self):
        self.done(ecq(*self.bakeoff("r")))
        first = len(table(self.path("r") / "running_results.csv"))
        self.done(ecq(*self.bakeoff("r", "--seed", "7")))
        self.assertEqual(len(table(self.path("r") / "running_results.csv")), 2 * first)

    def test_what_cannot_be(self):
        self.fails(ecq(*self.bakeoff("r", "--split", "none")), 2, "needs rows to judge by")
        self.path("grid.json").write_text('{"xgbost": {"max_depth": [1]}}')
        self.fails(ecq(*self.bakeoff("r")), 1, 'no model "xgbost"', 'did you mean "xgboost"')
        self.path("grid.json").write_text('{"xgboost": {"max_dept": [1]}}')
        self.fails(ecq(*self.bakeoff("r")), 1, "max_dept", 'did you mean "max_depth"')
        self.path("r").mkdir(exist_ok=True)
        (self.path("r") / "running_results.csv").write_text("something,else\n")
        self.path("grid.json").write_text("{}")
        self.fails(ecq(*self.bakeoff("r")), 1, "running_results.csv:1")

    def test_clusters(self):
        printed = self.done(ecq("cluster", self.sessions, "--k", "4", "-o", self.path("c")))
        mapping = table(self.path("c") / "cluster_names_mapping.csv")
        self.assertEqual(len({row["name"] for row in mapping}), 4)
        detailed = table(self.path("c") / "cluster_analysis_detailed.csv")
        self.assertEqual([row["name"] for row in detailed], [row["name"] for row in mapping])
        self.assertAlmostEqual(sum(float(row["share"]) for row in detailed), 1)
        self.assertIn(mapping[0]["name"], printed)
        # Rates and means are those of the rows that the model puts into the cluster.
        found = self.done(ecq(
            "query", self.sessions, f"""SELECT predict('{self.path("c")}/kmeans_model.json') AS c,
            count(*) AS n, avg(CASE WHEN is_abandoned THEN 1 ELSE 0 END) AS rate,
            median(avg_price) AS price FROM sessions GROUP BY 1 ORDER BY 1"""))
        for expected, row in zip(csv.DictReader(found.splitlines()), detailed):
            self.assertEqual(expected["n"], row["rows"])
            self.assertAlmostEqual(float(expected["rate"]), float(row["abandonment_rate"]))
            self.assertAlmostEqual(float(expected["price"]), float(row["median_price"]))
        self.assertTrue((self.path("c") / "clustering_results_detailed.png").exists())

    def test_purchases(self):
        self.done(ecq("purchase", self.events, "--until", "2019-11-01", "-o", self.path("p")))
        rows = table(self.path("p") / "purchase_prediction.csv")
        self.assertEqual([row["prediction"] for row in rows], ["same_period", "honest"])
        self.assertGreater(float(rows[0]["auc_roc"]), float(rows[1]["auc_roc"]))
        for name in ("same_period", "honest"):
            coefficients = table(self.path("p") / f"purchase_coefficients_{name}.csv")
            self.assertEqual(coefficients[0]["feature"], "intercept")
        honest = self.done(ecq("query", self.path("p") / "users_honest.ecq",
                               "SELECT max(last_seen) AS t FROM users_honest"))
        self.assertLess(honest.splitlines()[1], "2019-11-01")

    def test_pipeline(self):
        out = self.path("out")
        command = ["pipeline", self.path("shop.csv"), "--grid", self.path("grid.json"), "--k", "3",
                   "-o", out]
        summary = self.done(ecq(*command))
        page = (out / "report.html").read_text()
        for text in ("The leaderboard", "data:image/", "Kinds of sessions", "Who will buy"):
            self.assertIn(text, page)
        self.assertNotIn("src=\"http", page)
        steps = list(csv.DictReader(summary.splitlines()))
        self.assertTrue(all(row["skipped"] == "false" for row in steps))
        again = list(csv.DictReader(self.done(ecq(*command)).splitlines()))
        self.assertTrue(all(row["skipped"] == "true" for row in again))
        # A step whose result is gone is done again, and what depends on what changed.
        os.remove(out / "rfm" / "rfm_segments.csv")
        again = list(csv.DictReader(self.done(ecq(*command)).splitlines()))
        self.assertEqual([row["step"] for row in again if row["skipped"] == "false"], ["rfm"])
        shop(self.path("shop.csv"), users=600, seed=4)
        again = list(csv.DictReader(self.done(ecq(*command)).splitlines()))
        self.assertTrue(all(row["skipped"] == "false" for row in again))
        # A malformed file leaves the results as they were.
        rows = self.done(ecq("query", out / "events.ecq", "SELECT count(*) FROM events"))
        with open(self.path("shop.csv"), "a") as file:
            file.write("not,a,row\n")
        run = ecq(*command)
        self.assertEqual(run.returncode, 1)
        self.assertIn("shop.csv:", run.stderr)
        self.assertEqual(self.done(ecq("query", out / "events.ecq", "SELECT count(*) FROM events")),
                         rows)
