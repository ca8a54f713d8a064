#!/usr/bin/env bash
# A real grid killed at random and started again, two processes at a time in one directory: each cell must be there, and the table that
# of an undisturbed run, byte for byte. The short version, with a world that does not train, is in `cargo test`
# (istar/src/table/together_tests.rs).
#
#   tests/grid.sh                          # 20 kills
#   KILLS=100 tests/grid.sh
#   ISTAR=/path/to/istar tests/grid.sh     # a program that is there
set -euo pipefail
cd "$(dirname "$0")/.."
kills=${KILLS:-20}
if [ -z "${ISTAR:-}" ]; then
    cargo build --quiet --release -p istar --features cli --bin istar
    ISTAR=${CARGO_TARGET_DIR:-$PWD/target}/release/istar
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

table=(--preset smoke --recipes grpo,gigpo,istar-paper-grpo --seeds 2 --iterations "${ITERATIONS:-12}" --threads 1 --quiet --statistics)
"$ISTAR" ablate "${table[@]}" --out "$work/whole" >/dev/null 2>&1

killed=0
while [ "$killed" -lt "$kills" ]; do
    pids=()
    for _ in 1 2; do
        "$ISTAR" ablate "${table[@]}" --out "$work/killed" >/dev/null 2>&1 &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        sleep "$((RANDOM % 3)).$((RANDOM % 10))"
        # One that has nothing left to do has ended by itself.
        if kill -KILL "$pid" 2>/dev/null; then killed=$((killed + 1)); fi
        wait "$pid" 2>/dev/null || true
    done
    if [ "$(ls "$work/killed/cells" 2>/dev/null | wc -l)" = 6 ]; then
        echo "whole after $killed kills: once more from the start"
        rm -rf "$work/killed"
    fi
done

# Two at once to the end.
"$ISTAR" ablate "${table[@]}" --out "$work/killed" >/dev/null 2>"$work/one" &
other=$!
"$ISTAR" ablate "${table[@]}" --out "$work/killed" >/dev/null 2>"$work/two"
wait "$other"
for file in study.json table.md table.csv cells.csv table.tex curves.svg statistics.csv; do
    cmp "$work/whole/$file" "$work/killed/$file"
done
diff -r "$work/whole/cells" "$work/killed/cells"
diff -r "$work/whole/levels" "$work/killed/levels"
echo "after $killed kills, two processes at a time: the same table, byte for byte"
