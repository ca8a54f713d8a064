"""TRL's own trainer beside `IStarGRPOTrainer`: the same completions, TRL's advantages and loss against a line's."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import torch

os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "python"))


def trainer(kind, seed, **more):
    import walk
    from datasets import Dataset
    from trl import GRPOConfig

    vocabulary, folder = walk.tokenizer(), tempfile.mkdtemp()
    # From a folder, so that TRL can load the reference from it once more.
    walk.model(vocabulary, seed).save_pretrained(folder)
    scale = {"beta": 0.1, "use_bias_correction_kl": False, **more.pop("config", {})}
    config = GRPOConfig(
        output_dir=folder, per_device_train_batch_size=16, num_generations=4, max_steps=1, report_to=[],
        use_cpu=True, seed=seed, max_completion_length=16, **scale,
    )  # fmt: skip
    return kind(
        model=folder,
        reward_funcs=lambda completions, reached, **columns: reached,
        args=config,
        train_dataset=Dataset.from_dict({"prompt": walk.prompts(64, seed)}),
        processing_class=vocabulary,
        rollout_func=lambda prompts, trainer: walk.rollout(prompts, trainer.model, vocabulary),
        **more,
    )


def outputs(made, prompts, seed):
    """The generation batch of these prompts."""
    torch.manual_seed(seed)
    made.model.train()
    return made._generate_and_score_completions([{"prompt": prompt} for prompt in prompts])


def differences():
    """What is compared, of which kind, and by how much it differs."""
    import walk
    from trl import GRPOTrainer

    import istar
    from istar.integrations.trl import IStarGRPOTrainer

    found = []
    for seed in (0, 1, 2):
        prompts = [prompt for prompt in walk.prompts(4, seed) for _ in range(4)]
        theirs = trainer(GRPOTrainer, seed, config={"loss_type": "bnpo"})
        ours = trainer(
            IStarGRPOTrainer, seed, config={"loss_type": "bnpo"},
            line=istar.Line("rl(adv = traj(eps = 1e-4)) + kl(0.1, ref = init)"),
        )  # fmt: skip
        a, b = outputs(theirs, prompts, seed), outputs(ours, prompts, seed)
        assert torch.equal(a["completion_ids"], b["completion_ids"])
        mask = a["completion_mask"] * a["tool_mask"]
        found.append(("advantages: rl(adv = traj(eps = 1e-4))", "advantage", worst(a["advantages"][:, None] * mask, b["advantages"])))
        noise(theirs, ours)
        losses = []
        for made, batch in ((theirs, a), (ours, b)):
            made.current_gradient_accumulation_steps = 1
            made.model.zero_grad()
            loss = made._compute_loss(made.model, batch)
            loss.backward()
            losses.append((loss.detach(), torch.cat([p.grad.flatten() for p in made.model.parameters() if p.grad is not None])))
        what = f"bnpo with beta, no bias correction: {ours._istar_line.source}"
        found.append((what, "loss", worst(losses[0][0], losses[1][0])))
        found.append((what, "gradient", worst(losses[0][1], losses[1][1])))
    return found


def noise(*trainers):
    """Moves all policies by the same step, so that ratios are not 1."""
    for made in trainers:
        torch.manual_seed(5)
        with torch.no_grad():
            for p in made.model.parameters():
                p.add_(0.02 * torch.randn_like(p))


def worst(a, b):
    return float((a.double() - b.double()).abs().max())
