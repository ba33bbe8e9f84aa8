/// What makes a chain of events a passage through a funnel.
package struct FunnelRules: Sendable {
  package static let stepsMax = 32

  package enum Order: Sendable {
    /// Step after step, with anything in between.
    case ordered
    /// Step after step: once a first step was seen, all ends at an event of no step, or of a step that
    /// comes too early. A step that was reached may repeat. (ClickHouse: `strict_order`.)
    case strict
    /// Steps 1 … k in whatever order, within one span of the window.
    case any
  }

  /// Rules beside the order; of ordered and strict funnels.
  package struct Options: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// All ends where a step that was reached comes again. (`strict_deduplication`)
    package static let deduplication = Options(rawValue: 1)
    /// A step comes later in time than the last event of the step before it. (`strict_increase`)
    package static let increase = Options(rawValue: 2)
    /// In strict order, steps that come too early are passed over. (`allow_reentry`)
    package static let reentry = Options(rawValue: 4)
  }

  /// 1 … 32.
  package let stepCount: Int
  /// How long a chain lasts at most from its first step, inclusive; nil: as long as it likes.
  package let window: Int64?
  package let order: Order
  package let options: Options

  package init(
    stepCount: Int, window: Int64?, order: Order = .ordered, options: Options = []
  ) {
    precondition((1...Self.stepsMax).contains(stepCount), "a funnel has 1 to 32 steps")
    precondition(window ?? 0 >= 0, "a window is not negative")
    self.stepCount = stepCount
    self.window = window
    self.order = order
    self.options = options
  }
}
