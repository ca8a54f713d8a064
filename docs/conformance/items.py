"""An item of a peer's registry, the line that says it, and how far the two are apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import istar
import istar.torch
import rows
import torch

SEEDS = (0, 1, 2, 3, 4)
# Of numbers of order one. Where a peer computes in single precision, its rounding is within.
TOLERANCE = 2e-6


@dataclass
class Item:
    """`line` is None where the item is no line. `why` says so, or why the two differ, or under which option they are equal."""

    name: str
    line: str | None
    why: str = ""
    measure: Callable[[istar.Line, int], dict[str, float]] | None = None
    differs: bool = False
    found: dict[str, float] = field(default_factory=dict)
    error: str = ""

    def run(self) -> None:
        if self.measure is None or self.line is None:
            return
        try:
            line = istar.Line(self.line)
            for seed in SEEDS:
                for kind, difference in self.measure(line, seed).items():
                    self.found[kind] = max(self.found.get(kind, 0.0), difference)
        except ImportError:
            raise
        except Exception as error:  # One item that fails must not hide the others.
            self.error = f"{type(error).__name__}: {error}".splitlines()[0]

    @property
    def status(self) -> str:
        if self.error:
            return "failed"
        if self.line is None:
            return "no line"
        if self.measure is None:
            return "not run"
        equal = bool(self.found) and all(x <= TOLERANCE for x in self.found.values())
        if equal:
            return "failed" if self.differs else "equal"
        return "differs" if self.differs else "failed"


def none(name: str, why: str) -> Item:
    """An item that is no line."""
    return Item(name, None, why)


def advantage(name: str, line: str, theirs: Callable[..., Any], why: str = "", *, columns: Callable[..., Any] | None = None, differs=False, **options) -> Item:
    """`theirs(rows)` are the peer's advantages, (B, T)."""

    def measure(ours: istar.Line, seed: int) -> dict[str, float]:
        r = rows.rows(seed, **options)
        b = rows.batch(r, **(columns(r) if columns else {}))
        return {"advantage": worst(theirs(r) * r.mask, rows.advantages(ours, b, r))}

    return Item(name, line, why, measure, differs)


def loss(name: str, line: str, theirs: Callable[..., Any], why: str = "", *, given: bool = True, only: str = "", differs=False, change=None, **options) -> Item:
    """`theirs(rows, x)` is the peer's loss of `rows` and log-probabilities; `change(rows)` alters the rows first.

    With `given` the advantage of each token is that of the rows, and not the line's. `only` is one of the two that are compared.
    """

    def measure(ours: istar.Line, seed: int) -> dict[str, float]:
        r = rows.rows(seed, **options)
        if change is not None:
            change(r)
        ours, b = ours.given() if given else ours, rows.batch(r)
        return slopes(lambda x: theirs(r, x), lambda x: istar.torch.loss(ours, b, x), r.logp, only)

    return Item(name, line, why, measure, differs)


def critic(name: str, line: str, theirs: Callable[..., Any], why: str = "", **options) -> Item:
    """`theirs(rows, vpred)` is the peer's value loss; of the line the term `critic` counts."""

    def measure(ours: istar.Line, seed: int) -> dict[str, float]:
        r = rows.rows(seed, **options)
        x = r.vpred.clone().requires_grad_(True)
        value = theirs(r, x)
        value.backward()
        found = ours.loss(rows.batch(r), r.logp, vpred=r.vpred)
        return {"loss": worst(value.detach(), found.terms["critic"]), "gradient": worst(x.grad, found.dvpred)}

    return Item(name, line, why, measure)


def slopes(theirs: Callable[..., Any], ours: Callable[..., Any], start: torch.Tensor, only: str = "") -> dict[str, float]:
    """How far two losses of one tensor are apart, and their gradients, or `only` one of the two."""
    found = []
    for function in (theirs, ours):
        x = start.clone().requires_grad_(True)
        value = function(x)
        value.backward()
        found.append((value.detach(), x.grad))
    kinds = [only] if only else ["loss", "gradient"]
    return {kind: worst(*(pair[kind == "gradient"] for pair in found)) for kind in kinds}


def worst(a: Any, b: Any) -> float:
    """The largest difference, of numbers above one relative to the largest of them."""
    a, b = torch.as_tensor(a).double(), torch.as_tensor(b).double()
    if not a.abs().sum() > 0:
        raise ValueError("the peer's numbers are all 0: nothing is compared")
    return float((a - b).abs().max() / a.abs().max().clamp(min=1))
