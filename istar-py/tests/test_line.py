"""Lines, what they say, and what is said of mistakes."""

import copy
import pickle

import numpy as np
import pytest

import istar


def test_numbers():
    line = istar.Line("dpo_prm(beta = 0.05, net = separate, ref = old) + rl(adv = traj + lambda * step)", lambda_=1.0)
    assert line.numbers == {"lambda": 1.0}
    # What the line writes as a number may be said again, as that number.
    same = istar.Line("dpo_prm(beta = 0.05, net = separate, ref = old) + rl(adv = traj + lambda * step)", beta=0.05, lambda_=1.0)
    assert (same.numbers, same.explain()) == (line.numbers, line.explain())
    assert line.set(beta=0.05).numbers == line.numbers
    assert line.terms == ["dpo_prm", "rl"] and line.level == "step"
    assert "trains_prm" in line.demands and "phase A" in line.explain()
    half = line.set(lambda_=0.5)
    assert half.numbers == {"lambda": 0.5} and line.numbers == {"lambda": 1.0}
    open_ = istar.Line("rl(adv = traj + w * norm(reward))")
    assert open_.numbers == {"w": None} and "must be given" in open_.explain()
    named = istar.Line("Mine<w = 0.5> = rl(adv = traj + w * norm(reward))")
    assert (named.name, named.numbers) == ("Mine", {"w": 0.5})


def test_a_line_travels():
    for text in ("rl(adv = traj)", "rl(adv = traj + w * norm(reward))", "Mine<w = 1e-7> = rl(adv = w * r) where r = norm(reward)"):
        line = istar.Line(text)
        for other in (pickle.loads(pickle.dumps(line)), copy.deepcopy(line)):
            assert (other.explain(), other.numbers) == (line.explain(), line.numbers)


def test_mistakes():
    with pytest.raises(istar.LineError) as raised:
        istar.Line("rl(adv = traj +\n   setp)")
    error = raised.value
    assert (error.line, error.column) == (2, 4)
    assert error.caret == "   setp)\n   ^^^^"
    assert "step" in error.suggestion and "did you mean" in str(error)
    assert [mistake.message for mistake in error.mistakes] == ["unknown signal `setp`"]


def test_numbers_that_do_not_fit():
    with pytest.raises(TypeError, match="no hyper-parameter `v`; it has `w`"):
        istar.Line("rl(adv = w * traj)", v=1.0)
    with pytest.raises(TypeError, match="`beta` is written as 0.05 in the line, and given as 0.1: write `<beta> .. beta = beta .."):
        istar.Line("dpo_prm(beta = 0.05) + rl(adv = traj + step)", beta=0.1)
    with pytest.raises(TypeError, match="written as 0.1 in the line, and given as 0.05"):
        istar.Line("dpo_prm(beta = 0.05) + rl(adv = traj + step) + dpo(beta = 0.1)", beta=0.05)
    assert istar.Line("<beta, lambda> dpo_prm(beta = beta) + rl(adv = traj + lambda * step)", beta=0.1, lambda_=1).numbers["beta"] == 0.1
    with pytest.raises(TypeError, match="`w` is 'much', expected a number"):
        istar.Line("rl(adv = w * traj)", w="much")
    with pytest.raises(istar.NumberError) as raised:
        istar.Line("kl(b) + rl(adv = traj)", b=-1.0)
    assert raised.value.problems
    batch = istar.Batch.from_padded([[1]], [0], outcome=[1.0])
    with pytest.raises(istar.NumberError, match="`w` has no value"):
        istar.Line("rl(adv = w * traj)").credit(batch)


def test_recipes():
    texts = istar.recipes()
    assert {"Grpo", "GiGpo", "IStar"} <= texts.keys()
    for name, text in texts.items():
        assert istar.Line.recipe(name).explain() == istar.Line(text).explain()
    assert istar.Line.recipe("iStar", beta=0.1).numbers["beta"] == 0.1
    with pytest.raises(ValueError, match="did you mean"):
        istar.Line.recipe("itsar")


def test_given_advantages(rows):
    """A line on mini-batches, with the credit of the whole batch, is the line on the batch, part by part."""
    line = istar.Line("rl(adv = traj + 0.5 * norm(reward), reduce = constant(10)) + 0.5 * rl(adv = loo, clip = none, reduce = constant(10))")
    batch = istar.Batch.from_padded(**rows)
    one = istar.Line("rl(adv = traj + 0.5 * norm(reward), reduce = constant(10))")
    advantages = one.credit(batch).advantages
    whole = one.loss(batch)
    value, slopes = 0.0, []
    for part in (slice(0, 1), slice(1, 4)):
        fields = {name: rows[name][part] for name in ("mask", "uid", "old", "logp")}
        loss = one.given().loss(istar.Batch.from_padded(**fields, adv=advantages[part]))
        value += loss.value
        slopes.append(loss.dlogp)
    assert value == pytest.approx(whole.value, rel=1e-12)
    np.testing.assert_allclose(np.concatenate(slopes), whole.dlogp, rtol=1e-12)
    assert line.given().loss(istar.Batch.from_padded(**rows, adv=advantages)).value != 0


def test_other_leaves(rows):
    line = istar.Line("dpo_prm(0.05, ref = init) + rl(adv = traj) + kl(0.1)")
    batch = istar.Batch.from_padded(**rows)
    for name, slope in (("logp", "dlogp"), ("prm", "dprm")):
        here, step = rows[name], 1e-6
        gradient = getattr(line.loss(batch), slope)
        moved = here.copy()
        moved[2, 1] += step
        difference = (line.loss(batch, **{name: moved}).value - line.loss(batch, **{name: here}).value) / step
        assert difference == pytest.approx(gradient[2, 1], abs=1e-5)


def test_pages_and_remarks(rows, tmp_path):
    batch = istar.Batch.from_padded(rows["mask"], np.arange(4), outcome=rows["outcome"])
    credit = istar.Line("rl(adv = traj)").credit(batch)
    assert "has nothing that it is compared with" in str(credit.remarks[0])
    assert credit.metrics["advantage/zero"] == 1.0
    page = credit.to_html(tmp_path / "credit.html", title="A <title>")
    assert (tmp_path / "credit.html").read_text() == page and "A &lt;title&gt;" in page
    with pytest.raises(OSError):
        credit.to_html(tmp_path / "nowhere" / "credit.html")


def test_help():
    for thing in (istar, istar.Line, istar.Line.credit, istar.Line.loss, istar.Batch, istar.Batch.from_padded, istar.Credit, istar.Loss):
        assert thing.__doc__ and len(thing.__doc__) > 80, thing
    assert "(B, T)" in istar.Batch.from_padded.__doc__
