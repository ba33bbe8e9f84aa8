#ifndef ECQ_COUNT_H
#define ECQ_COUNT_H

#include <stddef.h>
#include <stdint.h>

/// How many of n rows each of the groups has. `counts` has room for four times as many as there are
/// groups; behind the first lies what is of no use afterwards.
void ecq_count_groups(const uint32_t *groups, size_t n, size_t group_count, uint32_t *counts);

#endif
