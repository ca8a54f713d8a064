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

# Graphs, kernels and policies with `Device = Cuda`, and the recipes.
tests=(cargo test -p istar --features cli,cuda --lib --test cuda --)
step "${on_device[@]}" "${tests[@]}" cuda graph:: kernels:: twenty every
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
