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

ECQ_DISPATCHED static uint64_t bits_out_of_range(const int64_t *values, size_t n) {
  uint64_t bits = 0;
  for (size_t i = 0; i < n; i++) bits |= (uint64_t)values[i] + ((uint64_t)1 << 51);
  return bits >> 52;
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
  if (bits_out_of_range(values, n) == 0) {
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
