#ifndef ECQ_BOOSTING_H
#define ECQ_BOOSTING_H

#include <stddef.h>
#include <stdint.h>

/// Writes first and second derivative of the log loss by the margins of `count` rows, in units of
/// 1 / `units`. `weights` are each row's negatives and positives, of which each class's count
/// `negative` and `positive` times.
///
/// Without contraction: the same on every processor.
void ecq_logistic_gradients(const double *margins, const double *weights, size_t count,
                            double negative, double positive, double units, int64_t *pairs);

/// Adds the pairs of the rows listed to a histogram of 256 pairs a feature. Byte f of `words[row]`
/// is the row's code of feature f.
///
/// `features` names `feature_count` of them. The first `steady_count`, whose bytes `steady`
/// masks, seldom change from one listed row to the next: what they are added is summed up until
/// they do.
void ecq_add_to_histogram(const uint32_t *list, size_t count, const uint64_t *words,
                          const int64_t *pairs, const uint8_t *features, size_t feature_count,
                          size_t steady_count, uint64_t steady, int64_t *histogram);

/// A node of a tree over codes.
struct ecq_route_node {
  /// Which codes go left, a bit each.
  uint64_t left_codes[4];
  uint32_t feature;
  /// The children; of a leaf, itself.
  int32_t left;
  int32_t right;
  int32_t unused;
};

/// Follows `count` rows of `stride` codes each from the root, `depth` splits at most, and adds their
/// leaves' values to `margins`.
void ecq_route_codes(const struct ecq_route_node *nodes, size_t depth, const uint8_t *codes,
                     size_t stride, size_t count, const double *leaves, double *margins);

#endif
