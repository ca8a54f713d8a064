"""The loss of a line as a function of torch."""

from __future__ import annotations

from typing import Any

import torch

from . import Batch, Line, Loss


class _Function(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, line: Line, batch: Batch, said: list[Loss], *leaves: torch.Tensor | None) -> torch.Tensor:
        logp, prm, vpred = (None if leaf is None else leaf.detach().cpu() for leaf in leaves)
        found = line.loss(batch, logp, prm=prm, vpred=vpred)
        said.append(found)
        slopes = (found.dlogp, found.dprm, found.dvpred)
        ctx.slopes = [
            None if leaf is None or slope is None else torch.as_tensor(slope).to(leaf)
            for leaf, slope in zip(leaves, slopes)
        ]
        given = next(leaf for leaf in leaves if leaf is not None)
        return torch.tensor(found.value, dtype=given.dtype, device=given.device)

    @staticmethod
    def backward(ctx: Any, *outer: torch.Tensor) -> Any:
        return (None, None, None, *(None if slope is None else outer[0] * slope for slope in ctx.slopes))


def loss(
    line: Line,
    batch: Batch,
    logp: torch.Tensor | None = None,
    *,
    prm: torch.Tensor | None = None,
    vpred: torch.Tensor | None = None,
    said: list[Loss] | None = None,
) -> torch.Tensor:
    """The loss of a line, with the gradient that the line has in the log-probabilities.

    Parameters
    ----------
    line : Line
        The whole of it counts, PRM and critic included: give `prm` and `vpred` where it trains them, or have them in the batch.
    batch : Batch
        Rows of shape (B, T), from `Batch.from_padded`.
    logp, prm, vpred : (B, T) tensors, optional
        What is trained: the policy's log-probabilities, those of the implicit PRM, a critic's estimates, on any device. What the mask
        leaves out has no gradient.
    said : list, optional
        Gets the `Loss`, with terms, metrics and remarks.

    Returns
    -------
    torch.Tensor
        A scalar of the dtype and device of what is trained. It is computed in double precision on the CPU.
    """
    if logp is None and prm is None and vpred is None:
        raise TypeError("give what is trained: logp, prm or vpred")
    return _Function.apply(line, batch, [] if said is None else said, logp, prm, vpred)
