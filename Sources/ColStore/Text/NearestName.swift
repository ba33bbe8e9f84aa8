/// The name among `candidates` that a misspelt `name` most likely means, or nil where none is near.
///
/// Letters compare without case. A candidate is near when at most a third of the letters have to be
/// inserted, dropped, replaced or swapped with a neighbour (optimal string alignment), or when one
/// of the two contains the other. Equally near candidates: the first one.
public func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
  let wanted = Array(name.utf8.prefix(nearestNameBytesMax).map(lowercasedByte))
  guard !wanted.isEmpty else { return nil }
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    let letters = Array(candidate.utf8.prefix(nearestNameBytesMax).map(lowercasedByte))
    guard !letters.isEmpty else { continue }
    var distance = editDistance(wanted, letters)
    let limit = max(1, max(wanted.count, letters.count) / 3)
    if distance > limit {
      let shorter = min(wanted.count, letters.count)
      guard shorter >= 4, contains(wanted, letters) || contains(letters, wanted) else { continue }
      distance = limit + 1
    }
    if wanted.count <= 2 && distance >= wanted.count { continue }
    if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
  }
  return best?.name
}

/// Longer names are compared by their beginnings.
private let nearestNameBytesMax = 128

private func lowercasedByte(_ byte: UInt8) -> UInt8 {
  byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
}

private func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
  guard part.count <= text.count else { return false }
  for start in 0...(text.count - part.count)
  where text[start..<start + part.count].elementsEqual(part) {
    return true
  }
  return false
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `left` into `right`.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var beforePrevious = [Int](repeating: 0, count: right.count + 1)
  var previous = Array(0...right.count)
  var current = previous
  for i in 0..<left.count {
    current[0] = i + 1
    for j in 0..<right.count {
      var cost = previous[j] + (left[i] == right[j] ? 0 : 1)
      cost = min(cost, previous[j + 1] + 1, current[j] + 1)
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
        cost = min(cost, beforePrevious[j - 1] + 1)
      }
      current[j + 1] = cost
    }
    (beforePrevious, previous, current) = (previous, current, beforePrevious)
  }
  return previous[right.count]
}
