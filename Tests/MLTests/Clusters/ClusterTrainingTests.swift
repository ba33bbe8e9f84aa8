import CKernels
import Testing

@testable import ML

@Suite struct ClusterTrainingTests {
  private let data = SampleData(3000)

  private func model(_ count: ClusterTraining.Count, threads: Int = 2) throws
    -> ClusterTraining.Outcome
  {
    var training = ClusterTraining(count: count)
    training.threads = threads
    training.logarithmic = ["price"]
    return try training.train(data.features)
  }

  private func found(_ model: ClusterModel) -> [(cluster: Int, distance: Double)] {
    (0..<data.features.rowCount).map { row in
      model.nearest(to: data.features.columns.map { $0[row] })
    }
  }

  @Test func theModelPutsRowsWhereTrainingDid() throws {
    let outcome = try model(.exactly(5))
    let model = outcome.model
    let rows = found(model)
    #expect(model.clusters.map(\.rowCount) == (0..<5).map { c in rows.count { $0.cluster == c } })
    #expect(model.clusters.map(\.rowCount) == model.clusters.map(\.rowCount).sorted(by: >))
    let inertia = rows.reduce(0) { $0 + $1.distance * $1.distance }
    #expect(abs(inertia - model.inertia) < 1e-9 * inertia)
    #expect(try self.model(.exactly(5), threads: 1).model == model)
    let best = try self.model(.best(of: 2...6))
    for count in 2...6 {
      #expect(
        try self.model(.exactly(count)).quality.simplifiedSilhouette
          <= best.quality.simplifiedSilhouette)
    }
  }

  @Test func filesKeepTheModel() throws {
    var clusters = try model(.exactly(3)).model
    clusters.clusters[1].name = "Quick \"Browsers\""
    let buffer = ClusterFile.write(clusters).buffer
    let bytes = Array(buffer.bytes)
    guard case .clusters(let read) = try ModelFile.parse(bytes).form else {
      Issue.record("no k-means model")
      return
    }
    #expect(read == clusters)
    #expect(found(read).map(\.cluster) == found(clusters).map(\.cluster))
    var random = SplitMix64(seed: 4)
    for _ in 0..<500 {
      var damaged = bytes
      for _ in 0..<2 {
        damaged[random.next(below: bytes.count)] = UInt8(0x20 + random.next(below: 0x5F))
      }
      guard let model = try? ModelFile.parse(damaged), case .clusters(let read) = model.form else {
        continue
      }
      let row = [Double](repeating: 1, count: read.features.count)
      #expect(read.clusters.indices.contains(read.nearest(to: row).cluster))
    }
  }

  @Test func whatCannotBeClusteredIsAnError() throws {
    let huge = FeatureMatrix(columns: [[1, 2, 1e200]], names: ["x"])
    let endless = FeatureMatrix(columns: [[1, 2, .infinity]], names: ["x"])
    let none = FeatureMatrix(columns: [[]], names: ["x"])
    for features in [huge, endless, none] {
      #expect(throws: ModelError.self) {
        try ClusterTraining(count: .exactly(2)).train(features)
      }
    }
    let missing = FeatureMatrix(columns: [[.nan, .nan], [1, 5]], names: ["x", "y"])
    let outcome = try ClusterTraining(count: .exactly(2)).train(missing)
    #expect(outcome.model.inertia == 0)
  }

  @Test(arguments: [1, 2, 7, 8, 9, 20]) func theKernelEqualsThePlainLoop(clusters: Int) throws {
    var random = SplitMix64(seed: UInt64(clusters))
    let points = try ClusterPoints(
      columns: (0..<5).map { _ in (0..<300).map { _ in Double(random.next(below: 4)) } })
    let centers = (0..<clusters * 5).map { _ in Double(random.next(below: 3)) }
    let list = (0..<300).map { UInt32($0 * 7 % 300) }
    var seen = 0
    CenterLanes(centers, clusters: clusters, width: 5).nearest(to: points, list, 300) {
      place, nearest, best, second in
      let distances = (0..<clusters).map { cluster in
        centers.withUnsafeBufferPointer { centers -> Double in
          guard let start = centers.baseAddress else { return 0 }
          return squaredDistance(points.pointer + Int(list[place]) * 5, start + cluster * 5, 5)
        }
      }
      let order = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
      #expect(Int(nearest) == order[0])
      #expect(best == distances[order[0]])
      #expect(second == (clusters > 1 ? distances[order[1]] : .infinity))
      seen += 1
    }
    #expect(seen == 300)
  }

  @Test func orderStatisticsAreThoseOfTheSortedList() {
    var random = SplitMix64(seed: 6)
    for count in [1, 2, 5, 1000] {
      let values = (0..<count).map { _ -> Double in
        switch random.next(below: 4) {
        case 0: return 0
        case 1: return -random.nextUnit() * 1e9
        case 2: return Double(random.next(below: 5))
        default: return random.nextUnit() * 1e-12
        }
      }
      let sorted = values.sorted()
      #expect(OrderStatistics.values(at: Array(values.indices), of: values) == sorted)
    }
  }
}
