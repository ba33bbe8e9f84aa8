"""What is trained, on which features, and when a model counts as worse than another."""

import math

FOUR = ["num_views", "num_carts", "duration_seconds", "is_returning_user"]
EIGHT = ["duration_seconds", "products_viewed", "avg_price", "brands_viewed", "categories_viewed",
         "num_carts", "num_views", "is_returning_user"]
TWELVE = ["duration_seconds", "num_events", "num_views", "num_carts", "products_viewed",
          "brands_viewed", "categories_viewed", "avg_price", "events_per_minute",
          "cart_to_view_ratio", "products_per_event", "is_abandoned"]
LOGARITHMIC = ["duration_seconds", "num_events", "num_views", "avg_price"]
LABEL = "is_abandoned"

# By step: the kind of model, its features and the parameters that are not defaults.
CLASSIFIERS = {
    "xgboost_4": ("xgboost", FOUR, {}),
    "xgboost_8": ("xgboost", EIGHT, {}),
    "lightgbm_4": ("lightgbm", FOUR, {}),
    "lightgbm_8": ("lightgbm", EIGHT, {}),
    "random_forest_4": ("random_forest", FOUR, {"max_depth": 12}),
    "logistic_4": ("logistic", FOUR, {}),
    "logistic_8": ("logistic", EIGHT, {}),
}
STEPS = [*CLASSIFIERS, "kmeans_12"]


# From so many test rows on, chance is what `faults` allows; of fewer it is more.
TEST_ROWS = 500_000


def faults(ours, theirs):
    """In what the other's model is better by more than chance."""
    found = []
    if "auc" in ours:
        chance = max(1, math.sqrt(TEST_ROWS / theirs.get("test_rows", TEST_ROWS)))
        if ours["auc"] < theirs["auc"] - 5e-4 * chance:
            found.append("area under ROC")
        if ours["log_loss"] > theirs["log_loss"] * (1 + 0.005 * chance):
            found.append("log loss")
    if "inertia" in ours and ours["inertia"] > theirs["inertia"] * 1.005:
        found.append("inertia")
    return found
