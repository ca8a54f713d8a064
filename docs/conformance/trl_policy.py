"""TRL's policy trainers: their own `_compute_loss`, with log-probabilities in the place of a model's."""

from __future__ import annotations

import functools
import tempfile
from collections import defaultdict
from types import SimpleNamespace

import torch
from items import Item, loss, none

CLIP = "clip = (0.2, 0.28)"
RL = f"rl(adv = outcome, {CLIP}"


def stand_in(args, **more):
    """What `_compute_loss` reads of its trainer: the configuration, one process, and a model that is told its answer."""
    from accelerate import Accelerator

    there = {name: getattr(args, name) for name in vars(args)}
    return SimpleNamespace(
        **there | dict(args=args, accelerator=Accelerator(cpu=True), model=SimpleNamespace(training=True), aux_loss_enabled=False,
                       current_gradient_accumulation_steps=1, _metrics=defaultdict(lambda: defaultdict(list))) | more
    )  # fmt: skip


@functools.cache
def folder():
    return tempfile.mkdtemp()


def grpo(trainer="GRPOTrainer", **options):
    def theirs(r, logp):
        import trl
        from trl.experimental import gmpo

        kind = gmpo.GMPOTrainer if trainer == "GMPOTrainer" else trl.GRPOTrainer
        settings = gmpo.GMPOConfig if trainer == "GMPOTrainer" else trl.GRPOConfig
        given = {"epsilon": 0.2, "epsilon_high": 0.28, **options}
        ratio = given.pop("ratio", None)
        args = settings(output_dir=folder(), use_cpu=True, report_to=[], max_completion_length=20, **given)
        made = stand_in(
            args, epsilon_low=args.epsilon, use_vllm=ratio is not None, _entropy_bonus_enabled=args.entropy_coef != 0,
            get_gamma_weights=kind.get_gamma_weights,
            _get_per_token_logps_and_entropies=lambda *_, **__: (logp, r.entropy, None),
        )  # fmt: skip
        inputs = rows_of(r) | {"advantages": r.row_adv[:, 0]}
        if ratio is not None:
            inputs["importance_sampling_ratio"] = ratio(r)
        return kind._compute_loss(made, made.model, inputs)

    return theirs


def rows_of(r):
    none_yet = torch.zeros(len(r.mask), 1, dtype=torch.int64)
    return dict(
        prompt_ids=none_yet, prompt_mask=none_yet, completion_ids=torch.zeros_like(r.mask), completion_mask=r.mask,
        old_per_token_logps=r.old, ref_per_token_logps=r.ref, num_items_in_batch=r.mask.sum().double(),
    )  # fmt: skip


def rloo(r, logp):
    import trl

    args = trl.RLOOConfig(output_dir=folder(), use_cpu=True, report_to=[], epsilon=0.2, epsilon_high=0.28)
    made = stand_in(args, epsilon_low=0.2, _get_per_token_logps_and_entropies=lambda *_, **__: (logp, r.entropy, None))
    inputs = rows_of(r) | {"advantages": r.row_adv[:, 0], "old_logps": (r.old * r.mask).sum(1)}
    return trl.RLOOTrainer._compute_loss(made, made.model, inputs)


def one_advantage(r):
    r.adv = r.row_adv


def policy(name, line, theirs, why="", **more):
    return loss(name, line, theirs, why, change=one_advantage, **more)


def items() -> list[Item]:
    mean, total = "reduce = mean(traj)", "reduce = sum(traj)"
    counted = dict(empty=True)
    return [
        policy("grpo.loss_type:grpo", f"{RL}, {mean}, empty = count)", grpo(loss_type="grpo"), **counted),
        policy("grpo.loss_type:dr_grpo", f"0.05 * {RL}, {total}, empty = count)", grpo(loss_type="dr_grpo"), "1 / max_completion_length is a number of the line", **counted),
        policy("grpo.loss_type:dapo", f"{RL})", grpo(loss_type="dapo")),
        policy("grpo.loss_type:bnpo", f"{RL})", grpo(loss_type="bnpo")),
        policy("grpo.loss_type:cispo", "rl(adv = outcome, clip = (1, 0.28), shape = cispo)", grpo(loss_type="cispo", epsilon_high=1.28), "TRL's `epsilon_high` is the bound of the ratio, ours its distance from 1"),
        policy("grpo.loss_type:sapo", f"rl(adv = outcome, shape = sapo(positive = 1, negative = 1.05), {mean})", grpo(loss_type="sapo")),
        policy("grpo.loss_type:luspo", f"{RL}, ratio = mean(traj), {total})", grpo(loss_type="luspo", importance_sampling_level="sequence")),
        policy("grpo.loss_type:vespo", "rl(adv = outcome, shape = vespo(k = 2, l = 3, k_negative = 3, l_negative = 2), ratio = sum(traj))", grpo(loss_type="vespo")),
        policy("grpo.importance_sampling_level:token", f"{RL}, {mean})", grpo(loss_type="grpo")),
        policy("grpo.importance_sampling_level:sequence", f"{RL}, ratio = mean(traj), {mean})", grpo(loss_type="grpo", importance_sampling_level="sequence")),
        policy("grpo.delta", f"{RL}, dual = 1.5)", grpo(loss_type="bnpo", delta=1.5)),
        policy("grpo.epsilon_high", f"{RL})", grpo(loss_type="dapo")),
        policy("grpo.beta (bnpo)", f"{RL}) + kl(0.1, ref = init)", grpo(loss_type="bnpo", beta=0.1, use_bias_correction_kl=False)),
        policy("grpo.beta (grpo)", f"{RL}, {mean}) + kl(0.1, ref = init, {mean})", grpo(loss_type="grpo", beta=0.1, use_bias_correction_kl=False)),
        none("grpo.use_bias_correction_kl", "a divergence times the ratio of the present policy: a term's weight is a constant"),
        none("grpo.off_policy_mask_threshold", "a gate by the present policy; a weight of `rl` is a constant of the batch"),
        none("grpo.top_entropy_quantile", "which tokens count is a quantile of the mini-batch"),
        policy("grpo.mask_truncated_completions", f"{RL}, {mean}, empty = count)", grpo(loss_type="grpo"), "a truncated row is one without tokens, and is counted", **counted),
        policy("grpo.entropy_coef", f"{RL}) + entropy(0.01)", grpo(loss_type="bnpo", entropy_coef=0.01), "the value; its gradient goes through the whole distribution"),
        none("grpo.use_adaptive_entropy", "a state from iteration to iteration"),
        policy("rloo.loss", f"{RL}, ratio = sum(traj), {mean})", rloo),
        policy("gmpo", f"{RL}, shape = gmpo, ratio = mean(traj), {mean}, empty = count)", grpo("GMPOTrainer"), "the gradient: a row without tokens adds the constant -A in TRL, nothing here", only="gradient", **counted),
    ]
