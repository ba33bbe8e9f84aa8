import ColStore

/// Models in files: XGBoost's JSON or UBJSON, LightGBM's text, or JSON of our own, told apart by
/// content.
public enum ModelFile {
  /// Writes the model so that the file is either as it was or complete.
  public static func write(_ model: Model, to path: String) throws(ModelError) {
    let buffer: TextBuffer
    switch model.form {
    case .logistic(let logistic): buffer = LogisticFile.write(model, logistic).buffer
    case .clusters(let clusters): buffer = ClusterFile.write(clusters).buffer
    case .trees(let ensemble):
      let notes = ModelNotes(model).texts
      switch ensemble.dialect {
      case .xgboost: buffer = XGBoostFile.write(ensemble, notes: notes).buffer
      case .lightgbm: buffer = LightGBMFile.write(ensemble, parameters: notes)
      }
    }
    do {
      try WholeFile.write(buffer.bytes, to: path)
    } catch {
      throw ModelError("\(error)")
    }
  }

  public static func read(_ path: String) throws(ModelError) -> Model {
    let bytes: [UInt8]
    do { bytes = try WholeFile.read(path) } catch { throw ModelError("\(error)") }
    do {
      return try parse(bytes)
    } catch {
      throw ModelError("\(path): \(error)")
    }
  }

  /// - Throws: ``ModelError`` where the bytes are no model that is supported.
  static func parse(_ bytes: [UInt8]) throws(ModelError) -> Model {
    let first = bytes.first { $0 > 0x20 }
    if first == UInt8(ascii: "{") {
      let document =
        UBJSONParser.accepts(bytes) ? try UBJSONParser.parse(bytes) : try JSONParser.parse(bytes)
      if document["format"]?.text == LogisticFile.format {
        var model = Model(.logistic(try LogisticFile.read(document)))
        ModelNotes(document).apply(to: &model)
        return model
      }
      if document["format"]?.text == ClusterFile.format {
        return Model(.clusters(try ClusterFile.read(document)))
      }
      var model = Model(.trees(try XGBoostFile.read(document)))
      let attributes = document["learner"]?["attributes"]
      try ModelNotes { attributes?[$0]?.text }.apply(to: &model)
      return model
    }
    if bytes.starts(with: "binf".utf8) {
      throw ModelError("this is XGBoost's old binary format; save the model as JSON or UBJSON")
    }
    guard first == UInt8(ascii: "t"), let text = String(validating: bytes, as: UTF8.self) else {
      throw ModelError("this is neither an XGBoost, nor a LightGBM, nor an ecq model")
    }
    var model = Model(.trees(try LightGBMFile.read(text)))
    try ModelNotes { name in
      guard let start = text.range(ofLine: "[\(name): ") else { return nil }
      return String(text[start].dropLast())
    }.apply(to: &model)
    return model
  }
}

extension String {
  /// What follows `prefix` on the first line that begins with it.
  fileprivate func range(ofLine prefix: String) -> Range<Index>? {
    for line in split(separator: "\n") where line.hasPrefix(prefix) {
      return line.index(line.startIndex, offsetBy: prefix.count)..<line.endIndex
    }
    return nil
  }
}
