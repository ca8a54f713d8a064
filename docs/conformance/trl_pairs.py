"""TRL's preference trainers, called on log-probabilities."""

from __future__ import annotations

from types import SimpleNamespace

import istar
import istar.torch
import numpy as np
import rows
import torch
from items import Item, none, slopes
from trl_policy import folder, stand_in

PAIRS = "pairs = success"


def pairs(seed, dtype=torch.float64):
    """Rows of which each prompt has two, the first chosen: TRL's order is all chosen, then all rejected."""
    r = rows.rows(seed, groups=6, each=2, lone=False)
    r.score = torch.tensor([1.0, 0.0] * 6)
    for name in ("logp", "ref"):
        setattr(r, name, getattr(r, name).to(dtype))
    r.order = torch.tensor([*range(0, 12, 2), *range(1, 12, 2)])
    return r


def preference(name, line, theirs, why="", dtype=torch.float64):
    def measure(ours: istar.Line, seed: int):
        r = pairs(seed, dtype)
        b = rows.batch(r)
        return slopes(lambda x: theirs(r, x), lambda x: istar.torch.loss(ours, b, x), r.logp)

    return Item(name, line, why, measure)


def dpo(**options):
    def theirs(r, logp):
        import trl

        args = trl.DPOConfig(output_dir=folder(), use_cpu=True, report_to=[], beta=0.3, **options)
        mask = r.mask[r.order]
        given = (logp * r.mask)[r.order]
        outputs = SimpleNamespace(
            log_probs=given, entropy=r.entropy[r.order], mean_logits=torch.zeros_like(given), is_top1=mask.bool()
        )
        ref = (r.ref * r.mask)[r.order].sum(1)
        model = lambda **_: outputs  # noqa: E731
        made = stand_in(
            args, loss_types=args.loss_type, loss_weights=args.loss_weights or [1.0] * len(args.loss_type),
            precompute_ref_logps=True, _total_train_tokens=0, _tp_size=1,
        )  # fmt: skip
        # TRL's rows begin with a token of the prompt.
        whole = torch.cat([torch.zeros(len(mask), 1, dtype=mask.dtype), mask], dim=1)
        inputs = dict(
            input_ids=torch.zeros_like(whole), attention_mask=torch.ones_like(whole), completion_mask=whole,
            ref_chosen_logps=ref[:6], ref_rejected_logps=ref[6:],
        )  # fmt: skip
        return trl.DPOTrainer._compute_loss(made, model, inputs, False)

    return theirs


def scores(r, logp, average):
    sums = (logp * r.mask).sum(1) / (r.mask.sum(1) if average else 1)
    return sums[r.order].chunk(2)


def cpo(average=False, **options):
    def theirs(r, logp):
        from trl.experimental.cpo import CPOConfig, CPOTrainer

        args = CPOConfig(output_dir=folder(), use_cpu=True, report_to=[], beta=0.3, cpo_alpha=0.0, **options)
        return CPOTrainer.cpo_loss(stand_in(args), *scores(r, logp, average))[0].mean()

    return theirs


def orpo(r, logp):
    from trl.experimental.orpo import ORPOConfig, ORPOTrainer

    args = ORPOConfig(output_dir=folder(), use_cpu=True, report_to=[], beta=0.3)
    return -ORPOTrainer.odds_ratio_loss(stand_in(args), *scores(r, logp, True))[0].mean()


def tpo(**options):
    """TPO takes logits, so both sides start from them: our log-probabilities are theirs, of the words that were taken."""

    def measure(ours: istar.Line, seed: int):
        from trl.experimental.tpo import TPOConfig, TPOTrainer

        r = pairs(seed)
        words = torch.tensor(np.random.default_rng(seed).integers(0, 7, r.mask.shape))
        logits = torch.tensor(np.random.default_rng(seed).normal(0, 1, (*r.mask.shape, 7)))
        args = TPOConfig(output_dir=folder(), use_cpu=True, report_to=[], beta=0.3, tpo_alpha=0.0, **options)
        made = stand_in(args, _total_train_tokens=0, _tp_size=1)
        mask, ids = (torch.cat([x[r.order][:, :1] * 0, x[r.order]], dim=1) for x in (r.mask, words))
        inputs = dict(input_ids=ids, attention_mask=torch.ones_like(ids), completion_mask=mask)
        b = rows.batch(r)

        def theirs(x):
            # The last position foretells nothing.
            whole = torch.cat([x[r.order], torch.zeros(len(x), 1, 7)], dim=1)
            return TPOTrainer._compute_loss(made, lambda **_: SimpleNamespace(logits=whole), inputs, False)

        def mine(x):
            return istar.torch.loss(ours, b, x.log_softmax(-1).gather(-1, words[..., None])[..., 0])

        return slopes(theirs, mine, logits)

    return measure


def items() -> list[Item]:
    def of(link="", **more):
        more = {"beta": "0.3", "link": link, **more}
        rest = "".join(f", {name} = {value}" for name, value in more.items() if value and name != "beta")
        return f"dpo({more['beta']}, {PAIRS}{rest})"

    def at(name, line, why="", dtype=torch.float64, **options):
        return preference(name, line, dpo(**options), why, dtype)

    chosen = "norm(success * length(per = traj, of = token), within = batch, center = none, scale = mean, eps = 0)"
    sft = f"rl(adv = {chosen}, shape = logp, reduce = mean(traj))"
    free = dict(ref="none")
    margin = "sigmoid(margin = 0.5)"
    sort = "compares the i-th best margin with the i-th best of the reference"
    return [
        at("dpo.loss_type:sigmoid", of(), loss_type=["sigmoid"]),
        at("dpo.loss_type:hinge", of("hinge"), loss_type=["hinge"]),
        at("dpo.loss_type:ipo", of("ipo", over="token"), loss_type=["ipo"]),
        at("dpo.loss_type:exo_pair", of("exo(smooth = 0.1)"), loss_type=["exo_pair"], label_smoothing=0.1),
        at("dpo.loss_type:nca_pair", of("nca"), loss_type=["nca_pair"]),
        at("dpo.loss_type:robust", of("robust(smooth = 0.1)"), loss_type=["robust"], label_smoothing=0.1),
        at("dpo.loss_type:bco_pair", of("bco"), loss_type=["bco_pair"]),
        at("dpo.loss_type:sppo_hard", of("sppo"), loss_type=["sppo_hard"]),
        none("dpo.loss_type:aot", sort),
        none("dpo.loss_type:aot_unpaired", sort),
        at("dpo.loss_type:apo_zero", of("apo_zero"), loss_type=["apo_zero"]),
        at("dpo.loss_type:apo_down", of("apo_down"), loss_type=["apo_down"]),
        at("dpo.loss_type:discopop", of("discopop(tau = 0.05)"), loss_type=["discopop"]),
        at("dpo.loss_type:sft", sft, "likelihood of the chosen, token by token", loss_type=["sft"]),
        at("dpo.loss_type:sigmoid_norm", of(over="token"), loss_type=["sigmoid_norm"]),
        at("dpo.f_divergence_type:reverse_kl", of(), f_divergence_type="reverse_kl"),
        at("dpo.f_divergence_type:forward_kl", of(alpha="0"), f_divergence_type="forward_kl"),
        at("dpo.f_divergence_type:alpha_divergence", of(alpha="0.5"), "TRL computes it in single precision", torch.float32, f_divergence_type="alpha_divergence", f_alpha_divergence_coef=0.5),
        none("dpo.f_divergence_type:js_divergence", "a score log 2 + log σ(z): no link, and no alpha"),
        at("dpo.loss_weights (MPO)", f"0.8 * {of()} + 0.2 * {of('bco')} + {sft}", loss_type=["sigmoid", "bco_pair", "sft"], loss_weights=[0.8, 0.2, 1.0]),
        none("dpo.ld_alpha", "weighs tokens beyond the length that both answers share"),
        none("dpo.use_weighting (WPO)", "a weight by the present policy"),
        none("kto.loss_type:kto", "labels that are no pairs, with the mean divergence of the batch"),
        none("kto.loss_type:apo_zero_unpaired", "labels that are no pairs"),
        preference("cpo.loss_type:sigmoid", of(**free), cpo(loss_type="sigmoid")),
        preference("cpo.loss_type:hinge", of("hinge", **free), cpo(loss_type="hinge")),
        preference("cpo.loss_type:ipo", of("ipo", over="token", **free), cpo(True, loss_type="ipo")),
        preference("cpo.loss_type:simpo", of(margin, over="token", **free), cpo(True, loss_type="simpo", simpo_gamma=0.5)),
        preference("cpo.loss_type:alphapo", of(margin, over="token", alpha="0.75", **free), cpo(True, loss_type="alphapo", alpha=0.25, simpo_gamma=0.5), "our alpha is 1 - theirs"),
        preference("cpo.label_smoothing", of("sigmoid(smooth = 0.1)", **free), cpo(loss_type="sigmoid", label_smoothing=0.1)),
        preference("orpo (odds ratio)", f"0.3 * {of('odds', beta='1', over='token', **free)}", orpo, "TRL computes it in single precision"),
        Item("tpo.loss_type:sigmoid", of(**free), "", tpo(loss_type="sigmoid")),
        Item("tpo.loss_type:hinge", of("hinge", **free), "", tpo(loss_type="hinge")),
        Item("tpo.loss_type:ipo", of("ipo", over="token", **free), "", tpo(loss_type="ipo")),
        Item("tpo.loss_type:tpo-l", of(margin, over="token", **free), "", tpo(loss_type="tpo-l", tpo_l_gamma=0.5)),
        none("tpo.tpo_alpha", "the likelihood of a third answer, which is in no pair"),
    ]
