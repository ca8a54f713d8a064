"""Speed of istar beside PyTorch, on this machine.

    pip install torch numpy
    python istar/benches/throughput/compare.py                          # the whole training loop
    python istar/benches/throughput/compare.py --what pixels mlp text   # single training steps

Both sides do the same work. `grpo` and `istar` are whole loops: see the setting at the top of `torch_loop.py` and in
the example `throughput`; with `-distinct` the PyTorch loop also forwards equal frames once, as istar does always.
They start from a random policy (episodes of 13 or so of the 15 steps, where a trained policy needs fewer), count
environment steps, and time rollout and updates only: neither level generation, nor evaluation, nor the two
iterations that warm up. Levels come from two generators of about the same difficulty, so the two sides do not
see the same rooms; a rate per environment step allows for it. The others are `istar/benches/steps.rs` and
`torch_steps.py`: training steps of the policies, and tokens said by a decoder with a cache. `rollout-textcraft` is a rollout in the
world `textcraft-text`, with everything that the world does on our side; PyTorch goes through the same tokens without a world, and
with `-jump` is told besides which tokens could be no others, so that it need not draw them. Counted is what is read and
said, a prompt in each episode.

Each round runs istar, then PyTorch, so that a change in the load of the machine meets both; the ratio is taken
inside a round, and the table gives medians over rounds. Above 1, istar is faster. Use an idle machine: where other
programs hold the cores, the OpenMP threads of PyTorch spend their time waiting for each other, and a ratio taken
then flatters istar (with 2 threads, many times over). The load is printed before and after. `--iterations` must
be large enough that one run lasts several seconds.
"""

import argparse
import functools
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORKSPACE = HERE.parents[2]
LOOP, STEPS = "throughput", "steps"

# What is measured: the Rust program and its arguments, the Python program and its arguments, what is counted, iterations.
WHAT = {
    **{
        name + distinct: (LOOP, ["--objective", name], "torch_loop.py", ["--objective", name, *more], "environment steps", 20)
        for distinct, more in (("", []), ("-distinct", ["--distinct"]))
        for name in ("grpo", "istar")
    },
    **{
        name: (STEPS, ["--what", name], "torch_steps.py", ["--what", name], unit, iterations)
        for name, unit, iterations in (
            ("pixels", "training steps", 50),
            ("mlp", "training steps", 300),
            ("text", "training steps", 40),
            ("text-large", "training steps", 8),
            ("rollout", "tokens", 30),
            ("rollout-groups", "tokens", 60),
            ("rollout-textcraft", "tokens", 10),
        )
    },
    "rollout-textcraft-jump": (
        STEPS, ["--what", "rollout-textcraft"], "torch_steps.py", ["--what", "rollout-textcraft-jump"], "tokens", 10
    ),  # fmt: skip
}


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


def build(program):
    """Compiles a Rust program and returns the path of its binary, wherever cargo put it."""
    target = ["build", "--release", "--example"] if program == LOOP else ["bench", "-p", "istar", "--no-run", "--bench"]
    features = ["--features", "tokenizers"] if program == STEPS else []
    command = ["cargo", *target, program, *features, "--message-format=json-render-diagnostics"]
    for line in capture(command, show_errors=True).splitlines():
        artifact = json.loads(line)
        if artifact.get("executable") and artifact["target"]["name"] == program:
            return artifact["executable"]
    fail(f"cargo built nothing named `{program}`")


def speed(command, iterations):
    """What was counted per second of one run, and how much that was."""
    output = capture([*command, "--iterations", str(iterations)])
    try:
        result = json.loads(output.strip().splitlines()[-1])
        done = result["iterations"]
        count = result.get("count")
        rate = (result["env_steps"] if count is None else count) / result["seconds"]
    except (ValueError, KeyError, IndexError, TypeError, ZeroDivisionError):
        fail(f"`{' '.join(command)}` did not end with the JSON line expected, but with {output[-200:]!r}")
    if done != iterations:
        fail(f"`{' '.join(command)}` reports {done} iterations, asked for {iterations}")
    return rate, count


def pair(ours, theirs, iterations):
    """The speeds of both sides, which must have done equally much."""
    (our_rate, our_count), (their_rate, their_count) = speed(ours, iterations), speed(theirs, iterations)
    if our_count != their_count:
        fail(f"`{' '.join(theirs)}` counts {their_count}, but istar {our_count}: they do not do the same")
    return our_rate, their_rate


@functools.cache
def streams(binary, ours_with):
    """A file of what is read and said in a rollout, for PyTorch to go through."""
    file = Path(folder().name) / "streams.json"
    capture([binary, *ours_with, "--streams", str(file)])
    return str(file)


@functools.cache
def folder():
    """A folder that is gone at the end."""
    return tempfile.TemporaryDirectory(prefix="istar-")


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
    parser.add_argument("--what", nargs="+", choices=WHAT, default=["grpo", "istar"])
    parser.add_argument("--threads", nargs="+", type=positive, default=[2, 1])
    parser.add_argument("--rounds", type=positive, default=5)
    parser.add_argument("--iterations", type=positive, help="of every run; a number for each by default")
    args = parser.parse_args()

    if any(importlib.util.find_spec(package) is None for package in ("torch", "numpy")):
        fail("PyTorch or numpy is missing: pip install torch numpy")
    # Before the build, which is a load of its own.
    before = load()
    binaries = {program: build(program) for program in {WHAT[what][0] for what in args.what}}

    print(f"machine: {machine()}, load {before:.1f}")
    if before > 0.25 * cores():
        print("warning: the machine is busy, so these ratios flatter istar; see --help")
    print(f"python {platform.python_version()}, torch {metadata.version('torch')}, numpy {metadata.version('numpy')}")
    print(f"{args.rounds} rounds; medians, per second\n")
    print("| what | threads | istar | PyTorch | | median ratio | ratio of each round |")
    print("|---|---|---|---|---|---|---|")
    for what in args.what:
        program, ours_with, script, theirs_with, unit, iterations = WHAT[what]
        for threads in args.threads:
            ours = [binaries[program], *ours_with, "--threads", str(threads)]
            theirs = [sys.executable, str(HERE / script), *theirs_with, "--threads", str(threads)]
            iterations = args.iterations or iterations
            if what.startswith("rollout-textcraft"):
                theirs += ["--streams", streams(binaries[program], tuple(ours_with))]
            pairs = [pair(ours, theirs, iterations) for _ in range(args.rounds)]
            ratios = [ours / theirs for ours, theirs in pairs]
            ours, theirs = (statistics.median(side) for side in zip(*pairs))
            each = " ".join(f"{ratio:.2f}" for ratio in ratios)
            row = (what, threads, f"{ours:,.1f}", f"{theirs:,.1f}", unit, f"{statistics.median(ratios):.2f}", each)
            print("|", " | ".join(map(str, row)), "|", flush=True)
    print(f"\nat the end: load {load():.1f}")


if __name__ == "__main__":
    main()
