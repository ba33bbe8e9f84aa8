/// Tables and the equalities between them, to find an order in which joins make few rows on the way.
struct JoinGraph {
  /// An equality of a value of some tables with a value of others.
  struct Edge {
    let left: Set<Int>
    let right: Set<Int>
    /// About how many values the side has that has more of them.
    let values: Double

    /// Whether one side is `table`, and the other is known from the tables joined.
    fileprivate func connects(_ joined: Set<Int>, with table: Int) -> Bool {
      right == [table] && left.isSubset(of: joined) || left == [table] && right.isSubset(of: joined)
    }
  }

  /// Tables one after the other, each of which is joined with all before it.
  struct Order {
    var tables: [Int]
    /// How many tables have no equality with those before.
    var crossings = 0
    /// About how many rows the joins make, without the last.
    var rowsOnTheWay = 0.0
  }

  /// With more tables than this only orders that begin with the first are looked at.
  private static let startsMax = 12

  /// About how many rows each table has.
  let rows: [Double]
  let edges: [Edge]

  /// The best order found: with the fewest crossings, of those the one with the fewest rows on the way.
  var best: Order {
    let starts = rows.count <= JoinGraph.startsMax ? rows.count : 1
    var best = order(from: 0)
    for start in 1..<max(1, starts) {
      let other = order(from: start)
      if (other.crossings, other.rowsOnTheWay) < (best.crossings, best.rowsOnTheWay) {
        best = other
      }
    }
    return best
  }

  /// The order that begins with a table and goes on, as long as it can, with a table that has an equality
  /// with those before it, and of such with the one that makes the fewest rows.
  private func order(from start: Int) -> Order {
    var order = Order(tables: [start])
    var joined: Set<Int> = [start]
    var made = rows[start]
    var rest = rows.indices.filter { $0 != start }
    while !rest.isEmpty {
      let steps = rest.indices.map { place -> (crosses: Int, rows: Double, place: Int) in
        let usable = edges.filter { $0.connects(joined, with: rest[place]) }
        let pairs = LogicalPlan.estimatedPairs(
          made, rows[rest[place]], values: usable.map(\.values))
        return (usable.isEmpty ? 1 : 0, pairs, place)
      }
      guard let next = steps.min(by: <) else { break }
      made = next.rows
      order.crossings += next.crosses
      let table = rest.remove(at: next.place)
      order.tables.append(table)
      joined.insert(table)
      if !rest.isEmpty { order.rowsOnTheWay += made }
    }
    return order
  }
}
