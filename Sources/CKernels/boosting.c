#include "boosting.h"

#include "dispatch.h"
#include "exponential.h"

#pragma STDC FP_CONTRACT OFF

/// Rows worked on together, so that what is computed of them stays in the nearest cache.
enum { tile = 256 };

/// Adding 1.5 · 2^52 leaves the rounded integer in the low bits of the mantissa; taking it away
/// again rounds to an integer.
static const double shift = 6755399441055744.0;

ECQ_DISPATCHED void ecq_logistic_gradients(const double *margins, const double *weights,
                                           size_t count, double negative, double positive,
                                           double units, int64_t *pairs) {
  double tails[tile];
  int64_t shift_bits;
  memcpy(&shift_bits, &shift, 8);
  for (size_t first = 0; first < count; first += tile) {
    size_t rows = count - first < tile ? count - first : tile;
    EXPONENTIALS((margins + first), tails, rows)
    for (size_t i = 0; i < rows; i++) {
      double t = tails[i], inverse = 1 / (1 + t);
      double p = margins[first + i] >= 0 ? inverse : t * inverse;
      double no = weights[2 * (first + i)], yes = weights[2 * (first + i) + 1];
      double slope_no = (p * negative * units + shift) - shift;
      double slope_yes = ((p - 1) * positive * units + shift) - shift;
      double curvature = p * (1 - p);
      curvature = (curvature > 1e-16 ? curvature : 1e-16) * units;
      double curvature_no = (curvature * negative + shift) - shift;
      double curvature_yes = (curvature * positive + shift) - shift;
      double g = (no * slope_no + yes * slope_yes) + shift;
      double h = (no * curvature_no + yes * curvature_yes) + shift;
      int64_t g_bits, h_bits;
      memcpy(&g_bits, &g, 8);
      memcpy(&h_bits, &h, 8);
      pairs[2 * (first + i)] = g_bits - shift_bits;
      pairs[2 * (first + i) + 1] = h_bits - shift_bits;
    }
  }
}

typedef int64_t pair __attribute__((vector_size(16), may_alias));

/// Rows ahead of which codes and pairs are asked for: rows of a small node lie far apart.
enum { ahead = 24 };

static inline __attribute__((always_inline)) void add_rows(
    const uint32_t *list, size_t count, const uint64_t *words, const pair *pairs,
    const uint8_t *features, size_t lively_count, size_t steady_count, uint64_t steady,
    pair *histogram) {
  pair *lively[8];
  unsigned shifts[8];
  for (size_t f = 0; f < lively_count; f++) {
    lively[f] = histogram + features[steady_count + f] * 256;
    shifts[f] = features[steady_count + f] * 8;
  }
  uint64_t last = words[list[0]];
  pair run = {0, 0};
  for (size_t place = 0; place <= count; place++) {
    size_t row = list[place < count ? place : count - 1];
    size_t later = list[place + ahead < count ? place + ahead : count - 1];
    __builtin_prefetch(words + later);
    __builtin_prefetch(pairs + later);
    uint64_t word = words[row];
    if (((word ^ last) & steady) != 0 || place == count) {
      for (size_t f = 0; f < steady_count; f++) {
        size_t feature = features[f];
        histogram[feature * 256 + (last >> (feature * 8) & 255)] += run;
      }
      if (place == count) return;
      run = (pair){0, 0};
      last = word;
    }
    pair added = pairs[row];
    run += added;
    for (size_t f = 0; f < lively_count; f++) lively[f][word >> shifts[f] & 255] += added;
  }
}

void ecq_add_to_histogram(const uint32_t *list, size_t count, const uint64_t *words,
                          const int64_t *pairs, const uint8_t *features, size_t feature_count,
                          size_t steady_count, uint64_t steady, int64_t *histogram) {
  if (count == 0) return;
#define LIVELY(number)                                                                       \
  case number:                                                                               \
    add_rows(list, count, words, (const pair *)pairs, features, number, steady_count, steady, \
             (pair *)histogram);                                                             \
    break;
  // With a constant number of features the loop over them unrolls.
  switch (feature_count - steady_count) {
    LIVELY(0)
    LIVELY(1)
    LIVELY(2)
    LIVELY(3)
    LIVELY(4)
    LIVELY(5)
    LIVELY(6)
    LIVELY(7)
    LIVELY(8)
  }
#undef LIVELY
}

// Rows that are followed at once, so that they do not wait for each other's memory.
enum { ROUTE_LANES = 8 };

static inline int32_t next_node(const struct ecq_route_node *nodes, int32_t place,
                                const uint8_t *codes) {
  const struct ecq_route_node *node = nodes + place;
  uint8_t code = codes[node->feature];
  uint64_t goes_left = node->left_codes[code >> 6] >> (code & 63) & 1;
  return goes_left ? node->left : node->right;
}

void ecq_route_codes(const struct ecq_route_node *nodes, size_t depth, const uint8_t *codes,
                     size_t stride, size_t count, const double *leaves, double *margins) {
  size_t row = 0;
  for (; row + ROUTE_LANES <= count; row += ROUTE_LANES, codes += ROUTE_LANES * stride) {
    int32_t places[ROUTE_LANES] = {0};
    for (size_t level = 0; level < depth; level++) {
      int32_t moved = 0;
      for (int lane = 0; lane < ROUTE_LANES; lane++) {
        int32_t next = next_node(nodes, places[lane], codes + lane * stride);
        moved |= next ^ places[lane];
        places[lane] = next;
      }
      if (!moved) break;
    }
    for (int lane = 0; lane < ROUTE_LANES; lane++) margins[row + lane] += leaves[places[lane]];
  }
  for (; row < count; row++, codes += stride) {
    int32_t place = 0;
    for (size_t level = 0; level < depth; level++) place = next_node(nodes, place, codes);
    margins[row] += leaves[place];
  }
}
