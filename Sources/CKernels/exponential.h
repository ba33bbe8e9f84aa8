#ifndef ECQ_EXPONENTIAL_H
#define ECQ_EXPONENTIAL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Margins become e^−|margin|: 2^n · e^r with |r| ≤ ln 2 / 2, e^r by its series. A macro, so that it
/// is compiled for the instruction set of the function it stands in.
#define EXPONENTIALS(margins, tails, count)                                                \
  for (size_t i = 0; i < count; i++) {                                                     \
    double x = margins[i] < 0 ? margins[i] : -margins[i];                                  \
    x = x < -700 ? -700 : x;                                                               \
    double shifted = x * 1.4426950408889634 + 6755399441055744.0;                          \
    double n = shifted - 6755399441055744.0;                                               \
    double r = (x - n * 0x1.62e42fee00000p-1) - n * 0x1.a39ef35793c76p-33;                 \
    double e = 1.0 / 479001600;                                                            \
    e = e * r + 1.0 / 39916800;                                                            \
    e = e * r + 1.0 / 3628800;                                                             \
    e = e * r + 1.0 / 362880;                                                              \
    e = e * r + 1.0 / 40320;                                                               \
    e = e * r + 1.0 / 5040;                                                                \
    e = e * r + 1.0 / 720;                                                                 \
    e = e * r + 1.0 / 120;                                                                 \
    e = e * r + 1.0 / 24;                                                                  \
    e = e * r + 1.0 / 6;                                                                   \
    e = e * r + 0.5;                                                                       \
    e = e * r + 1.0;                                                                       \
    e = e * r + 1.0;                                                                       \
    int64_t bits, power;                                                                   \
    memcpy(&bits, &e, 8);                                                                  \
    memcpy(&power, &shifted, 8);                                                           \
    bits += (int64_t)((uint64_t)power << 52);                                              \
    memcpy(&tails[i], &bits, 8);                                                           \
  }

#endif
