"""Prints Tests/MLTests/Golden/MetricsGolden.swift: metrics as scikit-learn computes them.

usage: metrics_golden.py > Tests/MLTests/Golden/MetricsGolden.swift   (scikit-learn 1.9, then make format)
"""
import numpy as np
import sklearn
from sklearn.calibration import calibration_curve
from sklearn.metrics import (accuracy_score, average_precision_score, brier_score_loss,
                             confusion_matrix, f1_score, log_loss, precision_recall_curve,
                             precision_score, recall_score, roc_auc_score, roc_curve)

MASK = (1 << 64) - 1


def splitmix(seed):
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        mixed = state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        yield mixed ^ (mixed >> 31)


def rows(count, distinct):
    """Rows of `distinct` scores, 0 and 1 among them, so that many are tied; some weigh 0."""
    random = splitmix(17)
    scores, labels, weights = [], [], []
    for _ in range(count):
        score = (next(random) % distinct) / (distinct - 1)
        labels.append(int(next(random) % 100 < 20 + 60 * score))
        scores.append(score)
        weights.append((next(random) % 8) / 4)
    return np.array(scores), np.array(labels), np.array(weights)


def swift_list(values):
    return "[" + ", ".join("Double.infinity" if np.isinf(v) else repr(float(v)) for v in values) + "]"


def summary(scores, labels, weights, threshold):
    predicted = (scores > threshold).astype(int)
    kw = {"sample_weight": weights}
    tn, fp, fn, tp = confusion_matrix(labels, predicted, **kw).ravel()
    return swift_list([
        roc_auc_score(labels, scores, **kw), average_precision_score(labels, scores, **kw),
        log_loss(labels, scores, **kw), brier_score_loss(labels, scores, **kw), tp, fp, fn, tn,
        accuracy_score(labels, predicted, **kw),
        precision_score(labels, predicted, zero_division=0, **kw),
        recall_score(labels, predicted, zero_division=0, **kw),
        f1_score(labels, predicted, zero_division=0, **kw),
        f1_score(labels, predicted, zero_division=0, average="weighted", **kw)])


print("// Made by Tests/Oracle/metrics_golden.py with scikit-learn " + sklearn.__version__ + ".")
print("\nenum MetricsGolden {")
print("  /// Rows, distinct scores, threshold, whether weighted; then area under ROC, average")
print("  /// precision, log loss, Brier score, true positives, false positives, false negatives,")
print("  /// true negatives, accuracy, precision, recall, F1, weighted F1.")
print("  static let summaries: [(Int, Int, Double, Bool, [Double])] = [")
for count, distinct in ((5000, 101), (1500, 1500), (300, 4)):
    scores, labels, weights = rows(count, distinct)
    for weighted in (False, True):
        for threshold in (0.5, 0.8, 1.0):
            values = summary(scores, labels, weights if weighted else None, threshold)
            print(f"    ({count}, {distinct}, {threshold}, {str(weighted).lower()}, {values}),")
print("  ]")
scores, labels, weights = rows(80, 21)
for name, w in (("plain", None), ("weighted", weights)):
    for keeps_all in (False, True):
        fpr, tpr, t = roc_curve(labels, scores, sample_weight=w, drop_intermediate=not keeps_all)
        print(f"  /// ROC curve of 80 rows, 21 distinct scores: thresholds, false and true positive rates.")
        print(f"  static let {name}ROC{'All' if keeps_all else ''}: [[Double]] = [{swift_list(t)}, "
              f"{swift_list(fpr)}, {swift_list(tpr)}]")
    p, r, t = precision_recall_curve(labels, scores, sample_weight=w)
    print("  /// Its precision-recall curve: thresholds, precision, recall.")
    print(f"  static let {name}PrecisionRecall: [[Double]] = [{swift_list(t)}, {swift_list(p)}, "
          f"{swift_list(r)}]")
print("  /// Calibration in ten bins: rows, distinct scores, whether by quantile; rates, means.")
print("  static let calibrations: [(Int, Int, Bool, [Double], [Double])] = [")
for count, distinct in ((5000, 101), (1500, 1500), (300, 4)):
    scores, labels, _ = rows(count, distinct)
    for strategy in ("uniform", "quantile"):
        true, predicted = calibration_curve(labels, scores, n_bins=10, strategy=strategy)
        print(f"    ({count}, {distinct}, {str(strategy == 'quantile').lower()}, "
              f"{swift_list(true)}, {swift_list(predicted)}),")
print("  ]")
print("}")
