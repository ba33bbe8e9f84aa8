import Glibc

/// A file or directory that could not be made or written.
public struct GeneratorError: Error, CustomStringConvertible, Equatable {
  public var path: String
  public var operation: String
  public var code: Int32

  public var description: String {
    "\(path): cannot \(operation): \(String(cString: strerror(code)))"
  }
}
