import Testing

@testable import ecq

@Suite struct DotCommandTests {
  @Test(arguments: [
    (".mode json", "mode", ["json"]), ("  .READ 'my file.sql' ;", "read", ["my file.sql"]),
    (".print a \"b  c\" ''", "print", ["a", "b  c", ""]), ("\\d events", "describe", ["events"]),
    ("\\?", "help", []), (".quit;", "quit", []),
  ])
  func isRead(line: String, name: String, arguments: [String]) throws {
    let call = try #require(DotCall(line))
    #expect(call.name == name)
    #expect(call.arguments == arguments)
  }

  @Test func quotesMustEnd() { #expect(DotCall(".print 'a") == nil) }

  @Test func namesAreUsedOnce() {
    let names = DotCommand.all.flatMap(\.names)
    #expect(Set(names).count == names.count)
    for command in DotCommand.aliases.values { #expect(DotCommand.named(command) != nil) }
  }
}
