/// A query of the demo: what it asks, in SQL, and what to see in the answer.
struct DemoQuery {
  let title: String
  let sql: String
  let reading: String

  /// In the order in which they tell the data's story.
  static let all = [
    eventMix, funnel, topBrands, hourCurve, cartRegime, promotion, sessions, recencyFrequencyMoney,
  ]

  private static let eventMix = DemoQuery(
    title: "What happens in the shop",
    sql: """
      SELECT month(event_time) AS month, event_type, count(*) AS events,
             count(DISTINCT user_id) AS users
      FROM events GROUP BY 1, 2 ORDER BY 1, 3 DESC
      """,
    reading: "Almost everything is looking: of a hundred events, about one or two are purchases.")

  private static let funnel = DemoQuery(
    title: "How far sessions get within an hour",
    sql: """
      SELECT step, name, units, of_previous, round(step_rate, 3) AS step_rate,
             round(overall_rate, 3) AS overall_rate, median_seconds
      FROM funnel(events, steps := 'view,cart,purchase', window := '1h')
      """,
    reading: "Most sessions only look, and more than half of those that fill a cart leave it.")

  private static let topBrands = DemoQuery(
    title: "Who earns the money",
    sql: """
      SELECT brand, sum(price) AS revenue, count(*) AS sold, avg(price) AS average_price
      FROM events WHERE event_type = 'purchase'
      GROUP BY brand ORDER BY revenue DESC, brand LIMIT 5
      """,
    reading: "Two phone brands take most of the revenue: one by price, the other by number.")

  private static let hourCurve = DemoQuery(
    title: "When people shop (UTC)",
    sql: """
      SELECT hour(event_time) AS hour, count(*) AS events,
             sum(CASE WHEN event_type = 'purchase' THEN 1 ELSE 0 END) AS purchases
      FROM events GROUP BY 1 ORDER BY 1
      """,
    reading: "Nights are quiet; buying peaks in the morning, looking in the afternoon.")

  private static let cartRegime = DemoQuery(
    title: "The night when carts began to count",
    sql: """
      SELECT CAST(event_time AS DATE) AS day,
             sum(CASE WHEN event_type = 'cart' THEN 1 ELSE 0 END) AS carts,
             sum(CASE WHEN event_type = 'purchase' THEN 1 ELSE 0 END) AS purchases
      FROM events
      WHERE event_time >= TIMESTAMP '2019-11-05 00:00:00'
        AND event_time < TIMESTAMP '2019-11-11 00:00:00'
      GROUP BY 1 ORDER BY 1
      """,
    reading: """
      From 8 November carts are twice as many and more while purchases stay: the logging changed, \
      not the customers, so cart figures of the two months do not compare.
      """)

  private static let promotion = DemoQuery(
    title: "The promotion of 14-17 November",
    sql: """
      SELECT CAST(event_time AS DATE) AS day, count(*) AS events,
             count(DISTINCT user_session) AS sessions,
             sum(CASE WHEN event_type = 'purchase' THEN price ELSE 0 END) AS revenue
      FROM events
      WHERE event_time >= TIMESTAMP '2019-11-12 00:00:00'
        AND event_time < TIMESTAMP '2019-11-20 00:00:00'
      GROUP BY 1 ORDER BY 1
      """,
    reading: """
      Traffic triples. On the 15th no purchase was recorded at all, an outage that any average \
      over these days would hide.
      """)

  private static let sessions = DemoQuery(
    title: "How long sessions are",
    sql: """
      SELECT CASE WHEN num_events = 1 THEN '1 event' WHEN num_events <= 5 THEN '2-5 events'
                  WHEN num_events <= 20 THEN '6-20 events' ELSE 'more' END AS length,
             count(*) AS sessions, avg(duration_seconds) AS seconds,
             count_if(is_purchased) AS buying, count_if(is_abandoned) AS leaving_a_cart
      FROM sessions(events)
      GROUP BY 1 ORDER BY min(num_events)
      """,
    reading: "Four sessions in ten are a single event; those that go on are those that buy.")

  private static let recencyFrequencyMoney = DemoQuery(
    title: "Which customers matter (recency, frequency, money)",
    sql: """
      SELECT segment, users, of_users, round(mean_recency, 1) AS recency,
             round(mean_frequency, 2) AS frequency, round(mean_monetary, 2) AS monetary,
             round(revenue_share, 3) AS revenue_share
      FROM rfm(events, output := 'segments') ORDER BY revenue_share DESC
      """,
    reading: """
      Those who came lately and often are few and bring much of the revenue: every customer gets \
      a score 1-5 for recency and frequency, and a name for the two together.
      """)
}
