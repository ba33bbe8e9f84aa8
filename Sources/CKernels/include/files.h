#ifndef ECQ_FILES_H
#define ECQ_FILES_H

#include <stdint.h>

/// Lets the system begin writing a part of a file to the disk, and does not wait for it. Says nothing
/// of what has reached the disk: that is for fsync.
void ecq_start_write_back(int descriptor, int64_t offset, int64_t bytes);

#endif
