"""How long a batch takes, beside verl's own estimators: 8,000 rows of 240 tokens.

    python speed.py [FOLDER]      # a folder with verl-agent's gigpo/core_gigpo.py, for its GiGPO

Medians of one process, an estimator after the other.
"""

from __future__ import annotations

import contextlib
import io
import os
import statistics
import sys
import time

import numpy as np
import torch

import istar

ROWS, LENGTH, GROUP, STEPS, TIMES = 8000, 240, 8, 10, 9


def data():
    rng = np.random.default_rng(0)
    lengths = rng.integers(LENGTH // 2, LENGTH + 1, ROWS)
    mask = torch.tensor((np.arange(LENGTH) < lengths[:, None]).astype(np.int64))
    traj = np.arange(ROWS) // STEPS
    outcome = rng.integers(0, 2, ROWS // STEPS)[traj].astype(np.float32)
    rewards = torch.zeros(ROWS, LENGTH)
    rewards[torch.arange(ROWS), torch.tensor(lengths - 1)] = torch.tensor(outcome)
    return {
        "mask": mask,
        "rewards": rewards,
        "old": torch.tensor(-rng.uniform(0.1, 2, (ROWS, LENGTH)), dtype=torch.float32),
        "uid": np.array([f"prompt-{i // (STEPS * GROUP)}" for i in range(ROWS)], dtype=object),
        "traj_uid": np.array([f"traj-{i}" for i in traj], dtype=object),
        "state": np.array([f"state-{rng.integers(0, 40)}" for _ in range(ROWS)], dtype=object),
        "step_rewards": rng.normal(0, 1, ROWS).astype(np.float32),
    }


def main():
    from verl.trainer.config import AlgoConfig
    from verl.trainer.ppo.core_algos import get_adv_estimator_fn

    d = data()
    grpo, gigpo = istar.Line("rl(adv = traj(min = 1))"), istar.Line("rl(adv = traj(scale = none, min = 1) + anchor(1, scale = none))")

    def istar_grpo():
        batch = istar.Batch.from_padded(d["mask"], d["uid"], outcome=d["rewards"], step="row")
        return grpo.credit(batch).advantages

    def istar_gigpo():
        batch = istar.Batch.from_padded(
            d["mask"], d["uid"], d["traj_uid"], outcome=d["rewards"], state=d["state"], reward=d["step_rewards"], step="row"
        )
        return gigpo.credit(batch).advantages

    def of_verl(name):
        fn, config = get_adv_estimator_fn(name), AlgoConfig()
        return lambda: fn(token_level_rewards=d["rewards"], response_mask=d["mask"], index=d["uid"], config=config)[0]

    runs = {
        "istar, GRPO": istar_grpo,
        "verl, grpo_vectorized": of_verl("grpo_vectorized"),
        "verl, grpo": of_verl("grpo"),
        "istar, GiGPO": istar_gigpo,
    }
    if len(sys.argv) > 1:
        sys.path.insert(0, sys.argv[1])
        from gigpo import core_gigpo

        def agent_gigpo():
            returns = torch.tensor(d["step_rewards"])
            with contextlib.redirect_stdout(io.StringIO()):
                return core_gigpo.compute_gigpo_outcome_advantage(
                    d["rewards"], returns, d["mask"], d["state"], d["uid"], d["traj_uid"]
                )[0]

        runs["verl-agent, GiGPO (without its discounted returns)"] = agent_gigpo
    times = {name: [] for name in runs}
    for name, run in runs.items():
        for turn in range(TIMES + 1):
            start = time.perf_counter()
            run()
            if turn:
                times[name].append(time.perf_counter() - start)
    print(f"{ROWS} rows x {LENGTH} tokens, {int(d['mask'].sum())} of them in the mask; torch {torch.__version__}, {torch.get_num_threads()} threads, {os.cpu_count()} cores")
    for name, spent in times.items():
        print(f"{statistics.median(spent) * 1000:8.1f} ms  {name}")
    memory(d, grpo)


def memory(d, line):
    """The most that a call has beside its arrays, from the size of the process at its peak."""
    arrays = sum(d[name].numel() * d[name].element_size() for name in ("mask", "rewards", "old"))
    resident = lambda key: int(next(row for row in open("/proc/self/status") if row.startswith(key)).split()[1]) * 1024  # noqa: E731
    with contextlib.suppress(OSError):
        open("/proc/self/clear_refs", "w").write("5")
    before = resident("VmRSS")
    batch = istar.Batch.from_padded(d["mask"], d["uid"], outcome=d["rewards"], old=d["old"], step="row")
    found = line.credit(batch).advantages
    peak = resident("VmHWM") - before
    print(f"arrays {arrays / 2**20:.0f} MiB; beside them at the peak {peak / 2**20:.0f} MiB, {(arrays + peak) / arrays:.1f} times in all; {found.dtype}")


if __name__ == "__main__":
    main()
