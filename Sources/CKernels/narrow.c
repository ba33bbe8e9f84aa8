#include "narrow.h"

#include "dispatch.h"

#define NARROW_WORDS(NAME, TYPE)                                                          \
  static int NAME(const uint64_t *restrict words, size_t n, uint64_t reference,           \
                  uint64_t scale, TYPE *restrict output) {                                \
    if (scale == 1) {                                                                     \
      for (size_t i = 0; i < n; i++) output[i] = (TYPE)(words[i] - reference);            \
      return 1;                                                                           \
    }                                                                                     \
    double inverse = 1.0 / (double)scale;                                                 \
    uint64_t wrong = 0;                                                                   \
    for (size_t i = 0; i < n; i++) {                                                      \
      uint64_t distance = words[i] - reference;                                           \
      uint64_t quotient = (uint64_t)(int64_t)((double)(int64_t)distance * inverse + 0.5); \
      wrong |= quotient * scale ^ distance;                                               \
      output[i] = (TYPE)quotient;                                                         \
    }                                                                                     \
    return wrong == 0;                                                                    \
  }

NARROW_WORDS(narrow_to_u8, uint8_t)
NARROW_WORDS(narrow_to_u16, uint16_t)
NARROW_WORDS(narrow_to_u32, uint32_t)

int ecq_narrow_u64(const uint64_t *words, size_t n, uint64_t reference, uint64_t scale, int bytes,
                   void *output) {
  switch (bytes) {
    case 1: return narrow_to_u8(words, n, reference, scale, output);
    case 2: return narrow_to_u16(words, n, reference, scale, output);
    default: return narrow_to_u32(words, n, reference, scale, output);
  }
}

ECQ_DISPATCHED void ecq_narrow_u32(const uint32_t *restrict codes, size_t n, int bytes,
                                   void *restrict output) {
  uint8_t *narrow = output;
  uint16_t *wider = output;
  if (bytes == 1) {
    for (size_t i = 0; i < n; i++) narrow[i] = (uint8_t)codes[i];
  } else {
    for (size_t i = 0; i < n; i++) wider[i] = (uint16_t)codes[i];
  }
}

ECQ_DISPATCHED void ecq_widen_u32(const void *restrict kept, size_t n, int bytes,
                                  uint32_t *restrict output) {
  const uint8_t *one = kept;
  const uint16_t *two = kept;
  const uint32_t *four = kept;
  switch (bytes) {
    case 1: for (size_t i = 0; i < n; i++) output[i] = one[i]; return;
    case 2: for (size_t i = 0; i < n; i++) output[i] = two[i]; return;
    default: for (size_t i = 0; i < n; i++) output[i] = four[i]; return;
  }
}

ECQ_DISPATCHED void ecq_widen_u64(const void *restrict kept, size_t n, int bytes, uint64_t scale,
                                  uint64_t reference, uint64_t *restrict output) {
  const uint8_t *one = kept;
  const uint16_t *two = kept;
  const uint32_t *four = kept;
  const uint64_t *eight = kept;
  if (scale >> 32 == 0) {
    // Products of 32 bits, which are one instruction each.
    uint64_t factor = (uint32_t)scale;
    switch (bytes) {
      case 1: for (size_t i = 0; i < n; i++) output[i] = one[i] * factor + reference; return;
      case 2: for (size_t i = 0; i < n; i++) output[i] = two[i] * factor + reference; return;
      case 4: for (size_t i = 0; i < n; i++) output[i] = four[i] * factor + reference; return;
    }
  }
  switch (bytes) {
    case 1: for (size_t i = 0; i < n; i++) output[i] = one[i] * scale + reference; return;
    case 2: for (size_t i = 0; i < n; i++) output[i] = two[i] * scale + reference; return;
    case 4: for (size_t i = 0; i < n; i++) output[i] = four[i] * scale + reference; return;
    default: for (size_t i = 0; i < n; i++) output[i] = eight[i] * scale + reference; return;
  }
}

void ecq_pick_u32(const void *restrict kept, int bytes, const uint32_t *restrict rows, size_t n,
                  uint32_t *restrict output) {
  const uint8_t *one = kept;
  const uint16_t *two = kept;
  const uint32_t *four = kept;
  switch (bytes) {
    case 1: for (size_t i = 0; i < n; i++) output[i] = one[rows[i]]; return;
    case 2: for (size_t i = 0; i < n; i++) output[i] = two[rows[i]]; return;
    default: for (size_t i = 0; i < n; i++) output[i] = four[rows[i]]; return;
  }
}

void ecq_pick_u64(const void *restrict kept, int bytes, uint64_t scale, uint64_t reference,
                  const uint32_t *restrict rows, size_t n, uint64_t *restrict output) {
  const uint8_t *one = kept;
  const uint16_t *two = kept;
  const uint32_t *four = kept;
  const uint64_t *eight = kept;
  switch (bytes) {
    case 1: for (size_t i = 0; i < n; i++) output[i] = one[rows[i]] * scale + reference; return;
    case 2: for (size_t i = 0; i < n; i++) output[i] = two[rows[i]] * scale + reference; return;
    case 4: for (size_t i = 0; i < n; i++) output[i] = four[rows[i]] * scale + reference; return;
    default: for (size_t i = 0; i < n; i++) output[i] = eight[rows[i]] * scale + reference; return;
  }
}
