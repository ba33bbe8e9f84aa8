import ArgumentParser
import Foundation
import Plot

struct DrawCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draw", abstract: "Draws the chart that standard input describes as JSON.")

  @Argument(help: "The picture, .svg or .png.")
  var output: String

  func run() throws {
    let text = FileHandle.standardInput.readDataToEndOfFile()
    let chart = try JSONDecoder().decode(ChartDescription.self, from: text).chart
    try chart.picture(size: chart.naturalSize).write(to: output)
  }
}
