// Made from the catalogue by `generate.rs`; `random_lines.rs` checks that.
lines! {
    L0 { pub L0 = dpo(3.0) }
    L1 { pub L1 = critic(1e-9, clip = 1.0, per = token, heads = (low,)) }
    L2 { pub L2 = dpo(anneal(3.0, over = 20), pairs = threshold(3.0)) }
    L3 { pub L3 = ce_prm(1.5, read = after) + bc(0.05) }
    L4 { pub L4 = rl(adv = mean(min(anchor(0.5), per = traj) - (checklist(weigh = traj)), per = step), dual = none, groups = mixed) + rl(adv = has(other) - (judged * (switch)), reduce = sum(traj), groups = mixed) }
    L5 { pub L5<x0 = 0.25, x1 = 1.0> = x0 * rl(adv = loo(within = tag, where = judged, min = x1), weight = exp(log_ratio(old, sampler))) }
    L6 { pub L6 = rl(adv = success, reduce = mean(step)) + bc(1.5) }
    L7 { pub L7 = rl(adv = p_switch, groups = mixed, weight = 2) + ce_prm(3.0) }
    L8 { pub L8 = ce_prm(2.0, per = traj, read = after) + rl(adv = diff(pool(reward, within = agent)) + token(center = none, min = 2.0)) + anneal(2.0, over = 20) * dpo(0.25, pairs = threshold(0.5), over = sum) }
    L9 { pub L9 = mc_prm(0, 0.0) }
    L10 { pub L10<x0 = 1.0> = dpo(anneal(2.0, over = 20), weight = dmpo(x0)) }
    L11 { pub L11<x0 = 1.5> = rl(adv = judged * (0.25 * (anneal(1.5, over = 20) * (outcome))), clip = x0, ratio = mean(traj), reduce = sum(traj), groups = all, weight = 2) }
    L12 { pub L12 = rl(adv = success * (anneal(1.0, over = 20) * (mc(1.0))), clip = (0.125 + 1e-9), reduce = mean(traj)) + dpo(3.0, ref = geo(1.0), weight = flat) }
    L13 { pub L13 = rl(adv = norm(judged * (success * (judged)), min = anneal(3.0, over = 20)), clip = none, ratio = token, groups = mixed) }
    L14 { pub L14<x0 = 1.0> = ce_prm(x0) + rl(adv = step(min = anneal(2.0, over = 20), ddof = (0.125 + 0.25)), ratio = mean(step), dual = none) + rl(adv = 1e-9 * (traj(scale = mean, eps = 0.0) - (mc(1.0))) - ((0.125 + 3.0) * (loo(center = mean, scale = none)) - (p_switch * (implicit)))) }
    L15 { pub L15 = dpo_prm(1.5, net = separate, ref = sampler, weight = dmpo((0.125 + 1e-9))) + rl(adv = 2.0 * (p_switch * (anchor(1.0, center = mean))), dual = none) + 1.5 * rl(adv = judged * (token(scale = mean, count = sum(segment), min = anneal(3.0, over = 20))), reduce = token, dual = none, groups = mixed, weight = success) }
    L16 { pub L16 = kl((0.125 + 0.5), snapshot(kl = 1e-9)) + kl(anneal(0.05, over = 20)) }
    L17 { pub L17<x0 = 0.0> = kl(x0, estimator = k3) }
    L18 { pub L18<x0 = 0.05> = mc_prm(1.0, 0.0, target = to_go, read = before) + x0 * rl(adv = pool(q) + 0.0 * (length(per = step, of = step)) - (has(action, switch) * (outcome)), ratio = token) }
    L19 { pub L19 = dpo_prm(3.0, net = shared, weight = flat) }
    L20 { pub L20 = rl(adv = judged + switch * (success) + invalid) }
    L21 { pub L21 = dpo(0.25) + 3.0 * td_prm((0.125 + 0.25), 1e-9, read = after) }
    L22 { pub L22 = dpo(1.5, pairs = success, weight = flat) }
    L23 { pub L23<x0 = 0.05> = x0 * entropy(1.0) + mc_prm(0, 1.0) }
    L24 { pub L24 = rl(adv = log_ratio(geo(0.5), init), reduce = token, weight = 2) + rl(adv = exact) }
    L25 { pub L25<x0 = 2.0> = 1e-9 * dpo_prm((0.125 + 1e-9), pairs = threshold(x0), read = before) }
    L26 { pub L26<x0 = 2.0, x1 = 1.0> = ce_prm(x1, net = separate) + rl(adv = whiten(has(action, switch) * (judged)), ratio = token, groups = mixed) + rl(adv = judged * (step(scale = std, eps = x0))) }
    L27 { pub L27<x0 = 1.5> = rl(adv = x0 * (has(action, switch) * (has(switch))), clip = none, ratio = mean(step), reduce = constant(0.25), weight = success) + td_prm(1.0, 0.25) }
    L28 { pub L28 = dpo_prm(0.25, over = sum, weight = flat, read = before) }
    L29 { pub L29 = rl(adv = anchor(0.0, within = agent, center = loo, where = (1 - success), min = 2.0), groups = mixed) }
    L30 { pub L30<x0 = 2.0> = x0 * dpo(1e-9, ref = ema((0.125 + 0.5)), over = mean) + rl(adv = diff(p_switch), clip = none) }
    L31 { pub L31<x0 = 0.0> = x0 * kl((0.125 + 1e-9)) + rl(adv = abs(first(p_switch, per = segment))) }
    L32 { pub L32 = dpo_prm(1.0, weight = dmpo(1.0)) + rl(adv = step, dual = none, weight = success) + rl(adv = success * (invalid * (traj(within = batch, min = anneal(3.0, over = 20), eps = (0.125 + 0.25)))), dual = none) }
    L33 { pub L33 = dpo(1.0, pairs = top_bottom, over = sum) }
    L34 { pub L34 = rl(adv = whiten(keep(traj(within = agent, center = none, scale = none, count = sum(segment)), 0.0, 3.0) + norm(invalid, scale = mean, ddof = 1.0, eps = 0.0)), ratio = sum(step), reduce = token, weight = clip(exp(log_ratio(old, sampler)), 0, 2)) }
    L35 { pub L35 = rl(adv = traj(ddof = 0.05)) }
    L36 { pub L36 = dpo_prm(3.0) + rl(adv = pool((0.125 + 1.0) * (success + token(within = agent, scale = mean, min = 1.0)), within = agent, where = p_switch)) }
    L37 { pub L37 = rl(adv = anneal(1e-9, over = 20) * (route(switch = anneal(0.05, over = 20) * (judged))), dual = none, weight = success) }
    L38 { pub L38 = kl(1e-9, estimator = k2) }
    L39 { pub L39 = dpo_prm((0.125 + 0.5), net = separate, pairs = threshold(1.0)) + rl(adv = judged * (token(ddof = 0.0, eps = 1.5)), ratio = token, groups = all) + 1e-9 * entropy((0.125 + 0.0)) }
    L40 { pub L40 = kl(anneal(0.0, over = 20), estimator = k1) + critic((0.125 + 3.0), clip = 1.5) }
    L41 { pub L41<x0 = 3.0> = ce_prm(1.5, per = step) + rl(adv = has(action, switch) * (mean(mc(x0) - (implicit), per = segment)), ratio = token, dual = 1.5) }
    L42 { pub L42 = ce_prm(0.05, ref = ema(0.05)) + critic(2.0) }
    L43 { pub L43<x0 = 0.25> = rl(adv = switch * (1.5 * (judged - (anchor(0.25, scale = std, where = has(action, switch), ddof = 1e-9))))) + kl(x0, estimator = k2) }
    L44 { pub L44 = dpo(anneal(0.25, over = 20), ref = snapshot(every = 3.0), pairs = all, weight = dmpo(1.0)) }
    L45 { pub L45<x0 = 1e-9> = td_prm(1.0, x0, progress = 0.0) }
    L46 { pub L46 = dpo_prm(1e-9, ref = init, over = common) + rl(adv = abs(exact), ratio = token, groups = mixed) + rl(adv = sum((0.125 + 1.5) * (step(count = mean(segment))), per = segment)) }
    L47 { pub L47 = mc_prm(0, 0.05, target = absolute) }
    L48 { pub L48 = (0.125 + 3.0) * rl(adv = p_switch * (0.5 * (switch) - (loo(center = mean, scale = mean, ddof = 0.05) + loo(scale = none, eps = 0.25))), ratio = sum(step), reduce = mean(traj), dual = (0.125 + 2.0)) + dpo(3.0, pairs = all) }
    L49 { pub L49 = dpo_prm(0.05, pairs = top_bottom(2.0), over = sum) }
    L50 { pub L50 = dpo_prm(1.0, weight = flat) + rl(adv = step(where = switch, ddof = anneal(0.05, over = 20)), clip = none, reduce = mean(traj)) }
    L51 { pub L51<x0 = 1.5> = dar(x0, anneal(0.5, over = 20), adv = judged * (traj(count = first(traj), min = 2.0, eps = 1.5)), clip = anneal(2.0, over = 20)) + entropy(1.5) }
    L52 { pub L52<x0 = 0.0> = rl(adv = loo(within = agent, scale = none, where = p_switch, eps = (0.125 + 1.0)), ratio = token, groups = all, weight = 2) + 1e-9 * rl(adv = sum(judged * (value), per = traj) - (has(subgoal) + traj(where = p_switch, min = anneal(1.0, over = 20)) - (anchor(x0))), clip = none) + critic(anneal(0.25, over = 20)) }
    L53 { pub L53<x0 = 2.0> = dpo_prm((0.125 + 3.0), weight = flat) + rl(adv = whiten(clip(step(min = 3.0) - (step(within = prompt, center = loo, min = x0, ddof = (0.125 + 0.05))), 0.5, anneal(1e-9, over = 20))), ratio = token) }
    L54 { pub L54 = rl(adv = 1.0 * (p_switch + mc(anneal(1.0, over = 20), 0.0)) + anchor(0.0, within = agent), reduce = token) }
    L55 { pub L55 = rl(adv = norm(judged, scale = none, count = token, min = 2.0, ddof = 0.05)) }
    L56 { pub L56 = dpo_prm((0.125 + 1.5), net = separate, pairs = all, weight = flat) + rl(adv = sum(step(ddof = 0.25), per = segment) + step(eps = (0.125 + 1e-9)) + judged * (exp(switch)), clip = none, reduce = token) }
    L57 { pub L57 = rl(adv = 1.5 * (last(invalid * (loo(scale = mean)), per = traj)), reduce = mean(step)) }
    L58 { pub L58<x0 = 0.5> = ce_prm(x0, read = after) + rl(adv = sum(judged * (gae(token(count = token, where = switch), 1e-9, 0.5, value = 0)), per = segment), dual = 3.0) + critic((0.125 + 1e-9)) }
    L59 { pub L59<x0 = 1.0> = ce_prm(1.0) + rl(adv = value - (anchor(1.0, scale = mean, ddof = 0.25) + success - (implicit - (length))), clip = (0.0, 1.0), ratio = token) + critic((0.125 + 2.0), clip = x0) }
    L60 { pub L60 = rl(adv = (1 - success) * (whiten(norm(switch, within = batch, count = token, min = 1.0))), ratio = token) }
    L61 { pub L61 = rl(adv = anchor(anneal(0.25, over = 20), ddof = 0.25, eps = 1.5), dual = none, weight = success) }
    L62 { pub L62 = rl(adv = anchor((0.125 + 0.0), ddof = anneal(0.5, over = 20), eps = 1e-9) + 0.5 * (traj(scale = std) - (loo(within = state(similar = 1e-9), center = mean, scale = mean, ddof = (0.125 + 1e-9), eps = 3.0)))) }
    L63 { pub L63 = rl(adv = place(length - (1e-9 * (success)))) }
    L64 { pub L64 = rl(adv = route(action = p_switch * (next(exact))), ratio = token, reduce = mean(traj), dual = none) }
    L65 { pub L65 = mc_prm(0, (0.125 + 1e-9)) + rl(adv = pool(diff(q), stat = mean, within = state) - (exact), ratio = token) }
    L66 { pub L66<x0 = 1.0> = dpo_prm(3.0, weight = flat, read = before) + rl(adv = judged + 1.5 * (value) - (to_go(has(action, switch) * (implicit))), dual = (0.125 + 1.5)) + rl(adv = switch) + critic(3.0, clip = x0) }
    L67 { pub L67 = mc_prm(0, 0.5, target = absolute, read = after) + rl(adv = exact + success * (next(p_switch, last = q)), ratio = token) }
    L68 { pub L68<x0 = 2.0, x1 = 1.5> = dpo_prm(x1, weight = dmpo(0.05)) + rl(adv = length(of = segment) - (judged * (value + p_switch))) + rl(adv = to_go(log_ratio(old, snapshot(kl = 3.0)), anneal(1.0, over = 20)) + 1.5 * (implicit - (step(count = mean(segment), min = 3.0))), clip = (x0, anneal(0.25, over = 20))) + critic(1.5) }
    L69 { pub L69 = 1.5 * rl(adv = norm(pool(outcome), where = success), dual = 3.0) }
    L70 { pub L70 = rl(adv = invalid * (bound(reward) + exact)) }
    L71 { pub L71 = ce_prm(2.0, read = before) + rl(adv = log_ratio(prm, ema(1.0)), clip = none, dual = none) + rl(adv = invalid, ratio = mean(traj)) }
    L72 { pub L72 = dpo_prm(3.0, net = separate) + rl(adv = switch * (implicit + p_switch) + success * (exact - (has(action, other, switch))), clip = none, ratio = token) }
    L73 { pub L73<x0 = 0.05> = rl(adv = success * (loo(within = state, min = 2.0) + value) + loo(within = prompt, scale = std, count = step)) + critic(x0, clip = none) }
    L74 { pub L74 = 1.5 * kl(0.05) + rl(adv = next(loo(within = batch, where = has(action, switch), min = anneal(1.0, over = 20), ddof = 0.05) + anchor((0.125 + 1e-9), within = turn, where = success, ddof = anneal(0.0, over = 20), eps = 1e-9)) - (loo(ddof = anneal(0.05, over = 20))), ratio = token, dual = 2.0) }
    L75 { pub L75<x0 = 1.0> = rl(adv = clip(anchor(0.05, count = token, min = x0) + anchor((0.125 + 0.05), center = none), 1.5, 2.0) + (1 - success) * (reward) - (whiten(reward))) + dpo_prm(3.0, weight = flat) }
    L76 { pub L76 = ce_prm(1.5, per = traj, read = after) + rl(adv = route(subgoal = judged - (success) - (judged + anchor(0.0, scale = std))), clip = 0.25) + rl(adv = judged - (norm(step(scale = none), where = invalid)), dual = 3.0, groups = mixed, weight = 2) }
    L77 { pub L77 = rl(adv = bound(invalid * (3.0 * (log_ratio(ema(anneal(1.0, over = 20)), snapshot(every = anneal(2.0, over = 20))))), within = traj), clip = none, reduce = constant(anneal(1e-9, over = 20)), groups = mixed) + (0.125 + 0.25) * dpo(0.5, pairs = threshold(0.05), over = common) }
    L78 { pub L78 = dpo_prm(1e-9, pairs = success, read = before) + rl(adv = last(gae((1 - success) * (step(count = item, ddof = anneal(0.05, over = 20))), 1e-9, 0.0, per = segment), per = traj), ratio = sum(traj)) + dpo(0.5, over = sum, weight = dmpo(0.05)) + critic(1e-9) }
    L79 { pub L79<x0 = 0.05> = rl(adv = norm(place(traj), center = mean, where = (1 - success), eps = x0), ratio = mean(traj), groups = all) }
    L80 { pub L80 = mc_prm(0.0, 0.25) + anneal(1.0, over = 20) * kl(1.0, estimator = abs) }
    L81 { pub L81<x0 = 3.0> = rl(adv = route(action = pool(invalid, stat = mean, min = 1.0), subgoal = mc(3.0, 1.0))) + x0 * mc_prm(1.0, 0.25, target = to_go, read = before) }
    L82 { pub L82<x0 = 0.25, x1 = 0.5> = rl(adv = 0.5 * (has(action, switch) * (traj(within = state(similar = x0), count = step, where = judged))) - (place(success * (mc(1.0)), per = step, at = token)), reduce = constant(x1)) }
    L83 { pub L83<x0 = 1e-9, x1 = 1e-9> = rl(adv = 0.25 * (mean(checklist(form = flip) - (switch), per = step)), clip = anneal(0.05, over = 20), reduce = token, groups = mixed, weight = clip(exp(log_ratio(old, sampler)), 0, 2)) + rl(adv = (0.125 + 2.0) * (mc(anneal(1.0, over = 20))) + clip((0.125 + 2.0) * (value), 1.5, x0), dual = anneal(3.0, over = 20), weight = exp(log_ratio(old, sampler))) + critic(x1, per = step) }
    L84 { pub L84<x0 = 3.0> = dpo_prm(1e-9, over = sum) + 0.5 * rl(adv = token(where = judged), dual = none, groups = mixed) + rl(adv = min(keep(judged * (checklist(form = flip, deps = false)), x0, 2.0), per = segment)) }
    L85 { pub L85 = 1.5 * rl(adv = diff(pool(judged + p_switch, within = tag, ddof = 1.0))) }
    L86 { pub L86 = dpo_prm(1.5, net = shared, pairs = all, read = before) + 3.0 * rl(adv = 0.5 * (0.5 * (mean(checklist(form = backfill), per = traj))), reduce = sum(traj), groups = mixed) }
    L87 { pub L87<x0 = 0.05> = 0.25 * rl(adv = 0.0 * (pool(length(of = segment), stat = max, min = 1.0)) - (anchor(x0, scale = mean, where = (1 - success))), weight = clip(exp(log_ratio(old, sampler)), 0, 2)) }
    L88 { pub L88<x0 = 0.5> = 2.0 * rl(adv = abs(pool(loo(within = tag, ddof = x0), stat = rank, within = state, where = switch) + 1.0 * (traj(where = p_switch, ddof = 1.0))), clip = (0.5, 0.25), reduce = constant(1e-9), dual = 2.0, groups = all) + rl(adv = invalid, clip = (1.0, 0.0), dual = 2.0) }
    L89 { pub L89 = rl(adv = switch * (gae((1 - success) * (reward), 0.05, 1.0, next = value)), ratio = token, reduce = token) + critic(1.0, clip = none) }
    L90 { pub L90 = rl(adv = sum(pool(0.0 * (judged), within = item), per = segment), ratio = token, reduce = constant(1.5), groups = all) + ce_prm(0.25, read = after) }
    L91 { pub L91 = rl(adv = has(action, switch) * (length(per = traj)), dual = 2.0) + rl(adv = to_go(exact, within = segment) - (last(exp(exact), per = traj)), reduce = constant(1e-9), groups = mixed) }
    L92 { pub L92 = rl(adv = reward + outcome + place(success, on = all, per = traj) - (reward), clip = none, ratio = token) }
    L93 { pub L93 = dpo_prm(3.0, ref = snapshot(kl = 0.05)) + rl(adv = pool(implicit - (reward), stat = var, within = tag, ddof = 0.0) - (invalid)) }
    L94 { pub L94 = entropy(3.0) + 1e-9 * rl(adv = p_switch * (mean(place(length, on = first), per = segment)), ratio = token) }
    L95 { pub L95 = td_prm((0.125 + 0.5), 1.0) + rl(adv = place(length, on = last, at = token) + p_switch * (length), clip = anneal(1.0, over = 20)) }
    L96 { pub L96 = mc_prm(0, (0.125 + 0.25)) + rl(adv = q + value(low) - (mc(anneal(2.0, over = 20)) - (mc(anneal(1.0, over = 20)))) - (clip(q + judged, 0.05, 2.0)), groups = mixed) + critic(3.0, clip = none, per = token, heads = (low,)) }
    L97 { pub L97 = rl(adv = mean(pool(has(action, switch) * (checklist(deps = true))), per = segment), ratio = token, reduce = sum(traj), dual = 3.0, weight = success) + rl(adv = has(action, switch) * (success)) }
    L98 { pub L98<x0 = 2.0, x1 = 2.0, x2 = 2.0> = rl(adv = sum(clip(checklist(weigh = turn), x0, x1), per = step), reduce = constant(x2)) + critic(anneal(3.0, over = 20), clip = 1.0, per = token) }
    L99 { pub L99<x0 = 0.0, x1 = 2.0, x2 = 3.0> = 0.5 * rl(adv = anneal(2.0, over = 20) * (1e-9 * (reward) + gae(exact, x0, anneal(0.5, over = 20), within = segment, next = 0)), weight = exp(log_ratio(old, sampler))) + rl(adv = clip(outcome, 3.0, anneal(1e-9, over = 20)), dual = x1, groups = all, weight = 2) + critic(x2, heads = (low,)) }
    L100 { pub L100 = ce_prm(1e-9, net = shared, read = after) + rl(adv = min(clip(gae(implicit, 1.0, 0.0, next = value, cut = to_go(reward)), anneal(3.0, over = 20), 1.0), per = step), reduce = sum(traj)) + critic(2.0) }
    L101 { pub L101 = rl(adv = last(whiten(has(other)), per = traj) - (pool(outcome, stat = count, ddof = anneal(0.0, over = 20))), dual = (0.125 + 2.0)) + rl(adv = 3.0 * (outcome), groups = all) }
}
