import ColStore
import Query

/// A column whose values are numbered: equal values have equal codes in all batches.
struct CodedColumn: Sendable {
  /// Entry `code` is the value; entries are distinct.
  let dictionary: Vector
  /// The code of NULL; nil where no row is NULL.
  let nullCode: UInt32?
  private let index: DictionaryIndex

  init(_ input: Pipeline, column: Int, _ context: QueryContext) throws(QueryError) {
    self.init(try input.dictionary(ofColumn: column, context))
  }

  init(_ dictionary: Vector) {
    self.dictionary = dictionary
    index = DictionaryIndex(dictionary)
    nullCode = dictionary.validity.flatMap { valid in
      (0..<dictionary.count).first { valid[$0] == 0 }.map { UInt32($0) }
    }
  }

  var count: Int { dictionary.count }

  /// The codes of a batch's column, and what keeps them in memory.
  func codes(of vector: Vector) -> (codes: UnsafePointer<UInt32>, owner: AnyObject) {
    if vector.dictionary === dictionary, let codes = vector.codes { return (codes, vector) }
    let found = index.codes(of: vector, count: vector.count)
    return (UnsafePointer(found.pointer(UInt32.self)), found)
  }

  /// Rows of codes as a vector.
  func vector(_ codes: Buffer, count: Int) -> Vector {
    Vector(
      codes: UnsafePointer(codes.pointer(UInt32.self)), count: count, dictionary: dictionary,
      owners: [codes])
  }

  /// For each code, what `body` makes of its text; NULL and values that are no text have `other`.
  func map<Result: BitwiseCopyable>(
    otherwise other: Result, _ body: (String) -> Result
  ) -> [Result] {
    (0..<count).map { code in
      guard case .string(let text) = dictionary.value(at: code) else { return other }
      return body(text)
    }
  }
}
