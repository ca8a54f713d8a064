#!/usr/bin/env bash
# Lines as rows with a real toolchain: what a recipe says, written as a line, fills the same cells; a row joins a study that is there; a
# killed program goes on; a signal and a mistake end it as they end any table; what was compiled once is not compiled again.
#
#   tests/lines.sh                          # its own cache in a temporary folder, and the clone's target
#   ISTAR=/path/to/istar tests/lines.sh     # a program that is there
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
if [ -z "${ISTAR:-}" ]; then
    cargo build --quiet --release -p istar --features cli --bin istar
    ISTAR=$CARGO_TARGET_DIR/release/istar
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export ISTAR_CACHE=$work/cache
cd "$work"

table=(--preset smoke --seeds 1 --iterations 4 --warm-start 1 --threads 1 --quiet)
grpo='rl(adv = traj)'
paper=$("$ISTAR" explain IStarPaperRloo | sed -n 's/^IStarPaperRloo = //p;2q' | head -1)

"$ISTAR" ablate "${table[@]}" --recipes grpo,istar-paper-rloo --out recipes >recipes.txt
from=$SECONDS
"$ISTAR" ablate "${table[@]}" --recipes grpo --line "mine = $grpo" --line "paper<beta = 0.05, lambda = 1> = $paper" --out lines >lines.txt
echo "compiled and run in $((SECONDS - from)) s"
same() { # two cells that differ by the name of row and objective alone
    nameless() { sed 's/"row": ".*"/"row": ""/; s/"explain": "[^ ]*/"explain": "/' "$1"; }
    diff <(nameless "$1") <(nameless "$2")
}
cmp recipes/cells/grpo-s0.json lines/cells/grpo-s0.json
same recipes/cells/grpo-s0.json lines/cells/mine-s0.json
same recipes/cells/istar-paper-rloo-s0.json lines/cells/paper-s0.json
cmp recipes/metrics/istar-paper-rloo-s0.csv lines/metrics/paper-s0.csv
grep -qF "\"line\": \"$paper\"" lines/study.json
echo "lines that say what recipes say fill the same cells"

# A row joins a study, is swept, and is not compiled again.
from=$SECONDS
"$ISTAR" ablate "${table[@]}" --recipes grpo --line "mine = $grpo" --line "paper<beta = 0.05, lambda = 1> = $paper" --set beta=0.05,0.1 --out lines >swept.txt
"$ISTAR" ablate "${table[@]}" --recipes grpo --line "mine = $grpo" --line "paper<beta = 0.05, lambda = 1> = $paper" --cell mine/0 --out lines >cell.txt
grep -q 'paper beta=0.1' swept.txt
[ ! -s cell.txt ]
[ "$(ls "$ISTAR_CACHE/lines" | wc -l)" = 1 ]
echo "swept from the cache in $((SECONDS - from)) s"
"$ISTAR" ablate "${table[@]}" --recipes rloo --out lines >/dev/null
grep -q '"name": "RLOO"' lines/study.json

# Killed, it goes on; interrupted, it says so.
long=(--preset smoke --seeds 1 --iterations 40 --warm-start 1 --threads 1 --quiet --recipes grpo --line "mine = $grpo" --line "paper<beta = 0.05, lambda = 1> = $paper")
"$ISTAR" ablate "${long[@]}" --out whole >/dev/null 2>&1
"$ISTAR" ablate "${long[@]}" --out killed >/dev/null 2>&1 &
job=$!
sleep 3
kill -KILL $job
wait $job 2>/dev/null || true
"$ISTAR" ablate "${long[@]}" --out killed >/dev/null 2>&1 &
job=$!
sleep 3
kill -INT $job
code=0
wait $job || code=$?
[ "$code" = 130 ] || [ "$code" = 0 ]
"$ISTAR" ablate "${long[@]}" --out killed >/dev/null 2>&1
for file in study.json table.csv cells.csv; do cmp "whole/$file" "killed/$file"; done
diff -r whole/cells killed/cells
echo "killed and interrupted (exit code $code), and the same cells in the end"

code=0
"$ISTAR" ablate "${table[@]}" --line "mine = $grpo" --cell mine/9 --out none 2>said.txt || code=$?
[ "$code" = 2 ] && grep -q 'there is no seed 9' said.txt
"$ISTAR" slurm -- "${table[@]}" --line "mine = $grpo" --line "paper = $grpo" --out slurm | grep -q 'array=0-1$'
echo "mistakes and an array job as for any table"
