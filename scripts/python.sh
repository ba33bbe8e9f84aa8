#!/usr/bin/env bash
# Prints the Python of the environment that has what a requirements file pins, making it first
# where it is missing.
#   scripts/python.sh Tests/Oracle/requirements.txt
set -euo pipefail
requirements=$1
hash=$({ python3 --version; cat "$requirements"; } | sha256sum | cut -c1-16)
environment=${XDG_CACHE_HOME:-$HOME/.cache}/ecq/venv-$hash
if [ ! -x "$environment/bin/python" ]; then
  mkdir -p "$(dirname "$environment")"
  # One maker at a time; what is half made is never used, for the mark of completion is the name.
  exec 9>"$environment.lock"
  flock 9
  if [ ! -x "$environment/bin/python" ]; then
    echo "setup: making $environment" >&2
    rm -rf "$environment.partial"
    python3 -m venv "$environment.partial" >&2
    "$environment.partial/bin/python" -m pip install --quiet --disable-pip-version-check \
      --no-input --requirement "$requirements" </dev/null >&2
    mv "$environment.partial" "$environment"
  fi
fi
echo "$environment/bin/python"
