"""TRL's own trainer on a task of several turns, with the credit of three lines; minutes on a CPU.

    python train_trl.py [--steps 80] [--out ../../docs/results/python]

The reward of each step is written to `trl.csv`, a column a line. The iStar line has an implicit PRM beside the policy, a copy of it
that learns in the trainer from what the line asks.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import importlib.metadata
import os
import tempfile
from pathlib import Path

import torch
from datasets import Dataset
from transformers import TrainerCallback

os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
from trl import GRPOConfig  # noqa: E402

import istar  # noqa: E402
import walk  # noqa: E402
from istar.integrations.implicit import ImplicitPrm  # noqa: E402
from istar.integrations.trl import IStarGRPOTrainer  # noqa: E402

LINES = {
    "GRPO": "rl(adv = traj)",
    "GiGPO": "rl(adv = traj(scale = none) + 0.5 * anchor(0.95, scale = none))",
    "iStar": "dpo_prm(0.1, net = separate, ref = old) + rl(adv = traj + 0.3 * step)",
}


class Curve(TrainerCallback):
    def __init__(self) -> None:
        self.reward: list[float] = []

    def on_log(self, args, state, control, logs=None, **kwargs):
        if logs and "reward" in logs:
            self.reward.append(logs["reward"])


def reached(completions, reached, **columns):
    """The reward function: whether the goal was reached, which the rollout has said."""
    return reached


def train(name: str, steps: int, seed: int) -> list[float]:
    vocabulary = walk.tokenizer()
    policy = walk.model(vocabulary, seed)
    line = istar.Line(LINES[name])
    prm = None
    if "trains_prm" in line.demands:
        copy = walk.model(vocabulary, seed)
        prm = ImplicitPrm(copy, torch.optim.AdamW(copy.parameters(), lr=1e-3))
    curve = Curve()
    with tempfile.TemporaryDirectory() as folder:
        config = GRPOConfig(
            output_dir=folder, per_device_train_batch_size=64, num_generations=8, max_steps=steps, learning_rate=2e-3,
            lr_scheduler_type="constant", logging_steps=1, save_strategy="no", report_to=[], beta=0.0, seed=seed,
            max_completion_length=4 * walk.TURNS, use_cpu=True, disable_tqdm=True, loss_type="dapo",
        )  # fmt: skip
        trainer = IStarGRPOTrainer(
            model=policy,
            reward_funcs=reached,
            args=config,
            train_dataset=Dataset.from_dict({"prompt": walk.prompts(512, seed + 1)}),
            processing_class=vocabulary,
            rollout_func=lambda prompts, trainer: walk.rollout(prompts, trainer.model, vocabulary),
            callbacks=[curve],
            line=line,
            fields={"reward": "turn_rewards", "state": "states"},
            prm=prm,
        )
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            trainer.train()
    return curve.reward


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=80)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=None)
    given = parser.parse_args()
    curves = {name: train(name, given.steps, given.seed) for name in LINES}
    for name, curve in curves.items():
        quarter = max(1, len(curve) // 4)
        first, last = (sum(part) / quarter for part in (curve[:quarter], curve[-quarter:]))
        print(f"{name:6} {LINES[name]}\n       reward {first:.3f} in the first quarter, {last:.3f} in the last")
        if given.steps >= 40:
            assert last > first, f"the reward of {name} did not rise"
    versions = {name: importlib.metadata.version(name) for name in ("istar", "trl", "transformers", "torch")}
    print(", ".join(f"{name} {version}" for name, version in versions.items()))
    if given.out is not None:
        given.out.mkdir(parents=True, exist_ok=True)
        with open(given.out / "trl.csv", "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["step", *curves])
            for step, row in enumerate(zip(*curves.values()), 1):
                writer.writerow([step, *(f"{value:.4f}" for value in row)])


if __name__ == "__main__":
    main()
