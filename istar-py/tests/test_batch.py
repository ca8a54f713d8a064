"""Padded arrays are the nested batch that they stand for, whatever the step and the type of the numbers."""

import json

import numpy as np
import pytest

import istar

LINES = [
    "rl(adv = traj)",
    "rl(adv = traj + 0.5 * norm(to_go(reward)), reduce = mean(traj)) + kl(0.1)",
    "rl(adv = traj + 0.5 * anchor(0.95)) + kl(0.1)",
    "dpo_prm(0.05, ref = init) + rl(adv = traj + step)",
]


def nested(rows, step):
    """The same batch as lists."""
    groups = {}
    for i, uid in enumerate(rows["uid"]):
        where = np.flatnonzero(rows["mask"][i])
        runs = [where[:2], where[2:]]
        if step == "row":
            runs = [where]
        elif step == "token":
            runs = [where[k : k + 1] for k in range(len(where))]
        steps = []
        for k, run in enumerate(runs):
            tokens = [{f: float(rows[f][i, t]) for f in ("old", "logp", "ref", "prm")} for t in run]
            known = {"reward": rows["reward"][i][k], "state": rows["state"][i][k]} if step == "run" else {}
            steps.append({**known, "tokens": tokens})
        outcome = float(rows["outcome"][i])
        traj = {"outcome": outcome, "success": outcome > 0, "steps": steps}
        groups.setdefault(str(uid), []).append(traj)
    return {"groups": [{"trajectories": trajs} for trajs in groups.values()]}


def padded(rows, step):
    fields = {name: value for name, value in rows.items() if step == "run" or name not in ("reward", "state")}
    return istar.Batch.from_padded(step=step, success=rows["outcome"] > 0, **fields)


def flat(lists):
    return [x for part in lists for x in flat(part)] if isinstance(lists, list) else [lists]


@pytest.mark.parametrize("step", ["run", "row", "token"])
@pytest.mark.parametrize("text", LINES)
def test_padded_is_nested(rows, step, text):
    if step != "run" and ("reward" in text or "anchor" in text):
        pytest.skip("fields of runs")
    line = istar.Line(text)
    lists, arrays = istar.Batch(nested(rows, step)), padded(rows, step)
    assert (lists.groups, lists.trajectories, lists.steps, lists.tokens) == (
        arrays.groups,
        arrays.trajectories,
        arrays.steps,
        arrays.tokens,
    )
    mask = rows["mask"].astype(bool)
    credit = line.credit(arrays)
    assert credit.advantages.shape == mask.shape and credit.advantages.dtype == np.float64
    assert not credit.advantages[~mask].any()
    assert credit.advantages[mask].tolist() == flat(line.credit(lists).advantages) == credit.flat.tolist()
    one, other = line.loss(lists), line.loss(arrays)
    assert one.value == float(other) and one.terms == other.terms and one.metrics == other.metrics
    assert flat(one.dlogp) == other.dlogp[mask].tolist()
    if one.dprm is not None:
        assert flat(one.dprm) == other.dprm[mask].tolist()


def test_rows_of_a_trajectory_come_together(rows):
    """verl-agent's rows: a step each, in any order; results stand where the rows stood."""
    line = istar.Line("rl(adv = norm(to_go(reward), scale = none, min = 1))")
    mask = np.ones((4, 2), dtype=bool)
    fields = {"outcome": [1, 1, 0, 0], "reward": [1.0, 2.0, 4.0, 8.0], "old": np.full((4, 2), -0.5)}
    batch = istar.Batch.from_padded(mask, ["g"] * 4, ["x", "x", "y", "y"], step="row", **fields)
    assert (batch.groups, batch.trajectories, batch.steps) == (1, 2, 4)
    order = [2, 0, 3, 1]
    mixed = {name: np.asarray(value)[order] for name, value in fields.items()}
    other = istar.Batch.from_padded(mask, ["g"] * 4, np.array(["x", "x", "y", "y"])[order], step="row", **mixed)
    assert np.array_equal(line.credit(batch).advantages[order], line.credit(other).advantages)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int32", "int64", "float32", "float64", "int16", "float16"])
def test_any_type_of_mask(rows, dtype):
    rows["mask"] = rows["mask"].astype(dtype)
    assert padded(rows, "run").tokens == 12


def test_single_precision_stays_single(rows):
    single = {name: rows[name].astype(np.float32) for name in ("old", "logp", "ref", "prm", "outcome")}
    rows["reward"] = None
    batch = padded({**rows, **single}, "run")
    line = istar.Line("rl(adv = traj) + kl(0.1)")
    assert line.credit(batch).advantages.dtype == np.float32
    assert line.loss(batch).dlogp.dtype == np.float32


def test_any_layout_in_memory(rows):
    expected = istar.Line("rl(adv = traj) + kl(0.1)").loss(padded(rows, "run")).value
    wide = np.zeros((4, 12))
    wide[:, ::2] = rows["old"]
    for old in (np.asfortranarray(rows["old"]), wide[:, ::2], rows["old"].astype(">f8"), rows["old"].tolist()):
        assert istar.Line("rl(adv = traj) + kl(0.1)").loss(padded({**rows, "old": old}, "run")).value == expected


def test_labels_of_any_kind(rows):
    line = istar.Line("rl(adv = anchor(0.95))")
    expected = line.credit(padded(rows, "run")).advantages
    number = {"s0": 0, "s1": 1, "s2": 2}
    kinds = [
        lambda s: number[s],
        lambda s: s.encode(),
        lambda s: (s, 1),
        lambda s: [s, [1]],
        lambda s: {"a": [s]},
        lambda s: np.array([[number[s]], [0]]),
        lambda s: np.int64(number[s]),
    ]
    for kind in kinds:
        state = [[kind(s) for s in states] for states in rows["state"]]
        assert np.array_equal(line.credit(padded({**rows, "state": state}, "run")).advantages, expected)


def test_fields_of_steps_at_their_last_tokens(rows):
    reward = np.zeros(rows["mask"].shape)
    reward[:, [1, 3]] = rows["reward"]
    line = istar.Line("rl(adv = norm(to_go(reward)))")
    expected = line.credit(padded(rows, "run")).advantages
    assert np.array_equal(line.credit(padded({**rows, "reward": reward}, "run")).advantages, expected)


def test_outcomes_per_token_are_summed(rows):
    scores = np.zeros(rows["mask"].shape)
    scores[:, 3] = rows["outcome"]
    line = istar.Line("rl(adv = traj)")
    batch = istar.Batch.from_padded(rows["mask"], rows["uid"], outcome=scores)
    assert np.array_equal(line.credit(batch).advantages, line.credit(padded(rows, "run")).advantages)


def test_json_lists_and_dicts(rows):
    groups = nested(rows, "run")
    line = istar.Line(LINES[1])
    expected = line.loss(istar.Batch(groups)).to_json()
    text = json.dumps(groups)
    for batch in (text, text.encode(), groups["groups"], json.dumps({"batch": groups})):
        assert line.loss(istar.Batch(batch)).to_json() == expected


def test_rows_without_tokens(rows):
    rows["mask"][1] = 0
    rows["state"] = rows["reward"] = None
    for step in ("run", "row", "token"):
        credit = istar.Line("rl(adv = traj)").credit(padded(rows, step))
        assert not credit.advantages[1].any() and credit.advantages[0, 0] > 0
    empty = istar.Batch.from_padded(np.zeros((0, 4)), [], outcome=[])
    assert istar.Line("rl(adv = traj)").credit(empty).advantages.shape == (0, 4)
    assert istar.Line("rl(adv = traj)").credit(empty).metrics["advantage/mean"] is None


def test_tensors_without_torch(rows):
    """What has `__array__` or `__dlpack__` is an array."""

    class Tensor:
        def __init__(self, array):
            self.array = array

        def __array__(self, dtype=None, copy=None):
            return self.array

    class Packed:
        def __init__(self, array):
            self.array = array

        def __dlpack__(self, **more):
            return self.array.__dlpack__(**more)

        def __dlpack_device__(self):
            return self.array.__dlpack_device__()

    line = istar.Line("rl(adv = traj) + kl(0.1)")
    expected = line.loss(padded(rows, "run")).value
    for wrap in (Tensor, Packed):
        wrapped = {name: wrap(rows[name]) for name in ("mask", "old", "logp", "ref")}
        assert line.loss(istar.Batch.from_padded(**{**rows, **wrapped}, success=rows["outcome"] > 0)).value == expected


def test_columns_of_your_own_heads_and_checklists(rows):
    """Under the names that they have in a log, they are what the nested form says."""
    rng = np.random.default_rng(3)
    mask, shape = rows["mask"], rows["mask"].shape
    token, traj, step = rng.normal(size=shape), rng.normal(size=4), rng.normal(size=(4, 2))
    heads = {"low": rng.normal(size=(4, 2)), "high": rng.normal(size=(4, 2))}
    after = {"low": rng.normal(size=4), "high": rng.normal(size=4)}
    lists = {"turns": [{"items": [{"weight": 0.5, "deps": []}, {"weight": 0.5, "deps": [0]}]}]}
    said = rng.random(size=(4, 2, 2)) > 0.5
    groups = nested({**rows}, "run")
    row = 0
    for group in groups["groups"]:
        group["checklist"] = lists
        for one in group["trajectories"]:
            one["columns"] = {"t": traj[row]}
            one["done"] = False
            one["value_after"] = {head: after[head][row] for head in after}
            where = iter(np.flatnonzero(mask[row]))
            for k, at in enumerate(one["steps"]):
                at["columns"] = {"s": step[row, k]}
                at["values"] = {head: heads[head][row, k] for head in heads}
                at["turn"], at["items"] = 0, said[row, k].tolist()
                for one_token in at["tokens"]:
                    one_token["columns"] = {"k": token[row, next(where)]}
            row += 1
    fields = {**rows, "success": rows["outcome"] > 0, "done": [0] * 4, "turn": [[0, 0]] * 4, "checklist": [lists] * 4}
    own = {"k": token, "t": traj, "s": step}
    firsts = {head: np.zeros(shape) for head in heads}
    for head in heads:
        firsts[head][:, [0, 3]] = heads[head]
    lines = [
        "rl(adv = whiten(column(k, token, reward)))",
        "rl(adv = norm(column(t, traj, reward)) + norm(column(s, step, reward)))",
        "rl(adv = mean(norm(checklist, within = item, scale = none, min = 1), per = step))",
        "rl(adv = whiten(gae(reward, 1, 0.9, value = value(low), cut = value(low)))) + rl(adv = whiten(gae(reward, 1, 0.9, value = value(high), cut = value(high))))"
        " + critic(0.5, heads = (low, high))",
    ]
    forms = [
        {"values": heads, "items": said},
        {"value": {head: heads[head].tolist() for head in heads}, "items": said.tolist()},
        {"value": firsts, "items": [[list(flags) for flags in row] for row in said.tolist()]},
    ]
    for text in lines:
        expected = flat(istar.Line(text).credit(istar.Batch(groups)).advantages)
        assert any(expected)
        for form in forms:
            batch = istar.Batch.from_padded(**fields, **form, columns=own, value_after=after)
            assert istar.Line(text).credit(batch).flat.tolist() == expected, text


def test_columns_of_rows_that_are_steps():
    mask = np.ones((4, 2), dtype=bool)
    own = {"s": [[1.0], [2.0], [4.0], [8.0]], "t": [1.0, 1.0, 0.0, 0.0]}
    batch = istar.Batch.from_padded(mask, ["g"] * 4, ["x", "x", "y", "y"], step="row", outcome=[1, 1, 0, 0], columns=own)
    credit = istar.Line("rl(adv = norm(column(s, step, reward), scale = none))").credit(batch)
    assert credit.flat.tolist() == [-2.75, -2.75, -1.75, -1.75, 0.25, 0.25, 4.25, 4.25]
    lists = [{"turns": [{"items": [{"weight": 1.0}]}]}] * 4
    judged = istar.Batch.from_padded(
        mask, ["g"] * 4, ["x", "x", "y", "y"], step="row", outcome=[1, 1, 0, 0], checklist=lists, turn=[0] * 4, items=[[False], [True], [False], [False]]
    )
    assert istar.Line("rl(adv = norm(sum(checklist, per = traj), scale = none))").credit(judged).flat[0] == 0.5
