#!/usr/bin/env bash
# The tool-chain that `cargo build --features cuda` wants, from nothing but wheels of PyPI, into a directory of one's choice:
#
#   tests/cuda/setup.sh PREFIX
#   . PREFIX/env
#   cargo build --release -p istar --features cli,cuda
#
# Half a gigabyte, under a minute. Nothing else is needed to build: what a CUDA program calls is loaded when it runs. The wheels
# are pinned to CUDA 13.0: a newer nvcc writes PTX that drivers of 13.0 do not take. Where a driver has to be older, see the book.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: tests/cuda/setup.sh PREFIX" >&2; exit 2; }
mkdir -p "$1/bin" "$1/lib64" "$1/locks"
prefix=$(cd "$1" && pwd)

[ -x "$prefix/venv/bin/pip" ] || python3 -m venv "$prefix/venv"
"$prefix/venv/bin/pip" install --quiet --disable-pip-version-check \
    'nvidia-cuda-nvcc==13.0.88' 'nvidia-cuda-crt==13.0.88' 'nvidia-nvvm==13.0.88' \
    'nvidia-cuda-cccl==13.0.85' 'nvidia-cuda-runtime==13.0.96'
tools=$(echo "$prefix"/venv/lib/python3*/site-packages/nvidia/cu13)
ln -sfn "$tools/include" "$prefix/include"
ln -sfn "$tools/nvvm" "$prefix/nvvm"

# Wrappers and not links: nvcc finds its own parts beside the file that runs. dfdx starts all its 49 compilers at once; they take turns, one
# for each core, and say nothing of warnings: nobody reads what the last has to say while the first waits for its turn.
cat >"$prefix/bin/nvcc" <<EOF
#!/bin/sh
exec flock "$prefix/locks/\$((\$\$ % \$(nproc)))" "$tools/bin/nvcc" --disable-warnings "\$@"
EOF
cat >"$prefix/bin/ptxas" <<EOF
#!/bin/sh
exec "$tools/bin/ptxas" "\$@"
EOF
# dfdx compiles for the card of the machine that builds. 8.0 is the least that its kernels want, and a driver translates for any newer card.
cat >"$prefix/bin/nvidia-smi" <<'EOF'
#!/bin/sh
echo compute_cap
echo "${COMPUTE_CAP:-8.0}"
EOF
chmod +x "$prefix"/bin/*

# The linker asks for these by name. They are empty: istar brings the functions, and finds the libraries when it runs.
for library in cuda cublas cublasLt nvrtc; do
    printf '!<arch>\n' >"$prefix/lib64/lib$library.a"
done

cat >"$prefix/env" <<EOF
export CUDA_ROOT="$prefix"
export PATH="$prefix/bin:\$PATH"
EOF
"$prefix/bin/nvcc" --version | tail -n 2 | head -n 1
