/// The JSON of k-means models, described in docs/ml.md.
enum ClusterFile {
  static let format = "ecq-kmeans"

  static func write(_ model: ClusterModel) -> JSONWriter {
    var writer = JSONWriter()
    writer.object { document in
      document.key("format")
      document.string(format)
      document.key("version")
      document.integer(1)
      document.key("inertia")
      document.number(model.inertia)
      document.key("iterations")
      document.integer(model.iterations)
      document.key("features")
      document.array(model.features) { writer, feature in
        writer.object { object in
          object.key("name")
          object.string(feature.name)
          object.key("log1p")
          object.bool(feature.isLogarithmic)
          object.key("median")
          object.number(feature.scaling.median)
          object.key("range")
          object.number(feature.scaling.range)
        }
      }
      document.key("clusters")
      document.array(model.clusters) { writer, cluster in
        writer.object { object in
          if let name = cluster.name {
            object.key("name")
            object.string(name)
          }
          object.key("rows")
          object.integer(cluster.rowCount)
          object.key("center")
          object.array(cluster.center) { $0.number($1) }
        }
      }
    }
    return writer
  }

  static func read(_ document: JSONValue) throws(ModelError) -> ClusterModel {
    guard document["version"]?.number == 1, let features = document["features"]?.array,
      let clusters = document["clusters"]?.array, !clusters.isEmpty
    else { throw ModelError("the k-means model is incomplete, or of a later version") }
    return ClusterModel(
      features: try features.map(feature),
      clusters: try clusters.map { entry throws(ModelError) in
        try cluster(entry, width: features.count)
      },
      inertia: document["inertia"]?.number ?? .nan,
      iterations: document["iterations"]?.number.flatMap { Int(exactly: $0) } ?? 0)
  }

  private static func feature(_ entry: JSONValue) throws(ModelError) -> ClusterModel.Feature {
    guard let name = entry["name"]?.text, let median = entry["median"]?.number,
      let range = entry["range"]?.number, median.isFinite, range.isFinite, range > 0
    else { throw ModelError("a feature of the k-means model is incomplete") }
    return ClusterModel.Feature(
      name: name, isLogarithmic: entry["log1p"] == .bool(true),
      scaling: RobustScaling(median: median, range: range))
  }

  private static func cluster(
    _ entry: JSONValue, width: Int
  ) throws(ModelError) -> ClusterModel.Cluster {
    guard let center = entry["center"]?.numbers, center.count == width,
      center.allSatisfy(\.isFinite)
    else { throw ModelError("a cluster of the k-means model is incomplete") }
    return ClusterModel.Cluster(
      name: entry["name"]?.text,
      rowCount: entry["rows"]?.number.flatMap { Int(exactly: $0) } ?? 0, center: center)
  }
}
