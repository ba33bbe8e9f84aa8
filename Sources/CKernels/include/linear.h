#ifndef ECQ_LINEAR_H
#define ECQ_LINEAR_H

#include <stddef.h>

/// Adds to `sums` the log loss of a logistic regression over some rows, with its derivatives.
///
/// `columns` are `width` runs of `stride` values, `negatives` and `positives` the rows' weights by
/// class; `count` is a multiple of 8 (rows of weight 0 fill up). `point` has a coefficient a column
/// and the intercept. `sums` are: the loss, `width + 1` first derivatives, and with `has_hessian`
/// the `(width + 1)²` second ones row by row, of which the lower triangle is filled.
///
/// Sums are made in eight lanes in a fixed order, without contraction: the same on every processor.
void ecq_logistic_sums(const double *columns, size_t count, size_t stride, size_t width,
                       const double *negatives, const double *positives, const double *point,
                       int has_hessian, double *sums);

#endif
