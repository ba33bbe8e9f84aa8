"""xgboost, lightgbm and scikit-learn on the sessions: `libraries_worker.py TRAIN.csv TEST.csv ALL.csv`.

What is timed is training from a NumPy matrix that lies in memory, with the parameters of ecq, all
threads, XGBoost by histograms; of k-means the scaling too. Each call of k-means has another seed.
"""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))

import numpy as np  # noqa: E402
import pandas  # noqa: E402
from suite import models, protocol  # noqa: E402

paths = dict(zip(("train", "test", "all"), sys.argv[1:]))
frames = {}
seeds = iter(range(1000))


def frame(part):
    if part not in frames:
        frames[part] = pandas.read_csv(paths[part])
    return frames[part]


def matrix(part, features):
    return frame(part)[features].to_numpy(np.float32)


def labels(part):
    return frame(part)[models.LABEL].to_numpy(np.int8)


def classifier(kind, parameters):
    if kind == "xgboost":
        from xgboost import XGBClassifier

        return XGBClassifier(tree_method="hist", n_jobs=protocol.THREADS, **parameters)
    if kind == "lightgbm":
        from lightgbm import LGBMClassifier

        return LGBMClassifier(n_jobs=protocol.THREADS, verbose=-1, **parameters)
    if kind == "random_forest":
        from sklearn.ensemble import RandomForestClassifier

        return RandomForestClassifier(100, n_jobs=protocol.THREADS, random_state=0, **parameters)
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=200, **parameters))


def train(kind, features, parameters):
    from sklearn.metrics import log_loss, roc_auc_score

    x, y = matrix("train", features), labels("train")
    model = classifier(kind, parameters)
    start = time.perf_counter()
    model.fit(x, y)
    seconds = time.perf_counter() - start
    scores = model.predict_proba(matrix("test", features))[:, 1]
    truth = labels("test")
    return {"seconds": seconds, "auc": roc_auc_score(truth, scores),
            "log_loss": log_loss(truth, scores), "test_rows": len(truth)}


def cluster():
    from sklearn.cluster import KMeans
    from sklearn.preprocessing import RobustScaler

    x = frame("all")[models.TWELVE].copy()
    x[models.LOGARITHMIC] = np.log1p(x[models.LOGARITHMIC])
    x = x.to_numpy()
    model = KMeans(8, n_init=5, random_state=next(seeds))
    start = time.perf_counter()
    model.fit(RobustScaler().fit_transform(x))
    return {"seconds": time.perf_counter() - start, "inertia": model.inertia_}


steps = {name: lambda facts=facts: train(*facts) for name, facts in models.CLASSIFIERS.items()}
protocol.serve(steps | {"kmeans_12": cluster})
