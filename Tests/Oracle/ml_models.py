"""Models of ecq against xgboost, lightgbm and scikit-learn: files in both directions, predictions,
training with equal parameters, contributions, metrics.

usage: ml_models.py ECQ"""

import csv
import io
import json
import pathlib
import subprocess
import sys
import tempfile

import lightgbm
import numpy as np
import pandas
import xgboost
from sklearn import metrics
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import RobustScaler, StandardScaler

ECQ = sys.argv[1]
FEATURES = ["views", "carts", "price", "returning", "gap"]
checks = 0


def check(name, holds, detail=""):
    global checks
    checks += 1
    if not holds:
        sys.exit(f"ml oracle: FAILED {name}: {detail}")


def near(name, value, expected, tolerance):
    distance = float(np.max(np.abs(np.asarray(value) - np.asarray(expected))))
    check(name, distance <= tolerance, f"{distance} > {tolerance}")


def ecq(*arguments):
    run = subprocess.run([ECQ, *map(str, arguments)], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"ml oracle: ecq {arguments[0]} failed: {run.stderr}")
    return run.stdout


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def metric_table(text):
    return {row["metric"]: float(row["value"]) for row in rows(text)}


def sessions(count, seed):
    """Session-like rows: counts, a price, a category, gaps that are missing for newcomers.

    No column has more values than a feature has bins, so that all cut at the same places."""
    random = np.random.default_rng(seed)
    views = random.geometric(0.3, count)
    carts = random.binomial(np.minimum(views, 6), 0.15)
    price = np.round(np.exp(random.normal(5, 1.2, count)).clip(0, 2000) / 10)
    returning = random.random(count) < 0.4
    gap = np.where(returning, np.round(random.exponential(40, count).clip(0, 190)) * 1000, np.nan)
    brand = random.choice(list("abcdefghijklmno"), count)
    effect = dict(zip("abcdefghijklmno", random.normal(0, 1, 15)))
    odds = (
        1.2 * carts - 0.05 * views + 0.3 * np.log1p(price) - 0.4 * returning - 3
        + np.where(np.isnan(gap), 0.5, 0.00001 * np.nan_to_num(gap))
        + np.array([effect[b] for b in brand]) + np.sin(views) * 0.7
    )
    label = random.random(count) < 1 / (1 + np.exp(-odds))
    return pandas.DataFrame(
        dict(row_id=np.arange(count), views=views, carts=carts, price=price, returning=returning,
             gap=pandas.array(gap, dtype="Int64"), brand=brand, label=label))


def matrix(frame):
    return frame[FEATURES].astype(float).to_numpy(np.float64)


class Data:
    def __init__(self, folder):
        self.folder = folder
        self.train = sessions(20000, 1)
        self.test = sessions(8000, 2)
        for name in ("train", "test"):
            frame = getattr(self, name)
            path = folder / f"{name}.csv"
            text = frame.copy()
            for column in ("returning", "label"):
                text[column] = text[column].map({True: "true", False: "false"})
            text.to_csv(path, index=False)
            ecq("ingest", path, "--into", folder / f"{name}.ecq")

    def fit(self, model, *options, features=FEATURES, name="model"):
        path = self.folder / name
        ecq("train", self.folder / "train.ecq", "--label", "label", "--features",
            ",".join(features), "--model", model, "--split", "none", "-o", path, *options)
        return path

    def predict(self, path, *options, store="test"):
        table = rows(ecq("predict", self.folder / f"{store}.ecq", "--model", path, "--format",
                         "csv", *options))
        return np.array([float(row["probability"]) for row in table]), table


def compare(name, y, ours, theirs):
    """As good as the other; a tie broken otherwise makes other trees, and 8,000 rows are few."""
    near(f"{name}: AUC", metrics.roc_auc_score(y, ours), metrics.roc_auc_score(y, theirs), 8e-3)
    loss, expected = metrics.log_loss(y, ours), metrics.log_loss(y, theirs)
    check(f"{name}: log loss", loss <= expected * 1.01, f"{loss} against {expected}")


def test_xgboost(data):
    x, y = matrix(data.train), data.train.label.to_numpy()
    tx, ty = matrix(data.test), data.test.label.to_numpy()
    for options, arguments in [
        ({}, []),
        (dict(max_depth=3, learning_rate=0.1, n_estimators=40), []),
        (dict(reg_lambda=3, reg_alpha=1, gamma=2, min_child_weight=20), []),
        (dict(max_depth=9, max_bin=32, scale_pos_weight=2.5, n_estimators=20), []),
        (dict(monotone_constraints="(1,1,0,0,-1)"), []),
        (dict(subsample=0.7, colsample_bytree=0.8), []),
    ]:
        parameters = [p for k, v in options.items() for p in ("--param", f"{k}={v}")]
        path = data.fit("xgboost", *parameters, name="x.json")
        ours, _ = data.predict(path)
        booster = xgboost.Booster()
        booster.load_model(path)
        loaded = booster.predict(xgboost.DMatrix(tx, feature_names=FEATURES))
        near(f"xgboost loads {options}", ours, loaded, 1e-6)
        fitted = xgboost.XGBClassifier(tree_method="hist", n_jobs=2, **options).fit(x, y)
        theirs = fitted.predict_proba(tx)[:, 1]
        if {"subsample", "max_bin"} & set(options):
            compare(f"xgboost {options}", ty, ours, theirs)
        else:
            near(f"xgboost {options}", ours, theirs, 1e-5)
        fitted.save_model(data.folder / "lib.json")
        booster = fitted.get_booster()
        booster.feature_names = FEATURES
        booster.save_model(data.folder / "lib.json")
        read, _ = data.predict(data.folder / "lib.json")
        near(f"ecq loads xgboost {options}", read, theirs, 1e-6)


def test_contributions(data):
    tx = matrix(data.test)
    for name, options in [("c.json", []), ("d.json", ["--param", "max_depth=10"])]:
        path = data.fit("xgboost", *options, name=name)
        _, table = data.predict(path, "--contributions")
        ours = np.array([[float(row[f]) for f in FEATURES + ["bias"]] for row in table])
        booster = xgboost.Booster()
        booster.load_model(path)
        theirs = booster.predict(xgboost.DMatrix(tx, feature_names=FEATURES), pred_contribs=True)
        near("xgboost contributions", ours, theirs, 1e-4)
    path = data.fit("lightgbm", name="c.txt")
    _, table = data.predict(path, "--contributions")
    ours = np.array([[float(row[f]) for f in FEATURES + ["bias"]] for row in table])
    theirs = lightgbm.Booster(model_file=path).predict(tx, pred_contrib=True)
    near("lightgbm contributions", ours, theirs, 1e-4)


def test_importance(data):
    path = data.fit("xgboost", name="i.json")
    table = rows(ecq("evaluate", data.folder / "test.ecq", "--model", path, "--report",
                     "importance", "--format", "csv"))
    booster = xgboost.Booster()
    booster.load_model(path)
    for kind in ("weight", "gain", "total_gain", "cover"):
        scores = booster.get_score(importance_type=kind)
        for row in table:
            expected = scores.get(row["feature"], 0)
            near(f"importance {kind}", float(row[kind]), expected, 1e-4 * max(1, expected))


def test_lightgbm(data):
    x, y = matrix(data.train), data.train.label.to_numpy()
    tx, ty = matrix(data.test), data.test.label.to_numpy()
    for options in [
        {},
        dict(num_leaves=70, n_estimators=60),
        dict(is_unbalance="true"),
        dict(reg_lambda=5, reg_alpha=1, min_child_samples=100, max_depth=4),
        dict(max_bin=31, learning_rate=0.3, n_estimators=30),
        dict(monotone_constraints="1,1,0,0,-1"),
    ]:
        parameters = [p for k, v in options.items() for p in ("--param", f"{k}={v}")]
        path = data.fit("lightgbm", *parameters, name="l.txt")
        ours, _ = data.predict(path)
        loaded = lightgbm.Booster(model_file=path).predict(tx)
        near(f"lightgbm loads {options}", ours, loaded, 1e-6)
        given = dict(options)
        if "monotone_constraints" in given:
            given["monotone_constraints"] = [1, 1, 0, 0, -1]
        fitted = lightgbm.LGBMClassifier(n_jobs=2, verbose=-1, **given).fit(
            pandas.DataFrame(x, columns=FEATURES), y)
        theirs = fitted.predict_proba(pandas.DataFrame(tx, columns=FEATURES))[:, 1]
        compare(f"lightgbm {options}", ty, ours, theirs)
        fitted.booster_.save_model(data.folder / "lib.txt")
        read, _ = data.predict(data.folder / "lib.txt")
        near(f"ecq loads lightgbm {options}", read, theirs, 1e-6)


def test_categories(data):
    features = FEATURES + ["brand"]
    frames = [f[features].copy() for f in (data.train, data.test)]
    kinds = sorted(set(data.train.brand))
    for frame in frames:
        for column in FEATURES:
            frame[column] = frame[column].astype(float)
        frame["brand"] = pandas.Categorical(frame["brand"], categories=kinds)
    path = data.fit("lightgbm", features=features, name="n.txt")
    ours, _ = data.predict(path)
    near("lightgbm loads categories", ours,
         lightgbm.Booster(model_file=path).predict(frames[1]), 1e-6)
    fitted = lightgbm.LGBMClassifier(n_jobs=2, verbose=-1).fit(frames[0], data.train.label)
    theirs = fitted.predict_proba(frames[1])[:, 1]
    compare("lightgbm categories", data.test.label, ours, theirs)
    fitted.booster_.save_model(data.folder / "libn.txt")
    read, _ = data.predict(data.folder / "libn.txt")
    near("ecq loads lightgbm categories", read, theirs, 1e-6)
    one_hot = data.fit("xgboost", features=features, name="o.json")
    ours, _ = data.predict(one_hot)
    x = [np.column_stack([matrix(f)] + [(f.brand == k).to_numpy(float) for k in kinds])
         for f in (data.train, data.test)]
    fitted = xgboost.XGBClassifier(n_jobs=2).fit(x[0], data.train.label)
    compare("xgboost one-hot", data.test.label, ours, fitted.predict_proba(x[1])[:, 1])


def test_sql(data):
    """predict() in SQL is ecq predict, to the last digit."""
    for model, features in (("xgboost", FEATURES), ("lightgbm", FEATURES + ["brand"]),
                            ("random_forest", FEATURES), ("logistic", FEATURES + ["brand"])):
        path = data.fit(model, features=features, name="q")
        _, table = data.predict(path)
        for arguments in ("", "".join(f', "{name}"' for name in features), ", gap := gap"):
            text = ecq("query", data.folder / "test.ecq", "--format", "csv",
                       f"SELECT predict('{path}'{arguments}) AS p FROM test")
            check(f"predict in SQL: {model}",
                  [row["p"] for row in rows(text)] == [row["probability"] for row in table])


def test_clusters(data):
    """As good as scikit-learn's best of five, at the same scaling."""
    features = ["views", "carts", "price", "returning"]
    for k in (3, 8):
        ecq("cluster", data.folder / "train.ecq", "--k", k, "--features", ",".join(features),
            "--log", "views,price", "-o", data.folder / "clusters")
        path = data.folder / "clusters" / "kmeans_model.json"
        x = data.train[features].astype(float).to_numpy()
        x[:, [0, 2]] = np.log1p(x[:, [0, 2]])
        z = RobustScaler().fit_transform(x)
        model = json.loads(path.read_text())
        near("medians", [f["median"] for f in model["features"]], np.median(x, axis=0), 1e-12)
        theirs = KMeans(k, n_init=5, random_state=0).fit(z)
        check(f"k-means k={k}", model["inertia"] <= theirs.inertia_ * 1.005,
              f"{model['inertia']} against {theirs.inertia_}")
        table = rows(ecq("predict", data.folder / "train.ecq", "--model", path, "--format", "csv"))
        centers = np.array([c["center"] for c in model["clusters"]])
        distances = np.sqrt(((z[:, None, :] - centers) ** 2).sum(axis=2))
        check("clusters", [int(r["cluster"]) for r in table] == list(distances.argmin(axis=1)))
        near("distances", [float(r["distance"]) for r in table], distances.min(axis=1), 1e-9)
        near("inertia", model["inertia"], (distances.min(axis=1) ** 2).sum(), 1e-6)


def test_xgboost_categories(data):
    """Categorical splits and texts of categories, from both of XGBoost's formats."""
    features = FEATURES + ["brand"]
    frames = [f[features].copy() for f in (data.train, data.test)]
    for frame in frames:
        for column in FEATURES:
            frame[column] = frame[column].astype(float)
        frame["brand"] = pandas.Categorical(frame["brand"], categories=sorted("abcdefghijklmno"))
    for arguments in (dict(max_cat_to_onehot=1), dict(max_cat_to_onehot=100), dict()):
        fitted = xgboost.XGBClassifier(n_estimators=30, enable_categorical=True, **arguments)
        fitted.fit(frames[0], data.train.label)
        theirs = fitted.predict_proba(frames[1])[:, 1]
        shap = fitted.get_booster().predict(
            xgboost.DMatrix(frames[1], enable_categorical=True), pred_contribs=True)
        for name in ("cat.json", "cat.ubj"):
            fitted.save_model(data.folder / name)
            read, table = data.predict(data.folder / name, "--contributions")
            near(f"ecq loads {name} {arguments}", read, theirs, 1e-6)
            ours = np.array([[float(row[f]) for f in features + ["bias"]] for row in table])
            near(f"contributions {name} {arguments}", ours, shap, 1e-4)


def test_forest(data):
    x, y = matrix(data.train), data.train.label.to_numpy()
    tx, ty = matrix(data.test), data.test.label.to_numpy()
    path = data.fit("random_forest", "--param", "max_depth=12", name="f.json")
    ours, _ = data.predict(path)
    booster = xgboost.Booster()
    booster.load_model(path)
    near("xgboost loads forest", ours,
         booster.predict(xgboost.DMatrix(tx, feature_names=FEATURES)), 1e-6)
    fitted = RandomForestClassifier(100, max_depth=12, n_jobs=2, random_state=1).fit(x, y)
    theirs = fitted.predict_proba(tx)[:, 1]
    near("forest AUC", metrics.roc_auc_score(ty, ours), metrics.roc_auc_score(ty, theirs), 5e-3)
    near("forest log loss", metrics.log_loss(ty, ours), metrics.log_loss(ty, theirs), 0.006)


def test_logistic(data):
    x, y = matrix(data.train), data.train.label.to_numpy()
    for c in (1.0, 0.001):
        path = data.fit("logistic", "--param", f"C={c}", name="g.json")
        table = rows(ecq("evaluate", data.folder / "test.ecq", "--model", path, "--report",
                         "coefficients", "--format", "csv"))
        ours = [float(row["coefficient"]) for row in table]
        fitted = make_pipeline(SimpleImputer(), StandardScaler(),
                               LogisticRegression(C=c, tol=1e-8, max_iter=1000)).fit(x, y)
        theirs = [fitted[-1].intercept_[0], *fitted[-1].coef_[0]]
        near(f"logistic C={c}", ours, theirs, 1e-4)
        scores, _ = data.predict(path)
        near("logistic probabilities", scores, fitted.predict_proba(matrix(data.test))[:, 1], 1e-4)


def test_metrics(data):
    y = data.test.label.to_numpy()
    path = data.fit("xgboost", name="m.json")
    scores, table = data.predict(path)
    ours = metric_table(ecq("evaluate", data.folder / "test.ecq", "--model", path, "--format",
                            "csv", "--threshold", "0.3"))
    expected = dict(
        auc_roc=metrics.roc_auc_score(y, scores),
        auc_pr=metrics.average_precision_score(y, scores),
        log_loss=metrics.log_loss(y, scores), brier=metrics.brier_score_loss(y, scores))
    for suffix, threshold in (("", 0.5), ("_at_threshold", 0.3)):
        p = scores > threshold
        expected |= {
            "accuracy" + suffix: metrics.accuracy_score(y, p),
            "precision" + suffix: metrics.precision_score(y, p),
            "recall" + suffix: metrics.recall_score(y, p),
            "f1" + suffix: metrics.f1_score(y, p),
            "weighted_f1" + suffix: metrics.f1_score(y, p, average="weighted")}
    for name, value in expected.items():
        near(name, ours[name], value, 1e-9)
    check("predictions", all((row["prediction"] == "1") == (s > 0.5)
                             for row, s in zip(table, scores)))


def test_same_bytes(data):
    for model in ("xgboost", "lightgbm", "random_forest", "logistic"):
        files = [
            data.fit(model, "--threads", threads, *options, name="s").read_bytes()
            for threads, options in ((1, []), (2, []), (3, []))]
        check(f"{model}: threads change nothing", len(set(files)) == 1)
    for model in ("xgboost", "lightgbm"):
        features = ["views", "carts", "returning"]
        files = [data.fit(model, *options, features=features, name="s").read_bytes()
                 for options in ([], ["--plain-rows"])]
        check(f"{model}: distinct rows change nothing", len(set(files)) == 1)


with tempfile.TemporaryDirectory() as folder:
    data = Data(pathlib.Path(folder))
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            test(data)
print(f"ml oracle: {checks} checks")
