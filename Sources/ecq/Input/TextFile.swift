import ColStore
import Glibc

func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

func systemError(_ what: String, _ path: String) -> StoreError {
  StoreError("\(what): \(String(cString: strerror(errno)))", at: path)
}

/// All of the file `path` as text.
func readText(path: String) throws -> String {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw systemError("cannot read", path) }
  defer { close(descriptor) }
  return try readText(descriptor, name: path)
}

/// All that is left of an open file as text.
func readText(_ descriptor: Int32, name: String) throws -> String {
  let buffer = TextBuffer(capacity: 1 << 16)
  while true {
    let count = read(descriptor, buffer.reserve(1 << 16), 1 << 16)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { throw systemError("cannot read", name) }
    if count == 0 { break }
    buffer.commit(count)
  }
  guard let text = String(validating: buffer.bytes, as: UTF8.self) else {
    throw StoreError("the SQL is not valid UTF-8", at: name)
  }
  return text
}
