/// What dot commands change of how the shell behaves.
struct ShellSettings {
  enum Paging {
    /// What does not fit on the screen goes to the pager.
    case automatic
    case never
  }

  /// Nil: a table on a terminal, else CSV.
  var format: OutputFormat?
  var formatSettings = FormatSettings()
  var color = ColorChoice.auto
  var showsTime = false
  /// Whether statements are written before their results.
  var echoes = false
  var paging = Paging.automatic
  /// The command line of the pager; nil: the usual one.
  var pager: String?
  /// Whether a script ends with its first error.
  var stopsAtErrors = true
}
