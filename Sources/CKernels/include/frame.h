#ifndef ECQ_FRAME_H
#define ECQ_FRAME_H

#include <stddef.h>
#include <stdint.h>

struct ecq_span_u32 {
  uint32_t least, greatest;
};
struct ecq_span_u64 {
  uint64_t least, greatest;
};

/// The least and the greatest of at least one value: of 32 bits as unsigned numbers, of 64 bits as
/// signed ones.
struct ecq_span_u32 ecq_extent_u32(const uint32_t *values, size_t n);
struct ecq_span_u64 ecq_extent_u64(const uint64_t *values, size_t n);

/// output[i] = values[i] - reference, modulo the width.
void ecq_distances_u32(const uint32_t *values, size_t n, uint32_t reference, uint32_t *output);
void ecq_distances_u64(const uint64_t *values, size_t n, uint64_t reference, uint64_t *output);

/// Divides values that are all multiples of `divisor`, which is not 0, and returns 1; where some are
/// not, leaves them as they are and returns 0.
int ecq_divide_exactly_u32(uint32_t *values, size_t n, uint32_t divisor);
int ecq_divide_exactly_u64(uint64_t *values, size_t n, uint64_t divisor);

#endif
