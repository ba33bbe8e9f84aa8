import Synchronization

/// A value that is found out when first asked for; who asks meanwhile waits.
final class OnceKnown<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)

  func get(_ find: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    try value.withLock { known throws(StoreError) in
      if let known { return known }
      let found = try find()
      known = found
      return found
    }
  }
}
