"""The adapters inside the packages that they are for, against those packages' own functions.

    python compare.py > ../../docs/results/python/peers.txt

Each row is a function of a package, as published, and the line that is its equal: the worst difference of advantages, of losses
and of gradients, over three seeds. The program ends with 1 if one is larger than it may be.
"""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from types import SimpleNamespace

import numpy as np
import torch

import istar
from istar.integrations import prime_rl, rllm, slime

SEEDS = (0, 1, 2)
WORST = {"advantage": 2e-6, "loss": 2e-6, "gradient": 2e-6}
ROWS: list[tuple[str, str, str, float]] = []


def batch(seed, rows=24, length=20, group=4, dtype=torch.float64):
    """Rows of several turns, some of them empty at the end, with outcomes on the last token."""
    rng = np.random.default_rng(seed)
    mask = (rng.random((rows, length)) < 0.7) & (np.arange(length) < rng.integers(5, length + 1, (rows, 1)))
    mask[:, 0] = True
    score = rng.integers(0, 3, rows).astype(float)
    rewards = np.zeros((rows, length))
    last = length - 1 - np.argmax(mask[:, ::-1], axis=1)
    rewards[np.arange(rows), last] = score
    old = -rng.uniform(0.05, 3, (rows, length))
    tensor = lambda array: torch.tensor(array, dtype=dtype)  # noqa: E731
    return SimpleNamespace(
        mask=torch.tensor(mask.astype(np.int64)),
        rewards=tensor(rewards),
        score=score,
        uid=np.array([f"p{i // group}" for i in range(rows)], dtype=object),
        old=tensor(old),
        logp=tensor(np.minimum(old + rng.normal(0, 0.3, old.shape), -0.01)),
        ref=tensor(np.minimum(old + rng.normal(0, 0.3, old.shape), -0.01)),
        adv=tensor(rng.normal(0, 1, old.shape)),
        group=group,
    )


def note(package, what, kind, difference):
    ROWS.append((package, what, kind, float(difference)))


def worst(a, b):
    return float((torch.as_tensor(a).double() - torch.as_tensor(b).double()).abs().max())


def losses(package, what, theirs, ours, logp):
    """Loss and gradient of two functions of log-probabilities."""
    found = []
    for fn in (theirs, ours):
        leaf = logp.clone().requires_grad_(True)
        loss = fn(leaf)
        loss.backward()
        found.append((loss.detach(), leaf.grad))
    note(package, what, "loss", worst(found[0][0], found[1][0]))
    note(package, what, "gradient", worst(found[0][1], found[1][1]))


def verl():
    from verl import DataProto
    from verl.trainer.config import AlgoConfig
    from verl.trainer.ppo.core_algos import get_policy_loss_fn
    from verl.trainer.ppo.ray_trainer import compute_advantage
    from verl.workers.config import ActorConfig

    from istar.integrations import verl as adapter

    estimators = {
        "grpo": "rl(adv = traj(min = 1))",
        "grpo_vectorized": "rl(adv = traj(min = 1))",
        "rloo": "rl(adv = loo(min = 1))",
        "reinforce_plus_plus_baseline": "rl(adv = whiten(traj(scale = none, min = 1)))",
        "reinforce_plus_plus": "rl(adv = whiten(to_go(place(outcome, at = token), 1)))",
    }
    for name, text in estimators.items():
        adapter.register("istar", istar.Line(text))
        worst_of = 0.0
        for seed in SEEDS:
            b = batch(seed, dtype=torch.float32)

            def data():
                return DataProto.from_dict(
                    tensors={"token_level_rewards": b.rewards.clone(), "response_mask": b.mask},
                    non_tensors={"uid": b.uid},
                )

            config = AlgoConfig(gamma=1.0)
            theirs, ours = (compute_advantage(data(), est, config=config).batch["advantages"] for est in (name, "istar"))
            worst_of = max(worst_of, worst(theirs * b.mask, ours))
            again = adapter.assign(data(), istar.Line(text)).batch["advantages"]
            assert torch.equal(again, ours)
        note("verl", f"{name}: {text}", "advantage", worst_of)

    modes = {
        "token-mean": "rl(adv = traj, clip = (0.2, 0.28), dual = 3)",
        "seq-mean-token-mean": "rl(adv = traj, clip = (0.2, 0.28), dual = 3, reduce = mean(traj))",
        "seq-mean-token-sum": "rl(adv = traj, clip = (0.2, 0.28), dual = 3, reduce = sum(traj))",
    }
    vanilla = get_policy_loss_fn("vanilla")
    for mode, text in modes.items():
        adapter.register("istar", istar.Line(text))
        for seed in SEEDS:
            b = batch(seed)
            config = ActorConfig(
                strategy="fsdp", rollout_n=1, ppo_micro_batch_size_per_gpu=1,
                clip_ratio_low=0.2, clip_ratio_high=0.28, clip_ratio_c=3.0, loss_agg_mode=mode,
            )  # fmt: skip
            args = dict(advantages=b.adv, response_mask=b.mask, loss_agg_mode=mode, config=config)
            losses(
                "verl",
                f"vanilla, {mode}: {text}",
                lambda logp: vanilla(old_log_prob=b.old, log_prob=logp, **args)[0],
                lambda logp: get_policy_loss_fn("istar")(old_log_prob=b.old, log_prob=logp, **args)[0],
                b.logp,
            )
            # A micro-batch has its share of the global batch.
            part = slice(0, 7)
            config.global_batch_info.update(
                dp_size=2, batch_num_tokens=int(b.mask.sum()), global_batch_size=len(b.mask), loss_scale_factor=None
            )
            args = dict(advantages=b.adv[part], response_mask=b.mask[part], loss_agg_mode=mode, config=config)
            losses(
                "verl",
                f"vanilla, {mode}, a micro-batch of two processes",
                lambda logp: vanilla(old_log_prob=b.old[part], log_prob=logp, **args)[0],
                lambda logp: get_policy_loss_fn("istar")(old_log_prob=b.old[part], log_prob=logp, **args)[0],
                b.logp[part],
            )
    try:
        adapter.estimator(istar.Line("rl(adv = traj + norm(reward))"))(b.rewards, b.mask, index=b.uid)
    except istar.BatchError as error:
        assert "istar.integrations.verl.assign" in str(error)
    else:
        raise AssertionError("verl hands over no step rewards")


def skyrl():
    if sys.version_info < (3, 12):
        raise ImportError("it asks for Python 3.12")
    from skyrl.backends.skyrl_train.utils import ppo_utils as theirs

    from istar.integrations import skyrl as adapter

    estimators = {"grpo": "rl(adv = traj(min = 1))", "rloo": "rl(adv = loo(min = 1))"}
    for name, text in estimators.items():
        adapter.register("istar", istar.Line(text))
        worst_of = 0.0
        for seed in SEEDS:
            b = batch(seed, dtype=torch.float32)
            config = theirs.AlgorithmConfig()
            args = dict(token_level_rewards=b.rewards, response_mask=b.mask.float(), index=b.uid, values=None, config=config)
            args |= dict(grpo_norm_by_std=True, gamma=1.0, lambd=1.0)
            of = lambda name: theirs.AdvantageEstimatorRegistry.get(name)(**args)[0]  # noqa: E731
            worst_of = max(worst_of, worst(of(name) * b.mask, of("istar")))
        note("skyrl", f"{name}: {text}", "advantage", worst_of)

    text = "rl(adv = traj, clip = (0.2, 0.28))"
    adapter.register("istar", istar.Line(text))
    for seed in SEEDS:
        b = batch(seed)
        config = theirs.AlgorithmConfig(policy_loss_type="regular", eps_clip_low=0.2, eps_clip_high=0.28)

        def of(name):
            fn = theirs.PolicyLossRegistry.get(name)
            # What SkyRL's trainer does beforehand, for the reduction of its configuration.
            adv = theirs.apply_loss_reduction_to_advantages_minibatch(b.adv, b.mask, "token_mean", 1, 20)
            return lambda logp: fn(
                log_probs=logp, old_log_probs=b.old, advantages=adv, config=config, loss_mask=b.mask.double()
            )[0]

        losses("skyrl", f"regular: {text}", of("regular"), of("istar"), b.logp)


def trl():
    import trl_check

    for what, kind, difference in trl_check.differences():
        note("trl", what, kind, difference)


def tinker():
    import tinker as package

    from istar.integrations import tinker as adapter

    line = istar.Line("rl(adv = traj, clip = 0.2) + kl(0.1)")
    for seed in SEEDS:
        b = batch(seed)
        datums = [
            package.Datum(
                model_input=package.ModelInput.from_ints([1] * 20),
                loss_fn_inputs={
                    "target_tokens": package.TensorData.from_torch(torch.ones(20, dtype=torch.int64)),
                    "weights": package.TensorData.from_torch(row.float()),
                },
            )
            for row in b.mask
        ]
        fn = adapter.loss_fn(line, uid=b.uid, outcome=b.score, old=list(b.old), ref=list(b.ref))
        rows = istar.Batch.from_padded(b.mask, b.uid, outcome=b.score, old=b.old, ref=b.ref)
        losses(
            "tinker",
            f"forward_backward_custom's loss_fn(data, logprobs): {line.source}",
            lambda logp: istar.torch.loss(line, rows, logp),
            lambda logp: fn(datums, list(logp))[0],
            b.logp,
        )


def shapes():
    """Packages that are not published, or not light: functions of their signatures on objects of their shapes."""
    for seed in SEEDS:
        b = batch(seed)
        text = "rl(adv = traj(ddof = 0, min = 1))"
        by_group = [b.score[i : i + b.group] for i in range(0, len(b.score), b.group)]
        found, _ = rllm.estimator(istar.Line(text))(by_group, algorithm_config=None)
        formula = [(g - g.mean()) / (g.std() + 1e-6) for g in by_group]
        note("rllm (shape)", f"rewards by group: {text}", "advantage", worst(np.concatenate(found), np.concatenate(formula)))

        line = istar.Line("rl(adv = traj)")
        rollout = {
            "rewards": b.score.tolist(),
            "loss_masks": list(b.mask),
            "log_probs": list(b.old),
            "rollout_log_probs": None,
        }
        slime.advantage(line)(SimpleNamespace(n_samples_per_prompt=b.group), rollout)
        rows = istar.Batch.from_padded(b.mask, b.uid, outcome=b.score)
        expected = line.credit(rows).advantages
        note("slime (shape)", f"fn(args, rollout_data): {line.source}", "advantage", worst(torch.stack(rollout["advantages"]), expected))

        def of_sequence(logp, row=0):
            inputs = SimpleNamespace(
                trainer_logprobs=logp, inference_logprobs=b.old[row], advantages=b.adv[row], loss_mask=b.mask[row].bool()
            )
            return prime_rl.loss(istar.Line("rl(adv = traj, clip = 0.2)"))(inputs).loss

        def by_hand(logp, row=0):
            ratio = (logp - b.old[row]).exp()
            surrogate = torch.min(ratio * b.adv[row], ratio.clamp(0.8, 1.2) * b.adv[row])
            return -surrogate[b.mask[row].bool()].sum()

        losses("prime-rl (shape)", "custom loss of a sequence: rl(adv = traj, clip = 0.2)", by_hand, of_sequence, b.logp[0])

        first = slice(0, b.group)
        traces = [
            SimpleNamespace(reward=score, nodes=[SimpleNamespace(mask=mask[:8].tolist()), SimpleNamespace(mask=mask[8:].tolist())])
            for score, mask in zip(b.score[first], b.mask[first])
        ]
        prime_rl.assign(line, traces)
        flat = np.concatenate([node.advantages or [] for trace in traces for node in trace.nodes])
        note("prime-rl (shape)", f"credit on traces: {line.source}", "advantage", worst(flat, expected[first][b.mask[first] > 0]))


def main():
    left_out = []
    for part in (verl, skyrl, trl, tinker, shapes):
        try:
            part()
        except ImportError as error:
            left_out.append(f"{part.__name__} was not run: {error}")
    there = {d.metadata["Name"].lower() for d in importlib.metadata.distributions()}
    named = [name for name in ("istar", "numpy", "torch", "transformers", "verl", "trl", "skyrl", "tinker") if name in there]
    versions = {name: importlib.metadata.version(name) for name in named}
    print(f"Python {platform.python_version()}, " + ", ".join(f"{name} {version}" for name, version in versions.items()))
    print(f"seeds {SEEDS}\n")
    table: dict[tuple[str, str], dict[str, float]] = {}
    for package, what, kind, difference in ROWS:
        row = table.setdefault((package, what), {})
        row[kind] = max(row.get(kind, 0.0), difference)
    failed = 0
    for (package, what), row in table.items():
        said = ", ".join(f"{kind} {difference:.1e}" for kind, difference in row.items())
        bad = any(difference > WORST[kind] for kind, difference in row.items())
        failed += bad
        print(f"{package:16}  {said:32}  {what}{'  DIFFERS' if bad else ''}")
    print(*left_out, sep="\n")
    print(f"\n{len(table) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
