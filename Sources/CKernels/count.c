#include "count.h"

#include <string.h>

#include "vectors.h"

/// Neighbouring rows often have one group, and would wait for each other's addition: they count in
/// lanes of their own.
static void count_in_lanes(const uint32_t *restrict groups, size_t n, size_t group_count,
                           uint32_t *restrict counts) {
  memset(counts, 0, 4 * group_count * sizeof(uint32_t));
  uint32_t *second = counts + group_count;
  uint32_t *third = second + group_count;
  uint32_t *fourth = third + group_count;
  size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    counts[groups[i]]++;
    second[groups[i + 1]]++;
    third[groups[i + 2]]++;
    fourth[groups[i + 3]]++;
  }
  for (; i < n; i++) counts[groups[i]]++;
  for (size_t group = 0; group < group_count; group++)
    counts[group] += second[group] + third[group] + fourth[group];
}

#if defined(ECQ_WIDE)
/// So few groups are looked for in sixteen rows at once, one after the other.
enum { few_groups = 8, rows_at_once = 2048 };

WIDE static void count_few(const uint32_t *groups, size_t n, size_t group_count,
                           uint32_t *counts) {
  memset(counts, 0, group_count * sizeof(uint32_t));
  const __m512i one = _mm512_set1_epi32(1);
  size_t whole = n & ~(size_t)15;
  for (size_t first = 0; first < whole; first += rows_at_once) {
    size_t end = whole - first < rows_at_once ? whole : first + rows_at_once;
    uint32_t others = 0;
    for (size_t group = 1; group < group_count; group++) {
      __m512i wanted = _mm512_set1_epi32((int)group), found = _mm512_setzero_si512();
      for (size_t i = first; i < end; i += 16) {
        __mmask16 mask = _mm512_cmpeq_epi32_mask(_mm512_loadu_si512(groups + i), wanted);
        found = _mm512_mask_add_epi32(found, mask, found, one);
      }
      uint32_t count = (uint32_t)_mm512_reduce_add_epi32(found);
      counts[group] += count;
      others += count;
    }
    counts[0] += (uint32_t)(end - first) - others;
  }
  for (size_t i = whole; i < n; i++) counts[groups[i]]++;
}
#endif

void ecq_count_groups(const uint32_t *groups, size_t n, size_t group_count, uint32_t *counts) {
#if defined(ECQ_WIDE)
  if (group_count <= few_groups && is_wide()) {
    count_few(groups, n, group_count, counts);
    return;
  }
#endif
  count_in_lanes(groups, n, group_count, counts);
}
