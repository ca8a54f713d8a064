"""Random batches of rows with tokens of observations between those of the policy, and the same batch as istar has it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import torch

import istar

# What a row of the batch is under istar's names; what is not here stays with the peer.
FIELDS = ("old", "ref", "sampler", "entropy", "adv", "value", "ret")


def rows(
    seed: int, *, groups: int = 6, each: int = 4, length: int = 20, lone: bool = True, empty: bool = False,
    turns: bool = True, step: str = "row",
) -> SimpleNamespace:  # fmt: skip
    """`groups` groups of `each` rows, one more of a single row if `lone`; if `empty`, the last row of a group has no token.

    Without `turns` there are no observations in a row. `step` is what a step is to istar: the row, or each run of the mask.
    """
    rng = np.random.default_rng(seed)
    uid = [f"p{i // each}" for i in range(groups * each)] + ["alone"] * lone
    n = len(uid)
    mask = (rng.random((n, length)) < (0.7 if turns else 1)) & (np.arange(length) < rng.integers(5, length + 1, (n, 1)))
    mask[:, 0] = True
    if empty:
        mask[each - 1] = False
    last = np.where(mask.any(1), length - 1 - np.argmax(mask[:, ::-1], axis=1), 0)
    score = rng.integers(0, 4, n).astype(float)
    score[:each] = 1  # A group of equal outcomes.
    if empty:
        score[each - 1] = 0
    rewards = np.zeros((n, length))
    rewards[np.arange(n), last] = score

    def logps(spread, start=None):
        start = -rng.uniform(0.05, 3, (n, length)) if start is None else start
        return np.minimum(start + rng.normal(0, spread, start.shape), -0.01)

    old = logps(0)
    return SimpleNamespace(
        step=step,
        uid=np.array(uid, dtype=object),
        score=torch.tensor(score),
        extra=torch.tensor(rng.normal(0, 1, (2, n))),
        mask=torch.tensor(mask.astype(np.int64)),
        rewards=torch.tensor(rewards),
        old=torch.tensor(old),
        logp=torch.tensor(logps(0.4, old)),
        ref=torch.tensor(logps(0.4, old)),
        sampler=torch.tensor(logps(0.2, old)),
        adv=torch.tensor(rng.normal(0, 1, (n, length))),
        row_adv=torch.tensor(np.repeat(rng.normal(0, 1, (n, 1)), length, axis=1)),
        entropy=torch.tensor(rng.uniform(0, 2, (n, length))),
        value=torch.tensor(rng.normal(0, 1, (n, length))),
        vpred=torch.tensor(rng.normal(0, 1, (n, length))),
        ret=torch.tensor(rng.normal(0, 1, (n, length))),
        last=torch.tensor(last),
    )


def batch(r: SimpleNamespace, **columns: torch.Tensor) -> istar.Batch:
    """The rows as istar's batch; `columns` are one number a row, (B,)."""
    if columns:
        return istar.Batch(_nested(r, columns))
    fields = {name: getattr(r, name) for name in FIELDS}
    return istar.Batch.from_padded(r.mask, r.uid, step=r.step, outcome=r.score, **fields)


def _nested(r, columns):
    groups: dict[str, list] = {}
    for i, uid in enumerate(r.uid):
        at = np.flatnonzero(r.mask[i].numpy())
        tokens = [{name: float(getattr(r, name)[i, t]) for name in (*FIELDS, "logp")} for t in at]
        one = {"outcome": float(r.score[i]), "columns": {name: float(column[i]) for name, column in columns.items()}}
        groups.setdefault(uid, []).append({**one, "steps": [{"tokens": tokens}]})
    return {"groups": [{"trajectories": trajectories} for trajectories in groups.values()]}


def advantages(line: istar.Line, b: istar.Batch, r: SimpleNamespace) -> torch.Tensor:
    """(B, T), 0 where the mask is."""
    found = torch.zeros_like(r.old)
    credit = line.credit(b)
    if b.shape is not None:
        return torch.as_tensor(credit.advantages)
    found[r.mask.bool()] = torch.tensor(credit.flat)
    return found
