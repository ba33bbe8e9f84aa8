import Glibc

/// Reads a small file from beginning to end.
public func readWholeFile(_ path: String) throws(StoreError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .system("cannot read the file", path) }
  defer { close(descriptor) }
  let buffer = TextBuffer(capacity: 1 << 16)
  while true {
    let count = Glibc.read(descriptor, buffer.reserve(1 << 16), 1 << 16)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { throw .system("cannot read the file", path) }
    if count == 0 { return Array(buffer.bytes) }
    buffer.commit(count)
  }
}

/// Writes a file so that, whatever happens, it is either as it was or complete.
public func writeWholeFile(
  _ bytes: UnsafeBufferPointer<UInt8>, to path: String
) throws(StoreError) {
  let temporary = "\(path).\(getpid()).tmp"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw .system("cannot write the file", path) }
  do {
    try writeAll(bytes, to: descriptor, path)
  } catch {
    close(descriptor)
    unlink(temporary)
    throw error
  }
  guard fsync(descriptor) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else {
    let error = StoreError.system("cannot write the file", path)
    unlink(temporary)
    throw error
  }
}

/// Writes all bytes to an open file; `path` is for the error's sake.
public func writeAll(
  _ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32, _ path: String
) throws(StoreError) {
  guard let start = bytes.baseAddress else { return }
  var done = 0
  while done < bytes.count {
    let count = Glibc.write(descriptor, start + done, bytes.count - done)
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { throw .system("cannot write the file", path) }
    done += count
  }
}

/// Makes a folder and those it lies in, where they are not there yet.
public func makeFolder(_ path: String) throws(StoreError) {
  var end = path.startIndex
  while end < path.endIndex {
    end = path[end...].dropFirst().firstIndex(of: "/") ?? path.endIndex
    let folder = String(path[..<end])
    guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
      throw .system("cannot make the folder", folder)
    }
  }
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
    throw StoreError("is not a folder", at: path)
  }
}
