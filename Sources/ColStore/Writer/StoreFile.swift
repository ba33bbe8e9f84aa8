import Glibc

/// A store file that is being written. Nothing of it can be seen until ``commit(_:)``.
///
/// The file has no name until then, where the file system allows that, so that a killed process
/// leaves nothing behind; elsewhere it has a temporary name beside the store's.
final class StoreFile {
  let path: String
  private let descriptor: Int32
  private let temporaryPath: String?
  private(set) var end = StoreHeader.byteCount
  private var isCommitted = false

  /// Starts a new store at `path`.
  init(creating path: String) throws(StoreError) {
    self.path = path
    var folder = "."
    if let slash = path.lastIndex(of: "/") {
      folder = slash == path.startIndex ? "/" : String(path[..<slash])
    }
    let unnamed = open(folder, O_TMPFILE_FLAGS | O_RDWR | O_CLOEXEC, 0o666)
    if unnamed >= 0 {
      descriptor = unnamed
      temporaryPath = nil
      return
    }
    guard errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL else {
      throw .system("cannot create", path)
    }
    let temporary = "\(path).\(getpid()).tmp"
    descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system("cannot create", path) }
    temporaryPath = temporary
  }

  deinit {
    close(descriptor)
    if let temporaryPath, !isCommitted { unlink(temporaryPath) }
  }

  /// Appends bytes and returns where they lie.
  func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) -> BlobReference {
    let reference = BlobReference(
      offset: end, byteCount: bytes.count, checksum: XXH64.hash(bytes))
    try write(bytes, at: end)
    end += bytes.count
    return reference
  }

  /// Appends bytes that have checksums of their own.
  func appendUnchecked(_ bytes: UnsafeRawBufferPointer) throws(StoreError) -> Int {
    let offset = end
    try write(bytes, at: end)
    end += bytes.count
    return offset
  }

  /// Leaves a gap so that the next bytes start at a multiple of `alignment`.
  func align(to alignment: Int) { end = (end + alignment - 1) / alignment * alignment }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StoreError) {
    guard let start = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let step = pwrite(descriptor, start + done, bytes.count - done, off_t(offset + done))
      if step < 0 && errno == EINTR { continue }
      guard step > 0 else { throw .system("cannot write", path) }
      done += step
    }
  }

  /// Writes the footer and makes the store visible at its path, all at once, replacing a store
  /// that is there.
  func commit(_ footer: StoreFooter) throws(StoreError) {
    let reference = try footer.encoded().withBytes { bytes throws(StoreError) in
      try append(bytes)
    }
    let header = StoreHeader(generation: 1, footer: reference)
    var head = [UInt8](repeating: 0, count: StoreHeader.byteCount)
    head.replaceSubrange(0..<StoreHeader.slotBytes, with: header.bytes)
    try head.withBytes { bytes throws(StoreError) in try write(bytes, at: 0) }
    guard fsync(descriptor) == 0 else { throw .system("cannot write", path) }
    try makeVisible()
    isCommitted = true
  }

  private func makeVisible() throws(StoreError) {
    let named = temporaryPath ?? "\(path).\(getpid()).tmp"
    if temporaryPath == nil {
      let link = linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, named, AT_SYMLINK_FOLLOW)
      guard link == 0 else { throw .system("cannot create", path) }
    }
    guard rename(named, path) == 0 else {
      let error = StoreError.system("cannot create", path)
      unlink(named)
      throw error
    }
  }
}

/// `O_TMPFILE`, which the C headers spell as a macro of macros.
private let O_TMPFILE_FLAGS: Int32 = 0o20000000 | O_DIRECTORY
