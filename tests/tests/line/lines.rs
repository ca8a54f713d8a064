// Made from the catalogue by `generate.rs`; `random_lines.rs` checks that.
lines! {
    L0 { pub L0<x0 = 2.0> = critic(x0) }
    L1 { pub L1 = ce_prm(1.0, ref = ema(1e-9), per = step) }
    L2 { pub L2<x0 = 0.5> = rl(adv = 0.25 * (loo(scale_within = prompt)), ratio = mean(step), weight = success) + 0.5 * ce_prm(x0, read = after) }
    L3 { pub L3 = td_prm(0.5, anneal(0.5, over = 20)) + rl(adv = invalid * (column(extra, traj, reward)), clip = none, ratio = token) }
    L4 { pub L4 = mc_prm(0, anneal(0.05, over = 20), target = to_go) + critic(2.0) }
    L5 { pub L5 = dpo_prm(3.0, net = shared, pairs = success) }
    L6 { pub L6<x0 = 3.0> = dpo_prm(x0, link = sppo) + rl(adv = invalid, clip = none, ratio = mean(step)) }
    L7 { pub L7 = mc_prm(0.0, 0.5) + 3.0 * rl(adv = anchor(1e-9, center = none, min = 2.0), empty = skip) }
    L8 { pub L8 = rl(adv = 0.05 * (switch * (length(per = step))) - (reward), weight = 2, shape = gmpo) + 1e-9 * critic(1.5) }
    L9 { pub L9 = mc_prm(0, 0.0, read = after) + rl(adv = keep(q, 0.0, 3.0), reduce = constant(1e-9), dual = (0.125 + 3.0), weight = clip(exp(log_ratio(old, sampler)), 0, 2), empty = skip) }
    L10 { pub L10<x0 = 2.0> = 0.25 * rl(adv = 0.05 * (mc(x0)), reduce = sum(traj)) }
    L11 { pub L11 = ce_prm((0.125 + 1.0)) + 3.0 * rl(adv = 0.5 * ((1 - success) * (step(within = state, center = mean, count = item, min = 3.0, eps = 1.0) + exact)), clip = 1.0, groups = mixed) + dpo(3.0, over = common, alpha = 1.0) }
    L12 { pub L12 = dpo_prm(anneal(1.5, over = 20), ref = init, read = before) + (0.125 + 1e-9) * rl(adv = p_switch, clip = none, reduce = mean(step)) }
    L13 { pub L13 = td_prm(1e-9, 0.0) + entropy(3.0, reduce = sum(step)) }
    L14 { pub L14 = rl(adv = 1e-9 * (3.0 * (loo(center = mean, ddof = 0.25) + column(extra, step, advantage)))) + rl(adv = switch, weight = success, shape = logp) }
    L15 { pub L15<x0 = 1.5> = critic(x0, reduce = prompt) + rl(adv = judged * (reward), groups = mixed, weight = success) }
    L16 { pub L16 = rl(adv = success * (abs(invalid)) - (mc(anneal(3.0, over = 20))), shape = dppo_tv) }
    L17 { pub L17 = rl(adv = route(subgoal = value - (outcome) + traj - (outcome)), reduce = prompt, groups = mixed, weight = clip(exp(log_ratio(old, sampler)), 0, 2)) + critic(0.05, reduce = prompt) }
    L18 { pub L18 = 0.05 * rl(adv = share(exact, by = exp(log_ratio(old, sampler)), per = step), empty = skip) + kl(3.0, reduce = sum(step)) }
    L19 { pub L19<x0 = 2.0> = dpo_prm(x0, ref = sampler, weight = flat) + critic(1.0, per = step, heads = one) }
    L20 { pub L20 = (0.125 + 0.05) * rl(adv = success, ratio = token, weight = 2, shape = dppo_tv) }
    L21 { pub L21<x0 = 0.25> = rl(adv = first(max(value, per = traj) + p_switch * (outcome), per = traj), clip = 0.25, weight = exp(log_ratio(old, sampler)), empty = skip) + critic((0.125 + 0.05), clip = x0) }
    L22 { pub L22<x0 = 3.0, x1 = 3.0> = ce_prm(0.25) + x0 * rl(adv = switch * (token(within = prompt, center = loo, min = x1, scale_within = batch)), groups = all, weight = success, shape = cispo) }
    L23 { pub L23<x0 = 1.0, x1 = 1.0> = x0 * rl(adv = anneal(0.25, over = 20) * (mc(x1)), dual = none, groups = all) }
    L24 { pub L24<x0 = 2.0> = rl(adv = 0.05 * (minimum(switch * (mc(x0)), next(length(per = step)))), ratio = token) }
    L25 { pub L25 = ce_prm(0.5, net = shared) + rl(adv = anneal(0.25, over = 20) * (p_switch)) }
    L26 { pub L26 = ce_prm(2.0, ref = ema(1e-9), per = step) + rl(adv = abs(mean(step(scale = none, where = judged, min = 1.0, eps = (0.125 + 0.05)), per = traj)), shape = logp) }
    L27 { pub L27 = 1.0 * rl(adv = has(action, subgoal, other), ratio = mean(step), dual = 3.0, weight = 2) + rl(adv = judged, dual = none) }
    L28 { pub L28 = 0.5 * td_prm(1.0, 1e-9, read = before) }
    L29 { pub L29 = dpo_prm(1.5, net = separate, over = common) }
    L30 { pub L30 = kl(0.25, gradient = same, reduce = prompt) }
    L31 { pub L31 = ce_prm(0.05, ref = geo(1e-9), read = before) }
    L32 { pub L32 = bc(anneal(0.05, over = 20)) + 3.0 * mc_prm(1.0, anneal(0.5, over = 20), target = to_go) }
    L33 { pub L33 = 0.5 * rl(adv = loo(count = step, scale_within = batch), clip = none, ratio = token, reduce = prompt, groups = all) }
    L34 { pub L34 = kl(0.5, column(extra), reduce = token) + anneal(0.5, over = 20) * kl(3.0, snapshot(kl = 0.5), empty = skip) }
    L35 { pub L35<x0 = 0.25> = kl(x0, estimator = abs) }
    L36 { pub L36<x0 = 2.0> = rl(adv = abs(max(anchor(1e-9, within = state(history = 0.0), count = sum(step), where = switch), per = segment))) + rl(adv = judged * (next(traj(within = key(extra, traj), center = none, scale = none, count = traj, eps = x0) + invalid, last = has(switch)))) }
    L37 { pub L37 = ce_prm(0.05, ref = snapshot(every = 3.0)) + critic(0.05) }
    L38 { pub L38<x0 = 1.0> = mc_prm(0.0, x0, target = absolute) }
    L39 { pub L39<x0 = 3.0> = (0.125 + 2.0) * rl(adv = has(switch, other, action), shape = dppo_tv) + x0 * kl(0.5, estimator = k3, gradient = abs) }
    L40 { pub L40<x0 = 3.0> = anneal(0.0, over = 20) * ce_prm(1.0, ref = snapshot(every = x0)) + rl(adv = divergence(sampler, geo(1e-9), estimator = k2) + whiten(reward) - (has(subgoal)), weight = 2) }
    L41 { pub L41 = dpo_prm((0.125 + 1e-9), pairs = all, read = after) }
    L42 { pub L42 = 0.5 * dpo(1e-9, pairs = all) }
    L43 { pub L43 = rl(adv = has(other, subgoal), dual = (0.125 + 1.5), empty = skip) + (0.125 + 0.5) * dpo_prm(1.0, ref = init, over = token) }
    L44 { pub L44<x0 = 3.0> = ce_prm(0.25) + rl(adv = 1e-9 * (x0 * (judged + step(eps = 0.0, scale_within = batch))), reduce = token, dual = none, weight = exp(log_ratio(old, sampler))) }
    L45 { pub L45<x0 = 1.5> = dpo_prm(2.0, read = after, link = apo_zero) + rl(adv = first(log_ratio(snapshot(kl = 0.25), init), per = step) - (max(implicit, per = traj)) - (invalid), ratio = mean(traj), dual = x0) + rl(adv = success * (exact + whiten(p_switch))) }
    L46 { pub L46 = 1.0 * kl(1e-9, old, estimator = k3, reduce = token) }
    L47 { pub L47<x0 = 3.0> = rl(adv = route(switch = success - (traj(scale = none, where = has(action, switch), min = x0, ddof = 0.0) + outcome)), dual = 3.0, groups = mixed) }
    L48 { pub L48 = dpo_prm(1.0, net = shared, over = token, weight = flat, link = ipo) }
    L49 { pub L49<x0 = 2.0> = 0.05 * rl(adv = anchor(anneal(1.0, over = 20), scale = std, count = first(step), min = x0)) }
    L50 { pub L50 = ce_prm(3.0, ref = init, per = step) + 0.5 * rl(adv = anneal(2.0, over = 20) * (sum(implicit - (traj(center = none, count = sum(traj), ddof = 0.25)), per = step)), clip = (0.05, anneal(0.5, over = 20))) }
    L51 { pub L51 = dar(0.05, 1e-9, adv = mean(anchor(0.05, center = none, scale_within = prompt), per = traj)) + rl(adv = invalid * (has(action, switch) * (outcome) - (has(action, switch) * (outcome))), weight = success, shape = clip) }
    L52 { pub L52 = rl(adv = anchor(anneal(1.0, over = 20), center = loo, eps = 0.25), ratio = sum(step), shape = gmpo) }
    L53 { pub L53 = ce_prm(0.5) + rl(adv = has(action, switch) * (whiten(implicit)) - (success), ratio = mean(step), reduce = mean(step), empty = count) }
    L54 { pub L54 = ce_prm(2.0) + 1e-9 * rl(adv = implicit + clip(p_switch * (p_switch), anneal(0.0, over = 20), 0.25), reduce = sum(step)) }
    L55 { pub L55<x0 = 0.0, x1 = 1.5> = 1.0 * dpo_prm(2.0, net = separate, weight = flat, read = before, link = robust(smooth = x0)) + dpo(x1, over = common) }
    L56 { pub L56 = dpo(0.25, over = common, link = odds) + entropy(2.0) }
    L57 { pub L57 = (0.125 + 3.0) * ce_prm(1e-9, net = shared, per = traj) }
    L58 { pub L58 = critic(0.05, heads = one, reduce = token) + kl(1e-9, init, gradient = k1) }
    L59 { pub L59 = td_prm(0.0, 1e-9) + dpo(2.0, ref = none) }
    L60 { pub L60<x0 = 0.05> = td_prm(0.05, 0.05) + rl(adv = 1.5 * (judged * (column(extra, traj, value) - (value))), clip = none, weight = exp(log_ratio(old, sampler)), empty = skip) + critic(x0, reduce = mean(step)) }
    L61 { pub L61<x0 = 1e-9> = dpo_prm(x0, read = before, link = hinge) + rl(adv = success * (1e-9 * (traj(scale = none, count = segment, ddof = 0.5, eps = 0.05))) - (invalid * (mc(3.0, (0.125 + 0.5)) + log_ratio(snapshot(every = 2.0), prm))), ratio = token, empty = skip) }
    L62 { pub L62 = td_prm(0.25, 0.5, progress = 0.0, read = after) + rl(adv = success * (q - (exact) - (1e-9 * (outcome)))) }
    L63 { pub L63 = anneal(1e-9, over = 20) * dpo(anneal(0.5, over = 20), over = mean) + critic(anneal(1.5, over = 20), reduce = token) }
    L64 { pub L64<x0 = 1.0> = rl(adv = traj(scale = mean, min = 2.0, ddof = anneal(0.5, over = 20))) + x0 * bc(0.25) }
    L65 { pub L65 = 0.05 * rl(adv = judged + length(per = segment, of = step) - (abs(divergence(column(extra), column(extra), estimator = k1) - (has(switch)))), clip = none, reduce = token) }
    L66 { pub L66 = ce_prm(anneal(1e-9, over = 20), ref = sampler) + rl(adv = mean(invalid + checklist(deps = false), per = step) - (invalid * (2.0 * (value))), reduce = prompt, dual = 1.5, groups = all, empty = count) + critic(2.0, per = step) }
    L67 { pub L67 = dpo(0.25, over = sum, weight = flat, link = ipo) + rl(adv = switch * (invalid)) }
    L68 { pub L68 = dpo_prm(0.05, weight = flat) + rl(adv = length(per = segment) + invalid * (length) + abs(reward - (token(scale = none, where = success))), ratio = token, dual = (0.125 + 3.0)) }
    L69 { pub L69 = rl(adv = p_switch * (loo + exact - (bound(reward, within = segment))), clip = none, ratio = sum(step), reduce = token, groups = all) + 1.0 * dpo_prm(0.25, net = separate, pairs = success, over = sum, weight = flat) }
    L70 { pub L70 = dar(1.0, 0.0, adv = traj(eps = 0.25), clip = anneal(0.25, over = 20)) + anneal(0.0, over = 20) * td_prm(0.5, anneal(0.0, over = 20)) }
    L71 { pub L71 = kl(1.0) + rl(adv = switch * (last(log_ratio(snapshot(kl = 3.0), ema(anneal(0.25, over = 20))), per = segment) - (p_switch))) }
    L72 { pub L72<x0 = 3.0> = rl(adv = x0 * (1.0 * (0.25 * (loo(min = 3.0)))), ratio = sum(step)) + rl(adv = has(action), groups = all, weight = exp(log_ratio(old, sampler))) }
    L73 { pub L73<x0 = 1.0, x1 = 0.25> = x0 * rl(adv = 1e-9 * (keep(invalid, (0.125 + 0.0), (0.125 + 0.25))) - (diff((1 - success) * (column(extra, step, reward)))), ratio = mean(step), reduce = constant(x1), empty = skip) + rl(adv = column(extra, step, return), clip = none, reduce = prompt, dual = 2.0, empty = skip) }
    L74 { pub L74 = rl(adv = p_switch + success, shape = dppo_kl) + td_prm(0.05, 0.0, progress = anneal(0.25, over = 20), read = before) }
    L75 { pub L75 = dpo_prm(0.25, net = shared, pairs = all, weight = flat, read = before, link = nca) }
    L76 { pub L76 = dpo_prm(0.5, pairs = all, weight = dmpo(anneal(1e-9, over = 20))) }
    L77 { pub L77 = rl(adv = column(extra, token, weight), groups = all) }
    L78 { pub L78 = dpo_prm(1e-9, ref = snapshot(kl = anneal(1.5, over = 20)), pairs = all, weight = dmpo(anneal(1e-9, over = 20)), link = sigmoid) }
    L79 { pub L79<x0 = 0.05, x1 = 0.5, x2 = 2.0> = (0.125 + 3.0) * rl(adv = 0.25 * (next(divergence(geo(x0), snapshot(kl = anneal(0.25, over = 20)))) - (x1 * (exact))), groups = mixed, weight = 2, shape = vespo(1.0, x2)) + 1e-9 * td_prm(anneal(1.0, over = 20), 0.25) }
    L80 { pub L80 = rl(adv = column(extra, token, factor) + divergence(snapshot(kl = 0.25), old) + p_switch, weight = success, shape = clip) + 3.0 * critic((0.125 + 0.0), clip = anneal(1.0, over = 20)) }
    L81 { pub L81 = dpo(3.0, pairs = top_bottom) }
    L82 { pub L82 = dpo_prm(0.25, ref = sampler, over = common, link = exo(smooth = 0.05)) }
    L83 { pub L83 = rl(adv = (0.125 + 3.0) * (loo(scale = none, where = success, min = 3.0, ddof = 0.5)) - (min(value + checklist, per = segment)), clip = 1.0, ratio = mean(step)) + critic(2.0, reduce = mean(traj)) }
    L84 { pub L84<x0 = 1e-9> = rl(adv = loo(within = state * action, scale = mean, ddof = x0) + length(per = segment), ratio = sum(step), weight = exp(log_ratio(old, sampler)), shape = dppo_tv) }
    L85 { pub L85 = anneal(0.05, over = 20) * rl(adv = abs(log_ratio(snapshot(every = 1.0), old)), groups = all, shape = vespo(3.0, (0.125 + 0.05), 0.0)) + entropy(0.05, reduce = sum(step)) }
    L86 { pub L86 = 0.05 * rl(adv = traj(within = agent, where = p_switch, min = 2.0, scale_within = prompt), weight = exp(log_ratio(old, sampler)), shape = dppo_tv, empty = skip) }
    L87 { pub L87 = dpo((0.125 + 0.25), pairs = threshold(1.5), over = mean, weight = dmpo(0.05)) }
    L88 { pub L88 = ce_prm(anneal(3.0, over = 20), net = separate, per = step, read = before) + rl(adv = maximum(token(within = turn, center = loo, where = p_switch, eps = 1e-9), invalid - (exact)) - ((1 - success) * (implicit))) }
    L89 { pub L89 = 1e-9 * rl(adv = loo(within = action, center = none, min = 1.0), ratio = token, reduce = token, groups = mixed, shape = clip) }
    L90 { pub L90 = dpo(1e-9, pairs = top_bottom(2.0), weight = dmpo(0.25)) }
    L91 { pub L91<x0 = 0.25> = dpo_prm(1.5, read = before, link = discopop) + rl(adv = length) + x0 * rl(adv = p_switch * (p_switch * (traj(within = state)) + route(subgoal = token(where = invalid, eps = anneal(0.05, over = 20), scale_within = prompt)))) }
    L92 { pub L92<x0 = 0.5> = dpo_prm(x0, ref = column(extra), read = after, link = bco) + rl(adv = min(exact, per = traj) - (traj + length + token(within = agent, scale = std)), clip = none, ratio = mean(traj), groups = mixed) }
    L93 { pub L93<x0 = 1.0> = 1.0 * dpo(anneal(0.25, over = 20), link = hinge(margin = x0)) }
    L94 { pub L94<x0 = 3.0, x1 = 1.0> = ce_prm(3.0, per = step) + rl(adv = (0.125 + 1.0) * (clip(step, (0.125 + 1e-9), (0.125 + 1.0)) + 1e-9 * (invalid)), reduce = mean(step), dual = 3.0) + x0 * rl(adv = max(pool(1.0 * (loo(center = mean)), within = item, min = x1), per = traj), clip = (0.125 + 0.0), reduce = sum(step)) }
    L95 { pub L95<x0 = 1e-9> = ce_prm(1.5, ref = init) + 0.5 * rl(adv = step(center = mean), reduce = mean(step)) + rl(adv = step(scale = none, where = invalid, ddof = 0.5, eps = x0), empty = skip) }
    L96 { pub L96 = dpo_prm((0.125 + 0.05), net = separate, pairs = top_bottom, over = common) + rl(adv = anchor(0.25, scale = mean, where = (1 - success), min = anneal(2.0, over = 20), ddof = 0.5, eps = (0.125 + 0.5)), dual = anneal(3.0, over = 20), groups = all, weight = clip(exp(log_ratio(old, sampler)), 0, 2)) }
    L97 { pub L97 = ce_prm(0.05, ref = snapshot(every = anneal(3.0, over = 20))) + rl(adv = place(outcome - (anneal(0.0, over = 20) * (outcome)), on = last), dual = none, groups = all) }
    L98 { pub L98<x0 = 0.05> = dpo_prm(2.0, ref = ema(x0), over = sum, read = before, link = apo_down) + rl(adv = implicit - (exact) + value - (switch) + keep(next(p_switch), 0.05, 2.0), dual = 2.0, groups = mixed) + critic((0.125 + 1.0), reduce = sum(traj)) }
    L99 { pub L99<x0 = 1.5> = dpo_prm(0.25, over = mean) + x0 * rl(adv = 1.5 * (token(count = sum(segment), where = switch, scale_within = batch) + success) - (step(within = batch, eps = 3.0, scale_within = batch)), dual = none, empty = skip) }
    L100 { pub L100<x0 = 1.0> = rl(adv = next(reward, last = loo(min = 1.0, eps = x0)), dual = none) }
    L101 { pub L101 = (0.125 + 3.0) * kl(2.0, gradient = k2) }
    L102 { pub L102<x0 = 1e-9> = dpo_prm(0.25) + rl(adv = (0.125 + 1.0) * (token(min = 2.0, ddof = x0)), groups = all) }
    L103 { pub L103 = kl(anneal(0.5, over = 20), estimator = k1, reduce = token) + 0.25 * rl(adv = whiten(anchor(0.5, scale = mean, ddof = 0.05) + norm(outcome, min = 1.0)), ratio = mean(traj), empty = skip) }
    L104 { pub L104 = dpo_prm(1e-9) + critic(0.25, clip = none, heads = (low, high)) + anneal(0.5, over = 20) * rl(adv = invalid + to_go(step(where = (1 - success), scale_within = prompt), 0.5, within = segment), ratio = sum(step), groups = all) }
    L105 { pub L105<x0 = 0.0> = x0 * rl(adv = diff(success + divergence(snapshot(every = anneal(1.0, over = 20)), column(extra)) - (place(anchor(anneal(1e-9, over = 20), scale_within = batch), per = step))), clip = none) }
    L106 { pub L106<x0 = 0.5, x1 = 2.0> = 1.0 * rl(adv = norm(x0 * (value - (log_ratio(snapshot(every = x1), sampler))), center = none, eps = 0.0, scale_within = batch), dual = none) + rl(adv = loo(eps = (0.125 + 2.0)), dual = (0.125 + 1.5)) + critic(1e-9, clip = none, per = step) }
    L107 { pub L107 = dpo_prm(1.0) + rl(adv = maximum(switch + maximum(divergence(prm, old), column(extra, token, reward)), 0.25 * (implicit + reward)), weight = exp(log_ratio(old, sampler)), shape = dppo_kl(anneal(0.5, over = 20))) }
    L108 { pub L108 = rl(adv = success) + rl(adv = mc(1.0), shape = vespo(0.05, 1e-9, 1.5, (0.125 + 1.0))) }
    L109 { pub L109 = 1.0 * rl(adv = reward, shape = sapo(0.25, (0.125 + 3.0))) }
    L110 { pub L110<x0 = 1.5, x1 = 1.0> = (0.125 + 0.5) * rl(adv = 2.0 * (anneal(0.0, over = 20) * (p_switch) - (value(low) + anchor(0.0, scale = mean, ddof = 1e-9, eps = x0))), clip = (x1, (0.125 + 0.25)), reduce = constant((0.125 + 1.0)), weight = exp(log_ratio(old, sampler)), shape = cispo) + td_prm(0.25, 1.0) + critic(anneal(2.0, over = 20), clip = none, heads = (low,)) }
    L111 { pub L111 = ce_prm(anneal(0.05, over = 20), read = before) + rl(adv = first(checklist(form = backfill, weigh = traj) + traj(center = none, scale = std, min = 2.0, eps = 1.0, scale_within = prompt), per = step) + whiten(min(token(center = none, min = 3.0), per = segment)), reduce = token, shape = gmpo) + critic(2.0, per = step, reduce = sum(traj)) }
    L112 { pub L112<x0 = 1e-9, x1 = 0.0> = dpo_prm(0.05, pairs = all, over = common) + rl(adv = (1 - success) * (anchor(anneal(0.0, over = 20), within = state * action, eps = x0) + log_ratio(snapshot(every = 3.0), snapshot(kl = (0.125 + 0.25)))) + (0.125 + 1e-9) * (p_switch * (loo(within = tag, center = mean, scale = mean, ddof = x1))), ratio = mean(traj)) + rl(adv = next(diff(reward) + length(per = step) - (implicit)), dual = none, groups = all) }
    L113 { pub L113<x0 = 2.0> = dpo_prm(0.5, pairs = success) + rl(adv = (0.125 + 0.25) * (norm(exact, where = invalid, ddof = 1.0, scale_within = prompt) + traj(min = x0, scale_within = batch) + step(min = 3.0)), reduce = mean(step), dual = none) + critic(1.5, per = token) }
    L114 { pub L114<x0 = 1e-9> = dpo_prm(3.0, net = separate, ref = column(extra), over = sum, weight = dmpo(x0)) + rl(adv = sum(min(step(center = mean, eps = 1.5), per = segment), per = traj), shape = cispo) + rl(adv = exact + sum(norm(mc(1.0, anneal(0.05, over = 20)), within = batch, center = none, scale = std, min = 2.0, ddof = 0.0), per = segment), clip = none, ratio = sum(step), reduce = sum(traj), shape = clip, empty = count) }
    L115 { pub L115<x0 = 0.25> = rl(adv = judged * ((1 - success) * (gae(log_ratio(column(extra), init), 0.25, 0.25, next = to_go(reward)))), clip = none, dual = none, groups = mixed) + dpo_prm(x0, ref = column(extra), read = after) + critic(anneal(1.5, over = 20)) }
    L116 { pub L116 = rl(adv = max(exp(invalid) + divergence(old, geo(0.5)) - (judged), per = segment), clip = (0.25, 1.0)) }
    L117 { pub L117 = rl(adv = invalid * (column(extra, token, weight)), ratio = token) + rl(adv = bound(mean(checklist(weigh = turn), per = traj) - (divergence(geo(1e-9), column(extra)))), dual = (0.125 + 3.0), groups = mixed) }
    L118 { pub L118 = kl(3.0, geo(anneal(0.5, over = 20)), gradient = k3) + dpo(1e-9, ref = snapshot(every = 2.0)) }
    L119 { pub L119 = dpo_prm((0.125 + 0.25), pairs = threshold(1e-9), weight = flat, link = sigmoid(margin = 0.05)) }
    L120 { pub L120 = dpo_prm(0.05, net = separate, link = sigmoid(smooth = 1e-9)) }
    L121 { pub L121 = 0.25 * rl(adv = mc(2.0), ratio = mean(step), shape = dppo_tv(1.5)) }
    L122 { pub L122<x0 = 0.5> = x0 * rl(adv = share(judged * (outcome), by = clip(exp(log_ratio(old, sampler)), 0, 2), per = step, softmax = none), reduce = token) }
    L123 { pub L123 = dpo_prm(anneal(1.0, over = 20), ref = init, over = common) + rl(adv = has(action, switch) * (p_switch * (traj(scale = none, count = first(traj), where = invalid))) + implicit - (step(min = 2.0)) + max(checklist(form = flip), per = segment), clip = 0.5, reduce = sum(traj), weight = 2) }
    L124 { pub L124<x0 = 0.5, x1 = 0.05, x2 = 0.05> = ce_prm(x2, ref = snapshot(kl = anneal(0.25, over = 20)), per = step, read = after) + rl(adv = invalid * ((0.125 + 1.0) * (divergence(ema(1.0), ema(x0)) - (success))), reduce = constant(2.0), dual = none) + rl(adv = p_switch * (route(action = reward)) - (1e-9 * (implicit)), clip = (anneal(0.05, over = 20), x1), ratio = mean(traj), reduce = token, dual = (0.125 + 2.0)) }
    L125 { pub L125 = dpo_prm(3.0, read = before) + rl(adv = 0.25 * (gae(reward - (step), 1.0, 1e-9, value = value, within = segment)), empty = skip) + critic(1e-9, reduce = token) }
    L126 { pub L126<x0 = 1.5> = kl(2.0, estimator = k2, gradient = k3) + x0 * rl(adv = 0.25 * (place(length(of = token), per = traj, at = step) - (p_switch * (reward))), reduce = constant(0.25), weight = success) }
    L127 { pub L127<x0 = 3.0> = kl(x0) + rl(adv = has(action, switch) * (pool(outcome, where = (1 - success), min = 1.0)) - (abs(column(extra, step, weight))), dual = 3.0, groups = mixed, empty = skip) }
    L128 { pub L128 = rl(adv = divergence(snapshot(kl = (0.125 + 1.5)), snapshot(every = anneal(3.0, over = 20)), estimator = abs)) + rl(adv = 3.0 * (judged - (anchor(0.05, where = switch, eps = 1.5))) - (traj(within = state(similar = 0.25), where = success, eps = 1.5)), ratio = mean(traj)) }
    L129 { pub L129 = rl(adv = divergence(geo(anneal(1.0, over = 20)), snapshot(kl = 1.0), estimator = k1), reduce = prompt, shape = cispo) + rl(adv = last(norm(2.0 * (mc(anneal(3.0, over = 20))), count = first(traj), where = success), per = segment), ratio = mean(traj)) }
    L130 { pub L130<x0 = 0.5> = x0 * rl(adv = place(length, on = all), dual = none, empty = skip) + 1e-9 * rl(adv = mean(0.05 * (loo + anchor(anneal(1e-9, over = 20), count = first(step), where = success, min = 3.0, ddof = anneal(0.05, over = 20))), per = traj), dual = none) }
    L131 { pub L131<x0 = 2.0> = rl(adv = pool(log_ratio(snapshot(every = x0), column(extra)) - (has(switch, subgoal)), stat = var) - (traj(within = turn, scale = none, where = p_switch, scale_within = prompt))) }
    L132 { pub L132 = rl(adv = diff(exact), dual = 1.5) + 1.0 * rl(adv = pool(success, stat = mean, within = action), empty = skip) }
    L133 { pub L133 = 0.25 * dpo(0.25, over = common) + rl(adv = 1e-9 * (place(loo(ddof = 0.25, eps = 0.0), on = first, per = step)), reduce = sum(step), weight = success, shape = logp) }
    L134 { pub L134 = dpo_prm(1.5, pairs = all, link = ipo) + rl(adv = 1.5 * (pool(anchor(1e-9, within = turn, ddof = (0.125 + 0.25), eps = 1.0), stat = count) + mc(2.0) - (token(eps = 0.5, scale_within = batch))), groups = mixed, weight = 2) }
    L135 { pub L135 = rl(adv = whiten(has(action)), ratio = sum(step), dual = 1.5) + dpo(0.05, over = token, link = discopop(tau = 1.5)) }
    L136 { pub L136<x0 = 0.05> = entropy(1e-9, reduce = token) + x0 * rl(adv = last((0.125 + 0.5) * (has(action, switch) * (checklist(form = backfill, deps = true))), per = traj)) }
    L137 { pub L137 = dpo_prm(1e-9, pairs = all, over = sum, weight = dmpo(0.25)) + rl(adv = gae(0.5 * (pool(implicit, within = prompt, ddof = 0.05)), 1e-9, (0.125 + 0.25), next = 0), ratio = mean(step), shape = clip) + critic(0.25, per = token, heads = one) }
    L138 { pub L138<x0 = 2.0, x1 = 1e-9> = x0 * rl(adv = (1 - success) * (share(mc(3.0, (0.125 + 0.0)) + traj(within = key(extra), center = mean, count = step, ddof = 0.0), by = exp(log_ratio(old, sampler)), per = step, softmax = x1)), weight = success) }
    L139 { pub L139<x0 = 1.0, x1 = 2.0> = dpo_prm(0.05, ref = sampler, weight = flat) + rl(adv = x0 * (divergence(sampler, snapshot(every = 2.0)) - (length)) - (gae(step, anneal(0.5, over = 20), 0.0, within = segment, next = 0, cut = 0)), dual = none, groups = all) + rl(adv = min(has(switch), per = segment)) + critic(x1, reduce = constant((0.125 + 1.5))) }
    L140 { pub L140 = dpo_prm(3.0, read = after) + rl(adv = keep(invalid * (pool(column(extra, traj, value), stat = rank, within = batch, min = 1.0)), 0.0, 1e-9), reduce = prompt) + rl(adv = 0.0 * (1.0 * (step(eps = (0.125 + 0.0)))), ratio = mean(traj), reduce = mean(step), weight = clip(exp(log_ratio(old, sampler)), 0, 2)) + critic(1.5, reduce = token) }
    L141 { pub L141 = dpo_prm(2.0, net = separate, pairs = threshold(1.5), read = after) + 1.0 * rl(adv = 0.0 * (bound(pool(divergence(snapshot(kl = 0.5), prm), stat = max, within = state * action))), weight = 2, shape = sapo((0.125 + 1.0))) + rl(adv = 0.05 * ((1 - success) * (switch - (anchor(0.0, ddof = 1.0)))), ratio = token, reduce = token) }
    L142 { pub L142 = 0.5 * rl(adv = gae(3.0 * (reward), 0.5, 0.25, per = segment, within = traj, next = 0), ratio = mean(step), dual = 1.5, weight = 2, empty = skip) + critic((0.125 + 1.0)) }
}
