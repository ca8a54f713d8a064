#!/usr/bin/env bash
# What a newcomer does in the first hour, by the pages alone: README's commands in this clone, its block of code in a new crate in
# an empty directory, the book's own world, the job's rows. Prints each command before it runs it, and stops at the first that does
# not do what the pages say.
#
#   tests/front_door.sh                           # everything; ten minutes or so on 2 cores
#   TABLE="--preset smoke" tests/front_door.sh    # README's table in seconds instead of minutes
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$here/target}

out=$(mktemp -d)
# What README's commands leave behind in the clone, and it is not part of.
trap 'rm -rf "$out" "$here/batch.json" "$here/credit.html"' EXIT
ln -s "$here" "$out/istar"
export ISTAR_CACHE=$out/cache

say() { printf '\n$ %s\n' "$*" >&2; }
do_() { say "$*"; "$@"; }
must() { # a file, a text that it has
    grep -qF -- "$2" "$1" || { printf 'expected "%s" in:\n' "$2" >&2; cat "$1" >&2; exit 1; }
}
fails_with() { # an exit code, a text, a command
    local code=0 expected=$1 text=$2
    shift 2
    say "$*   # exit code $expected"
    "$@" >"$out/said" 2>&1 || code=$?
    [ "$code" = "$expected" ] || { printf 'exit code %s, not %s:\n' "$code" "$expected" >&2; cat "$out/said" >&2; exit 1; }
    must "$out/said" "$text"
}
blocks() { # a language, a page: its blocks, one after the other
    awk -v fence='```'"$1" '$0 == fence {inside = 1; next} /^```/ {inside = 0} inside' "$2"
}

# README's commands, each as it stands there. The tests are CI's own step; the table may be a smaller one.
cd "$here"
blocks sh README.md | sed 's/ *#.*//' >"$out/commands"
must "$out/commands" "cargo test --workspace"
grep -v '^cargo test' "$out/commands" | while read -r command; do
    case $command in *"--example ablation") command="$command${TABLE:+ -- $TABLE}" ;; esac
    say "$command"
    bash -euc "$command" </dev/null
done
must credit.html "<html"

# README's block of code in a crate of its own, in an empty directory beside the clone.
cd "$out"
do_ cargo new --quiet --vcs none mine
cd mine
blocks toml "$here/README.md" >>Cargo.toml
# `cargo new` begins the table of dependencies, and README's block begins it again.
awk '!(/^\[dependencies\]$/ && seen++)' Cargo.toml >"$out/manifest" && mv "$out/manifest" Cargo.toml
blocks rust "$here/README.md" | awk '/^use istar::\{need/ {exit} {print}' >src/main.rs
do_ cargo run --quiet --release >"$out/said"
must "$out/said" "Mine = dpo_prm(beta, net = separate, ref = old, over = mean)"

# An environment, a policy and a loop of one's own; what they leave behind, read in Python where its packages are.
cd "$here"
do_ cargo run --quiet --release --example 06_your_own_world >"$out/said"
must "$out/said" "| iStar stable |"
do_ cargo run --quiet --release --example 07_keep_what_was_learnt -- "$out/cart" >"$out/said"
must "$out/said" "after 40 iterations"
[ "$(wc -l <"$out/cart/metrics.jsonl")" = 40 ]
blocks python docs/src/your-own-world.md >"$out/read.py"
if python3 -c 'import numpy, safetensors' 2>/dev/null; then
    do_ python3 "$out/read.py" "$out/cart" >"$out/said"
    must "$out/said" "[["
else
    say "python3 read.py   # left out: numpy or safetensors is not there"
fi

# The job: what there is, rows by name, a parameter's values as rows, a study that grows, an interrupt.
ablation() { cargo run --quiet --release --example ablation -- "$@"; }
do_ ablation --list >"$out/said"
must "$out/said" "* gigpo "
must "$out/said" "relay"
do_ ablation --preset smoke --recipes Grpo,IStarPaper --set beta=0.05,0.1 --seeds 1 --out "$out/study" --quiet >"$out/said"
must "$out/study/cells.csv" "beta=0.1"
do_ ablation --preset smoke --recipes Grpo,Rloo --seeds 2 --out "$out/study" --quiet >"$out/said"
must "$out/study/cells.csv" "RLOO,1"
must "$out/study/cells.csv" "beta=0.1"
ls "$out/study/metrics/" >"$out/said"
must "$out/said" "grpo-s0"
fails_with 2 "seeds" ablation --preset smoke --seeds 0 --out "$out/none"
fails_with 2 "did you mean" ablation --preset smoke --recipes grpoo --out "$out/none"

say "ablation --preset full --out there &  sleep; kill -INT"
"$CARGO_TARGET_DIR/release/examples/ablation" --preset full --recipes Grpo --seeds 1 --out "$out/there" --quiet >"$out/said" 2>&1 &
job=$!
sleep 5
kill -INT $job
code=0
wait $job || code=$?
[ "$code" = 130 ] || { printf 'exit code %s, not 130\n' "$code" >&2; cat "$out/said" >&2; exit 1; }
must "$out/said" "$out/there"

# Each package by itself, as it would be published. Cargo keeps the sources of a version that it once unpacked from such a package, be
# they of an earlier commit.
rm -rf "${CARGO_HOME:-$HOME/.cargo}"/registry/src/-*/istar-*
do_ cargo package --quiet --allow-dirty --workspace --exclude istar-examples --exclude istar-tests
printf '\neverything as the pages say\n' >&2
