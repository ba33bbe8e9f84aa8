import Testing

@testable import ML

/// The sentence of the ``ModelError`` that `body` throws; nil, and a failure, where it throws none.
func errorText(_ body: () throws -> Void) -> String? {
  #expect(throws: ModelError.self, performing: body)?.description
}
