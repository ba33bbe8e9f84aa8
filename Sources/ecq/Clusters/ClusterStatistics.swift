import ColStore
import ML
import Query

/// What the rows of each cluster are like, found by SQL over the store.
struct ClusterStatistics {
  /// What people want to know of a cluster, as far as the store's columns tell.
  private struct Measures {
    var abandonment: String?
    var purchase: String?
    var returning: String?
    var price: String?
    var duration: String?
    var breadth: String?

    init(columns: [ColumnDescription]) {
      let known = Set(columns.map { $0.name.lowercased() })
      func has(_ names: String...) -> Bool { names.allSatisfy(known.contains) }
      func share(_ condition: String) -> String { "CASE WHEN \(condition) THEN 1 ELSE 0 END" }
      if has("is_abandoned") {
        abandonment = share("is_abandoned")
      } else if has("num_carts", "is_buyer") {
        abandonment = share("num_carts > 0 AND NOT is_buyer")
      }
      if has("is_purchased") { purchase = share("is_purchased") }
      if has("is_buyer") { purchase = share("is_buyer") }
      if has("is_returning_user") { returning = share("is_returning_user") }
      if has("num_sessions") { returning = share("num_sessions > 1") }
      price = ["avg_price", "mean_view_price"].first { known.contains($0) }
      if has("duration_seconds") { duration = "duration_seconds" }
      if has("products_viewed") { breadth = "products_viewed" }
    }
  }

  let profiles: [ClusterNaming.Profile]
  let naming: ClusterNaming
  /// One row a cluster: `cluster_analysis_detailed.csv`.
  let detailed: SmallTable
  /// The spread of price and duration by cluster; nil where the store has no such column.
  let prices: [Spread?]?
  let durations: [Spread?]?

  /// 5 %, 25 %, 50 %, 75 % and 95 % quantiles.
  typealias Spread = [Double]

  private static let spreadShares = [0.05, 0.25, 0.5, 0.75, 0.95]

  init(
    _ model: ClusterModel, modelFile: String, store: Store, condition: String?, threads: Int
  ) throws {
    let measures = Measures(columns: store.columns)
    var options = QueryOptions()
    options.threads = threads
    let database = try openDatabase(stores: [store.path], options: options)
    let named: [(name: String, sql: String?)] = [
      ("abandonment", measures.abandonment), ("purchase", measures.purchase),
      ("returning", measures.returning), ("price", measures.price),
      ("duration", measures.duration), ("breadth", measures.breadth),
    ]
    var items = ["count(*) AS n"]
    for (name, sql) in named { if let sql { items.append("avg(\(sql)) AS m_\(name)") } }
    for (place, feature) in model.features.enumerated() {
      items.append("avg(CAST(\(SQLQuoting.name(feature.name)) AS DOUBLE)) AS f\(place)")
    }
    for (name, sql) in [("price", measures.price), ("duration", measures.duration)] {
      for (place, share) in Self.spreadShares.enumerated() {
        if let sql { items.append("quantile_cont(\(sql), \(share)) AS q_\(name)\(place)") }
      }
    }
    let table = ResultTable()
    try QuerySession(database: database, sink: table).run(
      "SELECT predict(\(SQLQuoting.literal(modelFile))) AS cluster, \(items.joined(separator: ", ")) "
        + "FROM \(SQLQuoting.name(store.name))" + (condition.map { " WHERE \($0)" } ?? "")
        + " GROUP BY 1 ORDER BY 1")
    let clusters = table.counts("cluster").map { Int($0) }
    func column(_ name: String) -> [Double?] {
      var values = [Double?](repeating: nil, count: model.clusters.count)
      for (cluster, value) in zip(clusters, table.numbers(name)) { values[cluster] = value }
      return values
    }
    let counts = column("n").map { Int($0 ?? 0) }
    let found = Dictionary(uniqueKeysWithValues: named.map { ($0.name, column("m_\($0.name)")) })
    profiles = counts.indices.map { cluster in
      func value(_ name: String) -> Double? { found[name]?[cluster] }
      return ClusterNaming.Profile(
        rowCount: counts[cluster], abandonment: value("abandonment"),
        purchase: value("purchase"), returning: value("returning"), price: value("price"),
        duration: value("duration"), breadth: value("breadth"))
    }
    naming = ClusterNaming(profiles)
    func spreads(_ name: String, _ sql: String?) -> [Spread?]? {
      guard sql != nil else { return nil }
      let columns = Self.spreadShares.indices.map { column("q_\(name)\($0)") }
      return counts.indices.map { cluster in
        let values = columns.compactMap { $0[cluster] }
        return values.count == columns.count ? values : nil
      }
    }
    prices = spreads("price", measures.price)
    durations = spreads("duration", measures.duration)
    let means = model.features.indices.map { column("f\($0)") }
    detailed = Self.detailed(model, naming, profiles, means, [prices, durations])
  }

  private static func detailed(
    _ model: ClusterModel, _ naming: ClusterNaming, _ profiles: [ClusterNaming.Profile],
    _ means: [[Double?]], _ spreads: [[Spread?]?]
  ) -> SmallTable {
    let rates: [(String, (ClusterNaming.Profile) -> Double?)] = [
      ("abandonment_rate", { $0.abandonment }), ("purchase_rate", { $0.purchase }),
      ("returning_share", { $0.returning }),
    ]
    var fields = [
      Field(name: "cluster", type: .bigint), Field(name: "name", type: .varchar),
      Field(name: "rows", type: .bigint), Field(name: "share", type: .double),
    ]
    fields += rates.map { Field(name: $0.0, type: .double) }
    fields += model.features.map { Field(name: "mean_\($0.name)", type: .double) }
    fields += ["median_price", "median_duration"].map { Field(name: $0, type: .double) }
    fields += model.features.map { Field(name: "center_\($0.name)", type: .double) }
    var table = SmallTable(fields: fields)
    let total = Double(max(1, profiles.reduce(0) { $0 + $1.rowCount }))
    func cell(_ value: Double?) -> Value { value.map { .double($0) } ?? .null }
    for (cluster, profile) in profiles.enumerated() {
      var row: [Value] = [
        .int64(Int64(cluster)), .string(naming.names[cluster]), .int64(Int64(profile.rowCount)),
        .double(Double(profile.rowCount) / total),
      ]
      row += rates.map { cell($0.1(profile)) }
      row += means.map { cell($0[cluster]) }
      row += spreads.map { cell($0?[cluster]?[2]) }
      row += zip(model.features, model.clusters[cluster].center).map {
        .double($0.value(at: $1))
      }
      table.rows.append(row)
    }
    return table
  }

  /// Names and what they mean: `cluster_names_mapping.csv`.
  var names: SmallTable {
    var table = SmallTable(
      fields: [Field(name: "cluster", type: .bigint)]
        + ["name", "levels", "description"].map { Field(name: $0, type: .varchar) })
    let total = Double(max(1, profiles.reduce(0) { $0 + $1.rowCount }))
    for (cluster, profile) in profiles.enumerated() {
      var parts = ["\(counted(profile.rowCount, "row"))"]
      parts[0] += " (\(fixed(100 * Double(profile.rowCount) / total, 1)) %)"
      func add(_ value: Double?, _ text: (Double) -> String) {
        if let value { parts.append(text(value)) }
      }
      add(profile.abandonment) { "\(fixed(100 * $0, 1)) % abandon a cart" }
      add(profile.purchase) { "\(fixed(100 * $0, 1)) % buy" }
      add(profile.returning) { "\(fixed(100 * $0, 1)) % have been here before" }
      add(profile.duration) { "\(fixed($0, 0)) s on average" }
      add(profile.breadth) { "\(fixed($0, 1)) products" }
      add(profile.price) { "mean price \(fixed($0, 2))" }
      table.rows.append([
        .int64(Int64(cluster)), .string(naming.names[cluster]), .string(naming.levels[cluster]),
        .string(parts.joined(separator: ", ")),
      ])
    }
    return table
  }
}
