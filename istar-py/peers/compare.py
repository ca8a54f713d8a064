"""The adapters inside the packages that they are for, against those packages' own functions.

    CHECKOUTS=DIR python compare.py > ../../docs/results/python/peers.txt

DIR has rLLM, slime and prime-rl, see `docs/conformance/checkouts.py`. Each row is a function of a package, as published, and the line that
is its equal: the worst difference of advantages, of losses and of gradients, over three seeds. The program ends with 1 if one is larger
than it may be.
"""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import torch

import istar

# The rows and the checkouts of `docs/conformance` are those of here too.
sys.path.append(str(Path(__file__).resolve().parents[2] / "docs" / "conformance"))
import checkouts  # noqa: E402
import prime_rl_source  # noqa: E402
import rllm_items  # noqa: E402
import rows  # noqa: E402
import slime_source  # noqa: E402

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
        whole = istar.Batch.from_padded(b.mask, b.uid, outcome=b.score, old=b.old, ref=b.ref)
        # What the server would answer to the client's first request, and what the client makes of it for the second.
        outputs = [{"logprobs": package.TensorData.from_torch(row.float())} for row in b.logp]
        answer = package.ForwardBackwardOutput(loss_fn_output_type="logprobs", loss_fn_outputs=outputs, metrics={})
        found = package.TrainingClient._compute_custom_loss(datums, fn, answer)
        slopes = torch.stack([-datum.loss_fn_inputs["weights"].to_torch() for datum in found.data])
        logp = b.logp.float().requires_grad_(True)
        expected = istar.torch.loss(line, whole, logp)
        expected.backward()
        what = f"forward_backward_custom, as on rows: {line.source}"
        note("tinker", what, "loss", worst(expected.detach(), found.loss_sum))
        note("tinker", what, "gradient", worst(logp.grad, slopes))


def tinker_cookbook():
    from tinker_cookbook.rl.data_processing import compute_advantages
    from tinker_cookbook.rl.types import TrajectoryGroup

    from istar.integrations import tinker as adapter

    text = "rl(adv = traj(scale = none))"
    for seed in SEEDS:
        b = batch(seed)
        groups = [
            TrajectoryGroup([SimpleNamespace(transitions=[])] * b.group, list(scores), [{}] * b.group)
            for scores in b.score.reshape(-1, b.group)
        ]
        found = (torch.cat(fn(groups)) for fn in (compute_advantages, adapter.compute_advantages(istar.Line(text))))
        note("tinker-cookbook", f"compute_advantages: {text}", "advantage", worst(*found))


def rllm():
    checkouts.folder("rllm")
    from istar.integrations import rllm as adapter

    estimators = {"grpo": "rl(adv = traj(ddof = 0, min = 1))", "rloo": "rl(adv = loo(min = 1))"}
    ways = {"adv_estimator": {"adv_estimator": "istar"}, "traj_group_adv_estimator_map": {"estimator_map": {"agent": "istar"}}}
    for name, text in estimators.items():
        adapter.register("istar", istar.Line(text))
        for seed in SEEDS:
            r = rows.rows(seed)
            theirs = rllm_items.estimator(name)(r)
            for way, options in ways.items():
                ours = rllm_items.collected(r, rllm_items.trajectories(r), rllm_items.configured(**options))
                note("rllm", f"{name} by {way}: {text}", "advantage", worst(theirs, ours))

    line = istar.Line("rl(adv = traj + norm(reward))")
    for seed in SEEDS:
        r = rows.rows(seed)
        runs = [rllm_items.runs(mask) for mask in r.mask]
        at = [[{"reward": float(r.value[row, run[-1]])} for run in of] for row, of in enumerate(runs)]
        groups = [
            [{"outcome": float(r.score[row]), "steps": at[row]} for row in np.flatnonzero(r.uid == uid)] for uid in dict.fromkeys(r.uid)
        ]
        found = [trajectory for group in adapter.steps(line, groups) for trajectory in group]
        made = rllm_items.trajectories(r, lambda row, run: found[row][runs[row].index(run)])
        ours = rllm_items.collected(r, made, rllm_items.configured(use_precomputed_advantage=True))
        reward = torch.zeros_like(r.value)
        for row, of in enumerate(runs):
            ends = [run[-1] for run in of]
            reward[row, ends] = r.value[row, ends]
        expected = line.credit(istar.Batch.from_padded(r.mask, r.uid, outcome=r.score, reward=reward)).advantages
        note("rllm", f"use_precomputed_advantage, steps as on rows: {line.source}", "advantage", worst(expected, ours))


def slime():
    from istar.integrations import slime as adapter

    slime_source.opened()
    my_module = sys.modules["my_module"] = ModuleType("my_module")
    own = dict(rewards_normalization=False)
    texts = {
        "grpo": "rl(adv = traj)",
        "reinforce_plus_plus_baseline": "rl(adv = traj(scale = none) - 0.1 * divergence(old, init, estimator = k1))",
    }
    for name, text in texts.items():
        setattr(my_module, name, adapter.advantage(istar.Line(text)))
        own["custom_advantage_function_path"] = f"my_module.{name}"  # slime keeps what it has found under a path.
        for seed in SEEDS:
            r = rows.rows(seed, lone=False)
            args = (slime_source.arguments(advantage_estimator=name, kl_coef=0.1), slime_source.arguments(**own))
            found = (slime_source.advantages(of, r) * r.mask for of in args)
            note("slime", f"{name} by custom_advantage_function_path: {text}", "advantage", worst(*found))
    text = texts["grpo"]
    for seed in SEEDS:
        r, args = rows.rows(seed, lone=False), slime_source.arguments()
        found = (slime_source.rewards(args, r, function) for function in (None, adapter.rewards(istar.Line(text))))
        note("slime", f"grpo by custom_reward_post_process_path: {text}", "advantage", worst(*found))
    args = slime_source.arguments(**own)
    part = {key: value[1:] for key, value in slime_source.rollout_data(args, r).items()}
    try:
        slime_source.opened().loss.compute_advantages_and_returns(args, part)
    except istar.BatchError as error:
        assert "3 of the 4 samples of group 0" in str(error)
    else:
        raise AssertionError("a group is not whole")


def prime():
    prime_rl_source.opened()
    from prime_rl.configs.algorithm import GRPOAlgoConfig, MaxRLAlgoConfig
    from prime_rl.configs.trainer import CustomLossConfig, DefaultLossConfig
    from prime_rl.orchestrator import algo

    from istar.integrations import prime_rl as adapter

    config = GRPOAlgoConfig()
    texts = {"rl(adv = traj(scale = none))": config, "rl(adv = traj(scale = mean, eps = 0))": MaxRLAlgoConfig()}
    for text, theirs in texts.items():
        for seed in SEEDS:
            r = rows.rows(seed)
            algo.ALGORITHM_CLASSES["grpo"] = algo.GRPOAlgorithm
            expected = prime_rl_source.advantages(r, algo.build_algorithm(theirs, None))
            adapter.register(istar.Line(text))
            ours = prime_rl_source.advantages(r, algo.build_algorithm(config, None))
            note("prime-rl", f"{theirs.type} by an algorithm of the line: {text}", "advantage", worst(expected, ours))

    line = istar.Line("rl(adv = traj - 0.1 * norm(length(per = step, of = token), within = batch))")
    adapter.register(line)
    for seed in SEEDS:
        r = rows.rows(seed, groups=1, lone=False)
        expected = line.credit(istar.Batch.from_padded(r.mask, r.uid, outcome=r.score)).advantages
        ours = prime_rl_source.advantages(r, algo.build_algorithm(config, None))
        note("prime-rl", f"credit by step, as on rows: {line.source}", "advantage", worst(expected, ours))

    my_module = sys.modules["my_module"] = ModuleType("my_module")
    custom = CustomLossConfig(import_path="my_module.loss")
    text = "rl(adv = traj, clip = (0.2, 0.2), shape = dppo_tv(most = 1000)) + kl(0.002, ref = old, estimator = k2)"
    my_module.loss = adapter.loss(istar.Line(text))
    for seed in SEEDS:
        r = rows.rows(seed)
        found = [r.logp.clone().requires_grad_(True) for _ in range(2)]
        for logp, of in zip(found, (DefaultLossConfig(), custom)):
            prime_rl_source.loss(r, logp, of).backward()
        note("prime-rl", f"default loss by a custom loss: {text}", "gradient", worst(*(logp.grad for logp in found)))
    line = istar.Line("rl(adv = traj, clip = 0.2) + kl(0.1)")
    my_module.loss = adapter.loss(line)
    for seed in SEEDS:
        r = rows.rows(seed, empty=True)
        whole = rows.batch(r)
        losses(
            "prime-rl", f"custom loss, as on rows: {line.source}",
            lambda logp: istar.torch.loss(line.given(), whole, logp), lambda logp: prime_rl_source.loss(r, logp, custom), r.logp,
        )  # fmt: skip
    try:
        prime_rl_source.loss(r, r.logp, custom, rl_weights=list(2 * r.mask.double()))
    except istar.BatchError as error:
        assert "loss_weights" in str(error)
    else:
        raise AssertionError("a line does not read prime-rl's weights")


def main():
    left_out = []
    for part in (verl, skyrl, trl, tinker, tinker_cookbook, rllm, slime, prime):
        try:
            part()
        except ImportError as error:
            left_out.append(f"{part.__name__} was not run: {error}")
    there = {d.metadata["Name"].lower().replace("_", "-") for d in importlib.metadata.distributions()}
    packages = ("istar", "numpy", "torch", "transformers", "verl", "trl", "skyrl", "tinker", "tinker-cookbook", "megatron-core", "verifiers")
    named = [name for name in packages if name in there]
    versions = {name: importlib.metadata.version(name) for name in named}
    for name in checkouts.COMMITS:
        try:
            versions[name] = checkouts.version(name)
        except ImportError:
            pass
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
