import Glibc
import Synchronization

/// What happens on Ctrl-C and on other signals that end the process: temporaries are removed, and
/// the exit code is 128 + the signal's number (130).
///
/// A query only reads and an ingest commits all at once, so the process can end at any instruction.
/// Work that would rather leave nothing behind can ask to be told first: see ``deferring(_:)``.
enum Interruption {
  private static let pathsMax = 16
  /// What to remove, as C strings; the handler may only touch plain memory.
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
    _ = terminalSettings
    signal(SIGPIPE, SIG_IGN)
    // A file that grows past the limit is an error of the write, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      if number == SIGHUP, sigaction(number, nil, &action) == 0, isIgnored(action) { continue }
      signal(number) { number in
        if number == SIGINT, Interruption.isNoted.load(ordering: .relaxed) {
          Interruption.isRequested.store(true, ordering: .relaxed)
          return
        }
        // The second signal does not wait.
        if Interruption.isDeferred.load(ordering: .relaxed),
          !Interruption.isRequested.exchange(true, ordering: .relaxed)
        {
          return
        }
        let paths = Interruption.paths.pointer
        for index in 0..<Interruption.pathsMax {
          if let path = paths[index] { unlink(path) }
        }
        Interruption.giveTerminalBack()
        _exit(128 + number)
      }
    }
  }

  private static let isDeferred = Atomic<Bool>(false)
  private static let isRequested = Atomic<Bool>(false)

  /// Whether a signal came while it was deferred: the work should end now, with an error.
  static var isWanted: Bool { isRequested.load(ordering: .relaxed) }

  /// Runs work that looks at ``isWanted`` often, and cleans up after itself.
  static func deferring<Result>(_ work: () throws -> Result) rethrows -> Result {
    isDeferred.store(true, ordering: .relaxed)
    defer { isDeferred.store(false, ordering: .relaxed) }
    return try work()
  }

  // MARK: A process that outlives Ctrl-C

  private static let isNoted = Atomic<Bool>(false)

  /// From now on Ctrl-C ends what runs, which looks at ``isWanted``, and not the process.
  static func outliveInterrupts() { isNoted.store(true, ordering: .relaxed) }

  /// Forgets the Ctrl-C that ended what ran before.
  static func forget() { isRequested.store(false, ordering: .relaxed) }

  // MARK: The terminal

  /// What a terminal is to be given back as, at a fixed place for the handler.
  private static let terminalSettings = {
    let settings = UnsafeMutablePointer<termios>.allocate(capacity: 1)
    settings.initialize(to: termios())
    return SendableSettings(pointer: settings)
  }()

  private struct SendableSettings: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<termios>
  }

  /// The terminal whose settings have been changed; -1: none.
  private static let changedTerminal = Atomic<Int32>(-1)

  /// Whether there is a line of progress to be cleared.
  static let showsProgress = Atomic<Bool>(false)

  /// Gives a terminal its old settings back should the process be ended from now on.
  static func restoreTerminal(_ descriptor: Int32, to settings: termios) {
    terminalSettings.pointer.pointee = settings
    changedTerminal.store(descriptor, ordering: .relaxed)
  }

  static func leaveTerminal() { changedTerminal.store(-1, ordering: .relaxed) }

  private static func giveTerminalBack() {
    if showsProgress.load(ordering: .relaxed) {
      let clearing: StaticString = "\r\u{1b}[K"
      _ = write(STDERR_FILENO, clearing.utf8Start, clearing.utf8CodeUnitCount)
    }
    let descriptor = changedTerminal.load(ordering: .relaxed)
    guard descriptor >= 0 else { return }
    _ = write(STDOUT_FILENO, RawMode.end.utf8Start, RawMode.end.utf8CodeUnitCount)
    tcsetattr(descriptor, TCSANOW, terminalSettings.pointer)
  }

  /// As under `nohup`.
  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static let pathCount = Atomic<Int>(0)

  /// Removes the file `path` should the process be interrupted from now on; of very many files only
  /// the last ones.
  static func removeWhenInterrupted(_ path: String) {
    let place = pathCount.wrappingAdd(1, ordering: .relaxed).oldValue % pathsMax
    paths.pointer[place] = strdup(path)
  }
}
