"""Prints the numbers that Tests/MLTests/MetricsTests.swift expects, as scikit-learn computes them.

usage: metrics_golden.py   (needs scikit-learn 1.5 or later)
"""
import numpy as np
from sklearn.metrics import (accuracy_score, average_precision_score, brier_score_loss, f1_score,
                             log_loss, precision_score, recall_score, roc_auc_score)

MASK = (1 << 64) - 1


def splitmix(seed):
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        mixed = state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        yield mixed ^ (mixed >> 31)


random = splitmix(17)
scores, labels = [], []
for _ in range(5000):
    # A hundred and one distinct scores, 0 and 1 among them, so that many are tied.
    score = (next(random) % 101) / 100
    labels.append(next(random) % 100 < 20 + 60 * score)
    scores.append(score)
scores, labels = np.array(scores), np.array(labels)
for name, value in {
    "areaUnderROC": roc_auc_score(labels, scores),
    "averagePrecision": average_precision_score(labels, scores),
    "logLoss": log_loss(labels, scores),
    "brierScore": brier_score_loss(labels, scores),
    **{f"{f.__name__}@{t}": f(labels, scores > t)
       for t in (0.5, 0.8) for f in (accuracy_score, precision_score, recall_score, f1_score)},
    "weightedF1@0.5": f1_score(labels, scores > 0.5, average="weighted"),
    "weightedF1@0.8": f1_score(labels, scores > 0.8, average="weighted"),
}.items():
    print(f"{name} {value!r}")
