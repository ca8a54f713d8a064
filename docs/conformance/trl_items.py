"""TRL: what its policy and preference trainers have as options, and of the experimental ones what is a loss of rollouts."""

from __future__ import annotations

import inspect
import re

import istar
import istar.torch
import numpy as np
import rows
import torch
import trl_credit
import trl_pairs
import trl_policy
from items import Item, none, slopes

PACKAGE = "trl"
VOCABULARY = 7


def items() -> list[Item]:
    return [*trl_policy.items(), *trl_credit.items(), *trl_pairs.items(), *experimental()]


def missing(found: list[Item]) -> list[str]:
    """Names that TRL's losses are chosen by, as its source compares them, and that have no item here."""
    import trl
    from trl.experimental.cpo import CPOTrainer
    from trl.experimental.tpo import TPOTrainer

    grpo = inspect.getsource(trl.GRPOTrainer)
    sources = {
        ("grpo", "loss_type"): grpo,
        ("grpo", "scale_rewards"): grpo,
        ("grpo", "multi_objective_aggregation"): grpo,
        ("grpo", "importance_sampling_level"): grpo,
        ("grpo", "vllm_importance_sampling_mode"): grpo,
        ("dpo", "loss_type"): inspect.getsource(trl.DPOTrainer._compute_loss),
        ("dpo", "f_divergence_type"): inspect.getsource(trl.DPOTrainer._compute_loss),
        ("kto", "loss_type"): inspect.getsource(trl.KTOTrainer),
        ("cpo", "loss_type"): inspect.getsource(CPOTrainer.cpo_loss),
        ("tpo", "loss_type"): inspect.getsource(TPOTrainer._compute_loss),
    }
    names = set()
    for (trainer, option), source in sources.items():
        for compared in re.findall(rf"\b{option} (?:==|in) (\[.*?\]|\".*?\")", source):
            names |= {f"{trainer}.{option}:{name}" for name in re.findall(r'"(.+?)"', compared)}
    there = {item.name.split(" ")[0] for item in found}
    return sorted(names - there)


def distilled(ours: istar.Line, seed: int):
    """SDPO's loss of the words taken, from logits of both; the teacher stands for the reference."""
    from trl.experimental.sdpo.loss_utils import compute_sampled_token_self_distillation_loss

    r, rng = rows.rows(seed), np.random.default_rng(seed)
    words = torch.tensor(rng.integers(0, VOCABULARY, r.mask.shape))
    student, teacher = (torch.tensor(rng.normal(0, 1, (*r.mask.shape, VOCABULARY))) for _ in range(2))

    def taken(logits):
        return logits.log_softmax(-1).gather(-1, words[..., None])[..., 0]

    def theirs(x):
        found = compute_sampled_token_self_distillation_loss(x, teacher, words, distillation_alpha=1.0)
        return (found * r.mask).sum() / r.mask.sum()

    r.ref = taken(teacher)
    b = rows.batch(r)
    return slopes(theirs, lambda x: istar.torch.loss(ours, b, taken(x)), student, "gradient")


def experimental() -> list[Item]:
    whole = "needs a row of probabilities for each token"
    online = "the loss of `dpo` on pairs sampled by the policy; TRL computes it inside of `training_step`, which cannot be called alone"
    return [
        Item("sdpo.distillation_mode:sampled_token", "kl(1, ref = init, estimator = k2)", "the gradient; the teacher is a reference, `column(name)` in a log", distilled),
        none("sdpo.distillation_mode:topk_logits", whole),
        none("sdpo.distillation_mode:full_logits", whole),
        none("distillation, gkd, gold", whole),
        none("a2po", "a regression of a log-ratio on a value that was estimated before training: a term of its own"),
        Item("online_dpo.loss_type:sigmoid", "dpo(0.1, pairs = success)", online),
        Item("online_dpo.loss_type:ipo", "dpo(0.1, pairs = success, link = ipo)", online),
    ]
