#ifndef ECQ_PLANES_H
#define ECQ_PLANES_H

#include <stddef.h>
#include <stdint.h>

/// Byte planes: plane p of n values holds byte p of each, planes one after the other.
/// Splitting writes `width` planes of n bytes; joining adds up reference + value * scale.

void ecq_split_planes_u32(const uint32_t *values, size_t n, int width, uint8_t *planes);
void ecq_split_planes_u64(const uint64_t *values, size_t n, int width, uint8_t *planes);
void ecq_join_planes_u32(const uint8_t *planes, size_t n, int width, uint32_t *values);
void ecq_join_planes_u64(const uint8_t *planes, size_t n, int width, uint64_t *values);

/// values[i] = values[i] * scale + reference, wrapping.
void ecq_scale_u64(uint64_t *values, size_t n, uint64_t scale, uint64_t reference);

/// values[i] += reference, wrapping.
void ecq_offset_u32(uint32_t *values, size_t n, uint32_t reference);

/// The largest of n values, 0 for none.
uint32_t ecq_max_u32(const uint32_t *values, size_t n);

/// The least, the greatest and the sum, modulo 2^64, of map[codes[i]], for n > 0 codes inside the map.
struct ecq_summary_i64 {
  int64_t least, greatest;
  uint64_t sum;
};
struct ecq_summary_i64 ecq_summarize_gathered_i64(const int64_t *map, const uint32_t *codes,
                                                  size_t n);

/// output[i] = map[codes[i]]; every code must be inside the map.
void ecq_gather_u32(const uint32_t *map, const uint32_t *codes, size_t n, uint32_t *output);
void ecq_gather_u64(const uint64_t *map, const uint32_t *codes, size_t n, uint64_t *output);

/// Writes the low `bits` bits, at most 56, of values[i] - reference as bits i * bits ..<
/// (i + 1) * bits of `packed`, lowest first; it has room for eight bytes more.
void ecq_pack_bits_u32(const uint32_t *values, size_t n, int bits, uint32_t reference,
                       uint8_t *packed);
void ecq_pack_bits_u64(const uint64_t *values, size_t n, int bits, uint64_t reference,
                       uint8_t *packed);

/// output[i] = reference + bits i * bits ..< (i + 1) * bits of `packed`, lowest first; at most 56
/// bits. `packed` is readable eight bytes further.
void ecq_unpack_bits_u32(const uint8_t *packed, size_t n, int bits, uint32_t reference,
                         uint32_t *output);
void ecq_unpack_bits_u64(const uint8_t *packed, size_t n, int bits, uint64_t reference,
                         uint64_t *output);

#endif
