#!/usr/bin/env bash
# Whether this tree gives the numbers that were published: builds an earlier commit and this tree, runs the same presets of the
# table in both, and compares `cells.csv` and `table.csv` byte for byte. The promise is for one machine: the bits depend on the
# type of the processor.
#
#   tests/published.sh                                  # smoke and default against 36d6aa3
#   BASE=v0.1.0 PRESETS="smoke" tests/published.sh      # another commit, other presets
set -euo pipefail
cd "$(dirname "$0")/.."
base=${BASE:-36d6aa3}
presets=${PRESETS:-smoke default}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone --quiet --no-checkout . "$work/base"
git -C "$work/base" checkout --quiet "$base"

table() { # directory of the tree, preset, directory of the results
    (cd "$1" && cargo run --quiet --release --example ablation -- --preset "$2" --quiet --out "$3" >/dev/null)
}

for preset in $presets; do
    table "$work/base" "$preset" "$work/before/$preset"
    table . "$preset" "$work/after/$preset"
    for file in cells.csv table.csv; do
        cmp "$work/before/$preset/$file" "$work/after/$preset/$file"
        echo "$preset: $file is that of $base"
    done
done
