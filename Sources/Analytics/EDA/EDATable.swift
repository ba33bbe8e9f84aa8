/// One table of the exploratory analysis: a query over the events.
public struct EDATable: Sendable {
  public let name: String
  public let title: String
  /// SQL over the common table `ev`, whose columns are those of events.
  public let sql: String
  /// The columns that it is about.
  private let needs: [String]

  private init(_ name: String, _ title: String, of needs: [String] = [], _ sql: String) {
    self.name = name
    self.title = title
    self.needs = needs
    self.sql = sql
  }

  private static let kinds = """
    count(*) FILTER (WHERE event_type = 'view') AS views,
    count(*) FILTER (WHERE event_type = 'cart') AS carts,
    count(*) FILTER (WHERE event_type = 'remove_from_cart') AS removes,
    count(*) FILTER (WHERE event_type = 'purchase') AS purchases
    """

  /// What a group of products was looked at and bought, the head first, with the running share.
  private static func demand(_ column: String) -> String {
    """
    SELECT \(column), views, carts, purchases, revenue,
      sum(revenue) OVER () AS of_revenue,
      revenue / nullif(sum(revenue) OVER (), 0) AS revenue_share,
      sum(revenue) OVER (ORDER BY revenue DESC, views DESC, \(column) ROWS UNBOUNDED PRECEDING)
        / nullif(sum(revenue) OVER (), 0) AS cumulative_share
    FROM (SELECT \(column), \(kinds),
      coalesce(sum(price) FILTER (WHERE event_type = 'purchase'), 0) AS revenue
      FROM ev GROUP BY \(column)) AS demand
    ORDER BY revenue DESC, views DESC, \(column)
    """
  }

  private static func nulls(_ columns: [String]) -> String {
    columns.map { column in
      """
      SELECT '\(column)' AS column_name, count(*) AS rows, count(*) - count("\(column)") AS nulls,
        (count(*) - count("\(column)")) / nullif(count(*), 0) AS null_rate FROM ev
      """
    }.joined(separator: " UNION ALL ")
  }

  /// The tables over events with these columns, in the order of a report.
  public static func all(columns: [String]) -> [EDATable] {
    let known = Set(columns.map { $0.lowercased() })
    return every(columns).filter { known.isSuperset(of: $0.needs) }
  }

  private static func every(_ columns: [String]) -> [EDATable] {
    let (time, type, price) = ("event_time", "event_type", "price")
    let session = [time, type, price, "user_session"]
    return [
      EDATable(
        "event_mix", "What happens: events by type", of: [type],
        """
        SELECT event_type, count(*) AS events, sum(count(*)) OVER () AS of_events,
          count(*) / sum(count(*)) OVER () AS share FROM ev GROUP BY event_type
        ORDER BY events DESC, event_type
        """),
      EDATable(
        "hours", "Events by hour of the day (UTC)", of: [time, type],
        """
        SELECT hour(event_time) AS hour, count(*) AS events, \(kinds) FROM ev GROUP BY 1 ORDER BY 1
        """),
      EDATable(
        "weekdays", "Events by weekday (1 = Monday)", of: [time, type],
        """
        SELECT isodow(event_time) AS weekday, count(*) AS events, \(kinds)
        FROM ev GROUP BY 1 ORDER BY 1
        """),
      EDATable(
        "hours_by_weekday", "Events by weekday and hour", of: [time, type],
        """
        SELECT isodow(event_time) AS weekday, hour(event_time) AS hour, count(*) AS events, \(kinds)
        FROM ev GROUP BY 1, 2 ORDER BY 1, 2
        """),
      EDATable(
        "days", "The trend: events by day and type", of: [time, type, price],
        """
        SELECT CAST(event_time AS DATE) AS day, count(*) AS events, \(kinds),
          coalesce(sum(price) FILTER (WHERE event_type = 'purchase'), 0) AS revenue
        FROM ev GROUP BY 1 ORDER BY 1
        """),
      EDATable(
        "categories", "Demand by category", of: [type, price, "category_code"],
        demand("category_code")),
      EDATable("brands", "Demand by brand", of: [type, price, "brand"], demand("brand")),
      EDATable(
        "prices", "Prices of events, in steps that double", of: [type, price],
        """
        SELECT CASE WHEN price > 0 THEN 2.0 ** floor(log2(price)) ELSE 0 END AS from_price,
          count(*) AS events, sum(count(*)) OVER () AS of_events,
          count(*) / sum(count(*)) OVER () AS share, \(kinds)
        FROM ev WHERE price IS NOT NULL GROUP BY 1 ORDER BY 1
        """),
      EDATable(
        "session_events", "How many events sessions have, in steps that double", of: session,
        """
        SELECT CAST(2 ** floor(log2(num_events)) AS BIGINT) AS from_events, count(*) AS sessions,
          sum(count(*)) OVER () AS of_sessions, count(*) / sum(count(*)) OVER () AS share,
          count(*) FILTER (WHERE is_purchased) AS purchased
        FROM sessions(ev) GROUP BY 1 ORDER BY 1
        """),
      EDATable(
        "session_seconds", "How long sessions last, in steps that double", of: session,
        """
        SELECT CASE WHEN duration_seconds > 0
            THEN CAST(2 ** floor(log2(duration_seconds)) AS BIGINT) ELSE 0 END AS from_seconds,
          count(*) AS sessions, sum(count(*)) OVER () AS of_sessions,
          count(*) / sum(count(*)) OVER () AS share,
          count(*) FILTER (WHERE is_purchased) AS purchased
        FROM sessions(ev) GROUP BY 1 ORDER BY 1
        """),
      EDATable("nulls", "Missing values by column", nulls(columns)),
    ]
  }
}
