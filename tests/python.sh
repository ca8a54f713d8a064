#!/usr/bin/env bash
# The Python door: the wheel is built and installed in a clean environment, and its tests run with numpy alone.
#
#   tests/python.sh                            # minutes, most of them for the release build
#   PYTHON=python3.9 tests/python.sh           # with another Python
#   ISTAR_CREDIT="cargo run -q --example credit --" tests/python.sh      # and the program says the same
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

skip() { printf 'skipped: %s\n' "$*" >&2; exit 0; }
command -v "$python" >/dev/null || skip "there is no $python"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' || skip "$python is older than 3.9"

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$python" -m venv "$out/venv" >/dev/null 2>&1 || skip "$python has no venv"
# Build output stays with that of the workspace.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
"$out/venv/bin/pip" install --quiet --disable-pip-version-check './istar-py[test]'
cd "$out"
"$out/venv/bin/python" -m pytest -q -p no:cacheprovider "$OLDPWD/istar-py/tests"
