#ifndef ECQ_DISPATCH_H
#define ECQ_DISPATCH_H

/// Compiles a function once for each instruction set and picks the best at load time; elsewhere
/// than on x86-64 Linux there is one plain version.
#if defined(__x86_64__) && defined(__linux__)
#define ECQ_DISPATCHED \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define ECQ_DISPATCHED
#endif

#endif
