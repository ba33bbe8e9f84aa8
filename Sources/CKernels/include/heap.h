#ifndef ECQ_HEAP_H
#define ECQ_HEAP_H

#include <stddef.h>

/// Makes the heap keep freed memory for the next use, up to half a gigabyte, instead of unmapping
/// it: buffers of batches come and go many times a second, and clearing fresh pages costs more than
/// filling them. Harmless where the C library has no such setting.
void ecq_keep_freed_memory(void);

/// Makes `free` hand memory back to the system early: for processes whose memory is limited, so that
/// what they hold is about what they use.
void ecq_return_memory_when_freed(void);

/// Asks for huge pages, where the system has them, behind memory that will be used all over.
void ecq_use_huge_pages(void *memory, size_t bytes);

/// Bytes that have been taken from the heap and not been given back; 0 where that is not known.
/// Looks through the lists of free memory: not for each batch.
size_t ecq_heap_bytes_in_use(void);

/// Hands freed memory back to the system, as far as it makes whole pages.
void ecq_return_freed_memory(void);

#endif
