#ifndef ECQ_NARROW_H
#define ECQ_NARROW_H

#include <stddef.h>
#include <stdint.h>

/// Numbers kept in 1, 2, 4 or 8 `bytes` each: number = reference + kept × scale.

/// Narrows words to 1, 2 or 4 bytes. Returns 0, and leaves the output anyhow, where a distance to
/// the reference is no multiple of the scale; distances are less than 2^53, quotients fit.
int ecq_narrow_u64(const uint64_t *words, size_t n, uint64_t reference, uint64_t scale, int bytes,
                   void *output);

/// Narrows codes, which fit, to 1 or 2 bytes.
void ecq_narrow_u32(const uint32_t *codes, size_t n, int bytes, void *output);

void ecq_widen_u32(const void *kept, size_t n, int bytes, uint32_t *output);
void ecq_widen_u64(const void *kept, size_t n, int bytes, uint64_t scale, uint64_t reference,
                   uint64_t *output);

/// The numbers at `rows` alone.
void ecq_pick_u32(const void *kept, int bytes, const uint32_t *rows, size_t n, uint32_t *output);
void ecq_pick_u64(const void *kept, int bytes, uint64_t scale, uint64_t reference,
                  const uint32_t *rows, size_t n, uint64_t *output);

#endif
