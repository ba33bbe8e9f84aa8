#ifndef ECQ_CHOOSE_H
#define ECQ_CHOOSE_H

#include <stddef.h>
#include <stdint.h>

/// Which rows something holds for: their numbers, ascending, of n rows. `rows` has room for n, unless
/// more is said; what is behind the last may be overwritten. All return how many there are.

/// The rows whose code, of 1, 2 or 4 bytes and less than `verdict_count`, has a verdict of 1 (else 0).
size_t ecq_choose_codes(const void *codes, size_t n, int bytes, const uint8_t *verdicts,
                        size_t verdict_count, uint32_t *rows);

/// As ecq_choose_codes, for runs given by one past their last row; `rows` has room for
/// ECQ_RUN_SLACK more than there are rows.
size_t ecq_choose_runs(const uint32_t *codes, const uint32_t *ends, size_t runs,
                       const uint8_t *verdicts, uint32_t *rows);

/// The rows with that code, of 1, 2 or 4 bytes; `rows` has room for eight more than n.
size_t ecq_choose_equal(const void *codes, size_t n, int bytes, uint32_t code, uint32_t *rows);

/// The rows whose number, of 1, 2, 4 or 8 bytes, is at least `low` and at most `low + span`; both
/// ends are numbers of so many bytes, of 8 also signed ones.
size_t ecq_choose_between(const void *numbers, size_t n, int bytes, uint64_t low, uint64_t span,
                          uint32_t *rows);

/// The rows whose group or code is not that of the row before; the first row is none of them.
size_t ecq_choose_changes(const uint32_t *groups, const uint32_t *codes, size_t n, uint32_t *rows);

/// The rows whose flag is not 0.
size_t ecq_choose_true(const uint8_t *flags, size_t n, uint32_t *rows);

#endif
