"""prime-rl's own algorithms and losses on rows: a row is a trace of verifiers, each run of the mask a node that was sampled."""

from __future__ import annotations

import asyncio
import itertools
import os

import checkouts
import numpy as np
import torch

PACKAGE = "prime-rl"


def opened() -> None:
    """Makes its packages importable."""
    os.environ["TORCHDYNAMO_DISABLE"] = "1"  # Its functions are compiled for a GPU's sake.
    checkouts.folder(PACKAGE)


def trace(r, row: int, agent: str = "agent"):
    """A row up to its last token, behind a prompt of one token."""
    import verifiers.v1 as vf

    mask = r.mask[row, : int(r.last[row]) + 1].bool().tolist()
    nodes = [vf.MessageNode(message=vf.UserMessage(content="q"), token_ids=[0], mask=[False], logprobs=[0.0], sampled=False, parent=None)]
    at = 0
    for sampled, run in itertools.groupby(mask):
        end = at + len(list(run))
        message = vf.AssistantMessage(content="a") if sampled else vf.ToolMessage(content="t", tool_call_id="x")
        nodes.append(vf.MessageNode(
            message=message, token_ids=list(range(at, end)), mask=[sampled] * (end - at), logprobs=r.sampler[row, at:end].tolist(),
            sampled=sampled, parent=len(nodes) - 1,
        ))  # fmt: skip
        at = end
    usage = vf.Usage(prompt_tokens=1 + mask.count(False), completion_tokens=mask.count(True))
    return vf.Trace[vf.TaskData](
        task=vf.TraceTask(type="Task", data=vf.TaskData(idx=0, prompt=None)), agent=vf.AgentInfo(name=agent, config=vf.AgentConfig()),
        nodes=nodes, calls=[vf.ModelCall(node=len(nodes) - 1, usage=usage)], rewards={"reward": vf.Reward(score=float(r.score[row]))}, ok=True,
    )  # fmt: skip


def episode(traces: list):
    import verifiers.v1 as vf

    return vf.Episode(env=vf.EnvInfo(id="env", name="env"), task=traces[0].task, group=vf.GroupInfo(id="group"), traces=traces)


def advantages(r, algorithm, *, together: bool = False) -> torch.Tensor:
    """(B, T): what an algorithm leaves on the nodes. The rows of a uid are a group, an episode each; or one episode, if `together`."""
    traces = [trace(r, row) for row in range(len(r.mask))]
    groups = [[traces[row] for row in np.flatnonzero(r.uid == uid)] for uid in dict.fromkeys(r.uid)]
    for cohort in [[episode(group) for group in groups]] if together else [[episode([one]) for one in group] for group in groups]:
        asyncio.run(algorithm.finalize_group(cohort))
    found = torch.zeros_like(r.old)
    for row, of in enumerate(traces):
        values = [value for node in of.nodes for value in node.advantages or []]
        found[row, r.mask[row].bool()] = torch.tensor(values, dtype=found.dtype)
    return found


def loss(r, logp: torch.Tensor, config, **weights) -> torch.Tensor:
    """prime-rl's loss of all rows, its components divided by the tokens of the batch."""
    from prime_rl.trainer.rl.loss import compute_loss, setup_rl_loss_fn

    count = int(r.mask.sum())
    given = dict(rl_weights=None, ce_weights=None, ref_kl_weights=None) | weights
    return compute_loss(
        list(logp), list(r.old), list(r.ref), list(r.adv), list(r.mask.bool()), **given,
        rl_loss_fn=setup_rl_loss_fn(config), rl_scale=count, ce_scale=count, ref_kl_scale=count,
    )[0]  # fmt: skip
