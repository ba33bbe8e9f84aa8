import Glibc

extension StoreError {
  /// What the last failed system call says of `path`.
  static func system(_ action: String, _ path: String) -> StoreError {
    StoreError("\(action): \(String(cString: strerror(errno)))", at: path)
  }
}
