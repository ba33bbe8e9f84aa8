"""train, predict and evaluate as a user runs them: results, errors and exit codes."""

import csv
import io
import random

from support import CommandLineTest, ecq


class Models(CommandLineTest):
    def setUp(self):
        super().setUp()
        generator = random.Random(5)
        lines = ["user_session,user_id,num_views,num_carts,num_purchases,brand,session_start,"
                 "is_abandoned"]
        for row in range(600):
            carts = generator.randrange(3)
            bought = carts > 0 and generator.random() < 0.4
            lines.append(
                f"{row:08x}-0000-4000-8000-000000000000,{row % 50},{generator.randrange(9)},"
                f"{carts},{int(bought)},{'abc'[row % 3]},2019-10-{1 + row // 25:02d} 10:00:00,"
                f"{'true' if carts and not bought else 'false'}")
        with open(self.path("sessions.csv"), "w") as file:
            file.write("\n".join(lines) + "\n")
        self.store = self.path("sessions.ecq")
        self.done(ecq("ingest", self.path("sessions.csv"), "--into", self.store))

    def train(self, *options, model="xgboost", label="is_abandoned"):
        return ecq("train", self.store, "--label", label, "--model", model, "-o",
                   self.path("model"), *options)

    def rows(self, run):
        self.assertEqual(run.returncode, 0, run.stderr)
        return list(csv.DictReader(io.StringIO(run.stdout)))

    def test_every_kind_trains_predicts_and_evaluates(self):
        for model in ("logistic", "random_forest", "xgboost", "lightgbm"):
            metrics = {r["metric"]: float(r["value"]) for r in self.rows(self.train(model=model))}
            self.assertEqual(metrics["rows"], 180)
            self.assertGreater(metrics["auc_roc"], 0.7)
            predicted = self.rows(ecq("predict", self.store, "--model", self.path("model")))
            self.assertEqual(len(predicted), 600)
            self.assertEqual(list(predicted[0]),
                             ["user_session", "user_id", "probability", "prediction"])
            self.assertTrue(all((float(r["probability"]) > 0.5) == (r["prediction"] == "1")
                                for r in predicted))
            # The test part of the same split has the same metrics.
            judged = self.rows(ecq("evaluate", self.store, "--model", self.path("model"),
                                   "--split", "stratified"))
            self.assertEqual({r["metric"]: float(r["value"]) for r in judged}, metrics)
            for report in ("lift", "calibration", "roc", "pr", "importance"):
                self.assertTrue(self.rows(ecq("evaluate", self.store, "--model",
                                              self.path("model"), "--report", report)))

    def test_leaking_features_are_refused(self):
        run = self.train("--features", "num_views,num_purchases")
        self.assertEqual(run.returncode, 1)
        self.assertIn("the feature \"num_purchases\" is refused: it is derived from the session's "
                      "purchases", run.stderr)
        self.assertEqual(
            self.train("--features", "num_views,num_purchases", "--allow-leakage").returncode, 0)
        self.assertIn("num_purchases is left out", self.train().stderr)

    def test_wrong_usage_is_2_and_bad_data_1(self):
        for options, code, text in [
            (["--param", "max_dept=3"], 2, "did you mean \"max_depth\"?"),
            (["--param", "max_depth"], 2, "has no ="),
            (["--optimize", "best"], 2, "--optimize best"),
            (["--features", "num_view"], 1, "did you mean \"num_views\"?"),
            (["--where", "num_views >"], 1, "num_views >"),
            (["--where", "num_carts = 0"], 1, "negative"),
            (["--split", "group=nobody"], 1, "no column \"nobody\""),
        ]:
            run = self.train(*options)
            self.assertEqual(run.returncode, code, (options, run.stderr))
            self.assertIn(text, run.stderr)
            self.assertLessEqual(run.stderr.count("\n"), 4)
        self.assertEqual(self.train(label="num_views").returncode, 1)
        self.assertEqual(ecq("predict", self.store, "--model", self.store).returncode, 1)
        self.assertEqual(ecq("predict", self.store, "--model", "/nowhere").returncode, 1)

    def test_conditions_splits_texts_and_thresholds(self):
        self.assertEqual(
            self.rows(self.train("--where", "num_views < 5", "--split", "none"))[0]["metric"],
            "rows")
        few = self.rows(ecq("predict", self.store, "--model", self.path("model"), "--where",
                            "num_views < 2"))
        self.assertTrue(0 < len(few) < 600)
        for split in ("time", "group=user_id"):
            self.rows(self.train("--split", split))
        for model in ("xgboost", "lightgbm"):
            self.rows(self.train("--features", "num_views,num_carts,brand", model=model))
            self.rows(ecq("predict", self.store, "--model", self.path("model"),
                          "--contributions"))
        metrics = self.rows(self.train("--optimize", "precision@recall=0.9", "--calibrate",
                                       "isotonic"))
        self.assertIn("recall_at_threshold", [r["metric"] for r in metrics])

    def test_hostile_tables(self):
        """Constants, missing values, numbers at the ends, odd names: a model or a clear error."""
        generator = random.Random(9)
        labels = [generator.randrange(2) for _ in range(300)]
        noise = [label + generator.gauss(0, 1) for label in labels]
        everything = ("logistic", "random_forest", "xgboost", "lightgbm")
        trees = everything[1:]
        for name, columns, fit in [
            ("constant", {"a": [7] * 300, "b": [0.5] * 300}, everything),
            ("missing", {"a": [x if x > 0 else "" for x in noise],
                         "b": [""] * 299 + [1.5]}, everything),
            ("huge", {"a": [x * 1e300 for x in noise], "b": [x * 1e-300 for x in noise]}, trees),
            ("ends", {"a": [(-2) ** 63 if x < 0 else 2 ** 63 - 1 for x in noise]}, everything),
            ("names", {"a b": noise, 'q"[x]': noise[::-1], "p<1,{z}:": labels}, everything),
        ]:
            store = self.path(f"{name}.ecq")
            with open(self.path("hostile.csv"), "w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow([*columns, "y"])
                writer.writerows(zip(*columns.values(), labels))
            self.done(ecq("ingest", self.path("hostile.csv"), "--into", store))
            for model in everything:
                run = ecq("train", store, "--label", "y", "--model", model, "-o",
                          self.path("model"))
                if model not in fit:
                    self.assertEqual(run.returncode, 1, (name, model))
                    self.assertIn("too large", run.stderr)
                    continue
                self.rows(run)
                rows = self.rows(ecq("predict", store, "--model", self.path("model"),
                                     "--contributions"))
                self.assertTrue(all(0 <= float(r["probability"]) <= 1 for r in rows))
                self.assertEqual(list(rows[0])[2:-1], list(columns))

    def test_predict_in_sql_is_predict(self):
        self.rows(self.train())
        expected = [r["probability"] for r in self.rows(
            ecq("predict", self.store, "--model", self.path("model")))]
        model = self.path("model")
        for call in (f"predict('{model}')", f"predict('{model}', num_views, num_carts)",
                     f"predict('{model}', num_carts := num_carts)"):
            got = self.rows(ecq("query", self.store, f"SELECT {call} AS p FROM sessions"))
            self.assertEqual([r["p"] for r in got], expected)
        run = ecq("query", self.store, f"SELECT predict('{model}', 1, 2, 3)")
        self.assertEqual(run.returncode, 1)
        self.assertIn("takes 2 values (num_views, num_carts), but 3 are given", run.stderr)
        few = self.rows(ecq("predict", self.store, "--model", model, "--where",
                            f"predict('{model}') > 0.5"))
        self.assertEqual(len(few), sum(float(p) > 0.5 for p in expected))

    def test_clusters(self):
        run = ecq("cluster", self.store, "--k", "3", "--features", "num_views,num_carts", "-o",
                  self.path("results"))
        table = self.rows(run)
        self.assertIn("3 clusters of 2 features from 600 rows", run.stderr)
        self.assertEqual(sum(int(r["rows"]) for r in table), 600)
        model = self.path("results/kmeans_model.json")
        rows = self.rows(ecq("predict", self.store, "--model", model))
        self.assertEqual(list(rows[0]), ["user_session", "user_id", "cluster", "distance"])
        self.assertEqual([sum(r["cluster"] == t["cluster"] for r in rows) for t in table],
                         [int(t["rows"]) for t in table])
        got = self.rows(ecq("query", self.store, f"SELECT predict('{model}') AS c FROM sessions"))
        self.assertEqual([r["c"] for r in got], [r["cluster"] for r in rows])
        self.assertGreater(len(self.rows(ecq(
            "cluster", self.store, "--k", "auto", "--features", "num_views,num_carts", "--log",
            "num_views", "-o", self.path("results")))), 1)
        for options, code, text in [
            (["--k", "many"], 2, "--k many"), (["--k", "0"], 2, "--k 0"),
            (["--log", "brand"], 2, "no feature"), (["--features", "num_view"], 1, "num_views"),
            (["--k", "500", "--features", "num_carts"], 1, "3 points for 500 clusters"),
        ]:
            run = ecq("cluster", self.store, "-o", self.path("other"), *options)
            self.assertEqual(run.returncode, code, run.stderr)
            self.assertIn(text, run.stderr)
        run = ecq("evaluate", self.store, "--model", model, "--label", "is_abandoned")
        self.assertEqual(run.returncode, 1)
        self.assertIn("clusters, not probabilities", run.stderr)
