/// A part of the report: what it says, and the files it shows.
struct ReportSection {
  let title: String
  let text: String
  /// Without ending: the picture is shown as SVG where there is one, else as PNG.
  var pictures: [String] = []
  /// CSV files, with what they hold.
  var tables: [(file: String, caption: String)] = []

  static let all: [ReportSection] = [
    ReportSection(
      title: "What happens in the shop",
      text: """
        Every row of the CSV files is an event: somebody looks at a product, puts it into the cart, \
        or buys it. These are the events by kind, day, hour and weekday, and what is in demand.
        """,
      pictures: [
        "eda/eda_event_mix", "eda/eda_days", "eda/eda_hours_by_weekday", "eda/eda_categories",
        "eda/eda_brands", "eda/eda_prices", "eda/eda_session_events", "eda/eda_session_seconds",
      ],
      tables: [("eda/eda_event_mix.csv", "Events by kind")]),
    ReportSection(
      title: "From looking to buying",
      text: """
        How many sessions come to each step, and how long they take. The step rate compares with \
        the step before, the overall rate with the first.
        """, pictures: ["funnel/funnel"], tables: [("funnel/funnel.csv", "The funnel")]),
    ReportSection(
      title: "What follows what",
      text: """
        Of the sessions at one event, the share that goes on to another, from the start of the \
        session to its end.
        """, pictures: ["paths/paths_flow", "paths/paths_transitions", "paths/paths"]),
    ReportSection(
      title: "Who comes back",
      text: """
        Users by the week in which they were first seen, and the share of them that buys in the \
        weeks that follow. Cells whose time is not over are marked and have no rate.
        """, pictures: ["retention/retention", "retention/retention_curves"]),
    ReportSection(
      title: "What buyers are worth",
      text: """
        Buyers scored by how recently, how often and for how much they bought, and the segments \
        that follow from the scores.
        """, pictures: ["rfm/rfm_segments", "rfm/rfm_scores", "rfm/rfm_lorenz"],
      tables: [("rfm/rfm_segments.csv", "Buyers by segment")]),
    ReportSection(
      title: "How users behave",
      text: """
        All users, buyers or not, by what sets them apart from the mean, each segment with what \
        to do about it.
        """, pictures: ["segments/segments"], tables: [("segments/segments.csv", "Segments")]),
    ReportSection(
      title: "Who will buy",
      text: """
        A logistic regression predicts who buys, twice. With features and label of the same period \
        it looks excellent, since a cart that ends in a purchase is seen beforehand. With features \
        from before a day and purchases after it, it shows what can be known in time.
        """,
      pictures: [
        "purchase/purchase_curves", "purchase/purchase_coefficients_same_period",
        "purchase/purchase_coefficients_honest",
      ], tables: [("purchase/purchase_prediction.csv", "Both predictions")]),
    ReportSection(
      title: "Which carts are abandoned",
      text: """
        Models of four kinds learn from 70 % of the sessions whether a filled cart is left behind; \
        the other 30 % judge them. The two best kinds are tuned by a search over their parameters. \
        Weighted F1 is the mean of both classes' F1, weighted by their sessions.
        """,
      pictures: [
        "bakeoff/leaderboard", "bakeoff/champion_feature_importance", "bakeoff/roc_pr_curves",
        "bakeoff/calibration",
      ], tables: [("bakeoff/all_model_results.csv", "The leaderboard")]),
    ReportSection(
      title: "Kinds of sessions",
      text: """
        Sessions that resemble each other, found by k-means without being told what to look for, \
        and named by what sets them apart.
        """, pictures: ["clusters/clustering_results_detailed"],
      tables: [("clusters/cluster_names_mapping.csv", "What the clusters are called")]),
    ReportSection(
      title: "Kinds of users", text: "The same for users, by all that is known of them.",
      pictures: ["user_clusters/clustering_results_detailed"],
      tables: [("user_clusters/cluster_names_mapping.csv", "What the clusters are called")]),
  ]
}
