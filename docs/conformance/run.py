"""Runs what peers ship against lines of istar, and writes the table of coverage.

    python run.py [--only verl] [--table ../results/conformance.csv] [--page ../src/conformance.md]

Each item of a peer's registry is called on random batches, five seeds, beside the line that says it. The program ends with 1 if a line
that is said to be equal is not, if one that is said to differ does not, or if a registry has a name that has no item. Three peers are
checkouts, see `checkouts.py`; without them, and without any of the packages, nothing is written.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import importlib.metadata
import logging
import os
import platform
import sys
import warnings
from collections import Counter
from pathlib import Path

from items import SEEDS

PEERS = (
    "verl_items", "trl_items", "skyrl_items", "areal_items", "openrlhf_items", "rllm_items", "slime_items", "prime_rl_items",
)  # fmt: skip
COLUMNS = ("peer", "item", "line", "status", "advantage", "loss", "gradient", "why")
BEGIN, END = "<!-- table: conformance -->", "<!-- /table -->"


def quiet() -> None:
    """Peers say much about machines that are not there."""
    warnings.filterwarnings("ignore")
    os.environ.update(TRL_EXPERIMENTAL_SILENCE="1", HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1", TQDM_DISABLE="1")
    logging.disable(logging.WARNING)


def peer(module) -> str:
    """Name and version; of a peer that is a checkout, the first digits of the commit."""
    version = module.version() if hasattr(module, "version") else importlib.metadata.version(module.PACKAGE)
    return f"{module.PACKAGE} {version}"


def run(peer: str, module) -> list[dict[str, str]]:
    items = module.items()
    for name in module.missing(items):
        print(f"{peer}: {name} has no item", file=sys.stderr)
        items.append(module.none(name, "new"))
        items[-1].error = "no item"
    table = []
    for item in items:
        item.run()
        numbers = {kind: f"{worst:.0e}" for kind, worst in item.found.items()}
        table.append(dict(peer=peer, item=item.name, line=item.line or "", status=item.status, why=item.error or item.why, **numbers))
    return table


def count(table: list[dict[str, str]]) -> str:
    """A Markdown table: of each peer how many items are of each status."""
    kinds = ("equal", "differs", "no line", "not run")
    lines = ["| peer | items | " + " | ".join(kinds) + " | worst error of equal ones |", "|---|" + "---|" * (len(kinds) + 2)]
    for peer in dict.fromkeys(row["peer"] for row in table):
        of = [row for row in table if row["peer"] == peer]
        found = Counter(row["status"] for row in of)
        worst = max((float(row[kind]) for row in of if row["status"] == "equal" for kind in COLUMNS[4:7] if kind in row), default=0)
        lines.append(f"| {peer} | {len(of)} | " + " | ".join(str(found[kind]) for kind in kinds) + f" | {worst:.0e} |")
    return "\n".join(lines)


def versions() -> str:
    return f"Python {platform.python_version()}, " + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("istar", "torch", "numpy"))


def page(table: list[dict[str, str]]) -> str:
    """Markdown: versions, the counts, and each peer's items."""
    parts = [f"{versions()}; seeds {', '.join(map(str, SEEDS))}.", count(table)]
    for peer in dict.fromkeys(row["peer"] for row in table):
        lines = [f"## {peer}", "", "| item | line | worst error | |", "|---|---|---|---|"]
        for row in (row for row in table if row["peer"] == peer):
            worst = max((float(row[kind]) for kind in COLUMNS[4:7] if kind in row), default=None)
            said = row["status"] if worst is None else f"{worst:.0e}" if row["status"] == "equal" else f"{row['status']}, {worst:.0e}"
            line = f"`{row['line']}`" if row["line"] else ""
            lines.append(f"| `{row['item']}` | {line} | {said} | {row['why']} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def main() -> int:
    here = Path(__file__).resolve().parent
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--only", choices=[name.removesuffix("_items") for name in PEERS], help="one peer alone; writes nothing")
    arguments.add_argument("--table", type=Path, default=here.parent / "results" / "conformance.csv")
    arguments.add_argument("--page", type=Path, default=here.parent / "src" / "conformance.md")
    given = arguments.parse_args()
    quiet()
    modules = [importlib.import_module(name) for name in PEERS if given.only in (None, name.removesuffix("_items"))]
    try:
        named = [peer(module) for module in modules]
    except ImportError as error:
        arguments.exit(2, f"{error}\n")
    table = [row for name, module in zip(named, modules) for row in run(name, module)]
    failed = [row for row in table if row["status"] == "failed"]
    for row in failed:
        print("failed:", {key: value for key, value in row.items() if value}, file=sys.stderr)
    print(versions())
    print(count(table))
    print(f"\n{len(table) - len(failed)} passed, {len(failed)} failed")
    if given.only is None:
        with given.table.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
        before, rest = given.page.read_text().split(BEGIN)
        given.page.write_text(f"{before}{BEGIN}\n\n{page(table)}\n\n{END}{rest.split(END)[1]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
