#!/usr/bin/env bash
# What a logged batch with steps of very unequal length costs: peak memory and time of the whole `credit` process, on
#
#   long    8 groups × 8 trajectories × 80 steps × 100 tokens (5,120 steps), one step of 16,384 tokens
#   longer  10,000 steps of 10 tokens, and one of 60,000
#
# under GRPO, which sums over no step, and under the iStar paper's line, which does.
#
#   tests/memory.sh                         # needs Python for the batches and the counting
#   ISTAR=/path/to/istar tests/memory.sh
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${ISTAR:-}" ]; then
    cargo build --quiet --release -p istar --features cli --bin istar
    ISTAR=${CARGO_TARGET_DIR:-$PWD/target}/release/istar
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - "$ISTAR" "$work" "${ROUNDS:-3}" <<'PYTHON'
import json, os, random, sys, time

istar, work, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])


def batch(name, groups, trajectories, steps, tokens, long):
    draw = random.Random(0)
    number = lambda: -draw.expovariate(1.0)
    token = lambda: {"old": number(), "logp": number(), "ref": number(), "prm": number()}
    first = [True]

    def step():
        count = long if first[0] else tokens
        first[0] = False
        return {"state": draw.randrange(50), "reward": draw.random(), "valid": True, "tokens": [token() for _ in range(count)]}

    def trajectory():
        success = draw.random() < 0.5
        return {"outcome": float(success), "success": success, "steps": [step() for _ in range(steps)]}

    path = os.path.join(work, name + ".json")
    # In a child: what this process has held counts as what its later children held.
    if child := os.fork():
        assert os.waitpid(child, 0)[1] == 0
        return path
    with open(path, "w") as file:
        json.dump({"groups": [{"trajectories": [trajectory() for _ in range(trajectories)]} for _ in range(groups)]}, file)
    os._exit(0)


def run(recipe, path):
    begun = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        os.execv(istar, [istar, "credit", "--recipe", recipe, "--input", path])
    _, status, usage = os.wait4(child, 0)
    assert status == 0, status
    return usage.ru_maxrss / 1024, time.perf_counter() - begun, usage.ru_utime + usage.ru_stime


for name, sizes in [("long", (8, 8, 80, 100, 16_384)), ("longer", (10, 10, 100, 10, 60_000))]:
    path = batch(name, *sizes)
    print(f"{name}: {os.path.getsize(path) / 2**20:.0f} MiB of JSON")
    for recipe in ["Grpo", "IStarPaper"]:
        found = [run(recipe, path) for _ in range(rounds)]
        peak, seconds, processor = max(f[0] for f in found), *[sorted(f[i] for f in found)[rounds // 2] for i in (1, 2)]
        print(f"  {recipe:12} peak {peak:6.0f} MiB, {seconds:5.2f} s, {processor:5.2f} s of the processor")
PYTHON
