"""How sharp the comparison is: lines altered in one word or number must be told from the peer's.

    python alter.py

TRL's advantages, which want a trainer each, are left out. It prints the altered lines that pass as equal.
"""

from __future__ import annotations

import importlib
import re

import items
import run

MODULES = (
    "verl_items", "skyrl_items", "areal_items", "openrlhf_items", "rllm_items", "slime_items", "prime_rl_items", "trl_policy", "trl_pairs",
)  # fmt: skip
ALTERED = (
    (r"0\.28", "0.22"),
    (r"dual = 3", "dual = 1.2"),
    (r"dpo\(0\.3", "dpo(0.4"),
    (r"0\.1 \*", "0.2 *"),
    (r"min = 1", "min = 2"),
    (r"ddof = 0", "ddof = 1"),
    (r"scale = \w+", "scale = std"),
    (r"reduce = mean\(traj\)", "reduce = token"),
    (r"ratio = mean\(traj\)", "ratio = token"),
    (r"over = token", "over = sum"),
    (r"estimator = k3", "estimator = k2"),
    (r", empty = count", ""),
    (r", link = \w+(\([^)]*\))?", ""),
    (r"shape = \w+(\([^)]*\))?", "shape = clip"),
    (r"keep\((.*), ([-\d.]+), ([-\d.]+)\)", r"keep(\1, \2, 99)"),
)


def main() -> None:
    run.quiet()
    tried, passed = 0, []
    for name in MODULES:
        for item in importlib.import_module(name).items():
            if item.measure is None or item.line is None or item.differs:
                continue
            for text in {re.sub(pattern, new, item.line) for pattern, new in ALTERED} - {item.line}:
                altered = items.Item(item.name, text, measure=item.measure)
                altered.run()
                tried += 1
                if altered.status == "equal":
                    passed.append(f"{name} {item.name}: {text}")
    print(*passed, sep="\n")
    print(f"{tried} altered lines, {tried - len(passed)} told apart")


if __name__ == "__main__":
    main()
