import ArgumentParser

/// The folder of an analysis's files.
struct FolderOption: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "Write the tables as CSV and their pictures as PNG and SVG to this folder as well.",
      valueName: "folder"))
  var path: String?
}
