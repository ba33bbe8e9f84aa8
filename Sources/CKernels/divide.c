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
