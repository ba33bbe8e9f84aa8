#include "compare.h"

#include "dispatch.h"

#define EACH(CONDITION) \
  for (size_t i = 0; i < n; i++) flags[i] = (uint8_t)(CONDITION); \
  return

#define COMPARE(RIGHT, EQUAL, LESS)                                                          \
  switch (comparison) {                                                                      \
    case ECQ_EQUAL: EACH(EQUAL(left[i], RIGHT));                                             \
    case ECQ_NOT_EQUAL: EACH(!(EQUAL(left[i], RIGHT)));                                      \
    case ECQ_LESS: EACH(LESS(left[i], RIGHT));                                               \
    case ECQ_LESS_OR_EQUAL: EACH(!(LESS(RIGHT, left[i])));                                   \
    case ECQ_GREATER: EACH(LESS(RIGHT, left[i]));                                            \
    case ECQ_GREATER_OR_EQUAL: EACH(!(LESS(left[i], RIGHT)));                                \
  }

#define EQUAL(A, B) ((A) == (B))
#define LESS(A, B) ((A) < (B))
// Without branches: NaN is what differs from itself.
#define EQUAL_OR_NAN(A, B) (((A) == (B)) | (((A) != (A)) & ((B) != (B))))
#define LESS_THAN_NAN(A, B) (((A) < (B)) | (((A) == (A)) & ((B) != (B))))

ECQ_DISPATCHED void ecq_compare_i64(enum ecq_comparison comparison, const int64_t *restrict left,
                                    const int64_t *restrict right, size_t n,
                                    uint8_t *restrict flags) {
  COMPARE(right[i], EQUAL, LESS)
}

ECQ_DISPATCHED void ecq_compare_f64(enum ecq_comparison comparison, const double *restrict left,
                                    const double *restrict right, size_t n,
                                    uint8_t *restrict flags) {
  COMPARE(right[i], EQUAL_OR_NAN, LESS_THAN_NAN)
}

ECQ_DISPATCHED void ecq_compare_constant_i64(enum ecq_comparison comparison,
                                             const int64_t *restrict left, int64_t constant,
                                             size_t n, uint8_t *restrict flags) {
  COMPARE(constant, EQUAL, LESS)
}

ECQ_DISPATCHED void ecq_compare_constant_f64(enum ecq_comparison comparison,
                                             const double *restrict left, double constant,
                                             size_t n, uint8_t *restrict flags) {
  COMPARE(constant, EQUAL_OR_NAN, LESS_THAN_NAN)
}
