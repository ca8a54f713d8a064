"""iStar's two phases on a causal language model, in a loop of one's own; each gradient is istar's, and checked against autograd.

    python two_phases.py [--steps 30]

Phase A: the PRM learns from preferences between trajectories. Phase B: the policy learns from the outcome and the PRM's steps. In the
first iteration both gradients are compared with those that autograd takes of the formulas, parameter by parameter.
"""

from __future__ import annotations

import argparse

import numpy as np
import torch
from torch.nn.functional import logsigmoid
from torch.nn.utils.rnn import pad_sequence

import istar
import istar.torch
import walk
from istar.integrations import _rows
from istar.integrations.implicit import ImplicitPrm

BETA, LAMBDA, CLIP, GROUP = 0.1, 0.3, 0.2, 8
LINE = istar.Line(
    "dpo_prm(beta, net = separate, ref = old, pairs = success) + rl(adv = traj + lambda * step, clip = c)",
    beta=BETA,
    lambda_=LAMBDA,
    c=CLIP,
)


def sample(policy, vocabulary, prompts):
    """Rollouts as tensors: ids, mask and old log-probabilities of the completion, outcomes, and how to read a model on them."""
    out = walk.rollout(prompts, policy, vocabulary)
    completion = pad_sequence([torch.tensor(ids) for ids in out["completion_ids"]], batch_first=True)
    mask = pad_sequence([torch.tensor(row) for row in out["env_mask"]], batch_first=True)
    ids = torch.cat([torch.tensor(out["prompt_ids"]), completion], dim=1)

    def read(model):
        logs = model(input_ids=ids).logits[:, :-1].log_softmax(-1)
        taken = logs.gather(2, ids[:, 1:, None])[..., 0]
        return taken[:, -completion.shape[1] :]

    with torch.no_grad():
        old = read(policy)
    return mask, old, np.array(out["reached"]), read


def gradients(model, loss):
    model.zero_grad()
    loss.backward()
    return torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])


def preference(prm, old, mask, outcome):
    """Equation 2 of the paper by hand: every success against every failure of its group, the log-ratio summed over the trajectory."""
    ratio = (BETA * (prm - old) * mask).sum(1)
    terms = []
    for start in range(0, len(outcome), GROUP):
        rows = range(start, start + GROUP)
        terms += [-logsigmoid(ratio[i] - ratio[j]) for i in rows for j in rows if outcome[i] > outcome[j]]
    return torch.stack(terms).mean()  # a batch of random walks has some of both


def surrogate(logp, old, mask, adv):
    ratio = (logp - old).exp()
    clipped = ratio.clamp(1 - CLIP, 1 + CLIP)
    return -(torch.minimum(ratio * adv, clipped * adv) * mask).sum() / mask.sum()


def near(what, ours, theirs):
    worst = float((ours - theirs).abs().max() / theirs.abs().max())
    print(f"{what}: worst difference of a gradient, of the largest entry, {worst:.1e}")
    assert worst < 1e-6, what


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=30)
    steps = parser.parse_args().steps
    vocabulary = walk.tokenizer()
    policy, prm_model = (walk.model(vocabulary, seed).double() for seed in (0, 1))
    optimizer = torch.optim.AdamW(policy.parameters(), lr=2e-3)
    prm = ImplicitPrm(prm_model, torch.optim.AdamW(prm_model.parameters(), lr=1e-3))
    reward = []
    for iteration in range(steps):
        prompts = [prompt for prompt in walk.prompts(8, 1000 + iteration) for _ in range(GROUP)]
        mask, old, outcome, read = sample(policy, vocabulary, prompts)
        uid = np.arange(len(prompts)) // GROUP
        fields = {"outcome": outcome, "old": old}
        reward.append(outcome.mean())

        if iteration == 0:
            prm_logp = read(prm_model)
            batch = _rows.batch(mask, uid, "run", prm=prm_logp, logp=old, **fields)
            ours = gradients(prm_model, istar.torch.loss(LINE, batch, prm=prm_logp))
            near("phase A", ours, gradients(prm_model, preference(read(prm_model), old, mask, outcome)))
        prm.update(LINE, mask, uid, read, **fields)

        batch = _rows.batch(mask, uid, "run", prm=prm.read(read), **fields)
        credit = LINE.credit(batch)
        mini = _rows.batch(mask, uid, "run", old=old, adv=credit.advantages)
        for update in range(2):
            logp = read(policy)
            loss = istar.torch.loss(LINE.given(), mini, logp)
            ours = gradients(policy, loss)
            if iteration == 0:
                adv = torch.as_tensor(credit.advantages)
                near(f"phase B, update {update}", ours, gradients(policy, surrogate(read(policy), old, mask, adv)))
            optimizer.step()
    quarter = max(1, steps // 4)
    first, last = np.mean(reward[:quarter]), np.mean(reward[-quarter:])
    print(f"reward {first:.3f} in the first quarter, {last:.3f} in the last")


if __name__ == "__main__":
    main()
