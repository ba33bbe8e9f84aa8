import Glibc

/// Files that are read or written in one go.
public enum WholeFile {
  public static func read(_ path: String) throws(StoreError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("cannot be read", path) }
    defer { close(descriptor) }
    let buffer = TextBuffer(capacity: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, buffer.reserve(1 << 16), 1 << 16)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system("cannot be read", path) }
      if count == 0 { return Array(buffer.bytes) }
      buffer.commit(count)
    }
  }

  /// Writes under a temporary name beside the file's own, which it takes when it is complete:
  /// whoever is killed, wherever, leaves the file before or the file after.
  public static func write(
    _ bytes: UnsafeBufferPointer<UInt8>, to path: String
  ) throws(StoreError) {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system("cannot be written", path) }
    do {
      try append(bytes, to: descriptor, of: path)
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      let failure = StoreError.system("cannot be written", path)
      unlink(temporary)
      throw failure
    }
  }

  public static func write(_ bytes: [UInt8], to path: String) throws(StoreError) {
    try bytes.withBytes { bytes throws(StoreError) in
      try write(bytes.bindMemory(to: UInt8.self), to: path)
    }
  }

  /// Writes all bytes to a file that is open, and waits until they are on the disk.
  public static func append(
    _ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32, of path: String
  ) throws(StoreError) {
    var rest = UnsafeRawBufferPointer(bytes)
    while let start = rest.baseAddress, rest.count > 0 {
      let count = Glibc.write(descriptor, start, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .system("cannot be written", path) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    guard fsync(descriptor) == 0 else { throw .system("cannot be written", path) }
  }
}

/// Makes a folder and those it lies in, where they are not there yet.
public func makeFolder(_ path: String) throws(StoreError) {
  var end = path.startIndex
  while end < path.endIndex {
    end = path[end...].dropFirst().firstIndex(of: "/") ?? path.endIndex
    let folder = String(path[..<end])
    guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
      throw .system("cannot be made", folder)
    }
  }
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
    throw StoreError("is not a folder", at: path)
  }
}
