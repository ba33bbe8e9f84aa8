#ifndef ECQ_DIVIDE_H
#define ECQ_DIVIDE_H

#include <stddef.h>
#include <stdint.h>

/// output[i] = q where modulus is 0, else (q + offset) modulo it, never negative; q is
/// values[i] / divisor, rounded down. The divisor is at least 2^20, the modulus below 2^20, the offset
/// between 0 and it.
void ecq_floor_divide_i64(const int64_t *values, size_t n, int64_t divisor, int64_t offset,
                          int64_t modulus, int64_t *output);

/// Numbers values from `base` on, none above `limit`: groups[i] = groups[i] * radix + number, or the
/// number alone where the radix is 0.
void ecq_number_values(const int64_t *values, size_t n, int64_t base, uint32_t limit,
                       uint32_t radix, uint32_t *groups);

#endif
