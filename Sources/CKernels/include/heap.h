#ifndef ECQ_HEAP_H
#define ECQ_HEAP_H

/// Makes the heap keep freed memory for the next use, up to half a gigabyte, instead of unmapping
/// it: buffers of batches come and go many times a second, and clearing fresh pages costs more than
/// filling them. Harmless where the C library has no such setting.
void ecq_keep_freed_memory(void);

#endif
