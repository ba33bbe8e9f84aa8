import ColStore
import Glibc

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
    try writeWhole(buffer, to: path)
  }

  public static func read(_ path: String) throws(ModelError) -> Model {
    let bytes = try readWhole(path)
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

  private static func failure(_ what: String, _ path: String) -> ModelError {
    ModelError("\(path): \(what): \(String(cString: strerror(errno)))")
  }

  private static func readWhole(_ path: String) throws(ModelError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot read the model", path) }
    defer { close(descriptor) }
    let buffer = TextBuffer(capacity: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, buffer.reserve(1 << 16), 1 << 16)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure("cannot read the model", path) }
      if count == 0 { return Array(buffer.bytes) }
      buffer.commit(count)
    }
  }

  static func writeWhole(_ buffer: TextBuffer, to path: String) throws(ModelError) {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("cannot write the model", path) }
    var done = 0
    while done < buffer.count {
      let count = Glibc.write(descriptor, buffer.start + done, buffer.count - done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let error = failure("cannot write the model", path)
        close(descriptor)
        unlink(temporary)
        throw error
      }
      done += count
    }
    guard fsync(descriptor) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else {
      let error = failure("cannot write the model", path)
      unlink(temporary)
      throw error
    }
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
