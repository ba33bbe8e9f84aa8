/// Takes the results of statements as they come: `begin`, any number of batches, `end`.
///
/// Calls come from one thread at a time, in the result's order.
public protocol ResultSink: AnyObject {
  func begin(schema: [Field]) throws
  func consume(_ batch: Batch) throws
  func end() throws
}
