import Glibc

/// What happens on Ctrl-C and on other signals that end the process: temporaries are removed, and
/// the exit code is 128 + the signal's number (130).
///
/// A query only reads and an ingest commits by a rename, so the process can end at any instruction.
enum Interruption {
  private static let pathsMax = 16
  /// What to remove, as C strings, the last one a folder; the handler may only touch plain memory.
  private static let paths = {
    let paths = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: pathsMax)
    paths.initialize(repeating: nil, count: pathsMax)
    return SendablePaths(pointer: paths)
  }()

  private struct SendablePaths: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  }

  static func install() {
    _ = paths
    signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      if number == SIGHUP, sigaction(number, nil, &action) == 0, isIgnored(action) { continue }
      signal(number) { number in
        let paths = Interruption.paths.pointer
        for index in 0..<Interruption.pathsMax {
          if let path = paths[index], unlink(path) != 0 { rmdir(path) }
        }
        _exit(128 + number)
      }
    }
  }

  /// As under `nohup`.
  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Removes the file `path` should the process be interrupted from now on.
  static func removeWhenInterrupted(_ path: String) {
    for index in 0..<pathsMax - 1 where paths.pointer[index] == nil {
      paths.pointer[index] = strdup(path)
      return
    }
  }

  /// Removes the folder `path`, after all files.
  static func removeLastWhenInterrupted(_ path: String) {
    paths.pointer[pathsMax - 1] = strdup(path)
  }
}
