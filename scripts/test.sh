#!/usr/bin/env bash
# Builds and runs all tests, one suite after another, and reports how many each ran.
set -euo pipefail
cd "$(dirname "$0")/.."
read -r -a flags <<<"${SWIFT_FLAGS:?run make test}"

scripts/setup.sh --tests
swift build "${flags[@]}" --product ecq
swift build "${flags[@]}" --build-tests
bin=$(swift build "${flags[@]}" --show-bin-path)/ecq
export ECQ=$bin
python=$(scripts/python.sh Tests/Oracle/requirements.txt)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

summary=()
failed=0
# suite NAME PATTERN COMMAND...: the last line of the output that has PATTERN is the suite's count.
suite() {
  local name=$1 pattern=$2 status=0
  shift 2
  echo "== $name"
  "$@" </dev/null 2>&1 | tee "$work/log" || status=1
  local count
  count=$(grep -E "$pattern" "$work/log" | tail -n 1 | sed -E 's/^[^[:alnum:]]+//' || true)
  # A suite that did not say how much it ran has not run.
  [ -n "$count" ] || status=1
  [ $status -eq 0 ] || failed=1
  summary+=("$([ $status -eq 0 ] && echo ok || echo FAILED)  $name: ${count:-nothing ran}")
}

generator_statistics() {
  "$bin" generate "$work/generated" --rows 2000000 &&
    "$python" Tests/Oracle/generator_statistics.py "$work/generated"
}

suite "unit tests and sqllogictest" 'Test run with [0-9]+ tests' \
  swift test "${flags[@]}" --skip-build
suite "stores of every version, by a reader in Python" '^format reader: ' \
  "$python" Tests/Oracle/format_reader.py "$bin" Tests/golden/*/*.ecq
suite "command line" '^Ran [0-9]+ tests' \
  "$python" -m unittest discover --start-directory Tests/CommandLine
suite "answers against DuckDB" '^oracle: ' "$python" Tests/Oracle/run.py "$bin"
suite "generated statements against DuckDB" '^fuzz: ' "$python" Tests/Oracle/fuzz "$bin"
suite "analyses against SQL and Python" '^analytics oracle: ' \
  "$python" Tests/Oracle/analytics "$bin"
suite "models against xgboost, lightgbm and scikit-learn" '^ml oracle: [0-9]+ checks' \
  "$python" -W ignore Tests/Oracle/ml_models.py "$bin"
suite "generator against published statistics" 'within tolerance' generator_statistics

echo "== summary"
printf '%s\n' "${summary[@]}"
exit $failed
