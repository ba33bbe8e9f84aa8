#define _GNU_SOURCE
#include "files.h"

#include <fcntl.h>

void ecq_start_write_back(int descriptor, int64_t offset, int64_t bytes) {
#if defined(__linux__)
  // Where it fails, fsync has more to do.
  (void)sync_file_range(descriptor, offset, bytes, SYNC_FILE_RANGE_WRITE);
#else
  (void)descriptor, (void)offset, (void)bytes;
#endif
}
