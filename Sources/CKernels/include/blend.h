#ifndef ECQ_BLEND_H
#define ECQ_BLEND_H

#include <stddef.h>
#include <stdint.h>

/// Of n rows, `yes` where the flag is not 0, else `no`; one value stands for all rows where it says so.
void ecq_blend_u64(const uint8_t *flags, size_t n, const uint64_t *yes, int yes_is_one,
                   const uint64_t *no, int no_is_one, uint64_t *output);
void ecq_blend_u8(const uint8_t *flags, size_t n, const uint8_t *yes, int yes_is_one,
                  const uint8_t *no, int no_is_one, uint8_t *output);

#endif
