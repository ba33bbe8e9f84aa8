import ColStore
import Glibc
import Testing

@testable import ML

/// Features of a store on disk, more than one block of it.
@Suite struct StoreFeaturesTests {
  @Test func featuresComeOutOfAStore() throws {
    var template = Array("/tmp/ecq-ml-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      unlink("\(folder)/in.csv")
      unlink("\(folder)/t.ecq")
      rmdir(folder)
    }
    let rowCount = 150_000
    var csv = "user_id,price,visits,is_purchased\n"
    for row in 0..<rowCount {
      csv += "\(row / 3),\(row % 1000).\(row % 9)5,"
      csv += (row % 11 == 0 ? "" : "\(row * row % 977)") + ",\(row % 4 == 0)\n"
    }
    let stream = try #require(fopen("\(folder)/in.csv", "w"))
    fputs(csv, stream)
    fclose(stream)
    _ = try Ingest.run(files: ["\(folder)/in.csv"], into: "\(folder)/t.ecq")
    let store = try Store(path: "\(folder)/t.ecq")
    try #require(store.morsels.count > 1)

    let selection = try FeatureSelection(defaultsFor: "is_purchased", of: store.columns)
    #expect(selection.names == ["price", "visits"])
    let matrices = try [1, 2, 3].map {
      try FeatureMatrix(store, columns: selection.names + ["user_id"], threads: $0)
    }
    for matrix in matrices {
      #expect(matrix.rowCount == rowCount)
      #expect(matrix.columns.map(\.missingCount) == [0, (rowCount + 10) / 11, 0])
      // A store may hold rows in another order, so sums are compared, exactly.
      let cents = matrix.columns[0].withValues { $0.reduce(0) { $0 + ($1 * 100).rounded() } }
      let expected = (0..<rowCount).reduce(0) { $0 + ($1 % 1000 * 100 + $1 % 9 * 10 + 5) }
      #expect(cents == Double(expected))
      for column in 0..<3 {
        let same = matrix.columns[column].withValues { values in
          matrices[0].columns[column].withValues { first in
            values.indices.allSatisfy { values[$0].bitPattern == first[$0].bitPattern }
          }
        }
        #expect(same)
      }
    }
    let label = try BinaryLabel(store, column: "is_purchased")
    #expect(label.positives == rowCount / 4)
    let split = try RowSplit.byGroup(store, column: "user_id", threads: 2)
    #expect(split == (try RowSplit.byGroup(store, column: "user_id", threads: 1)))
    let users = matrices[0].columns[2]
    let testUsers = Set(split.test.map { users[Int($0)] })
    #expect(testUsers.count == rowCount / 3 * 3 / 10)
    #expect(split.training.allSatisfy { !testUsers.contains(users[Int($0)]) })
  }
}
