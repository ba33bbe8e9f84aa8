#include "linear.h"

#include "dispatch.h"
#include "exponential.h"

#pragma STDC FP_CONTRACT OFF

/// Rows worked on together, so that what is computed of them stays in the nearest cache.
enum { tile = 256 };

typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));

#define SUM(v) (((v)[0] + (v)[4]) + ((v)[1] + (v)[5]) + (((v)[2] + (v)[6]) + ((v)[3] + (v)[7])))
#define LOAD(p) (*(const lanes *)(p))

ECQ_DISPATCHED void ecq_logistic_sums(const double *columns, size_t count, size_t stride,
                                      size_t width, const double *negatives,
                                      const double *positives, const double *point,
                                      int has_hessian, double *sums) {
  double margins[tile], tails[tile], residuals[tile], curvatures[tile], losses[tile];
  double *gradient = sums + 1, *hessian = sums + 1 + width + 1;
  for (size_t first = 0; first < count; first += tile) {
    size_t rows = count - first < tile ? count - first : tile;
    for (size_t i = 0; i < rows; i++) margins[i] = point[width];
    for (size_t f = 0; f < width; f++) {
      const double *column = columns + f * stride + first;
      double slope = point[f];
      for (size_t i = 0; i < rows; i++) margins[i] += slope * column[i];
    }
    EXPONENTIALS(margins, tails, rows)
    for (size_t i = 0; i < rows; i++) {
      double t = tails[i], m = margins[i], no = negatives[first + i], yes = positives[first + i];
      double inverse = 1 / (1 + t), weight = no + yes;
      double p = m >= 0 ? inverse : t * inverse;
      // ln(1 + t) = 2 artanh(t / (2 + t)), by the series of artanh.
      double s = t / (2 + t), q = s * s, a = 1.0 / 33;
      a = a * q + 1.0 / 31;
      a = a * q + 1.0 / 29;
      a = a * q + 1.0 / 27;
      a = a * q + 1.0 / 25;
      a = a * q + 1.0 / 23;
      a = a * q + 1.0 / 21;
      a = a * q + 1.0 / 19;
      a = a * q + 1.0 / 17;
      a = a * q + 1.0 / 15;
      a = a * q + 1.0 / 13;
      a = a * q + 1.0 / 11;
      a = a * q + 1.0 / 9;
      a = a * q + 1.0 / 7;
      a = a * q + 1.0 / 5;
      a = a * q + 1.0 / 3;
      a = a * q + 1.0;
      losses[i] = weight * (2 * s * a) + (m > 0 ? no * m : -yes * m);
      residuals[i] = weight * p - yes;
      curvatures[i] = weight * (t * inverse * inverse);
    }
    lanes loss = {0}, residual = {0};
    for (size_t i = 0; i < rows; i += 8) {
      loss += LOAD(losses + i);
      residual += LOAD(residuals + i);
    }
    sums[0] += SUM(loss);
    gradient[width] += SUM(residual);
    for (size_t f = 0; f < width; f++) {
      const double *column = columns + f * stride + first;
      lanes slope = {0};
      for (size_t i = 0; i < rows; i += 8) slope += LOAD(column + i) * LOAD(residuals + i);
      gradient[f] += SUM(slope);
    }
    if (!has_hessian) continue;
    double *last = hessian + width * (width + 1);
    lanes curvature = {0};
    for (size_t i = 0; i < rows; i += 8) curvature += LOAD(curvatures + i);
    last[width] += SUM(curvature);
    for (size_t f = 0; f < width; f++) {
      const double *column = columns + f * stride + first;
      lanes total = {0};
      // The place of the losses, which are summed up, takes curvature times column.
      for (size_t i = 0; i < rows; i += 8) {
        lanes product = LOAD(curvatures + i) * LOAD(column + i);
        *(lanes *)(losses + i) = product;
        total += product;
      }
      last[f] += SUM(total);
      size_t other = 0;
      for (; other + 4 <= f + 1; other += 4) {
        const double *at = columns + other * stride + first;
        lanes a = {0}, b = {0}, c = {0}, d = {0};
        for (size_t i = 0; i < rows; i += 8) {
          lanes product = LOAD(losses + i);
          a += product * LOAD(at + i);
          b += product * LOAD(at + stride + i);
          c += product * LOAD(at + 2 * stride + i);
          d += product * LOAD(at + 3 * stride + i);
        }
        double *row = hessian + f * (width + 1) + other;
        row[0] += SUM(a);
        row[1] += SUM(b);
        row[2] += SUM(c);
        row[3] += SUM(d);
      }
      for (; other <= f; other++) {
        const double *at = columns + other * stride + first;
        lanes a = {0};
        for (size_t i = 0; i < rows; i += 8) a += LOAD(losses + i) * LOAD(at + i);
        hessian[f * (width + 1) + other] += SUM(a);
      }
    }
  }
}
