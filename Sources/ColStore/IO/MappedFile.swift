import Glibc

/// A file mapped into memory for reading.
final class MappedFile: @unchecked Sendable {
  let path: String
  let bytes: UnsafeRawBufferPointer
  let descriptor: Int32

  init(path: String) throws(StoreError) {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("cannot open", path) }
    do throws(StoreError) {
      bytes = try Self.map(descriptor, path)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
  }

  private static func map(
    _ descriptor: Int32, _ path: String
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system("cannot read", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StoreError("is not a file", at: path)
    }
    let count = Int(status.st_size)
    guard count > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    guard let start = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED
    else { throw .system("cannot map", path) }
    return UnsafeRawBufferPointer(start: start, count: count)
  }

  deinit {
    close(descriptor)
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }

  /// The bytes of a blob, which lies inside the file, checked against its checksum.
  func blob(_ reference: BlobReference) throws(StoreError) -> UnsafeRawBufferPointer {
    let blob = UnsafeRawBufferPointer(
      rebasing: bytes[reference.offset..<reference.offset + reference.byteCount])
    guard XXH64.hash(blob) == reference.checksum else {
      throw StoreError(
        "bytes \(reference.offset)…\(reference.offset + reference.byteCount) "
          + "are damaged: their checksum is wrong", at: path)
    }
    return blob
  }
}
