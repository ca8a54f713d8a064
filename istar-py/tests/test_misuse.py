"""What does not fit is an exception of Python that says what and where; nothing ends the interpreter."""

import random

import numpy as np
import pytest

import istar


def refused(rows, match, error=istar.BatchError, line="rl(adv = traj + norm(reward)) + kl(0.1)", **changed):
    with pytest.raises(error, match=match) as raised:
        istar.Line(line).loss(istar.Batch.from_padded(**{**rows, **changed}))
    return raised.value


def test_places(rows):
    old = rows["old"].copy()
    old[2, 3] = np.nan
    error = refused(rows, "^row 2, token 3: `old` is NaN, expected a finite number$", old=old)
    assert (error.row, error.token) == (2, 3)
    old[2, 3] = -9999.0
    assert (refused(rows, "row 2, token 3: `old` is -9999", old=old).row) == 2
    old[2, 3] = np.nan
    old[2, 2] = np.inf  # behind the mask: nobody reads it
    assert refused(rows, "token 3", old=old).token == 3
    mask = rows["mask"].copy()
    mask[1, 4] = 2
    error = refused(rows, "^row 1, token 4: `mask` is 2, expected 0 or 1$", mask=mask)
    assert (error.row, error.token) == (1, 4)
    error = refused(rows, "^row 3: `outcome` is inf", outcome=[0, 1, 0, np.inf])
    assert (error.row, error.token) == (3, None)


def test_shapes(rows):
    refused(rows, r"`mask` has the shape \[4\]", mask=np.ones(4))
    refused(rows, r"`old` has the shape \[4, 5\], expected \[4, 6\]", old=rows["old"][:, :5])
    refused(rows, r"`uid` has the shape \[3\], expected \[4\]", uid=[0, 1, 2])
    refused(rows, r"`outcome` has the shape \[5\]", outcome=np.zeros(5))
    refused(rows, "`mask` is ragged: row 1 has length 2, and row 0 6", mask=[[1] * 6, [1] * 2, [1] * 6, [1] * 6])
    refused(rows, "`old` is ragged: row 1 has length 2", old=[[-1.0] * 6, [-1.0] * 2, [-1.0] * 6, [-1.0] * 6])
    refused(rows, "`reward` has 7 entries, and there are 8 steps", reward=[[0, 0], [0], [0, 0], [0, 0]])
    refused(rows, "`reward` has 3 lists, expected 4", reward=[[0, 0], [0, 0], [0, 0]])
    refused(rows, "`reward` is a field of steps and has one entry a row", reward=np.zeros(4))
    refused(rows, "`old` is a field of tokens and has one entry a row", old=np.zeros(4))
    refused(rows, "a single number", old=0.5)
    batch = istar.Batch.from_padded(**rows)
    with pytest.raises(istar.BatchError, match=r"`logp` has the shape \[4, 2\], expected \[4, 6\]"):
        istar.Line("rl(adv = traj)").loss(batch, np.zeros((4, 2)))


def test_names_by_name(rows):
    bad = np.zeros((4, 6))
    bad[1, 3] = np.nan
    error = refused(rows, "^row 1, token 3: `mine` is NaN, expected a finite number$", columns={"mine": bad})
    assert (error.row, error.token) == (1, 3)
    refused(rows, "^row 2: `mine` is inf", columns={"mine": [0, 0, np.inf, 0]})
    refused(rows, "^row 3: `mine` is NaN", columns={"mine": [[0, 0], [0, 0], [0, 0], [0, np.nan]]})
    refused(rows, "`mine` has 7 entries, and there are 8 steps", columns={"mine": [[0, 0], [0], [0, 0], [0, 0]]})
    refused(rows, r"`mine` has the shape \[3\], expected \[4, 6\], \[4\]", columns={"mine": np.zeros(3)})
    refused(rows, "expected a dict of arrays by name", TypeError, columns=np.zeros(4))
    refused(rows, "elements that are no numbers", TypeError, columns={"mine": np.array([["a"] * 6] * 4)})
    refused(rows, "`values` has one entry a row for `low`", value={"low": np.zeros(4)})
    refused(rows, "`values` has the head `low` twice", value={"low": np.zeros((4, 6))}, values={"low": [[0, 0]] * 4})
    refused(rows, "^row 1: `value_after` is NaN", value_after={"low": [0, np.nan, 0, 0]})
    refused(rows, "`value_after` has no entry a row for `low`", value_after={"low": bad})
    lists = [{"turns": [{"items": [{"weight": 1.0}]}]}] * 4
    refused(rows, "^row 2: `checklist`: missing field `turns`", checklist=lists[:2] + [{}, {}])
    refused(rows, "`checklist` has 3 entries, expected 4", checklist=lists[:3])
    refused(rows, "expected a list with an entry a row", TypeError, checklist=lists[0])
    refused(rows, "^row 1: `items` is .*, expected a list of true and false", turn=[[0, 0]] * 4, items=[[[True], [True]], [[2], [True]]] * 2)
    refused(rows, "`checklist` lacks|`items` has 2 entries, and turn 0 of the checklist 1", line="rl(adv = norm(sum(checklist, per = traj)))",
            checklist=lists, turn=[[0, 0]] * 4, items=[[[True, False]] * 2] * 4)  # fmt: skip


def test_types(rows):
    refused(rows, "complex128", TypeError, old=rows["old"].astype(complex))
    refused(rows, "datetime", TypeError, mask=np.zeros((4, 6), dtype="datetime64[s]"))
    refused(rows, "no numbers", TypeError, mask=np.array([["a"] * 6] * 4))
    refused(rows, "expected true or false", success=[0, 1, 2, 0])
    refused(rows, "`outcome` has 'a'", TypeError, outcome=["a", "b", "c", "d"])
    refused(rows, "None as a label", TypeError, state=[[None, "a"]] * 4)
    refused(rows, "`step` is \"turn\"", ValueError, step="turn")
    with pytest.raises(TypeError):
        istar.Batch(3)
    with pytest.raises(TypeError):
        istar.Line(3)
    with pytest.raises(TypeError):
        istar.Line("rl(adv = traj)").credit({"groups": []})
    with pytest.raises(TypeError, match="no place for"):
        istar.Batch({"groups": [object()]})


def test_names(rows):
    refused(rows, r"`odl` is no field \(did you mean \"old\"\?\)", odl=rows["old"])
    refused(rows, r"`old_log_probs` is no field \(here it is `old`\)", old_log_probs=rows["old"])


def test_what_a_line_demands(rows):
    error = refused(rows, "`ref` is missing: `line` reads the initial policy", ref=None)
    assert (error.row, error.token) == (0, 0)
    assert refused(rows, "`reward` is missing: `line` reads step rewards", reward=None).row == 0
    refused(rows, "`logp` is missing: `line` trains the policy", logp=None)
    refused(rows, "demonstrations", line="bc(1) + rl(adv = traj)")
    with pytest.raises(istar.BatchError, match="no advantage"):
        istar.Line("dpo(0.1)").credit(istar.Batch.from_padded(**rows))
    nested = {"groups": [{"trajectories": [{"outcome": 1, "success": True, "steps": [{"tokens": [{"old": -0.1, "logp": -0.1}]}]}]}]}
    with pytest.raises(istar.BatchError) as raised:
        istar.Line("rl(adv = traj) + kl(0.1)").loss(istar.Batch(nested))
    assert (raised.value.group, raised.value.trajectory, raised.value.step, raised.value.token) == (0, 0, 0, 0)
    assert raised.value.row is None


def test_numbers_too_far_out(rows):
    big = rows["old"] * 0 - 990.0
    error = refused(rows, "too far out", old=big, logp=big * 0 - 0.1, outcome=[1e300, -1e300, 0, 1], line="rl(adv = 1e200 * outcome, clip = none)")
    assert isinstance(error, istar.Error) and isinstance(error, ValueError)


WEIRD = [
    None, True, -1, 3, 2**80, 0.5, float("nan"), float("inf"), -1e308, "", "a", "\ud800", b"\xff", [], [[]], [[[]]], {}, {"a": 1},
    (1, 2), object(), range(3), np.zeros(0), np.zeros((4, 0)), np.zeros((0, 6)), np.ones((4, 6)), np.full((4, 6), np.nan),
    np.zeros((4, 6), dtype=object), np.array([["x"] * 6] * 4), np.zeros((4, 6, 1)), np.zeros(4), np.array(3.0), np.float32(1),
    np.zeros((4, 6), dtype="complex64"), np.zeros(4, dtype="V8"), np.ma.masked_array(np.zeros((4, 6))), [[1, 2], 3], lambda: 0,
    np.broadcast_to(np.float32(-1), (4, 6)), np.arange(24, dtype=np.uint64).reshape(4, 6), [[None] * 6] * 4, ["é"] * 4,
]  # fmt: skip

LINES = [
    "rl(adv = traj)", "rl(adv = traj + norm(to_go(reward)))", "rl(adv = anchor(0.95)) + kl(0.1)",
    "dpo_prm(0.05, ref = init) + rl(adv = traj + step)", "rl(adv = whiten(gae(place(outcome, at = token), 1, 0.95))) + critic(0.5, per = token)", "dpo(0.1)",
    "rl(adv = norm(reward, within = state, min = 1), weight = clip(exp(log_ratio(old, sampler)), 0, 2))",
]  # fmt: skip

FIELDS = ["mask", "uid", "traj_uid", "outcome", "success", "old", "logp", "ref", "prm", "sampler", "reward", "state", "value", "vpred",
          "valid", "turn", "segment_start", "role", "text", "id", "done", "value_after", "q", "mc", "agent", "columns", "values",
          "checklist", "items", "nonsense"]  # fmt: skip


def mutated(rng, text):
    parts = list(text)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(parts) + 1)
        parts[at : at + rng.randint(0, 2)] = rng.choice(["(", ")", "+", "*", "=", "traj", "1e999", ",", "\x00", "🦀", "<", "w", " "])
    return "".join(parts)


def call(rng, rows):
    """One call with something changed."""
    fields = {**rows, "value": rows["old"], "sampler": rows["old"]}
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        name = rng.choice(FIELDS)
        value = rng.choice(WEIRD)
        if rng.random() < 0.4 and isinstance(rows.get(name), np.ndarray) and rows[name].dtype.kind in "if":
            value = np.array(rows[name], dtype=float)
            value.flat[rng.randrange(value.size)] = rng.choice([np.nan, np.inf, -np.inf, 1e300, -1e300, 0.0, 2.0, -5e-324])
        fields[name] = value
    if rng.random() < 0.1:
        fields.pop(rng.choice(list(fields)))
    text = rng.choice(LINES)
    line = istar.Line(mutated(rng, text) if rng.random() < 0.2 else text)
    if rng.random() < 0.1:
        batch = istar.Batch(rng.choice(WEIRD))
    else:
        batch = istar.Batch.from_padded(step=rng.choice(["run"] * 7 + ["row", "token"]), **fields)
    credit = line.credit(batch)
    assert np.isfinite(credit.flat).all()
    str(credit.remarks), credit.metrics, credit.advantages
    leaf = rng.choice([None, rows["logp"], rng.choice(WEIRD)])
    loss = line.loss(batch, leaf)
    assert np.isfinite(loss.value)
    loss.dlogp, loss.dprm, loss.dvpred, loss.to_json()


def test_five_thousand_mutated_calls(rows):
    rng = random.Random(20261129)
    went, said = 0, {}
    for number in range(5000):
        try:
            call(rng, rows)
            went += 1
        except Exception as error:  # noqa: BLE001: a panic is no Exception, and would end the test
            said.setdefault(type(error).__name__, []).append(number)
    # Both happen, and nothing but what the docstrings name.
    assert went > 500 and {"BatchError", "LineError", "TypeError"} <= said.keys()
    assert said.keys() <= {"BatchError", "LineError", "NumberError", "TypeError", "ValueError", "UnicodeEncodeError", "OverflowError"}, {
        name: numbers[:3] for name, numbers in said.items()
    }


def test_texts_of_any_depth():
    for text in ("(" * 100_000, "rl(adv = " + "-" * 100_000 + "traj)", "rl(adv = " + "norm(" * 50_000, "1 + " * 100_000):
        with pytest.raises(istar.LineError):
            istar.Line(text)
    with pytest.raises(istar.BatchError):
        istar.Batch("[" * 1_000_000)
