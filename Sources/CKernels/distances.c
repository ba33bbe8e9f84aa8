#include "distances.h"

#include <math.h>

#include "dispatch.h"

#pragma STDC FP_CONTRACT OFF

typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));

ECQ_DISPATCHED void ecq_nearest_centers(const double *points, size_t width, const uint32_t *list,
                                        size_t count, const double *centers, size_t lane_count,
                                        int32_t *nearest, double *best, double *second) {
  for (size_t place = 0; place < count; place++) {
    const double *point = points + (size_t)list[place] * width;
    double first = INFINITY, next = INFINITY;
    int32_t found = 0;
    for (size_t base = 0; base < lane_count; base += 8) {
      lanes squares = {0};
      for (size_t d = 0; d < width; d++) {
        lanes difference = point[d] - *(const lanes *)(centers + d * lane_count + base);
        squares += difference * difference;
      }
      for (int lane = 0; lane < 8; lane++) {
        double square = squares[lane];
        int is_first = square < first;
        next = is_first ? first : (square < next ? square : next);
        found = is_first ? (int32_t)base + lane : found;
        first = is_first ? square : first;
      }
    }
    nearest[place] = found;
    best[place] = first;
    second[place] = next;
  }
}
