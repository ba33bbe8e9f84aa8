extension Vector {
  /// Rows `offset ..< offset + count`, sharing this vector's memory.
  public func slice(offset: Int, count: Int) -> Vector {
    precondition(
      offset >= 0 && count >= 0 && offset + count <= self.count, "a slice lies inside its vector")
    if offset == 0 && count == self.count { return self }
    switch layout {
    case .constant:
      return Vector(constantSliceOf: self, count: count)
    case .dictionary:
      if hasRuns { return runSlice(offset: offset, count: count) }
      guard let codes, let dictionary else { return self }
      return Vector(codes: codes + offset, count: count, dictionary: dictionary, owners: [self])
    case .flat:
      if let narrow { return narrowSlice(narrow, offset: offset, count: count) }
      return Vector(
        flat: type, count: count, values: values + offset * type.physical.stride,
        validity: validity.map { $0 + offset }, child: child, mapValues: mapValues,
        ascendsInClusters: ascendsInClusters, owners: [self])
    }
  }

  private convenience init(constantSliceOf vector: Vector, count: Int) {
    let single = Vector(
      flat: vector.type, count: 1, values: vector.values, validity: vector.validity,
      child: vector.child, mapValues: vector.mapValues, owners: [vector])
    self.init(repeating: single, count: count)
  }
}
