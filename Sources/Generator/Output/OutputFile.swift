import Glibc

/// A file that is written under a temporary name beside its own, which it takes when complete.
struct OutputFile: ~Copyable {
  private let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  private var isComplete = false

  private init(path: String, temporaryPath: String, descriptor: Int32) {
    self.path = path
    self.temporaryPath = temporaryPath
    self.descriptor = descriptor
  }

  /// Makes the temporary file of the file at `path`.
  static func create(_ path: String) throws(GeneratorError) -> OutputFile {
    let temporaryPath = "\(path).\(getpid()).partial"
    let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw GeneratorError(path: path, operation: "create", code: errno)
    }
    return OutputFile(path: path, temporaryPath: temporaryPath, descriptor: descriptor)
  }

  deinit {
    close(descriptor)
    if !isComplete { unlink(temporaryPath) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(GeneratorError) {
    var rest = bytes
    while let start = rest.baseAddress, rest.count > 0 {
      let written = Glibc.write(descriptor, start, rest.count)
      if written >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      } else if errno != EINTR {
        throw GeneratorError(path: path, operation: "write", code: errno)
      }
    }
  }

  mutating func complete() throws(GeneratorError) {
    guard rename(temporaryPath, path) == 0 else {
      throw GeneratorError(path: path, operation: "rename", code: errno)
    }
    isComplete = true
  }

  /// Makes a directory and those above it that do not exist.
  static func makeDirectory(_ path: String) throws(GeneratorError) {
    var end = path.utf8.startIndex
    while end < path.utf8.endIndex {
      end = path.utf8[end...].dropFirst().firstIndex(of: UInt8(ascii: "/")) ?? path.utf8.endIndex
      let parent = String(path[..<end])
      if mkdir(parent, 0o777) != 0 && errno != EEXIST {
        throw GeneratorError(path: parent, operation: "make the directory", code: errno)
      }
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw GeneratorError(path: path, operation: "make the directory", code: ENOTDIR)
    }
  }
}
