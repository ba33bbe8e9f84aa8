import Glibc
import Synchronization

/// The store that an ingest appends to, locked against other writers as long as this lives.
///
/// Dictionaries are carried on: a value that the store has keeps its code, so that a session in two
/// files is one session.
final class StoreBase {
  private let lock: WriterLock
  let store: Store
  let footer: StoreFooter

  init(appendingTo path: String) throws(StoreError) {
    lock = try WriterLock(path)
    store = try Store(path: path)
    footer = store.footer
  }

  var rowCount: Int { store.rowCount }
  /// The size of the store.
  var end: Int { store.end }

  func makeFile() throws(StoreError) -> StoreFile {
    try StoreFile(appendingTo: store, lock: lock)
  }

  /// How a column that the store has goes on.
  func columnPlan(_ number: Int) -> ColumnPlan {
    let column = footer.columns[number]
    return ColumnPlan(
      name: column.name, type: column.type, usesDictionary: column.dictionary != nil,
      parent: column.parent, isTypeSettled: true)
  }

  /// Dictionaries and maps as the store has them, for a plan whose first columns are the store's.
  func restoredState(_ plan: IngestPlan, threads: Int) throws(StoreError) -> StoreState {
    let dictionaries = footer.columns.indices.filter { footer.columns[$0].dictionary != nil }
    let counter = WorkCounter(count: dictionaries.count)
    let restored = Mutex<[Int: GlobalDictionary]>([:])
    do {
      // A dictionary each; a large one is decoded by all who come to it, and hashed by one.
      try runWorkers(min(threads, max(dictionaries.count, 1))) { [store, footer] _ in
        let scratch = DecodingScratch()
        while let next = counter.next() {
          let number = dictionaries[next]
          let dictionary = GlobalDictionary(type: footer.columns[number].type)
          if let values = try store.dictionary(ofColumn: number, scratch) {
            dictionary.restore(values)
          }
          restored.withLock { $0[number] = dictionary }
        }
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError("\(error)", at: store.path)
    }
    let found = restored.withLock { $0 }
    let state = StoreState(plan: plan, dictionaries: found)
    let scratch = DecodingScratch()
    for (number, column) in footer.columns.enumerated() where column.parent != nil {
      let map = try store.derivedMap(ofColumn: number, scratch)
      state.restoreMap(ofColumn: number, map)
    }
    return state
  }
}
