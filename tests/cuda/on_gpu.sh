#!/usr/bin/env bash
# The CUDA path on a real card, in under 8 minutes. That machine needs a driver and Python with PyTorch (whose cuBLAS is used), and neither Rust
# nor a network: what runs there is built elsewhere and brought along, with this repository's files:
#
#   tests/cuda/setup.sh PREFIX && . PREFIX/env
#   tests/cuda/on_gpu.sh --build DIR     # here: the program, the tests and the benchmark, into DIR
#   tests/cuda/on_gpu.sh DIR             # there: prints what docs/results/cuda.md is made of
#
# Every operation and every graph in value and gradient; twenty steps of every recipe beside the CPU; GRPO and iStar in Sokoban, on the CPU and on
# the card; compute-sanitizer where it is; a training step beside PyTorch, eager and compiled, at three sizes of a batch.
set -euo pipefail
usage="usage: tests/cuda/on_gpu.sh [--build] DIR"
build=
if [ "${1-}" = --build ]; then build=1; shift; fi
[ $# -eq 1 ] || { echo "$usage" >&2; exit 2; }
mkdir -p "$1"
dir=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."

if [ -n "$build" ]; then
    # What cargo calls a test or a benchmark of which it says `Executable .. (PATH)`.
    built() {
        "$@" 2>&1 | tee /dev/stderr | sed -n 's/^ *Executable .* (\(.*\))$/\1/p'
    }
    strip_into() { strip -o "$dir/$2" "$1"; }
    export CARGO_INCREMENTAL=0
    mapfile -t tests < <(built cargo test --release --no-run -p istar --features cuda,tokenizers --lib --test cuda)
    strip_into "${tests[0]}" library-tests
    strip_into "${tests[1]}" training-tests
    strip_into "$(built cargo bench --no-run -p istar --features cuda,tokenizers --bench steps)" steps
    cargo build --release -p istar --features cli,cuda
    strip_into "${CARGO_TARGET_DIR:-target}/release/istar" istar
    git rev-parse HEAD >"$dir/commit"
    ls -l "$dir" >&2
    exit
fi

# cuBLAS: that of PyTorch, where no other one is on the way.
libraries=$(python3 - <<'EOF'
import glob, os, site
for folder in [*site.getsitepackages(), site.getusersitepackages()]:
    for found in glob.glob(os.path.join(folder, "nvidia", "**", "libcublas.so.1[23]"), recursive=True):
        print(os.path.dirname(found), end=":")
EOF
)
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$libraries" ISTAR_CUDA_WANTED=1
export RUST_BACKTRACE=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
section() { printf '\n## %s\n\n' "$*"; }
failed=0
# Runs something for so many seconds at most, and shows the end of what it says; what fails is said, and the rest runs all the same.
run() { # seconds, lines
    local seconds=$1 lines=$2
    shift 2
    timeout "$seconds" "$@" >"$out/said" 2>&1 || { echo "FAILED: $(basename "$1"), code $?"; failed=1; }
    tail -n "$lines" "$out/said"
}

section "Machine"
nvidia-smi --query-gpu=name,driver_version,compute_cap,memory.total --format=csv,noheader || true
python3 -c 'import torch; print("PyTorch", torch.__version__, "CUDA", torch.version.cuda)' || true
echo "commit $(cat "$dir/commit")"
"$dir/istar" --version --verbose

section "Operations and graphs"
run 120 4 "$dir/library-tests" kernels:: graph::
section "Twenty steps of every recipe, and a policy of every kind"
run 150 6 "$dir/training-tests"

section "Sokoban, preset smoke: the CPU, then the card"
for device in cpu cuda; do
    run 120 40 "$dir/istar" ablate --preset smoke --recipes grpo,istar-paper-grpo --quiet --device "$device" --out "$out/$device"
done

if command -v compute-sanitizer >/dev/null; then
    section "compute-sanitizer"
    run 90 5 compute-sanitizer --error-exitcode 3 "$dir/library-tests" cuda_computes
fi

# PyTorch multiplies in f32 and convolves in tf32, unless it is told otherwise.
section "Milliseconds of a training step, beside PyTorch"
printf '| network | batch | istar | istar, tf32 | PyTorch | PyTorch, compiled |\n|---|---|---|---|---|---|\n'
peer=istar/benches/throughput/torch_steps.py
milliseconds() {
    "$@" 2>/dev/null | python3 -c 'import json, sys; line = json.load(sys.stdin); print("%.2f" % (1e3 * line["seconds"] / line["iterations"]))' 2>/dev/null || echo "none"
}
for what in pixels mlp; do
    for batch in 512 4096 32768; do
        common=(--what "$what" --batch "$batch" --iterations 20)
        ours=$(milliseconds timeout 60 "$dir/steps" "${common[@]}" --device cuda)
        rounded=$(milliseconds timeout 60 "$dir/steps" "${common[@]}" --device cuda-tf32)
        eager=$(milliseconds timeout 60 python3 "$peer" "${common[@]}" --device cuda)
        compiled=$(milliseconds timeout 90 python3 "$peer" "${common[@]}" --device cuda --compile)
        printf '| %s | %s | %s | %s | %s | %s |\n' "$what" "$batch" "$ours" "$rounded" "$eager" "$compiled"
    done
done
exit "$failed"
