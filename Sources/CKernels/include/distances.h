#ifndef ECQ_DISTANCES_H
#define ECQ_DISTANCES_H

#include <stddef.h>
#include <stdint.h>

/// Finds the nearest centre of each listed point (`width` numbers each), with the squared distances
/// to it and to the next nearest; of centres equally near, the first.
///
/// `centers` lie dimension by dimension, `lane_count` of them, a multiple of 8: infinities fill up.
/// Without contraction: the same distances on every processor, and as a plain loop makes them.
void ecq_nearest_centers(const double *points, size_t width, const uint32_t *list, size_t count,
                         const double *centers, size_t lane_count, int32_t *nearest, double *best,
                         double *second);

#endif
