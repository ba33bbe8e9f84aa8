#!/usr/bin/env bash
# Installs what building (and, with --tests, testing) needs and is missing. Asks nothing.
#   scripts/setup.sh [--tests]
set -euo pipefail
cd "$(dirname "$0")/.."

have_header() { printf '#include <%s>\n' "$1" | clang -E -x c - >/dev/null 2>&1; }

command -v swift >/dev/null || {
  echo "setup: the Swift toolchain is missing: see https://www.swift.org/install" >&2
  exit 1
}

missing=()
have_header zstd.h || missing+=(libzstd-dev)
have_header zlib.h || missing+=(zlib1g-dev)
have_header nettle/sha2.h || missing+=(nettle-dev)
have_header cairo/cairo.h || missing+=(libcairo2-dev)
command -v pkg-config >/dev/null || missing+=(pkg-config)
if [ "${1:-}" = --tests ]; then
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
fi
[ ${#missing[@]} -gt 0 ] || exit 0

install=(apt-get install -y --no-install-recommends "${missing[@]}")
run=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    run=(sudo -n env DEBIAN_FRONTEND=noninteractive)
  else
    echo "setup: please run, then try again:  sudo ${install[*]}" >&2
    exit 1
  fi
fi
command -v apt-get >/dev/null || {
  echo "setup: please install, then try again: ${missing[*]}" >&2
  exit 1
}
echo "setup: installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
# The package lists of a fresh machine may be missing or old: fetch them when the first try fails.
"${run[@]}" "${install[@]}" </dev/null >&2 ||
  { "${run[@]}" apt-get update </dev/null >&2 && "${run[@]}" "${install[@]}" </dev/null >&2; }
