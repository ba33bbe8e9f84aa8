import ColStore
import Glibc

/// A folder of our own that is removed with what we put into it, also when interrupted.
struct TemporaryFolder: ~Copyable {
  let path: String
  private let names: [String]

  /// Makes a folder that will hold files of these `names`.
  init(holding names: [String]) throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/ecq-demo-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw StoreError("cannot make a folder: \(String(cString: strerror(errno)))", at: parent)
    }
    path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    self.names = names
    for name in names { Interruption.removeWhenInterrupted("\(path)/\(name)") }
    Interruption.removeLastWhenInterrupted(path)
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }
}
