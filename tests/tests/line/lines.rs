//! Made from the catalogue by `generate.rs`; `random_lines.rs` checks that.

#![allow(deprecated)]

use istar::objective;
use istar::objective::AnyObjective;

macro_rules! lines {
    ($($name:ident { $($line:tt)* })*) => {
        $(objective! { $($line)* })*

        pub fn all() -> Vec<Box<dyn AnyObjective>> {
            vec![$(Box::new($name::default())),*]
        }
    };
}

#[rustfmt::skip]
lines! {
    L0 { pub L0 = ce_prm(2.0) + rl(adv = to_go(switch * (token(within = tag, where = judged, min = 1.0)), within = segment) + 0.0 * (mean(invalid, per = segment))) }
    L1 { pub L1 = rl(adv = 0.5 * (success * (p_switch)), clip = 0.0, groups = mixed) }
    L2 { pub L2<x0 = 1e-9, x1 = 0.0> = td_prm(x0, x1, progress = 1e-9) }
    L3 { pub L3 = dpo(0.25, weight = flat) }
    L4 { pub L4 = entropy(0.0) }
    L5 { pub L5 = bc(0.5) + dpo_prm(3.0, over = sum) }
    L6 { pub L6 = ce_prm(0.25, net = shared, read = before) + rl(adv = judged * (exact), ratio = sum(step)) }
    L7 { pub L7<x0 = 0.5> = dpo_prm(1.5, pairs = all, weight = flat, read = before) + x0 * rl(adv = token(min = 1.0, eps = 1e-9)) }
    L8 { pub L8<x0 = 1e-9> = dpo_prm(x0, net = separate, ref = init, weight = dmpo((0.125 + 0.0))) }
    L9 { pub L9 = ce_prm(anneal(0.05, over = 20), read = before) + rl(adv = token(min = 2.0, ddof = anneal(1.0, over = 20))) + critic(0.05, clip = none) }
    L10 { pub L10 = dpo(0.25, ref = old) }
    L11 { pub L11 = dpo(1.0, over = sum) }
    L12 { pub L12 = rl(adv = 0.5 * (invalid + traj(min = 1.0)) + length - (anneal(0.25, over = 20) * (switch)), clip = none) + rl(adv = judged * (reward), dual = none) }
    L13 { pub L13 = rl(adv = p_switch * (switch), ratio = mean(step), reduce = token, groups = mixed) + rl(adv = diff(1.5 * (success * (exact))), ratio = token, groups = mixed) }
    L14 { pub L14 = 1e-9 * mc_prm(anneal(2.0, over = 20), 0.25) + anneal(0.25, over = 20) * entropy(0.25) }
    L15 { pub L15 = anneal(0.0, over = 20) * ce_prm((0.125 + 3.0), ref = geo(0.0)) }
    L16 { pub L16<x0 = 0.5> = dar(1.0, x0, adv = 1e-9 * (success)) }
    L17 { pub L17 = dpo_prm(1e-9) + rl(adv = (1 - success) * (switch), reduce = constant(3.0)) }
    L18 { pub L18 = ce_prm(2.0, net = separate, per = traj) + rl(adv = invalid - (exact) - (step(center = loo)), groups = all) }
    L19 { pub L19<x0 = 1.5> = rl(adv = judged * (0.25 * (anneal(1.5, over = 20) * (outcome))), clip = x0, ratio = mean(step), reduce = sum(traj), groups = all) }
    L20 { pub L20<x0 = 1e-9> = dpo(x0, ref = snapshot(kl = (0.125 + 3.0)), weight = dmpo(1.0)) + dpo_prm(anneal(1.5, over = 20), ref = init, read = before) }
    L21 { pub L21 = ce_prm(1.0) + (0.125 + 1e-9) * rl(adv = implicit, clip = none, reduce = mean(step)) }
    L22 { pub L22 = rl(adv = has(switch), clip = (0.125 + 1e-9), reduce = mean(traj)) }
    L23 { pub L23 = dpo_prm(0.05, read = after) }
    L24 { pub L24<x0 = 2.0> = ce_prm(1.0, per = traj) + entropy(1.0) + rl(adv = token(min = x0), ratio = mean(step), dual = 3.0, groups = mixed) }
    L25 { pub L25 = rl(adv = traj(min = 1.0, ddof = 0.5, eps = anneal(0.5, over = 20)), reduce = constant(2.0)) }
    L26 { pub L26 = kl(0.25) }
    L27 { pub L27<x0 = 1e-9, x1 = 0.05> = critic(x0, clip = none, heads = one) + ce_prm(x1) }
    L28 { pub L28 = ce_prm(1.0) + critic(0.5, per = step) }
    L29 { pub L29<x0 = 0.0> = kl(x0, estimator = k3) }
    L30 { pub L30 = rl(adv = has(action, switch) * (1.0 * (p_switch)) + success + mc(2.0), ratio = sum(step)) }
    L31 { pub L31 = mc_prm(3.0, 0.25, target = absolute) + rl(adv = mc(anneal(2.0, over = 20), 1.0), clip = none, ratio = sum(step), groups = all) }
    L32 { pub L32 = td_prm(anneal(1.0, over = 20), 1e-9, read = after) }
    L33 { pub L33<x0 = 2.0> = dpo_prm(0.05, net = separate, pairs = success, over = mean, weight = flat) + entropy(x0) }
    L34 { pub L34 = 3.0 * rl(adv = loo(count = step), ratio = token) }
    L35 { pub L35 = rl(adv = clip(traj(scale = none, min = 2.0) + exact, 1.0, anneal(0.05, over = 20)), ratio = mean(step)) }
    L36 { pub L36 = rl(adv = switch * (0.5 * (bound(reward)))) }
    L37 { pub L37<x0 = 3.0> = anneal(0.5, over = 20) * rl(adv = traj(center = none, min = 3.0) - (min(1.5 * (mc(x0, 0.25)), per = segment)), dual = none) }
    L38 { pub L38 = ce_prm(0.5, read = before) + rl(adv = token(scale = std), clip = anneal(1.0, over = 20), reduce = mean(step)) }
    L39 { pub L39 = rl(adv = success) + rl(adv = 0.5 * (judged * (loo(center = mean, where = (1 - success)) - (outcome))), clip = (anneal(1e-9, over = 20), 0.25)) }
    L40 { pub L40 = rl(adv = 1.5 * (length) - (traj(count = traj, ddof = 0.0) - (invalid)), clip = none) }
    L41 { pub L41<x0 = 1.5, x1 = 0.25> = dpo(0.5, ref = snapshot(kl = 1e-9)) + x0 * kl(x1, estimator = k1) }
    L42 { pub L42 = rl(adv = has(other)) + (0.125 + 2.0) * dpo_prm(1.5, ref = init, read = before) }
    L43 { pub L43 = mc_prm(2.0, 1.0, read = before) }
    L44 { pub L44<x0 = 1.0> = 0.5 * rl(adv = 1e-9 * (has(switch, other)), clip = x0) }
    L45 { pub L45<x0 = 0.25, x1 = 2.0, x2 = 0.25> = dpo_prm(0.25, over = common) + rl(adv = clip(implicit + traj(eps = x0), 2.0, x1), dual = none) + rl(adv = invalid - (success) - (step(scale = none, count = token, eps = anneal(0.0, over = 20))) + anchor(0.05, center = none, min = 2.0) + mc(anneal(2.0, over = 20)) + bound(step(center = loo, scale = std, where = switch, eps = x2)), clip = none, ratio = token, reduce = mean(traj)) }
    L46 { pub L46 = rl(adv = 0.05 * (sum(0.25 * (reward), per = traj)), groups = mixed) }
    L47 { pub L47 = rl(adv = invalid, groups = all) + rl(adv = first(p_switch, per = segment), reduce = token, groups = mixed) }
    L48 { pub L48 = rl(adv = loo(within = tag, scale = std), reduce = token) + dpo_prm(0.25, pairs = threshold(0.5)) }
    L49 { pub L49 = critic(0.25) + dpo(1.0, pairs = top_bottom, over = sum) }
    L50 { pub L50<x0 = 0.05> = rl(adv = x0 * (0.0 * (reward) - (switch + loo(within = batch, min = 3.0))), reduce = sum(step)) + bc((0.125 + 0.05)) }
    L51 { pub L51 = ce_prm(0.25) + rl(adv = route(action = invalid * (token(eps = 3.0)), switch = reward), ratio = token, reduce = token) }
    L52 { pub L52 = rl(adv = 0.5 * (judged), clip = none) + 1e-9 * rl(adv = norm(length(per = segment, of = token), center = loo, where = switch, min = 2.0) - (2.0 * (length(of = step) + loo(center = loo, scale = std, ddof = 1.0))), dual = none, groups = all) }
    L53 { pub L53 = rl(adv = has(action, switch) * (exact) + has(action, switch) * (p_switch) - (anchor(0.25, count = mean(step)))) }
    L54 { pub L54 = dpo_prm((0.125 + 0.05), pairs = threshold((0.125 + 1e-9)), over = common, read = after) + rl(adv = judged * (route(action = loo(eps = 0.0), subgoal = mc(2.0, (0.125 + 0.25))) + step(within = state, center = mean) - (reward)), ratio = token, groups = mixed) }
    L55 { pub L55 = dpo_prm(3.0) + kl(anneal(3.0, over = 20), old) + 2.0 * rl(adv = whiten(invalid + step(within = state(similar = (0.125 + 0.05)), center = mean, count = token, ddof = 0.5, eps = 0.25)) - (0.25 * (1e-9 * (reward))), clip = none, reduce = token) }
    L56 { pub L56<x0 = 1.0> = 0.25 * mc_prm(0, x0, target = absolute, read = after) }
    L57 { pub L57 = ce_prm(0.25, ref = ema(1.0), read = after) + rl(adv = (0.125 + 0.0) * (exact), groups = all) }
    L58 { pub L58 = rl(adv = traj(within = state(similar = 0.05), scale = none, count = sum(step), min = anneal(1.0, over = 20), ddof = (0.125 + 0.5), eps = 1e-9)) + rl(adv = invalid, reduce = token, dual = none) }
    L59 { pub L59 = critic(1e-9) + (0.125 + 3.0) * dpo(anneal(1e-9, over = 20), ref = snapshot(every = 3.0)) }
    L60 { pub L60<x0 = 0.25> = ce_prm((0.125 + 1e-9), ref = ema(1.0), read = after) + rl(adv = 0.0 * (log_ratio(old, prm) + p_switch) - (diff(log_ratio(geo(x0), prm)))) + rl(adv = 1.0 * (implicit + mc(3.0)), reduce = sum(traj), groups = all) }
    L61 { pub L61 = dpo_prm(0.25, pairs = all) + rl(adv = step(scale = none, min = 1.0), dual = 1.5) }
    L62 { pub L62<x0 = 3.0> = dpo_prm(0.25, pairs = threshold(anneal(1e-9, over = 20))) + rl(adv = 1.5 * (traj(within = turn, count = sum(segment), min = x0) + outcome - (implicit + judged))) }
    L63 { pub L63 = rl(adv = clip(0.25 * (loo), 0.05, 1.0), clip = none, reduce = sum(step)) + rl(adv = value + exact, dual = none, groups = mixed) + critic(3.0) }
    L64 { pub L64<x0 = 2.0, x1 = 0.25> = dpo_prm(1.5, over = sum, read = before) + 1e-9 * rl(adv = norm(0.05 * (success), center = none, scale = std, eps = x0) - (x1 * (implicit)), groups = mixed) + rl(adv = exact, ratio = token) }
    L65 { pub L65<x0 = 0.0> = critic(x0, clip = 0.25) }
    L66 { pub L66 = rl(adv = switch + reward + anchor((0.125 + 1e-9), where = has(action, switch)) + log_ratio(snapshot(kl = (0.125 + 0.25)), snapshot(every = 3.0)), ratio = token) + ce_prm((0.125 + 3.0), per = step) }
    L67 { pub L67<x0 = 0.25> = ce_prm((0.125 + 1e-9)) + rl(adv = norm(1.0 * (step + has(switch)), count = first(traj), min = 2.0), clip = none) + rl(adv = switch, clip = x0, reduce = token) }
    L68 { pub L68 = rl(adv = norm(length + reward - (anchor(0.05, within = state(similar = 0.5))), eps = 2.0), groups = all) + rl(adv = diff(invalid)) }
    L69 { pub L69<x0 = 1e-9> = rl(adv = exact - (anchor(x0, ddof = (0.125 + 1e-9))), ratio = sum(step)) }
    L70 { pub L70<x0 = 1.5> = rl(adv = anchor(anneal(1.0, over = 20), where = invalid, min = 3.0, ddof = 1.0, eps = 1.0), dual = x0) }
    L71 { pub L71<x0 = 0.25, x1 = 0.05> = td_prm(x0, x1) + rl(adv = traj(center = none, scale = none, count = segment) - ((0.125 + 2.0) * (q)), clip = none) + 0.05 * bc(1.5) }
    L72 { pub L72<x0 = 1.5, x1 = 0.05> = 1.5 * dpo_prm(0.05, net = separate, pairs = threshold(1.5)) + x0 * rl(adv = x1 * (place(judged, at = token)) - (length(of = step)), ratio = mean(step)) }
    L73 { pub L73 = rl(adv = switch * (mc(3.0) - (has(action)))) + rl(adv = length, ratio = token, groups = all) }
    L74 { pub L74 = kl((0.125 + 1e-9), estimator = abs) }
    L75 { pub L75 = dpo_prm(anneal(0.05, over = 20), net = separate, pairs = top_bottom(2.0), weight = flat) + dpo(0.5) + rl(adv = 0.0 * (length(of = segment) - (step(count = token, ddof = 0.0))) + log_ratio(snapshot(every = 1.0), snapshot(kl = (0.125 + 1.5))), groups = all) }
    L76 { pub L76 = rl(adv = judged * ((0.125 + 3.0) * (exact) - (traj(center = none, count = token, where = p_switch, ddof = 0.5))), dual = anneal(1.5, over = 20)) + dpo_prm(anneal(1.5, over = 20), over = common) }
    L77 { pub L77 = dpo_prm(anneal(3.0, over = 20), net = separate, pairs = success, over = sum) + 1e-9 * rl(adv = success * (last(success * (implicit), per = segment))) + 3.0 * rl(adv = (1 - success) * (1e-9 * (token(count = mean(segment), where = success, ddof = 1.0)))) }
    L78 { pub L78<x0 = 1.5> = rl(adv = traj(center = mean, scale = none, where = has(action, switch), min = 3.0), groups = all) + rl(adv = invalid * (sum(norm(checklist, eps = x0), per = traj)), ratio = mean(step), reduce = mean(step)) }
    L79 { pub L79 = rl(adv = p_switch * (route(action = success * (loo(within = prompt)), subgoal = length(of = segment))), reduce = sum(step), dual = 3.0) + kl(1.0) }
    L80 { pub L80 = ce_prm(0.25, net = shared, per = step) + rl(adv = (1 - success) * (token(center = none)), clip = none) }
    L81 { pub L81 = rl(adv = has(subgoal)) + rl(adv = invalid, reduce = token, dual = none, groups = all) }
    L82 { pub L82 = dpo_prm((0.125 + 1.0)) + rl(adv = invalid * (gae(step(center = none, scale = std, where = success, min = 3.0, ddof = 0.0) + has(switch, other), 0.0, 0.5, value = value)), ratio = sum(step)) + 1.5 * dpo(1.0, ref = snapshot(kl = 1.5), pairs = top_bottom, over = mean) + critic(0.05, per = step) }
    L83 { pub L83 = rl(adv = norm(value, within = tag, center = none, where = judged), groups = mixed) + critic((0.125 + 2.0)) }
    L84 { pub L84 = mc_prm(3.0, (0.125 + 0.05), target = to_go) }
    L85 { pub L85<x0 = 0.25> = rl(adv = x0 * (invalid * (norm(invalid, within = agent))), clip = none, ratio = mean(step)) + rl(adv = (1 - success) * ((1 - success) * (mean(switch, per = segment))), reduce = mean(step)) }
    L86 { pub L86 = rl(adv = invalid) + rl(adv = 0.5 * ((1 - success) * (value(low))) - (mc(anneal(1.0, over = 20)))) + critic(3.0, heads = (low,)) }
    L87 { pub L87 = bc(1e-9) + rl(adv = has(subgoal, action, other)) }
    L88 { pub L88<x0 = 1e-9> = 0.25 * dar(x0, (0.125 + 0.05), adv = length, clip = 3.0) + rl(adv = success, dual = none, groups = mixed) }
    L89 { pub L89<x0 = 1.0> = kl(0.25, snapshot(every = x0), estimator = k2) }
    L90 { pub L90 = 1.5 * rl(adv = diff(switch), groups = mixed) + (0.125 + 3.0) * rl(adv = success * (anchor(1e-9, center = none, scale = std, ddof = anneal(1.0, over = 20))), groups = all) }
    L91 { pub L91 = dpo_prm(0.25, over = sum) + rl(adv = gae(reward + p_switch * (implicit), 1e-9, anneal(0.05, over = 20), cut = 0), reduce = mean(traj)) + rl(adv = diff(loo(where = p_switch, min = 1.0, eps = 0.25) + has(subgoal, other, action) + anneal(1.0, over = 20) * (invalid)), dual = 3.0) + critic(1e-9, heads = one) }
    L92 { pub L92 = rl(adv = norm(switch, within = agent, count = step, ddof = anneal(0.5, over = 20), eps = 0.5), clip = anneal(1e-9, over = 20), reduce = mean(traj)) }
    L93 { pub L93 = ce_prm(1.5) + rl(adv = bound(0.0 * (has(action, switch) * (step)), within = step)) + 0.05 * entropy(0.25) }
    L94 { pub L94<x0 = 0.0> = dpo_prm(0.05, ref = init, pairs = all) + 1.5 * rl(adv = (1 - success) * (0.25 * (traj) + p_switch + step(min = 1.0)), clip = (0.125 + 0.05), reduce = mean(traj)) + rl(adv = anchor(anneal(0.05, over = 20), within = state(similar = 0.25), where = invalid, ddof = x0, eps = anneal(0.25, over = 20)) - (has(subgoal)) - (last(checklist(form = backfill, weigh = turn), per = step)) - (switch), clip = (0.125 + 0.05)) }
    L95 { pub L95<x0 = 0.5> = dpo_prm(x0, ref = init, pairs = success, over = mean, read = before) + rl(adv = invalid * (gae(step(min = 2.0, eps = 1.0), (0.125 + 1e-9), 1.0, per = segment)), ratio = token, groups = all) + critic((0.125 + 0.0)) }
    L96 { pub L96<x0 = 0.0> = dpo_prm((0.125 + 1.0), net = separate, ref = init) + anneal(2.0, over = 20) * rl(adv = to_go(judged * (2.0 * (step(within = state(similar = anneal(0.5, over = 20)), scale = std))), x0)) }
    L97 { pub L97 = dpo_prm(1.5) + rl(adv = (1 - success) * (invalid) + 2.0 * (switch * (log_ratio(ema(0.05), ema(1.0)))), reduce = token) + rl(adv = min(gae(log_ratio(snapshot(every = 1.0), prm), 0.25, 0.5, next = 0), per = segment), groups = mixed) + critic(0.5) }
    L98 { pub L98 = dpo_prm(0.05, over = mean) + rl(adv = diff(place(step(count = mean(segment)), on = last, per = step)) - (judged + outcome + 2.0 * (length)), ratio = token, dual = (0.125 + 3.0), groups = all) }
    L99 { pub L99 = ce_prm(3.0, net = shared) + rl(adv = 1.5 * (gae(1.5 * (reward), (0.125 + 0.05), anneal(1e-9, over = 20), per = segment, within = segment, cut = to_go(reward))), clip = none) + critic(0.5, clip = 0.25) }
    L100 { pub L100<x0 = 1.5> = dpo_prm(x0, net = separate, over = mean) + 1e-9 * rl(adv = last(2.0 * (mean(checklist(deps = true), per = step)), per = segment), ratio = sum(step), reduce = constant(0.5)) + rl(adv = token(where = judged), clip = 0.25, dual = none) }
    L101 { pub L101<x0 = 3.0> = mc_prm(anneal(0.0, over = 20), 1e-9, read = before) + rl(adv = (1 - success) * (0.0 * (diff(q))), reduce = sum(step)) + x0 * rl(adv = bound(0.5 * (min(checklist(deps = false), per = step))), reduce = sum(step)) }
    L102 { pub L102<x0 = 0.0> = kl(x0) + rl(adv = sum(mean(checklist(form = backfill, weigh = traj), per = step), per = traj), reduce = token) }
    L103 { pub L103<x0 = 3.0> = ce_prm(1e-9, read = after) + rl(adv = traj(min = x0) - (implicit) - (min(judged * (checklist(form = flip)), per = step)), ratio = token, groups = all) + anneal(1.0, over = 20) * rl(adv = p_switch) }
    L104 { pub L104 = dpo_prm(0.05, ref = init) + rl(adv = outcome, ratio = sum(step), groups = mixed) + (0.125 + 1.5) * rl(adv = mean(step(within = item, eps = anneal(0.05, over = 20)) + mc(3.0) - (has(subgoal)), per = traj)) }
    L105 { pub L105 = rl(adv = diff(place(judged, on = all, at = token) - (success - (invalid))), groups = mixed) }
    L106 { pub L106<x0 = 0.05> = rl(adv = place(min(sum(loo(within = state, ddof = x0), per = segment), per = traj), on = first), ratio = token) }
}
