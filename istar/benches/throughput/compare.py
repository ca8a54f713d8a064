"""Training speed of istar beside a plain PyTorch loop, on this machine.

    pip install torch numpy
    python istar/benches/throughput/compare.py

Both sides do the same work: see the setting at the top of `torch_loop.py` and in the example `throughput`. They
start from a random policy (episodes of 13 or so of the 15 steps, where a trained policy needs fewer), count
environment steps, and time rollout and updates only: neither level generation, nor evaluation, nor the two
iterations that warm up. Levels come from two generators of about the same difficulty, so the two sides do not
see the same rooms; a rate per environment step allows for it.

Each round runs istar, then PyTorch, so that a change in the load of the machine meets both; the ratio is taken
inside a round, and the table gives medians over rounds. Above 1, istar is faster. Use an idle machine: where other
programs hold the cores, the OpenMP threads of PyTorch spend their time waiting for each other, and a ratio taken
then flatters istar (with 2 threads, many times over). The load is printed before and after. `--iterations` must
be large enough that one run lasts several seconds.
"""

import argparse
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORKSPACE = HERE.parents[2]
TORCH_LOOP = [sys.executable, str(HERE / "torch_loop.py")]


def fail(message):
    print(f"compare: {message}", file=sys.stderr)
    sys.exit(2)


def capture(command, show_errors=False):
    """The standard output of `command`; where it cannot run or fails, one clear line and exit code 2."""
    try:
        done = subprocess.run(command, cwd=WORKSPACE, text=True, stdout=subprocess.PIPE,
                              stderr=None if show_errors else subprocess.PIPE)  # fmt: skip
    except OSError as error:
        fail(f"cannot run `{command[0]}`: {error.strerror}")
    if done.returncode != 0:
        last = (done.stderr or "").strip().splitlines()[-1:]
        fail(f"`{' '.join(command)}` failed with code {done.returncode}" + "".join(f": {line}" for line in last))
    return done.stdout


def build():
    """Compiles the example and returns the path of its binary, wherever cargo put it."""
    command = ["cargo", "build", "--release", "--example", "throughput", "--message-format=json-render-diagnostics"]
    for line in capture(command, show_errors=True).splitlines():
        artifact = json.loads(line)
        if artifact.get("executable") and artifact["target"]["name"] == "throughput":
            return artifact["executable"]
    fail("cargo built no example named `throughput`")


def speed(command, objective, threads, args):
    """Environment steps per second of one run."""
    command = [*command, "--objective", objective, "--threads", str(threads)]
    command += ["--iterations", str(args.iterations), "--seed", str(args.seed)]
    output = capture(command)
    try:
        result = json.loads(output.strip().splitlines()[-1])
        asked, done = (objective, args.iterations), (result["objective"], result["iterations"])
        rate = result["env_steps"] / result["seconds"]
    except (ValueError, KeyError, IndexError, TypeError, ZeroDivisionError):
        fail(f"`{' '.join(command)}` did not end with the JSON line expected, but with {output[-200:]!r}")
    if asked != done:
        fail(f"`{' '.join(command)}` reports {done}, asked for {asked}")
    return rate


def cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine():
    """The processor's name and its number of usable cores."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0] if names else model
    return f"{model}, {cores()} cores"


def load():
    """Processes that wanted a core, averaged over the last minute; NaN where the system does not say."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} must be at least 1")
    return value


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objectives", nargs="+", choices=("grpo", "istar"), default=["grpo", "istar"])
    parser.add_argument("--threads", nargs="+", type=positive, default=[2, 1])
    parser.add_argument("--rounds", type=positive, default=5)
    parser.add_argument("--iterations", type=positive, default=20)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    if any(importlib.util.find_spec(package) is None for package in ("torch", "numpy")):
        fail("PyTorch or numpy is missing: pip install torch numpy")
    # Before the build, which is a load of its own.
    before = load()
    istar = [build()]

    print(f"machine: {machine()}, load {before:.1f}")
    if before > 0.25 * cores():
        print("warning: the machine is busy, so these ratios flatter istar; see --help")
    print(f"python {platform.python_version()}, torch {metadata.version('torch')}, numpy {metadata.version('numpy')}")
    print(f"{args.rounds} rounds of {args.iterations} iterations; environment steps per second, medians\n")
    print("| objective | threads | istar | PyTorch | median ratio | ratio of each round |")
    print("|---|---|---|---|---|---|")
    for objective in args.objectives:
        for threads in args.threads:
            pairs = [
                (speed(istar, objective, threads, args), speed(TORCH_LOOP, objective, threads, args))
                for _ in range(args.rounds)
            ]
            ratios = [ours / theirs for ours, theirs in pairs]
            ours, theirs = (statistics.median(side) for side in zip(*pairs))
            each = " ".join(f"{ratio:.2f}" for ratio in ratios)
            row = (objective, threads, f"{ours:,.0f}", f"{theirs:,.0f}", f"{statistics.median(ratios):.2f}", each)
            print("|", " | ".join(map(str, row)), "|", flush=True)
    print(f"\nat the end: load {load():.1f}")


if __name__ == "__main__":
    main()
