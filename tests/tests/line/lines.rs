// Made from the catalogue by `generate.rs`; `random_lines.rs` checks that.
lines! {
    L0 { pub L0 = td_prm(1.0, (0.125 + 1e-9)) + kl(0.05, estimator = k3) }
    L1 { pub L1<x0 = 2.0> = (0.125 + 0.5) * dar(0.25, anneal(1e-9, over = 20), adv = judged * (mean(traj(eps = 1.0) + divergence(sampler, old, estimator = abs), per = traj)), clip = x0) }
    L2 { pub L2 = ce_prm(1.5, read = after) + bc(0.05) }
    L3 { pub L3<x0 = 1e-9> = rl(adv = (log_ratio(sampler, ema(x0))) / (1e-9)) }
    L4 { pub L4<x0 = 3.0> = dpo(x0) }
    L5 { pub L5 = dpo(2.0, ref = ema(0.5), over = mean, alpha = 0.05) }
    L6 { pub L6 = dpo_prm(3.0, net = shared, pairs = success) }
    L7 { pub L7<x0 = 3.0, x1 = 0.25> = dpo_prm(x0, link = sppo) + rl(adv = (invalid) / (x1), ratio = token) }
    L8 { pub L8 = rl(adv = judged * ((1 - success) * (length) - (switch)), shape = dppo_tv) }
    L9 { pub L9 = mc_prm(1.0, 0.0) }
    L10 { pub L10 = 0.25 * kl(1.5, gradient = k3) }
    L11 { pub L11 = (0.125 + 0.0) * rl(adv = (1 - success) * (switch * (loo(where = invalid, eps = 0.25))), reduce = constant(1.5), shape = clip) + entropy(2.0) }
    L12 { pub L12 = critic(1.5, clip = 1.0) }
    L13 { pub L13 = rl(adv = column(extra, token, reward) - ((1.0 * (column(extra, token, return))) / p_switch), clip = band(2)) }
    L14 { pub L14 = kl(anneal(1.5, over = 20), reduce = prompt) }
    L15 { pub L15<x0 = 1.5> = dpo(1.0, pairs = all, weight = dmpo(0.05), link = discopop(tau = x0)) + 1e-9 * kl(0.25, old, estimator = k2) }
    L16 { pub L16<x0 = 1.0> = dpo_prm(x0, read = after) + 1.5 * rl(adv = (step(where = p_switch)) / (2.0), weight = exp(log_ratio(old, sampler)), shape = clip, empty = skip) }
    L17 { pub L17 = entropy(2.0) + dpo(0.25, ref = ema(0.05), weight = dmpo(0.25), link = apo_zero) }
    L18 { pub L18<x0 = 1e-9> = dpo(x0, ref = init, alpha = 1.0) + rl(adv = ((1e-9 * (outcome)) / p_switch) / has(action, switch), reduce = prompt, weight = 2, empty = count) }
    L19 { pub L19 = mc_prm(0, (0.125 + 0.05), read = after) + rl(adv = (mean(checklist, per = traj)) / p_switch) }
    L20 { pub L20<x0 = 1e-9> = dpo(x0, pairs = success, link = apo_zero) + 1.5 * rl(adv = outcome + (reward) / (1e-9), ratio = token, empty = skip) }
    L21 { pub L21<x0 = 1.0> = dpo_prm(2.0, ref = snapshot(kl = 1e-9), pairs = top_bottom, over = token, weight = flat) + rl(adv = (p_switch - (column(extra, traj, weight))) / invalid + ((log_ratio(prm, init)) / (1 - success)) / (x0), dual = none) + critic(1.0, clip = none, per = step) }
    L22 { pub L22 = dpo(0.25, pairs = threshold(0.25), weight = dmpo(0.05)) }
    L23 { pub L23 = ce_prm(1e-9, ref = ema(0.05)) }
    L24 { pub L24 = dpo(0.05, over = sum, weight = dmpo(1e-9), link = ipo, alpha = 0.05) }
    L25 { pub L25 = rl(adv = next(p_switch * (invalid) + pool(p_switch)), ratio = sum(step), weight = clip(exp(log_ratio(old, sampler)), 0, 2)) }
    L26 { pub L26 = rl(adv = (judged * ((exact) / switch)) / (1.0), ratio = sum(step), groups = all, weight = clip(exp(log_ratio(old, sampler)), 0, 2)) + anneal(0.0, over = 20) * critic(2.0) }
    L27 { pub L27<x0 = 0.5> = 3.0 * mc_prm(0, 1e-9, read = after) + rl(adv = (judged - (x0 * (reward))) / judged, dual = 3.0, groups = all, weight = exp(log_ratio(old, sampler))) }
    L28 { pub L28<x0 = 3.0> = mc_prm(0, 0.0) + rl(adv = p_switch + q, clip = none) + rl(adv = (x0 * (exact)) / success + (whiten(length(of = segment))) / invalid, dual = 1.5) }
    L29 { pub L29 = rl(adv = ((anchor(0.05, center = loo) - (anchor(1e-9, scale_within = batch))) / switch) / (0.5), clip = band(success), weight = clip(exp(log_ratio(old, sampler)), 0, 2)) }
    L30 { pub L30 = dpo_prm(3.0, net = separate, ref = sampler, pairs = success, weight = flat) }
    L31 { pub L31<x0 = 1.0> = ce_prm(1.0) + kl(0.25, gradient = same, reduce = constant(x0)) + rl(adv = implicit, shape = logp) }
    L32 { pub L32 = rl(adv = (0.125 + 1.0) * (whiten(invalid - (length(per = traj, of = step)))), clip = none, groups = all, weight = exp(log_ratio(old, sampler)), shape = gmpo) + rl(adv = exact, dual = 3.0, weight = 2) }
    L33 { pub L33 = rl(adv = judged * (has(action, switch) * (p_switch))) + ce_prm(1.5, net = shared, ref = sampler) }
    L34 { pub L34 = rl(adv = column(extra, token, weight), reduce = constant((0.125 + 0.5)), shape = cispo) + rl(adv = (0.5 * (first(reward, per = segment))) / (1 - success), reduce = prompt, dual = none, groups = mixed) }
    L35 { pub L35 = dpo_prm(1.5, net = separate, over = common) }
    L36 { pub L36<x0 = 1.5> = anneal(1.5, over = 20) * dpo(0.5) + dpo(0.5, ref = snapshot(every = 2.0), link = sppo, alpha = x0) }
    L37 { pub L37 = ce_prm(0.05, ref = geo(1e-9), read = before) }
    L38 { pub L38 = bc(anneal(0.05, over = 20)) + 3.0 * mc_prm(1.0, anneal(0.5, over = 20), target = to_go) }
    L39 { pub L39 = ce_prm(1e-9, per = step) + (0.125 + 0.5) * rl(adv = (implicit) / ((0.125 + 1.0)), clip = band(clip(exp(log_ratio(old, sampler)), 0, 2)), reduce = constant(2.0), weight = exp(log_ratio(old, sampler))) }
    L40 { pub L40 = 0.05 * bc(0.05) + rl(adv = has(action, other), ratio = sum(step)) }
    L41 { pub L41<x0 = 0.5> = rl(adv = (success + column(extra, traj, return) + (switch) / (0.05)) / (x0), clip = none, groups = mixed) + dpo_prm(1.0, pairs = threshold(anneal(0.05, over = 20)), read = after, link = sigmoid(margin = 0.0)) }
    L42 { pub L42 = kl(0.05, snapshot(every = 2.0), estimator = k2, reduce = prompt, empty = count) }
    L43 { pub L43 = dpo(3.0) + 3.0 * td_prm((0.125 + 0.05), 1.0, progress = 3.0) }
    L44 { pub L44 = entropy(anneal(1.5, over = 20), reduce = constant(2.0)) }
    L45 { pub L45<x0 = 1.0> = dpo_prm(1.5, net = separate, ref = old, pairs = top_bottom) + rl(adv = (mc(3.0, 0.25) - (reward)) / (0.5) + diff((token(eps = 3.0, scale_within = batch)) / (1.5)), shape = clip) + critic(2.0, clip = x0) }
    L46 { pub L46 = 1e-9 * rl(adv = (traj(within = batch, count = item, scale_within = batch)) / judged, reduce = mean(traj)) + (0.125 + 0.5) * bc(1e-9) }
    L47 { pub L47<x0 = 0.25> = critic(0.25) + td_prm(0.05, x0, read = before) }
    L48 { pub L48 = rl(adv = 2.0 * (((traj(scale = none, ddof = anneal(1e-9, over = 20))) / has(action, switch)) / (0.25)), weight = success, empty = skip) + 2.0 * dpo_prm(1e-9, net = shared) }
    L49 { pub L49 = td_prm(1e-9, 0.0) + rl(adv = min(judged * (norm(checklist(form = flip, deps = true, weigh = turn), min = traj(3.0))), per = traj), dual = anneal(2.0, over = 20)) + rl(adv = p_switch * (diff((q) / (0.5))), ratio = mean(traj)) }
    L50 { pub L50<x0 = 0.5, x1 = 0.5> = dpo_prm(x0, ref = ema(0.5), read = after, link = hinge) + 3.0 * rl(adv = p_switch * (value - (judged) - ((judged) / (0.5))), clip = 0.0, reduce = prompt, groups = mixed) + critic(x1) }
    L51 { pub L51 = critic(2.0, heads = (low, high)) }
    L52 { pub L52 = rl(adv = abs(share(length, by = clip(exp(log_ratio(old, sampler)), 0, 2), per = traj)), shape = cispo, empty = skip) }
    L53 { pub L53<x0 = 1e-9, x1 = 0.25> = td_prm(1e-9, 0.0) + rl(adv = max((traj(count = first(traj), scale_within = prompt)) / switch, per = traj) - ((traj(within = state(similar = x0))) / (x1)), clip = band(clip(exp(log_ratio(old, sampler)), 0, 2), success), empty = skip) }
    L54 { pub L54<x0 = 1e-9> = dpo_prm(1.5, weight = dmpo(anneal(1.0, over = 20)), link = sigmoid(margin = x0)) + rl(adv = ((token) / p_switch) / judged + (length + step) / judged, shape = dppo_kl) + critic(1e-9, clip = none, heads = (low, high), reduce = token) }
    L55 { pub L55<x0 = 1.0> = ce_prm(x0) + rl(adv = ((route(action = step(center = mean, scale = none, min = traj(anneal(2.0, over = 20))))) / has(action, switch)) / ((0.125 + 0.05)), dual = none) }
    L56 { pub L56 = dpo_prm(anneal(2.0, over = 20), net = shared, link = bco) + rl(adv = step, shape = dppo_tv) }
    L57 { pub L57<x0 = 0.25> = 1.5 * rl(adv = column(extra, token, advantage), groups = all, weight = 2) + mc_prm(0, x0, target = to_go) }
    L58 { pub L58 = rl(adv = switch, groups = all, weight = 2, empty = skip) + rl(adv = (loo(within = agent, center = loo, ddof = 0.25)) / (3.0), ratio = token, shape = sapo) }
    L59 { pub L59 = dpo_prm(0.5, weight = flat, link = apo_down) }
    L60 { pub L60 = ce_prm(0.25, read = after) + rl(adv = log_ratio(column(extra), old), reduce = token) }
    L61 { pub L61 = 2.0 * rl(adv = invalid * (1.5 * ((reward) / (2.0))), dual = none) + 2.0 * rl(adv = (to_go(min(exact, per = traj))) / judged) }
    L62 { pub L62 = rl(adv = norm((loo(scale_within = prompt)) / (1 - success) + p_switch * (value), count = sum(traj), where = has(action, switch), scale_within = batch)) + critic(anneal(1.0, over = 20), heads = (low,)) }
    L63 { pub L63<x0 = 1e-9, x1 = 0.25> = dpo(0.5, ref = sampler, weight = dmpo(0.05)) + rl(adv = keep(divergence(ema(x0), init), x1, anneal(0.5, over = 20)), clip = 0.25, ratio = token) }
    L64 { pub L64 = rl(adv = loo(within = turn, scale = mean, where = success), ratio = mean(traj), reduce = sum(step), groups = mixed) }
    L65 { pub L65 = dpo_prm(2.0, net = shared, pairs = success) + bc((0.125 + 0.0)) + rl(adv = step(scale = mean, where = switch, min = 2.0), ratio = sum(step), reduce = mean(step), groups = mixed, weight = exp(log_ratio(old, sampler)), shape = gmpo) }
    L66 { pub L66 = rl(adv = has(subgoal, switch), clip = none, dual = 2.0) }
    L67 { pub L67 = ce_prm(0.05) + rl(adv = pool(step(count = step, eps = 1e-9), ddof = 0.5), clip = none) }
    L68 { pub L68 = 0.05 * rl(adv = ((value + column(extra, traj, advantage)) / (3.0)) / has(action, switch)) + 2.0 * kl(1.5, snapshot(kl = 2.0), estimator = k2, gradient = k1) + critic(0.5) }
    L69 { pub L69<x0 = 2.0> = rl(adv = ((norm(switch, within = state(similar = 0.05), scale = std)) / switch) / (x0), groups = mixed, weight = exp(log_ratio(old, sampler))) + 1e-9 * td_prm(anneal(0.05, over = 20), 0.0, progress = 1e-9) }
    L70 { pub L70<x0 = 0.25> = rl(adv = (anneal(0.05, over = 20) * (mc(1.0))) / (x0) + sum(loo(center = mean, min = traj(anneal(1.0, over = 20))) + switch, per = segment)) + (0.125 + 3.0) * entropy((0.125 + 0.0)) }
    L71 { pub L71 = rl(adv = (p_switch) / switch - (reward) + (success) / success + (length) / (0.05), reduce = mean(step), groups = mixed, shape = sapo(1.0, 1.0)) }
    L72 { pub L72 = rl(adv = traj(scale = std, where = (1 - success)), clip = none, groups = all, weight = 2, shape = cispo) }
    L73 { pub L73 = rl(adv = (anchor(1e-9, within = agent, ddof = (0.125 + 0.25), scale_within = prompt)) / (1.0)) + mc_prm(3.0, 0.05) }
    L74 { pub L74 = (0.125 + 0.0) * rl(adv = 0.0 * ((value) / (2.0)) - (traj + (loo(center = none, eps = 1.5, scale_within = batch)) / (0.5)), ratio = mean(traj)) + critic(2.0, per = step, reduce = token) }
    L75 { pub L75<x0 = 0.0> = ce_prm(0.25, net = separate) + x0 * entropy(1e-9, reduce = constant(1.0)) + rl(adv = (1 - success) * (step(within = action, scale = std, count = item, ddof = 1.0) + traj(within = state, scale_within = prompt)) - ((1 - success) * (reward - (invalid))), dual = 2.0) }
    L76 { pub L76<x0 = 1.0> = rl(adv = (place(1.0 * (success))) / (1 - success), weight = clip(exp(log_ratio(old, sampler)), 0, 2)) + anneal(1.5, over = 20) * rl(adv = has(action, switch) * ((invalid * (exact)) / (x0)), clip = none, reduce = sum(step), dual = 2.0, groups = mixed, weight = exp(log_ratio(old, sampler))) }
    L77 { pub L77 = td_prm(0.25, 0.0, read = after) + rl(adv = ((0.125 + 3.0) * (success * (exact))) / has(action, switch), shape = vespo) }
    L78 { pub L78 = kl(1.5, estimator = k1) }
    L79 { pub L79 = (0.125 + 0.05) * kl((0.125 + 0.25), reduce = mean(step)) + rl(adv = (entropy) / has(action, switch) - (reward) + ((outcome) / (1 - success)) / p_switch, clip = 1e-9, groups = all) }
    L80 { pub L80 = rl(adv = abs(norm(loo(count = segment, eps = 0.05, scale_within = batch))), clip = none, ratio = token, weight = success, empty = skip) + critic(0.05) }
    L81 { pub L81 = 0.5 * ce_prm(anneal(1.0, over = 20), per = traj) }
    L82 { pub L82<x0 = 1.5, x1 = 0.05> = ce_prm((0.125 + 1.0), ref = ema(anneal(0.5, over = 20))) + x0 * rl(adv = last(diff(reward + log_ratio(prm, init)), per = step), weight = success) + rl(adv = anchor(x1, scale = mean, ddof = 0.05) - (token(ddof = 0.5, scale_within = batch) - (success)) - ((share(judged, by = exp(log_ratio(old, sampler)), per = step)) / (0.25)), ratio = token, weight = clip(exp(log_ratio(old, sampler)), 0, 2)) }
    L83 { pub L83<x0 = 0.25, x1 = 0.25, x2 = 2.0> = td_prm(x0, x1) + 1e-9 * rl(adv = success * ((0.0 * (traj(min = traj(x2)))) / has(action, switch)), ratio = sum(step), weight = success, empty = skip) }
    L84 { pub L84<x0 = 0.0> = rl(adv = 3.0 * (gae(reward, 0.25, 0.05, value = 0, per = segment, next = value(low), cut = 0))) + critic(x0, clip = none, heads = (low, high), reduce = token) }
    L85 { pub L85<x0 = 2.0> = 0.25 * rl(adv = (traj(center = mean) - (divergence(old, snapshot(every = 3.0))) - (invalid)) / (x0), groups = all, shape = dppo_kl(1.0)) }
    L86 { pub L86 = dpo_prm((0.125 + 2.0), ref = column(extra), pairs = top_bottom(2.0)) + rl(adv = step(within = agent, scale = mean, where = judged, ddof = 0.25), groups = mixed) }
    L87 { pub L87 = rl(adv = ((switch) / (anneal(0.25, over = 20))) / p_switch + next(mc(3.0), last = exact) - (entropy + anchor(0.5, min = 2.0)), ratio = token, reduce = sum(traj)) }
    L88 { pub L88<x0 = 3.0> = dpo(x0, ref = column(extra), pairs = top_bottom, link = nca) }
    L89 { pub L89 = ce_prm((0.125 + 1e-9)) + rl(adv = sum(traj(within = state(history = 3.0), where = (1 - success), eps = (0.125 + 1.5), scale_within = prompt), per = traj) - (last(reward, per = traj) + p_switch * (token(scale = mean, ddof = 0.05, scale_within = batch)))) }
    L90 { pub L90 = dpo_prm((0.125 + 0.5), ref = snapshot(every = 2.0), over = sum) + rl(adv = (abs(success * (token(center = loo, count = sum(segment))))) / (2.0), reduce = constant((0.125 + 1.5)), groups = all) }
    L91 { pub L91 = rl(adv = (pool(diff(divergence(snapshot(kl = 0.5), sampler, estimator = k1)), within = agent, where = (1 - success), min = 1.0)) / (1.0), reduce = mean(traj), shape = dppo_tv) }
    L92 { pub L92<x0 = 0.25> = kl(x0, gradient = k2, reduce = constant(1e-9)) + critic(1.0) }
    L93 { pub L93 = rl(adv = (max(clip(checklist, (0.125 + 3.0), anneal(1.5, over = 20)), per = traj)) / (1e-9), clip = band(2)) }
    L94 { pub L94 = dpo(anneal(1e-9, over = 20), ref = none) }
    L95 { pub L95 = mc_prm(0, 0.0, target = absolute) }
    L96 { pub L96 = rl(adv = anchor(1e-9, within = state(similar = 0.25), where = invalid, ddof = 1.0, scale_within = prompt), clip = none, ratio = token, groups = mixed, weight = clip(exp(log_ratio(old, sampler)), 0, 2), shape = cispo) }
    L97 { pub L97<x0 = 0.05> = dpo_prm(0.25, net = shared, weight = dmpo(x0), link = hinge(margin = 0.05)) + rl(adv = 0.0 * (1e-9 * (outcome - (implicit)))) + critic(1.0) }
    L98 { pub L98 = rl(adv = ((3.0 * (exact)) / (1 - success)) / invalid, reduce = mean(step)) + (0.125 + 3.0) * rl(adv = anchor(0.25, eps = 0.0), empty = skip) }
    L99 { pub L99<x0 = 0.0> = kl(x0, gradient = abs, reduce = token) }
    L100 { pub L100<x0 = 0.25> = dpo(1e-9, pairs = success, weight = dmpo(0.25), link = exo(smooth = x0)) }
    L101 { pub L101 = rl(adv = keep(switch * ((column(extra, traj, factor)) / ((0.125 + 0.05))), anneal(0.0, over = 20), (0.125 + 0.05)), clip = band(clip(exp(log_ratio(old, sampler)), 0, 2), clip(exp(log_ratio(old, sampler)), 0, 2)), reduce = constant(1.0), weight = success, empty = skip) }
    L102 { pub L102<x0 = 1.0> = ce_prm(1.0) + rl(adv = ((loo(scale = mean, min = x0, ddof = 0.25)) / (anneal(0.25, over = 20)) + (token(within = batch, min = 1.0, ddof = 1.0)) / (1.5)) / success, clip = none, dual = none) }
    L103 { pub L103 = dpo_prm((0.125 + 3.0)) + rl(adv = keep(last(token(within = tag, scale_within = prompt), per = step) - (judged * (invalid)), 0.0, 1.5), clip = none, reduce = mean(step), dual = none) }
    L104 { pub L104<x0 = 2.0> = 2.0 * rl(adv = anneal(0.0, over = 20) * (p_switch * (switch * (anchor(0.25, within = state * action, min = traj(x0), ddof = 0.25, scale_within = prompt)))), dual = none, shape = clip) }
    L105 { pub L105 = anneal(0.05, over = 20) * rl(adv = judged * (place(loo(within = batch, center = none, min = traj(3.0)), at = token)) - (exact), ratio = mean(traj)) + rl(adv = has(switch) - ((column(extra, token, advantage)) / invalid + reward), ratio = token) }
    L106 { pub L106<x0 = 1.5> = ce_prm(x0, per = traj) + rl(adv = min((outcome) / switch, per = traj) - (to_go((implicit) / (anneal(3.0, over = 20)), within = step)), clip = none) }
    L107 { pub L107<x0 = 0.05> = ce_prm(3.0) + rl(adv = first(mean(p_switch, per = segment) - (step(where = (1 - success), ddof = x0, scale_within = prompt)), per = traj), reduce = mean(traj), groups = all, weight = 2, shape = clip) }
    L108 { pub L108 = rl(adv = (bound(judged + reward, within = step)) / (2.0), groups = all, shape = dppo_kl) + ce_prm(1.0, net = separate, ref = sampler) }
    L109 { pub L109 = ce_prm(3.0, read = after) + rl(adv = abs(implicit) + column(extra, token, value) + (0.05 * (entropy)) / judged, dual = none, weight = 2, empty = skip) + critic(1.0, per = step) }
    L110 { pub L110 = dpo_prm(0.5) + 1.5 * rl(adv = success * (clip(token(within = key(extra, traj), center = none, scale = std, where = judged, ddof = (0.125 + 0.5), eps = 3.0), 0.0, anneal(0.25, over = 20)) + (loo) / has(action, switch)), dual = 3.0) }
    L111 { pub L111 = ce_prm(0.05, net = separate, ref = old, per = step) + (0.125 + 0.25) * rl(adv = route(switch = divergence(prm, ema(0.25))), reduce = token, groups = mixed, weight = 2, shape = gmpo) }
    L112 { pub L112<x0 = 0.0, x1 = 0.25, x2 = 1.0> = ce_prm((0.125 + 1.5)) + x0 * dar(0.5, x1, adv = to_go((last(step(within = prompt, ddof = 0.25, eps = anneal(3.0, over = 20), scale_within = batch), per = traj)) / judged, x2), clip = 0.5) + entropy(anneal(0.05, over = 20)) }
    L113 { pub L113 = td_prm(anneal(0.25, over = 20), 0.0, progress = 1e-9, read = before) + rl(adv = max(length(of = segment) - (outcome) + (checklist(deps = false)) / success, per = traj), clip = band(2), ratio = token, reduce = mean(traj), empty = count) }
    L114 { pub L114<x0 = 0.25> = rl(adv = anchor(0.05, within = state(history = 2.0), scale = std, count = token, eps = x0)) + td_prm(0.05, 0.25) }
    L115 { pub L115 = rl(adv = success, clip = (0.0, anneal(0.25, over = 20))) }
    L116 { pub L116<x0 = 1.5> = dpo_prm(x0, ref = ema(0.25)) + rl(adv = (norm(implicit, center = loo, where = has(action, switch)) + switch * (value)) / has(action, switch), ratio = token, weight = exp(log_ratio(old, sampler)), shape = vespo) + critic(anneal(1e-9, over = 20), per = step) }
    L117 { pub L117 = rl(adv = has(switch, other, subgoal), groups = mixed, shape = gmpo) }
    L118 { pub L118 = dpo_prm(1.5, ref = ema((0.125 + 0.5)), pairs = threshold(0.0), over = sum, link = robust(smooth = 0.25)) }
    L119 { pub L119 = 1.0 * dpo(0.5, ref = init, link = discopop) + rl(adv = 1e-9 * (outcome - (invalid)) - (norm((mc(anneal(1.0, over = 20))) / (2.0), eps = 1.0)), clip = band(clip(exp(log_ratio(old, sampler)), 0, 2)), shape = dppo_tv) }
    L120 { pub L120 = rl(adv = switch * (clip(whiten(value(low)), anneal(0.25, over = 20), 1.0)), ratio = mean(traj), weight = clip(exp(log_ratio(old, sampler)), 0, 2), empty = skip) + critic(anneal(1e-9, over = 20), clip = 1.5, heads = (low, high)) }
    L121 { pub L121<x0 = 0.0> = rl(adv = outcome + reward - (pool(loo(within = state(history = x0), count = item, where = invalid, eps = 1.5), stat = max, ddof = 0.25)), dual = 3.0) }
    L122 { pub L122 = rl(adv = p_switch * (route(action = success)) + divergence(column(extra), geo(0.05)), groups = all, shape = vespo(0.5, anneal(0.25, over = 20)), empty = skip) + rl(adv = judged, clip = band(success, 2)) }
    L123 { pub L123 = rl(adv = judged * (keep(route(subgoal = loo(min = traj(3.0))), 1.0, 3.0)), reduce = token, empty = skip) }
    L124 { pub L124<x0 = 0.5> = rl(adv = (last(anchor(x0, within = item), per = traj)) / (2.0), reduce = prompt) }
    L125 { pub L125<x0 = 0.05> = bc(0.5) + 1e-9 * rl(adv = loo(scale = mean, ddof = 0.25, eps = 0.5), groups = all, shape = vespo(0.05, 0.5, anneal(0.05, over = 20), x0)) }
    L126 { pub L126 = ce_prm(2.0, net = shared, per = traj) + rl(adv = outcome - (1e-9 * (switch)), shape = clip) + rl(adv = maximum((anneal(0.5, over = 20) * (divergence(old, geo(0.25), estimator = k3))) / invalid, switch * (invalid * (implicit))), ratio = mean(step), dual = 1.5) }
    L127 { pub L127 = ce_prm(1.0, read = after) + rl(adv = norm((implicit) / (1 - success) + loo(center = loo, ddof = anneal(0.5, over = 20))), reduce = mean(traj), shape = dppo_tv(3.0)) }
    L128 { pub L128 = rl(adv = norm((success) / p_switch + min(column(extra, step, reward), per = traj), within = prompt, ddof = 1.0, scale_within = batch), reduce = sum(step)) + kl(0.05, snapshot(every = 3.0), reduce = mean(traj)) }
    L129 { pub L129 = ce_prm(1e-9, net = separate, per = step) + rl(adv = (pool(exact, stat = mean, where = switch, min = traj(2.0))) / switch, ratio = token) + rl(adv = step(within = tag, scale = std, ddof = 0.05, eps = 1.5, scale_within = batch), reduce = sum(step), weight = clip(exp(log_ratio(old, sampler)), 0, 2), shape = dppo_kl(0.05)) }
    L130 { pub L130<x0 = 0.5> = ce_prm(1.0, read = before) + rl(adv = gae(implicit, anneal(0.5, over = 20), x0, within = segment, cut = to_go(reward)), ratio = token, shape = dppo_tv, empty = skip) + critic(3.0, heads = one) }
    L131 { pub L131 = rl(adv = place(whiten(switch), on = all, per = step), clip = 0.05) }
    L132 { pub L132<x0 = 0.0, x1 = 3.0> = dpo_prm(3.0, pairs = top_bottom) + 0.05 * rl(adv = keep(exp(implicit) + invalid + log_ratio(init, ema(1.0)), 0.25, x0), weight = exp(log_ratio(old, sampler))) + x1 * rl(adv = pool((reward) / switch) - (((token(count = first(traj))) / (0.25)) / (1.5)), clip = none, ratio = mean(step), reduce = mean(traj), dual = none, groups = mixed, weight = clip(exp(log_ratio(old, sampler)), 0, 2), empty = skip) }
    L133 { pub L133 = rl(adv = mean(checklist(form = backfill, deps = false), per = segment), ratio = token) + rl(adv = invalid, dual = (0.125 + 1.5)) }
    L134 { pub L134 = bc(2.0) + rl(adv = last((checklist(weigh = traj)) / (1e-9), per = segment)) }
    L135 { pub L135<x0 = 0.5> = ce_prm(x0, per = step) + 0.25 * rl(adv = sum(minimum(implicit, reward) + judged * (reward), per = traj), reduce = mean(traj), dual = 2.0) }
    L136 { pub L136 = rl(adv = abs(share((p_switch) / invalid, by = clip(exp(log_ratio(old, sampler)), 0, 2), per = step, softmax = none)), reduce = token, dual = (0.125 + 2.0)) }
    L137 { pub L137<x0 = 1e-9, x1 = 1.5> = ce_prm(x1, per = step) + 0.05 * rl(adv = norm(0.0 * (pool(token(count = token, where = switch, eps = x0), stat = rank)), scale = mean, where = invalid, eps = (0.125 + 0.25)), dual = 1.5, empty = skip) }
    L138 { pub L138<x0 = 1e-9> = rl(adv = (x0 * ((mc(1.0)) / (anneal(0.5, over = 20)))) / (3.0), dual = 2.0) + dpo_prm((0.125 + 1e-9), pairs = threshold(0.5), read = before, link = sigmoid(smooth = (0.125 + 0.25))) }
    L139 { pub L139 = rl(adv = pool(1.0 * (value)) - (place((traj) / (1 - success), on = first)), ratio = mean(step), empty = skip) + critic(anneal(0.5, over = 20)) }
    L140 { pub L140 = ce_prm(2.0, net = shared) + rl(adv = p_switch * (invalid + implicit + place(judged, on = last, at = token)), ratio = token) }
    L141 { pub L141 = rl(adv = (anneal(1.5, over = 20) * (loo) - (pool(traj(center = loo, ddof = 0.25), stat = var, where = switch))) / (1e-9), shape = gmpo) + rl(adv = (1 - success) * (2.0 * (0.0 * (judged)))) }
    L142 { pub L142 = 0.05 * rl(adv = has(action, switch) * (share(anneal(0.0, over = 20) * (length(of = segment)), by = clip(exp(log_ratio(old, sampler)), 0, 2), per = segment, softmax = anneal(0.05, over = 20))), shape = cispo, empty = skip) }
    L143 { pub L143<x0 = 0.25, x1 = 1.0, x2 = 0.5, x3 = 1e-9> = td_prm(x2, x3, progress = 1.0) + rl(adv = pool(traj, stat = count) - (x0 * (judged)) - (p_switch + judged + 1e-9 * (q)), ratio = sum(step)) + dpo(anneal(1e-9, over = 20), weight = dmpo(x1), link = apo_down) }
    L144 { pub L144 = kl(3.0, estimator = k1, empty = skip) + dpo(3.0, ref = none, weight = dmpo((0.125 + 1e-9)), link = odds) }
}
