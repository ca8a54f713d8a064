"""Composable reinforcement-learning objectives, one line each, inside your own trainer.

A line says what a policy is trained for; a batch holds what it did; the line gives every token its credit, and the loss with its
derivatives::

    import istar

    line = istar.Line("rl(adv = traj + w * anchor(0.95)) + kl(0.01)", w=1.0)
    batch = istar.Batch.from_padded(mask, uid, outcome=outcome, old=old, state=state, step="row")
    credit = line.credit(batch)      # credit.advantages: (B, T)
    loss = line.loss(batch, logp)    # float(loss), loss.dlogp: (B, T)

`Line`, `Batch`, `Credit` and `Loss` have their shapes in their docstrings. `istar.torch.loss` is the loss as a function of torch, and
`istar.integrations` has the hooks of verl, TRL, SkyRL, slime, prime-rl, rLLM and Tinker. What goes wrong is a `LineError`, a
`NumberError`, a `BatchError` with the row and token, or a `TypeError`. The language is in the book under ``docs/``.
"""

from ._istar import (
    Batch,
    BatchError,
    Credit,
    Error,
    Line,
    LineError,
    Loss,
    Mistake,
    NumberError,
    Remark,
    __version__,
    recipes,
)

__all__ = [
    "Batch",
    "BatchError",
    "Credit",
    "Error",
    "Line",
    "LineError",
    "Loss",
    "Mistake",
    "NumberError",
    "Remark",
    "__version__",
    "recipes",
]
