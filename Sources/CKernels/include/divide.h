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

/// The same of narrow numbers, each with `offset` added: ecq_number_values(number + offset).
void ecq_number_narrow(const void *numbers, size_t n, int bytes, uint32_t offset, uint32_t radix,
                       uint32_t *groups);

/// (start + q) modulo the modulus (0: not) of narrow numbers, q being (number + offset) / divisor,
/// rounded down. Sums and quotients are below 2^21.
void ecq_divide_narrow(const void *numbers, size_t n, int bytes, uint32_t offset, uint32_t divisor,
                       uint32_t start, uint32_t modulus, void *output);

/// A function of numbers of 1, 2 or 4 bytes that is `start` at first and changes by `increments[k]` at
/// `bounds[k]`; output and changes are numbers of as many bytes, modulo their range.
void ecq_follow_steps(const void *numbers, size_t n, int bytes, uint32_t start,
                      const uint32_t *bounds, const uint32_t *increments, size_t steps,
                      void *output);

#endif
