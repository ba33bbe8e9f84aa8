#ifndef ECQ_HEAP_H
#define ECQ_HEAP_H

#include <stddef.h>

/// Makes the heap keep freed memory for the next use, up to half a gigabyte, instead of unmapping
/// it: buffers of batches come and go many times a second, and clearing fresh pages costs more than
/// filling them. Harmless where the C library has no such setting.
void ecq_keep_freed_memory(void);

/// Hands freed memory back to the system after all, behind a phase that needed much of it.
void ecq_release_freed_memory(void);

/// Asks for huge pages, where the system has them, behind memory that will be used all over.
void ecq_use_huge_pages(void *memory, size_t bytes);

#endif
