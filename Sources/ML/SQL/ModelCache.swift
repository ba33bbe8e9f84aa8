import Glibc
import Synchronization

/// Models by path, read again when their file changes.
final class ModelCache: Sendable {
  /// Which content a path had.
  private struct Stamp: Equatable {
    var device: UInt
    var file: UInt
    var bytes: Int
    var seconds: Int
    var nanoseconds: Int
  }

  private let known = Mutex<[String: (stamp: Stamp, model: SQLModel)]>([:])
  private static let countMax = 16

  func model(at path: String) throws(ModelError) -> SQLModel {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw ModelError("\(path): cannot read the model: \(String(cString: strerror(errno)))")
    }
    let stamp = Stamp(
      device: UInt(status.st_dev), file: UInt(status.st_ino), bytes: Int(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    if let found = known.withLock({ $0[path] }), found.stamp == stamp { return found.model }
    let model = SQLModel(try ModelFile.read(path))
    known.withLock { known in
      if known.count >= Self.countMax { known.removeAll() }
      known[path] = (stamp, model)
    }
    return model
  }
}
