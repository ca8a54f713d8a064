"""Peers that are published as git repositories and in no package index: each at one commit, in a folder of its own.

    python checkouts.py DIR       # clones them; then `export CHECKOUTS=DIR`
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMITS = {
    "rllm": ("https://github.com/rllm-org/rllm", "9beb6e0f676a46d38858991fd79ac5f8e0b16d4c"),
    "slime": ("https://github.com/THUDM/slime", "624b824a898ab0ec1fcb4d373004c7f3852bf515"),
    "prime-rl": ("https://github.com/PrimeIntellect-ai/prime-rl", "559b44772e471d1538537b8805cc77f3824a5e64"),
}
# Where a checkout has its packages.
ROOTS = {"prime-rl": ("src", "packages/prime-rl-configs/src")}


def folder(name: str) -> Path:
    """The checkout of a peer, from which its packages can be imported from now on."""
    found = Path(os.environ.get("CHECKOUTS", "")) / name
    if "CHECKOUTS" not in os.environ or not found.is_dir():
        where, commit = COMMITS[name]
        raise ImportError(
            f"no checkout of {name}: `git clone {where}` at {commit}, which `python docs/conformance/checkouts.py DIR` does, "
            "and CHECKOUTS=DIR"
        )
    for root in ROOTS.get(name, (".",)):
        path = str((found / root).resolve())
        if path not in sys.path:
            sys.path.append(path)
    return found


def version(name: str) -> str:
    """The first digits of the checkout's commit."""
    said = subprocess.run(["git", "-C", folder(name), "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return said.stdout[:8]


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    for name, (where, commit) in COMMITS.items():
        into = Path(sys.argv[1]) / name
        if not into.exists():
            subprocess.run(["git", "clone", "--filter=blob:none", "--no-checkout", where, into], check=True)
        subprocess.run(["git", "-C", into, "-c", "advice.detachedHead=false", "checkout", commit], check=True)


if __name__ == "__main__":
    main()
