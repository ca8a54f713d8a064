#!/usr/bin/env bash
# The CUDA path on the emulated device, for machines without a GPU:
#
#   tests/cuda/setup.sh PREFIX
#   tests/cuda/emulated.sh PREFIX
#
# The emulator's own tests; every operation, every graph and every recipe of Sokoban on `Device = Cuda` beside the CPU; the smoke table of
# one and the same program without any CUDA (`auto` goes on with the CPU, `cuda` refuses) and on the emulated device.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: tests/cuda/emulated.sh PREFIX" >&2; exit 2; }
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. "$1/env"
prefix=$CUDA_ROOT
export CARGO_INCREMENTAL=0

step() {
    printf '\n==> %s\n' "$*" >&2
    local from=$SECONDS
    "$@"
    printf '    %s s\n' "$((SECONDS - from))" >&2
}

# The emulator, under the names of the libraries that it stands for.
emulator=tests/cuda/emulator
step env CARGO_TARGET_DIR="$prefix/emulator" cargo test --manifest-path "$emulator/Cargo.toml" --release --locked
step env CARGO_TARGET_DIR="$prefix/emulator" cargo build --manifest-path "$emulator/Cargo.toml" --release --locked
device=$prefix/device
mkdir -p "$device"
cp "$prefix/emulator/release/libistar_emulator.so" "$device/libcuda.so.1"
ln -sfn libcuda.so.1 "$device/libcublas.so.13"
on_device=(env "LD_LIBRARY_PATH=$device" ISTAR_CUDA_WANTED=1 ISTAR_EMULATOR_COUNTERS=1 "ISTAR_EMULATOR_CACHE=$prefix/modules")

# Runs something on the device, and fails where nothing was launched there.
launched() {
    "${on_device[@]}" "$@" 2>&1 | tee "$out/said"
    grep -q 'emulator: [1-9][0-9]* launches' "$out/said"
}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# Every operation and every graph on `Device = Cuda`: without the jobs, whose tests would train everything on the way. Then training beside the
# CPU's, which the program of the jobs is built with.
library=(cargo test -p istar --features cuda,tokenizers --lib)
training=(cargo test -p istar --features cli,cuda --test cuda)
step "${library[@]}" --no-run
# What is tested takes one core, and what is compiled next the other.
step launched "${library[@]}" -- kernels:: graph:: &
"${training[@]}" --no-run
wait $!
step launched "${training[@]}" -- --nocapture

# The kernels of istar are code that cards from Ampere to Blackwell take.
accepted() {
    local found=0 ptx card
    for ptx in "${CARGO_TARGET_DIR:-target}"/debug/build/istar-*/out/*.ptx; do
        for card in 80 90 100 120; do
            ptxas "-arch=sm_$card" -o "$out/code" "$ptx"
        done
        found=$((found + 1))
    done
    [ "$found" -gt 0 ]
}
step accepted

# One program: without a driver it says so and goes on, or refuses; with one it computes the same table there. These rows normalise no
# difference that is zero at first, see docs/src/cuda.md.
istar=${CARGO_TARGET_DIR:-target}/debug/istar
smoke=("$istar" ablate --preset smoke --recipes grpo,rloo,gigpo --seeds 1 --quiet)
step "${smoke[@]}" --device auto --out "$out/cpu" 2>"$out/said"
cat "$out/said" >&2
grep -q 'remark: --device auto: there is no CUDA driver' "$out/said"
code=0
"${smoke[@]}" --device cuda --out "$out/none" 2>"$out/said" || code=$?
cat "$out/said" >&2
[ "$code" -eq 2 ]
grep -q 'error: --device cuda: there is no CUDA driver' "$out/said"
step launched "${smoke[@]}" --device cuda --out "$out/cuda"
paste -d, "$out/cpu/cells.csv" "$out/cuda/cells.csv" | awk -F, '
    NR == 1 { for (i = 1; i <= NF / 2; i++) name[i] = $i; next }
    { for (i = 1; i <= NF / 2; i++) {
        apart = $i - $(i + NF / 2)
        if (apart < 0) apart = -apart
        if (apart > 0.02 || ($i == "") != ($(i + NF / 2) == "")) { print $1 ": " name[i] " is " $i " on the CPU, " $(i + NF / 2) " on CUDA"; wrong = 1 }
    } }
    END { exit wrong }'
printf '\nall passed in %s s\n' "$SECONDS" >&2
