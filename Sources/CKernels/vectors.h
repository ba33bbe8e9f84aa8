#ifndef ECQ_VECTORS_H
#define ECQ_VECTORS_H

// AVX-512, for loops that compilers do not find themselves: sixteen rows at a time are told by the bits
// of a mask. Each has a plain loop beside it for other processors.
#if defined(__x86_64__) && defined(__linux__)
#define ECQ_WIDE
#include <immintrin.h>

#define WIDE __attribute__((target("arch=x86-64-v4")))

static inline int is_wide(void) { return __builtin_cpu_supports("x86-64-v4"); }
#endif

#endif
