/// A column of a store: its name and type.
public struct ColumnDescription: Hashable, Sendable {
  public let name: String
  public let type: DataType

  public init(name: String, type: DataType) {
    self.name = name
    self.type = type
  }
}
