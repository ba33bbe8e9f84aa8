import ColStore

/// Runs `body` over one argument's values, NULL slots included: for functions that never fail.
@inline(__always)
func mapUnary<A: BitwiseCopyable, R: BitwiseCopyable>(
  _ vector: Vector, _ input: A.Type, _ output: R.Type, to type: DataType,
  _ body: (A) -> R
) -> Vector {
  let source = vector.flattened()
  let isConstant = source.layout == .constant
  let count = isConstant ? 1 : source.count
  let buffer = Buffer(R.self, count: count)
  let result = buffer.pointer(R.self)
  let values = source.pointer(A.self)
  var row = 0
  while row < count {
    result[row] = body(values[row])
    row += 1
  }
  return withExtendedLifetime(source) {
    let flat = Vector(flat: type, count: count, values: buffer)
    return isConstant ? Vector(repeating: flat, count: vector.count) : flat
  }
}

/// Runs `body` over two arguments' values, NULL slots included: for functions that never fail.
@inline(__always)
func mapBinary<A: BitwiseCopyable, B: BitwiseCopyable, R: BitwiseCopyable>(
  _ left: Vector, _ right: Vector, _ a: A.Type, _ b: B.Type, _ r: R.Type, to type: DataType,
  count: Int, _ body: (A, B) -> R
) -> Vector {
  let left = left.flattened()
  let right = right.flattened()
  let buffer = Buffer(R.self, count: count)
  let output = buffer.pointer(R.self)
  let x = left.pointer(A.self)
  let y = right.pointer(B.self)
  var row = 0
  switch (left.layout, right.layout) {
  case (.constant, .constant):
    while row < count {
      output[row] = body(x[0], y[0])
      row += 1
    }
  case (_, .constant):
    let fixed = y[0]
    while row < count {
      output[row] = body(x[row], fixed)
      row += 1
    }
  case (.constant, _):
    let fixed = x[0]
    while row < count {
      output[row] = body(fixed, y[row])
      row += 1
    }
  default:
    while row < count {
      output[row] = body(x[row], y[row])
      row += 1
    }
  }
  return withExtendedLifetime((left, right)) {
    Vector(flat: type, count: count, values: buffer)
  }
}

/// Runs `body`, which also says whether it failed, over two arguments' values. Where a row without
/// NULLs failed, `explain` makes the error from the values.
@inline(__always)
func mapChecked<A: BitwiseCopyable, B: BitwiseCopyable, R: BitwiseCopyable>(
  _ left: Vector, _ right: Vector, _ a: A.Type, _ b: B.Type, _ r: R.Type, to type: DataType,
  count: Int, _ body: (A, B) -> (R, Bool), explain: (A, B) -> QueryError
) throws(QueryError) -> Vector {
  let left = left.flattened()
  let right = right.flattened()
  let buffer = Buffer(R.self, count: count)
  let output = buffer.pointer(R.self)
  let x = left.pointer(A.self)
  let y = right.pointer(B.self)
  var failed = false
  var row = 0
  switch (left.layout, right.layout) {
  case (.constant, .constant):
    while row < count {
      let (value, bad) = body(x[0], y[0])
      output[row] = value
      failed = failed || bad
      row += 1
    }
  case (_, .constant):
    let fixed = y[0]
    while row < count {
      let (value, bad) = body(x[row], fixed)
      output[row] = value
      failed = failed || bad
      row += 1
    }
  case (.constant, _):
    let fixed = x[0]
    while row < count {
      let (value, bad) = body(fixed, y[row])
      output[row] = value
      failed = failed || bad
      row += 1
    }
  default:
    while row < count {
      let (value, bad) = body(x[row], y[row])
      output[row] = value
      failed = failed || bad
      row += 1
    }
  }
  if failed {
    let xs = Rows<A>(left)
    let ys = Rows<B>(right)
    for row in 0..<count where !xs.isNull(row) && !ys.isNull(row) {
      if body(xs[row], ys[row]).1 { throw explain(xs[row], ys[row]) }
    }
  }
  return withExtendedLifetime((left, right)) {
    Vector(flat: type, count: count, values: buffer)
  }
}

/// Runs `body` on the rows without NULL, where it may fail or return NULL: for functions whose work
/// on a row is long.
@inline(__always)
func mapRows<A: BitwiseCopyable, R: BitwiseCopyable>(
  _ vector: Vector, _ a: A.Type, _ r: R.Type, to type: DataType, count: Int, filler: R,
  _ body: (A) throws(QueryError) -> R?
) throws(QueryError) -> Vector {
  let rows = Rows<A>(vector)
  var output = FlatBuilder<R>(count: count)
  for row in 0..<count {
    if !rows.isNull(row), let value = try body(rows[row]) {
      output[row] = value
    } else {
      output.setNull(row, filler: filler)
    }
  }
  return withExtendedLifetime(vector) { output.finish(type) }
}

@inline(__always)
func mapRows<A: BitwiseCopyable, B: BitwiseCopyable, R: BitwiseCopyable>(
  _ left: Vector, _ right: Vector, _ a: A.Type, _ b: B.Type, _ r: R.Type, to type: DataType,
  count: Int, filler: R, _ body: (A, B) throws(QueryError) -> R?
) throws(QueryError) -> Vector {
  let xs = Rows<A>(left)
  let ys = Rows<B>(right)
  var output = FlatBuilder<R>(count: count)
  for row in 0..<count {
    if !xs.isNull(row), !ys.isNull(row), let value = try body(xs[row], ys[row]) {
      output[row] = value
    } else {
      output.setNull(row, filler: filler)
    }
  }
  return withExtendedLifetime((left, right)) { output.finish(type) }
}
