"""An implicit PRM beside a trainer: a causal language model that learns from outcomes and credits steps (iStar, arXiv 2509.19199).

A line such as ``dpo_prm(beta, net = separate, ref = old) + rl(adv = traj + lambda * step)`` has two phases. In the first the PRM learns:
the gradient of `dpo_prm` in its log-probabilities is istar's. In the second the policy learns from what the PRM says of each step.
`ImplicitPrm` is the first; what it leaves in the batch is all that the second one needs.
"""

from __future__ import annotations

from typing import Any, Callable

import torch

from .. import Line, Loss
from .. import torch as istar_torch
from . import _rows

Read = Callable[[torch.nn.Module], torch.Tensor]
"""The log-probabilities (B, T) of a batch's tokens under a model, with their graph."""


def logps(model: torch.nn.Module, ids: torch.Tensor, attention: torch.Tensor, length: int) -> torch.Tensor:
    """The log-probabilities (B, length) of the last tokens of `ids` (B, T) under a causal language model, with their graph."""
    logits = model(input_ids=ids, attention_mask=attention).logits[:, -length - 1 : -1]
    return logits.float().log_softmax(-1).gather(2, ids[:, -length:, None])[..., 0]


class ImplicitPrm:
    """A PRM with its optimiser.

    Parameters
    ----------
    model : torch.nn.Module
        The PRM: a causal language model, usually a copy of the policy before training.
    optimizer : torch.optim.Optimizer
        Over the model's parameters.
    max_grad_norm : float, optional
        Gradients are scaled down to this norm.
    """

    def __init__(
        self, model: torch.nn.Module, optimizer: torch.optim.Optimizer, max_grad_norm: float | None = 1.0
    ) -> None:
        self.model, self.optimizer, self.max_grad_norm = model, optimizer, max_grad_norm

    def update(self, line: Line, mask: torch.Tensor, uid: Any, read: Read, *, step: str = "run", **fields: Any) -> Loss:
        """One update of the PRM on a whole batch, groups and all; gives the loss before it.

        `fields` are those of `Batch.from_padded`: ``outcome``, ``old`` and whatever else the line reads. The present policy is not
        needed, and `old` stands in for it.
        """
        prm = read(self.model)
        given = {"logp": fields["old"], **fields}
        batch = _rows.batch(mask, uid, step, prm=prm, **given)
        said: list[Loss] = []
        loss = istar_torch.loss(line, batch, prm=prm, said=said)
        self.optimizer.zero_grad()
        loss.backward()
        if self.max_grad_norm is not None:
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.max_grad_norm)
        self.optimizer.step()
        return said[0]

    @torch.no_grad()
    def read(self, read: Read) -> torch.Tensor:
        """What it says of the tokens now: the field ``prm`` of the batch that is credited."""
        return read(self.model)
