"""slime's own modules, opened in one process: megatron-core has a process group of one, sglang is named and not used."""

from __future__ import annotations

import importlib
import importlib.machinery
import logging
import os
import sys
from functools import cache
from types import ModuleType, SimpleNamespace

import checkouts
import torch
import torch.distributed

PACKAGE = "slime"
SERVED = ("sglang", "sglang_router")


class Named(ModuleType):
    """A module whose names are there to be imported."""

    __path__: list[str] = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return object


class Finder:
    """Finds what only slime's servers use."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, Finder, is_package=True) if name.split(".")[0] in SERVED else None

    @staticmethod
    def create_module(spec):
        return Named(spec.name)

    @staticmethod
    def exec_module(module):
        pass


@cache
def opened() -> SimpleNamespace:
    """The modules `loss` and `ppo_utils`, and the class of rollout managers."""
    os.environ["TORCHDYNAMO_DISABLE"] = "1"  # Its functions are compiled for a GPU's sake.
    if not torch.distributed.is_initialized():
        torch.distributed.init_process_group("gloo", store=torch.distributed.HashStore(), rank=0, world_size=1)
    from megatron.core import mpu

    if not mpu.model_parallel_is_initialized():
        mpu.initialize_model_parallel()
    checkouts.folder(PACKAGE)
    sys.meta_path.append(Finder)
    try:
        names = ("slime.backends.megatron_utils.loss", "slime.utils.ppo_utils", "slime.ray.rollout", "slime.utils.types")
        loss, ppo_utils, rollout, types = (importlib.import_module(name) for name in names)
    finally:
        sys.meta_path.remove(Finder)
    logging.getLogger("slime").setLevel(logging.ERROR)
    manager = rollout.RolloutManager.__ray_metadata__.modified_class
    return SimpleNamespace(loss=loss, ppo_utils=ppo_utils, manager=manager, Sample=types.Sample)


def arguments(**more) -> SimpleNamespace:
    """What slime's parser would hand over, as far as objectives read it."""
    given = dict(
        advantage_estimator="grpo", custom_advantage_function_path=None, n_samples_per_prompt=4, rollout_batch_size=6,
        rewards_normalization=True, grpo_std_normalization=True, reward_key=None, use_rollout_logprobs=False, kl_coef=0.0, kl_loss_type="k1",
        gamma=0.9, lambd=0.95, normalize_advantages=False, use_opd=False, opd_type="sglang", opd_kl_coef=0.0,
        loss_type="policy_loss", eps_clip=0.2, eps_clip_high=0.28, eps_clip_c=None, value_clip=0.5, entropy_coef=0.0,
        use_kl_loss=False, kl_loss_coef=0.0, use_unbiased_kl=False, use_tis=False, get_mismatch_metrics=False, custom_tis_function_path=None,
        tis_clip=1.2, tis_clip_low=0.8, use_opsm=False, opsm_delta=0.0, calculate_per_token_loss=False, recompute_loss_function=False,
        rollout_temperature=1.0, rollout_top_p=1.0, log_probs_chunk_size=-1, allgather_cp=False,
    )  # fmt: skip
    return SimpleNamespace(**given | more)


def lengths(r) -> list[int]:
    """Each row up to its last token of the policy."""
    return [int(last) + 1 for last in r.last]


def rewards(args, r, function=None) -> list[float]:
    """Outcomes as slime's rollout manager hands them to training; `function` is that of ``custom_reward_post_process_path``."""
    slime = opened()
    samples = [slime.Sample(index=i, group_index=i // args.n_samples_per_prompt, reward=float(score)) for i, score in enumerate(r.score)]
    made = SimpleNamespace(args=args, custom_reward_post_process_func=function)
    return slime.manager._post_process_rewards(made, samples)[1]


def rollout_data(args, r, **more) -> dict:
    """What training is handed of the rows, as lists with an entry a sample."""
    ends = lengths(r)

    def cut(field):
        return [row[:end] for row, end in zip(field, ends)]

    return {
        "rewards": rewards(args, r), "response_lengths": ends, "total_lengths": [end + 1 for end in ends], "loss_masks": cut(r.mask),
        "log_probs": cut(r.old), "ref_log_probs": cut(r.ref), "rollout_log_probs": cut(r.sampler), "values": cut(r.value),
        "sample_indices": list(range(len(ends))), "rollout_mask_sums": list(r.mask.sum(1)),
        "unconcat_tokens": [torch.zeros(end + 1, dtype=torch.int64) for end in ends], **more,
    }  # fmt: skip


def padded(found: list[torch.Tensor], like: torch.Tensor) -> torch.Tensor:
    """Lists with an entry a sample as (B, T)."""
    rows = torch.zeros_like(like)
    for row, values in zip(rows, found):
        row[: len(values)] = values
    return rows


def advantages(args, r, **more) -> torch.Tensor:
    data = rollout_data(args, r, **more)
    opened().loss.compute_advantages_and_returns(args, data)
    return padded(data["advantages"], r.old)
