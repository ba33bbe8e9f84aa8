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
    title: "How far sessions get",
    sql: """
      SELECT sum(CASE WHEN views > 0 THEN 1 ELSE 0 END) AS viewed,
             sum(CASE WHEN carts > 0 THEN 1 ELSE 0 END) AS put_into_cart,
             sum(CASE WHEN purchases > 0 THEN 1 ELSE 0 END) AS bought,
             sum(CASE WHEN carts > 0 AND purchases = 0 THEN 1 ELSE 0 END) AS abandoned
      FROM (SELECT user_session,
                   sum(CASE WHEN event_type = 'view' THEN 1 ELSE 0 END) AS views,
                   sum(CASE WHEN event_type = 'cart' THEN 1 ELSE 0 END) AS carts,
                   sum(CASE WHEN event_type = 'purchase' THEN 1 ELSE 0 END) AS purchases
            FROM events GROUP BY user_session) AS session
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
      SELECT CASE WHEN events = 1 THEN '1 event' WHEN events <= 5 THEN '2-5 events'
                  WHEN events <= 20 THEN '6-20 events' ELSE 'more' END AS length,
             count(*) AS sessions, avg(price) AS average_price,
             sum(bought) AS buying_sessions
      FROM (SELECT user_session, count(*) AS events, avg(price) AS price,
                   max(CASE WHEN event_type = 'purchase' THEN 1 ELSE 0 END) AS bought
            FROM events GROUP BY user_session) AS session
      GROUP BY 1 ORDER BY min(events)
      """,
    reading: "Four sessions in ten are a single event; those that go on are those that buy.")

  private static let recencyFrequencyMoney = DemoQuery(
    title: "Which customers matter (recency, frequency, money)",
    sql: """
      SELECT recency, count(*) AS customers, sum(bought) AS purchases, sum(spent) AS revenue
      FROM (SELECT user_id, bought, spent,
                   ntile(4) OVER (ORDER BY last_time DESC, user_id) AS recency
            FROM (SELECT user_id, max(event_time) AS last_time, count(*) AS bought,
                         sum(price) AS spent
                  FROM events WHERE event_type = 'purchase' GROUP BY user_id) AS customer
           ) AS scored
      GROUP BY recency ORDER BY recency
      """,
    reading: """
      Customers in four equal parts by their last purchase (1 = latest): the recent ones also \
      bought more often and spent more.
      """)
}
