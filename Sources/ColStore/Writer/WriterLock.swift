import Glibc

/// The right to write to a store: an advisory lock on its file, which ends with the process that
/// has it, however that ends.
final class WriterLock {
  let path: String
  let descriptor: Int32

  /// Takes the lock, or throws at once where another has it.
  init(_ path: String) throws(StoreError) {
    self.path = path
    while true {
      let descriptor = open(path, O_RDWR | O_CLOEXEC)
      guard descriptor >= 0 else { throw .system("cannot open for writing", path) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let isTaken = errno == EWOULDBLOCK
        let error = StoreError.system("cannot lock", path)
        close(descriptor)
        throw isTaken
          ? StoreError(
            "another process is writing to the store; try again when it is done", at: path)
          : error
      }
      // Whoever had the lock may have put another file in this one's place.
      if Self.isSameFile(descriptor, path) {
        self.descriptor = descriptor
        return
      }
      close(descriptor)
    }
  }

  deinit { close(descriptor) }

  private static func isSameFile(_ descriptor: Int32, _ path: String) -> Bool {
    var opened = stat()
    var named = stat()
    guard fstat(descriptor, &opened) == 0, stat(path, &named) == 0 else { return true }
    return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
  }
}
