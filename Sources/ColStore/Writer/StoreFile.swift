import CKernels
import Glibc

/// A store file that is being written. Nothing of it can be seen until ``commit(_:)``.
///
/// A new store has no name until then, where the file system allows that, so that a killed process
/// leaves nothing behind; elsewhere it has a temporary name beside the store's. A store that is
/// appended to is written behind its end, and one header slot makes it the new state.
final class StoreFile {
  let path: String
  private let descriptor: Int32
  private let target: Target
  /// Where the next bytes go.
  private(set) var end: Int
  /// Up to here, the system was told to begin writing to the disk.
  private var writeBackEnd: Int
  private var isCommitted = false

  private enum Target {
    case unnamed(replaces: Bool)
    case named(String, replaces: Bool)
    case existing(WriterLock, end: Int, generation: UInt64)
  }

  /// Starts a new store at `path`; a store that is there when it is done is replaced, or it is an
  /// error.
  init(creating path: String, replaces: Bool = false) throws(StoreError) {
    self.path = path
    end = StoreHeader.byteCount
    writeBackEnd = end
    var folder = "."
    if let slash = path.lastIndex(of: "/") {
      folder = slash == path.startIndex ? "/" : String(path[..<slash])
    }
    let unnamed = open(folder, unnamedFileFlags | O_RDWR | O_CLOEXEC, 0o666)
    if unnamed >= 0 {
      descriptor = unnamed
      target = .unnamed(replaces: replaces)
      return
    }
    guard errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL else {
      throw .system("cannot create", path)
    }
    let temporary = "\(path).\(getpid()).tmp"
    descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system("cannot create", path) }
    target = .named(temporary, replaces: replaces)
  }

  /// Goes on behind the last commit of `store`. What a killed process may have left there is
  /// overwritten.
  init(appendingTo store: Store, lock: WriterLock) throws(StoreError) {
    path = store.path
    descriptor = lock.descriptor
    end = store.end
    writeBackEnd = end
    target = .existing(lock, end: store.end, generation: store.header.generation)
    guard ftruncate(descriptor, off_t(end)) == 0 else { throw .system("cannot write", path) }
  }

  deinit {
    switch target {
    case .existing(_, let end, _):
      if !isCommitted { ftruncate(descriptor, off_t(end)) }
      return
    case .named(let temporary, _):
      if !isCommitted { unlink(temporary) }
    case .unnamed: break
    }
    close(descriptor)
  }

  /// Appends bytes and returns where they lie.
  func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) -> BlobReference {
    let reference = BlobReference(
      offset: end, byteCount: bytes.count, checksum: XXH64.hash(bytes))
    try write(bytes, at: end)
    end += bytes.count
    return reference
  }

  /// Appends blobs, which have checksums of their own, and returns where the first starts.
  func append(_ batch: BlobBatch) throws(StoreError) -> Int {
    let offset = end
    try batch.bytes.bytes.withBytes { bytes throws(StoreError) in try write(bytes, at: offset) }
    end += batch.bytes.count
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
    startWriteBack()
  }

  /// So many bytes are worth telling the disk of.
  private static let writeBackBytes = 8 << 20

  /// Lets the disk begin with what was appended, so that the commit need not wait for all of it.
  private func startWriteBack() {
    guard end - writeBackEnd >= Self.writeBackBytes else { return }
    ecq_start_write_back(descriptor, Int64(writeBackEnd), Int64(end - writeBackEnd))
    writeBackEnd = end
  }

  /// Writes the footer and makes all that was written the state of the store, at once.
  func commit(_ footer: StoreFooter) throws(StoreError) {
    let encoded = footer.encoded()
    let reference = try encoded.withBytes { bytes throws(StoreError) in try append(bytes) }
    let copy = try encoded.withBytes { bytes throws(StoreError) in try append(bytes) }
    var generation: UInt64 = 1
    if case .existing(_, _, let last) = target {
      generation = last + 1
      // The slots must not reach the disk before what they point to.
      try synchronize()
    } else {
      try [UInt8](repeating: 0, count: StoreHeader.byteCount).withBytes {
        bytes throws(StoreError) in try write(bytes, at: 0)
      }
    }
    let header = StoreHeader(
      generation: generation, footer: reference, copyOffset: copy.offset)
    for offset in StoreHeader.slotOffsets {
      try header.bytes.withBytes { bytes throws(StoreError) in try write(bytes, at: offset) }
      // One slot after the other: of a store that can be seen, one is whole at any moment.
      if case .existing = target {
        isCommitted = true
        try synchronize()
      }
    }
    if !isCommitted { try synchronize() }
    isCommitted = true
    try makeVisible()
  }

  private func synchronize() throws(StoreError) {
    guard fsync(descriptor) == 0 else { throw .system("cannot write", path) }
  }

  private func makeVisible() throws(StoreError) {
    switch target {
    case .existing: return
    case .unnamed(let replaces):
      // A name can be given to the file only where there is none; a rename can replace.
      let name = replaces ? "\(path).\(getpid()).tmp" : path
      let source = "/proc/self/fd/\(descriptor)"
      guard linkat(AT_FDCWD, source, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 else {
        throw creationFailure()
      }
      if replaces { try rename(name) }
    case .named(let temporary, let replaces):
      if replaces { return try rename(temporary) }
      let isLinked = link(temporary, path) == 0
      let failure = creationFailure()
      unlink(temporary)
      guard isLinked else { throw failure }
    }
  }

  private func creationFailure() -> StoreError {
    errno == EEXIST
      ? StoreError("was made by another process meanwhile, and is left as it is", at: path)
      : .system("cannot create", path)
  }

  private func rename(_ temporary: String) throws(StoreError) {
    guard Glibc.rename(temporary, path) == 0 else {
      let error = StoreError.system("cannot create", path)
      unlink(temporary)
      throw error
    }
  }
}

/// `O_TMPFILE`, which the C headers spell as a macro of macros.
private let unnamedFileFlags: Int32 = 0o20000000 | O_DIRECTORY
