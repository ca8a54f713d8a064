"""TRL's advantages and sampler weights, from trainers of its own with a tiny model and rewards that are given."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import istar
import istar.torch
import numpy as np
import rows
import torch
from items import Item, advantage, slopes, worst
from trl_policy import folder, grpo

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "python"))
GROUPS = dict(groups=4, each=4, lone=False)


def trainer(kind, settings, rewards, seed, **config):
    """A trainer of four prompts with four answers each; `rewards` are lists of 16 numbers, one list a reward function."""
    import walk
    from datasets import Dataset

    vocabulary = walk.tokenizer()
    where = f"{folder()}/{seed}"
    walk.model(vocabulary, seed).save_pretrained(where)
    return kind(
        model=where,
        reward_funcs=[lambda completions, found=found, **_: [float(x) for x in found] for found in rewards],
        args=settings(
            output_dir=folder(), use_cpu=True, report_to=[], seed=seed, per_device_train_batch_size=16, num_generations=4,
            max_steps=1, max_completion_length=12, **config,
        ),
        train_dataset=Dataset.from_dict({"prompt": walk.prompts(16, seed)}),
        processing_class=vocabulary,
    )  # fmt: skip


def scored(made, seed):
    import walk

    torch.manual_seed(seed)
    made.model.train()
    prompts = [prompt for prompt in walk.prompts(4, seed) for _ in range(4)]
    return made._generate_and_score_completions([{"prompt": prompt} for prompt in prompts])


def credit(**config):
    """(B, T) of GRPO's advantages for the rows' score, or for their two other rewards."""
    several = "multi_objective_aggregation" in config

    def theirs(r):
        import trl

        rewards = list(r.extra.numpy()) if several else [r.score.numpy()]
        weights = {"reward_weights": [0.5, 1.0]} if several else {}
        made = trainer(trl.GRPOTrainer, trl.GRPOConfig, rewards, 0, **weights, **config)
        return scored(made, 0)["advantages"].double()[:, None].expand_as(r.mask)

    return theirs


def columns(r):
    return {"a": r.extra[0], "b": r.extra[1]}


def rloo(name, line, **config):
    def measure(ours, seed):
        import trl

        r = rows.rows(seed, **GROUPS)
        made = trainer(trl.RLOOTrainer, trl.RLOOConfig, [r.score.numpy()], seed, **config)
        if made.beta:
            with torch.no_grad():
                for p in made.model.parameters():
                    p.add_(0.02 * torch.randn_like(p))
        out = scored(made, seed)
        mask = out["completion_mask"]
        ids = torch.cat([out["prompt_ids"], out["completion_ids"]], 1), torch.cat([out["prompt_mask"], mask], 1)

        def read(model):
            with torch.no_grad():
                return made._get_per_token_logps_and_entropies(model, *ids, mask.shape[1])[0]

        ref = {"ref": read(made.ref_model)} if made.beta else {}
        b = istar.Batch.from_padded(mask, r.uid, step="row", outcome=r.score, old=read(made.model), **ref)
        found = torch.as_tensor(ours.credit(b).advantages)
        return {"advantage": worst(out["advantages"][:, None] * mask, found)}

    return Item(name, line, "", measure)


def sampled(mode, weight):
    """GRPO with vLLM's own log-probabilities: the weights of its generation batch, in its loss."""

    def measure(ours, seed):
        import trl

        r = rows.rows(seed, **GROUPS)
        settings = dict(vllm_importance_sampling_mode=mode, vllm_importance_sampling_clip_min=0.7, vllm_importance_sampling_clip_max=1.2)
        made = trainer(trl.GRPOTrainer, trl.GRPOConfig, [r.score.numpy()], seed, **settings)
        # What vLLM would have generated and reported; the rest is TRL's.
        made.use_vllm, made._last_loaded_step = True, made.state.global_step
        rng = np.random.default_rng(seed)
        made.vllm_generation = SimpleNamespace(generate=lambda prompts, **_: generated(prompts, len(made.processing_class), rng))
        out = scored(made, seed)
        n, length = out["completion_mask"].shape
        s = SimpleNamespace(
            mask=out["completion_mask"], old=out["old_per_token_logps"].double(), entropy=torch.zeros(n, length), ref=None,
            row_adv=r.row_adv[:, :1].expand(n, length),
        )  # fmt: skip
        b = istar.Batch.from_padded(
            s.mask, r.uid, step="row", outcome=r.score, old=s.old, sampler=out["sampling_per_token_logps"].double(), adv=s.row_adv
        )
        theirs = grpo(loss_type="bnpo", ratio=lambda _: out["importance_sampling_ratio"].double())
        start = s.old + 0.3 * torch.tensor(rng.normal(0, 1, (n, length)))
        return slopes(lambda x: theirs(s, x), lambda x: istar.torch.loss(ours.given(), b, x), start.clamp(max=-0.01))

    return Item(f"grpo.vllm_importance_sampling_mode:{mode}", f"rl(adv = outcome, clip = (0.2, 0.28), weight = {weight})", "", measure)


def generated(prompts, vocabulary, rng):
    """Random words, with log-probabilities near those of a model that knows nothing."""
    ids = [list(map(int, rng.integers(3, 9, rng.integers(2, 12)))) for _ in prompts]
    logps = [[[float(x)] for x in -np.log(vocabulary) + 0.1 * rng.normal(0, 1, len(row))] for row in ids]
    return prompts, ids, logps, None


def items() -> list[Item]:
    def given(name, line, **config):
        several = "multi_objective_aggregation" in config
        return advantage(name, line, credit(**config), columns=columns if several else None, **GROUPS)

    token, row = "exp(log_ratio(old, sampler))", "exp(sum(log_ratio(old, sampler), per = traj))"
    both = "0.5 * {0} + {1}"
    a, b = "column(a, traj, return)", "column(b, traj, return)"
    each = both.format(f"norm({a}, eps = 1e-4)", f"norm({b}, eps = 1e-4)")
    loo = "norm({}, center = loo, scale = none)"
    return [
        given("grpo.scale_rewards:group", "rl(adv = traj(eps = 1e-4))", scale_rewards="group"),
        given("grpo.scale_rewards:batch", "rl(adv = traj(scale_within = batch, eps = 1e-4))", scale_rewards="batch"),
        given("grpo.scale_rewards:none", "rl(adv = traj(scale = none))", scale_rewards="none"),
        given("grpo.multi_objective_aggregation:sum_then_normalize", f"rl(adv = norm({both.format(a, b)}, eps = 1e-4))", multi_objective_aggregation="sum_then_normalize"),
        given("grpo.multi_objective_aggregation:normalize_then_sum", f"rl(adv = norm({each}, within = batch, eps = 1e-4))", multi_objective_aggregation="normalize_then_sum"),
        sampled("token_truncate", f"clip({token}, 0.7, 1.2)"),
        sampled("token_mask", f"{token} * keep({token}, 0.7, 1.2)"),
        sampled("sequence_truncate", f"clip({row}, 0.7, 1.2)"),
        sampled("sequence_mask", f"{row} * keep({row}, 0.7, 1.2)"),
        rloo("rloo.advantages", f"rl(adv = {loo.format('outcome')})", beta=0.0),
        rloo("rloo.reward_clip_range", f"rl(adv = {loo.format('clip(outcome, 0.5, 2.5)')})", beta=0.0, reward_clip_range=(0.5, 2.5)),
        rloo("rloo.beta", f"rl(adv = {loo.format('outcome - 0.1 * sum(log_ratio(old, init), per = traj)')})", beta=0.1),
        rloo("rloo.normalize_advantages", f"rl(adv = norm({loo.format('outcome')}, within = batch, eps = 1e-4))", beta=0.0, normalize_advantages=True),
    ]  # fmt: skip
