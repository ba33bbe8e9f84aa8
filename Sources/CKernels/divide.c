#include "divide.h"

#include "dispatch.h"

/// Whole numbers below 2^51 in magnitude, as doubles and back: the sum with this number has them in
/// its lowest bits. It takes no instruction that vectors lack.
static const double shifter = 6755399441055744.0;
static const uint64_t shifter_bits = 0x4338000000000000;

static inline double as_double(int64_t value) {
  uint64_t bits = (uint64_t)value + shifter_bits;
  double shifted;
  __builtin_memcpy(&shifted, &bits, 8);
  return shifted - shifter;
}

static inline int64_t as_integer(double value) {
  double shifted = value + shifter;
  uint64_t bits;
  __builtin_memcpy(&bits, &shifted, 8);
  return (int64_t)(bits - shifter_bits);
}

/// The quotient rounded in any way, and corrected by the remainder, which is exact.
static inline double floor_quotient(double value, double divisor, double inverse) {
  double quotient = value * inverse + shifter - shifter;
  double rest = value - quotient * divisor;
  quotient -= rest < 0 ? 1.0 : 0.0;
  return quotient + (rest >= divisor ? 1.0 : 0.0);
}

static int64_t floor_divide(int64_t value, int64_t divisor) {
  return value / divisor - (value % divisor < 0);
}

struct range {
  int64_t least, greatest;
};

ECQ_DISPATCHED static struct range range_of(const int64_t *values, size_t n) {
  int64_t least = INT64_MAX, greatest = INT64_MIN;
  for (size_t i = 0; i < n; i++) {
    least = values[i] < least ? values[i] : least;
    greatest = values[i] > greatest ? values[i] : greatest;
  }
  return (struct range){least, greatest};
}

/// Values from `base`, a multiple of the divisor, to 2^50 above it: half is added to a distance, so
/// that its quotient is never so near to a whole number that rounding could cross it.
ECQ_DISPATCHED static void divide_near(const int64_t *restrict values, size_t n, int64_t base,
                                       double divisor, int32_t first, int32_t modulus,
                                       int64_t *restrict output) {
  double inverse = 1.0 / divisor;
  float inverse_modulus = modulus == 0 ? 0 : 1.0f / (float)modulus;
  for (size_t i = 0; i < n; i++) {
    double distance = as_double(values[i] - base) + 0.5;
    int32_t quotient = (int32_t)(distance * inverse) + first;
    int32_t turns = (int32_t)(((float)quotient + 0.5f) * inverse_modulus);
    output[i] = quotient - turns * modulus;
  }
}

ECQ_DISPATCHED static void divide_small(const int64_t *restrict values, size_t n, double divisor,
                                        double offset, double modulus, int64_t *restrict output) {
  double inverse = 1.0 / divisor;
  if (modulus == 0) {
    for (size_t i = 0; i < n; i++)
      output[i] = as_integer(floor_quotient(as_double(values[i]), divisor, inverse));
    return;
  }
  double inverse_modulus = 1.0 / modulus;
  for (size_t i = 0; i < n; i++) {
    double quotient = floor_quotient(as_double(values[i]), divisor, inverse) + offset;
    output[i] =
        as_integer(quotient - modulus * floor_quotient(quotient, modulus, inverse_modulus));
  }
}

void ecq_floor_divide_i64(const int64_t *values, size_t n, int64_t divisor, int64_t offset,
                          int64_t modulus, int64_t *output) {
  if (n == 0) return;
  struct range range = range_of(values, n);
  const int64_t limit = (int64_t)1 << 51;
  int is_small = range.least >= -limit && range.greatest < limit;
  int64_t lowest = floor_divide(range.least, divisor);
  // Few quotients, whose numbers from a whole turn on are exact as floats.
  if (is_small && range.greatest - lowest * divisor < (int64_t)1 << 50 &&
      range.greatest / divisor - lowest < 1 << 16 && modulus < 1 << 16) {
    int64_t start = lowest + offset;
    int64_t first = modulus == 0 ? 0 : start - modulus * floor_divide(start, modulus);
    if (modulus != 0) {
      divide_near(values, n, lowest * divisor, (double)divisor, (int32_t)first, (int32_t)modulus,
                  output);
      return;
    }
    if (lowest >= INT32_MIN / 2 && lowest <= INT32_MAX / 2) {
      divide_near(values, n, lowest * divisor, (double)divisor, (int32_t)lowest, 0, output);
      return;
    }
  }
  if (is_small) {
    divide_small(values, n, (double)divisor, (double)offset, (double)modulus, output);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    int64_t quotient = floor_divide(values[i], divisor);
    output[i] = modulus == 0
                    ? quotient
                    : quotient + offset - modulus * floor_divide(quotient + offset, modulus);
  }
}

ECQ_DISPATCHED void ecq_number_values(const int64_t *restrict values, size_t n, int64_t base,
                                      uint32_t limit, uint32_t radix, uint32_t *restrict groups) {
  if (radix == 0) {
    for (size_t i = 0; i < n; i++) {
      uint32_t number = (uint32_t)(values[i] - base);
      groups[i] = number < limit ? number : limit;
    }
    return;
  }
  for (size_t i = 0; i < n; i++) {
    uint32_t number = (uint32_t)(values[i] - base);
    groups[i] = groups[i] * radix + (number < limit ? number : limit);
  }
}

#define NUMBER_NARROW(TYPE)                                                  \
  {                                                                          \
    const TYPE *number = numbers;                                            \
    if (radix == 0) {                                                        \
      for (size_t i = 0; i < n; i++) groups[i] = number[i] + offset;         \
    } else {                                                                 \
      for (size_t i = 0; i < n; i++)                                         \
        groups[i] = groups[i] * radix + (number[i] + offset);                \
    }                                                                        \
    return;                                                                  \
  }

ECQ_DISPATCHED void ecq_number_narrow(const void *restrict numbers, size_t n, int bytes,
                                      uint32_t offset, uint32_t radix, uint32_t *restrict groups) {
  switch (bytes) {
    case 1: NUMBER_NARROW(uint8_t)
    case 2: NUMBER_NARROW(uint16_t)
    default: NUMBER_NARROW(uint32_t)
  }
}

/// So many rows stay in the innermost cache while the steps are gone through, two at a time.
enum { stepped_rows = 4096 };

#define FOLLOW_STEPS(TYPE)                                                              \
  {                                                                                     \
    const TYPE *number = (const TYPE *)numbers + first;                                 \
    TYPE *out = (TYPE *)output + first;                                                 \
    for (size_t i = 0; i < count; i++) out[i] = (TYPE)start;                            \
    size_t step = 0;                                                                    \
    for (; step + 2 <= steps; step += 2) {                                              \
      TYPE bound = (TYPE)bounds[step], next = (TYPE)bounds[step + 1];                   \
      TYPE more = (TYPE)increments[step], most = (TYPE)increments[step + 1];            \
      for (size_t i = 0; i < count; i++)                                                \
        out[i] = (TYPE)(out[i] + (number[i] >= bound ? more : 0) +                      \
                        (number[i] >= next ? most : 0));                                \
    }                                                                                   \
    for (; step < steps; step++) {                                                      \
      TYPE bound = (TYPE)bounds[step], more = (TYPE)increments[step];                   \
      for (size_t i = 0; i < count; i++)                                                \
        out[i] = (TYPE)(out[i] + (number[i] >= bound ? more : 0));                      \
    }                                                                                   \
    break;                                                                              \
  }

ECQ_DISPATCHED void ecq_follow_steps(const void *restrict numbers, size_t n, int bytes,
                                     uint32_t start, const uint32_t *restrict bounds,
                                     const uint32_t *restrict increments, size_t steps,
                                     void *restrict output) {
  for (size_t first = 0; first < n; first += stepped_rows) {
    size_t count = n - first < stepped_rows ? n - first : stepped_rows;
    switch (bytes) {
      case 1: FOLLOW_STEPS(uint8_t)
      case 2: FOLLOW_STEPS(uint16_t)
      default: FOLLOW_STEPS(uint32_t)
    }
  }
}

// Half is added, so that rounding cannot cross a whole number, as in divide_near.
#define DIVIDE_NARROW(TYPE)                                                       \
  {                                                                               \
    const TYPE *number = numbers;                                                 \
    TYPE *out = output;                                                           \
    for (size_t i = 0; i < n; i++) {                                              \
      int32_t distance = (int32_t)(number[i] + offset);                           \
      int32_t quotient = (int32_t)(((float)distance + 0.5f) * inverse) + first;   \
      int32_t turns = (int32_t)(((float)quotient + 0.5f) * inverse_modulus);      \
      out[i] = (TYPE)(quotient - turns * whole);                                  \
    }                                                                             \
    return;                                                                       \
  }

ECQ_DISPATCHED void ecq_divide_narrow(const void *restrict numbers, size_t n, int bytes,
                                      uint32_t offset, uint32_t divisor, uint32_t start,
                                      uint32_t modulus, void *restrict output) {
  float inverse = 1.0f / (float)divisor;
  float inverse_modulus = modulus == 0 ? 0 : 1.0f / (float)modulus;
  int32_t first = (int32_t)start, whole = (int32_t)modulus;
  switch (bytes) {
    case 1: DIVIDE_NARROW(uint8_t)
    case 2: DIVIDE_NARROW(uint16_t)
    default: DIVIDE_NARROW(uint32_t)
  }
}
