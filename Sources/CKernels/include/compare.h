#ifndef ECQ_COMPARE_H
#define ECQ_COMPARE_H

#include <stddef.h>
#include <stdint.h>

enum ecq_comparison {
  ECQ_EQUAL,
  ECQ_NOT_EQUAL,
  ECQ_LESS,
  ECQ_LESS_OR_EQUAL,
  ECQ_GREATER,
  ECQ_GREATER_OR_EQUAL,
};

/// Writes 1 for each of n rows where the comparison holds, else 0. NaN equals NaN and is greater than
/// all other numbers.
void ecq_compare_i64(enum ecq_comparison comparison, const int64_t *left, const int64_t *right,
                     size_t n, uint8_t *flags);
void ecq_compare_f64(enum ecq_comparison comparison, const double *left, const double *right,
                     size_t n, uint8_t *flags);

/// The same of values with one number, which is not NaN.
void ecq_compare_constant_i64(enum ecq_comparison comparison, const int64_t *values,
                              int64_t constant, size_t n, uint8_t *flags);
void ecq_compare_constant_f64(enum ecq_comparison comparison, const double *values,
                              double constant, size_t n, uint8_t *flags);

#endif
