#!/bin/sh
# Maintainer's command: make requirements/run.txt and dev.txt from pyproject.toml, with hashes and without
# any index's address. torch stays out of them: it is installed first and alone (see docs/setup.md).
# Usage: ./run lock [uv options, as --upgrade]      UV=PATH names the uv to use
set -eu
cd "$(dirname "$0")/../requirements"
uv=${UV:-uv}
command -v "$uv" >/dev/null || { echo "lock: uv is not installed (set UV=PATH)" >&2; exit 1; }

lock() { # TARGET GROUPS…: as the last lock has them, unless --upgrade is given
  target=$1; shift
  "$uv" pip compile ../pyproject.toml -o "$target" -q --universal --python-version 3.11 \
    --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-emit-package torch \
    --override overrides.txt "$@"
}

lock dev.txt --group ../pyproject.toml:setup --group ../pyproject.toml:dev "$@"
# The same versions for those who only run it.
lock run.txt --group ../pyproject.toml:setup --constraint dev.txt "$@"
