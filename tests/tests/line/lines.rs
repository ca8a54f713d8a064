// Made from the catalogue by `generate.rs`; `random_lines.rs` checks that.
lines! {
    L0 { pub L0 = bc(0.25) }
    L1 { pub L1 = 3.0 * critic(anneal(0.0, over = 20)) }
    L2 { pub L2 = td_prm(0.05, 0.05) }
    L3 { pub L3<x0 = 0.5> = entropy(x0) }
    L4 { pub L4 = rl(adv = loo(center = loo, where = (1 - success)), clip = (1e-9, 2.0), groups = all) }
    L5 { pub L5 = ce_prm(0.25, net = shared, read = before) + rl(adv = (abs(length(of = segment)) - (divergence(prm, prm, estimator = k3))) / (2.0), clip = band(clip(exp(log_ratio(old, sampler)), 0, 2)), reduce = sum(step), groups = all) }
    L6 { pub L6 = dpo_prm(0.5, net = shared) + rl(adv = (abs(log_ratio(snapshot(kl = anneal(1.0, over = 20)), column(extra)))) / (1.5)) }
    L7 { pub L7 = critic(2.0, heads = (low,)) }
    L8 { pub L8 = rl(adv = diff(has(other)), dual = none) }
    L9 { pub L9 = 2.0 * rl(adv = (success * ((column(extra, traj, advantage)) / success)) / (1 - success), reduce = sum(traj)) }
    L10 { pub L10<x0 = 1e-9, x1 = 1.0, x2 = 0.25> = ce_prm(x2, net = separate) + rl(adv = invalid, reduce = mean(traj), dual = none) + rl(adv = (log_ratio(geo(x0), column(extra)) + step(within = state(history = x1), where = judged, ddof = 0.05) - (maximum(column(extra, step, advantage), loo(scale_within = prompt)))) / (anneal(1.0, over = 20)), clip = none, weight = exp(log_ratio(old, sampler)), shape = gmpo) }
    L11 { pub L11 = 0.25 * dpo_prm(0.05, read = after) }
    L12 { pub L12 = ce_prm(1e-9, net = shared, read = before) + 1e-9 * rl(adv = (token(where = judged, min = 3.0, eps = 1e-9, scale_within = prompt)) / (0.5), reduce = mean(step), dual = none, weight = exp(log_ratio(old, sampler))) }
    L13 { pub L13<x0 = 2.0> = ce_prm(x0, ref = sampler, read = before) }
    L14 { pub L14 = rl(adv = 1e-9 * ((invalid) / (anneal(0.05, over = 20)) + (outcome) / success), groups = all) }
    L15 { pub L15 = ce_prm(1.0, read = before) + rl(adv = (judged * (anchor(1.0, scale = none, scale_within = prompt))) / has(action, switch) - (step(within = state, center = mean, where = invalid))) }
    L16 { pub L16<x0 = 1e-9> = dpo(x0, pairs = success, link = apo_zero) + 1.5 * rl(adv = exact + (p_switch) / (1e-9), ratio = token, empty = skip) }
    L17 { pub L17<x0 = 1.0> = dpo_prm(2.0, ref = snapshot(kl = 1e-9), pairs = top_bottom, over = token, weight = flat) + rl(adv = (p_switch - (column(extra, traj, weight))) / invalid + ((log_ratio(prm, init)) / (1 - success)) / (x0), dual = none) + critic(1.0, clip = none, per = step) }
    L18 { pub L18 = rl(adv = reward - ((1 - success) * ((loo(count = traj, ddof = (0.125 + 0.25))) / switch))) }
    L19 { pub L19 = ce_prm(0.05, ref = snapshot(every = 2.0)) }
    L20 { pub L20 = ce_prm(1e-9, ref = ema(0.05)) }
    L21 { pub L21<x0 = 1.0> = rl(adv = log_ratio(sampler, ema(1e-9)), shape = clip) + ce_prm(x0) }
    L22 { pub L22 = dpo((0.125 + 1e-9), over = mean, link = apo_down, alpha = 3.0) }
    L23 { pub L23 = mc_prm(0.0, 0.5) }
    L24 { pub L24 = mc_prm(2.0, 0.0, target = absolute) + 2.0 * rl(adv = switch, clip = band(2)) }
    L25 { pub L25<x0 = 0.0> = entropy(x0, reduce = prompt) }
    L26 { pub L26 = mc_prm(0, 1.0) + rl(adv = (invalid) / (anneal(1.5, over = 20)) + min(q, per = traj), clip = band(exp(log_ratio(old, sampler)))) }
    L27 { pub L27 = 0.25 * dpo_prm(1.0, over = token) + rl(adv = (invalid) / (0.5), ratio = token, groups = mixed, shape = dppo_tv, empty = skip) }
    L28 { pub L28<x0 = 3.0, x1 = 0.05> = rl(adv = (mean(exact, per = traj) - (judged * (anchor(1.0, scale = std)))) / (x0), dual = none) + x1 * entropy(1.0, reduce = mean(step)) }
    L29 { pub L29 = dpo_prm(0.25, over = mean) + entropy(0.25, reduce = constant(0.5)) }
    L30 { pub L30 = ce_prm(1e-9, per = traj) }
    L31 { pub L31 = mc_prm(2.0, 1.0, read = before) }
    L32 { pub L32<x0 = 0.5> = mc_prm(0, 0.0) + rl(adv = (keep(mean(q, per = traj), x0, 1.5)) / (3.0), dual = none) + rl(adv = (norm(has(action), within = batch, center = loo, count = first(step))) / (1.5), dual = none, weight = success) }
    L33 { pub L33 = 2.0 * rl(adv = (column(extra, step, return) + 1.5 * (switch)) / invalid, ratio = mean(traj), groups = all) + 1e-9 * rl(adv = invalid, dual = none, groups = all) }
    L34 { pub L34 = 0.05 * critic(0.5, per = step, reduce = sum(step)) }
    L35 { pub L35<x0 = 1e-9> = ce_prm(1e-9, per = step, read = before) + rl(adv = (((step(scale = none)) / p_switch) / (x0)) / invalid, reduce = prompt, weight = success) + bc(anneal(1.0, over = 20)) }
    L36 { pub L36<x0 = 0.25> = kl(x0, estimator = abs) }
    L37 { pub L37<x0 = 2.0> = rl(adv = switch * (abs(divergence(snapshot(every = x0), snapshot(kl = 2.0))) + shuffle(p_switch))) }
    L38 { pub L38 = dpo_prm(1e-9, pairs = all, link = apo_zero) }
    L39 { pub L39 = rl(adv = traj, groups = mixed, shape = gmpo, empty = skip) }
    L40 { pub L40 = rl(adv = judged * (log_ratio(old, sampler))) }
    L41 { pub L41 = dpo_prm(0.25, over = mean, weight = dmpo(0.5)) + rl(adv = place(sum(switch, per = traj), on = first, at = token) - ((0.125 + 0.0) * (divergence(old, snapshot(kl = 2.0)) + success)), shape = dppo_tv) }
    L42 { pub L42 = kl(2.0, column(extra), estimator = k1, reduce = constant((0.125 + 2.0))) + dpo_prm(2.0, net = separate) }
    L43 { pub L43<x0 = 1.0> = dpo(3.0, weight = dmpo(x0), alpha = 3.0) }
    L44 { pub L44<x0 = 1e-9> = dpo_prm(0.25, pairs = top_bottom, weight = dmpo(1e-9), link = exo(smooth = x0)) + rl(adv = success - ((implicit) / invalid), ratio = mean(step), reduce = sum(traj), weight = exp(log_ratio(old, sampler))) + critic(1e-9) }
    L45 { pub L45 = kl(2.0, gradient = k1) }
    L46 { pub L46 = rl(adv = has(action, switch) * (log_ratio(snapshot(kl = 0.25), init)), groups = mixed, empty = skip) + rl(adv = (p_switch * ((divergence(column(extra), snapshot(every = 1.0))) / has(action, switch))) / success, clip = band(clip(exp(log_ratio(old, sampler)), 0, 2), 2)) }
    L47 { pub L47 = rl(adv = norm(log_ratio(sampler, ema(anneal(0.5, over = 20))) - (mc(2.0, 0.05)) + (length) / switch, center = none, scale_within = batch), ratio = token, groups = mixed) + dpo_prm(anneal(1.5, over = 20), net = separate, over = token) }
    L48 { pub L48 = (0.125 + 1.5) * mc_prm(0, 0.05, target = absolute) + (0.125 + 0.5) * rl(adv = judged) }
    L49 { pub L49<x0 = 0.5> = rl(adv = norm((1 - success) * (judged + success), scale = std, min = 2.0, eps = (0.125 + 1e-9)), groups = all, shape = dppo_kl) + x0 * dpo(0.25, over = mean, link = apo_zero) }
    L50 { pub L50<x0 = 0.05> = dpo(3.0, ref = none, weight = dmpo(x0), link = odds) }
    L51 { pub L51 = rl(adv = traj(ddof = 0.25, scale_within = prompt) + (norm(p_switch, center = mean, scale = none)) / switch, dual = none, groups = all) }
    L52 { pub L52 = dpo_prm((0.125 + 1.5), ref = sampler, pairs = top_bottom, over = token) + rl(adv = 1e-9 * (divergence(old, prm) + reward - (next(log_ratio(snapshot(kl = anneal(0.25, over = 20)), init))))) + critic(0.25) }
    L53 { pub L53 = ce_prm((0.125 + 1.0), ref = ema(anneal(1.0, over = 20))) + rl(adv = next(0.25 * (step(within = key(extra), where = (1 - success), ddof = anneal(0.05, over = 20), scale_within = prompt)) + whiten(outcome)), weight = 2) }
    L54 { pub L54 = rl(adv = column(extra, step, factor) - ((outcome) / judged - ((judged) / (0.5))), empty = skip) }
    L55 { pub L55<x0 = 0.5> = dpo_prm(anneal(1.5, over = 20), pairs = top_bottom(anneal(3.0, over = 20)), weight = flat, read = after) + rl(adv = shuffle(outcome + step(where = has(action, switch), ddof = 0.05) - ((anchor(0.5, center = loo, min = traj(3.0), scale_within = prompt)) / (x0))), ratio = mean(step)) }
    L56 { pub L56 = rl(adv = (entropy - (p_switch)) / invalid + 0.5 * (success * (value)), ratio = token, reduce = constant(anneal(0.25, over = 20)), dual = none, groups = all) + critic(3.0) }
    L57 { pub L57<x0 = 0.5> = anneal(0.0, over = 20) * dpo(0.25, pairs = all, over = sum, alpha = x0) }
    L58 { pub L58 = rl(adv = (1e-9 * (anchor(1e-9, within = agent, scale_within = prompt))) / judged, ratio = token, empty = skip) }
    L59 { pub L59 = ce_prm((0.125 + 0.25)) + (0.125 + 2.0) * rl(adv = (length(per = segment) - (outcome) - (token(within = turn, eps = anneal(3.0, over = 20)) + token(where = (1 - success), min = 1.0))) / invalid, dual = none, groups = mixed) }
    L60 { pub L60 = kl(0.05, reduce = sum(traj), empty = skip) }
    L61 { pub L61 = rl(adv = (has(other, switch, subgoal)) / switch + route(switch = mc(1.0)) + clip(column(extra, step, return), 1e-9, 0.25), clip = band(clip(exp(log_ratio(old, sampler)), 0, 2)), dual = none) }
    L62 { pub L62 = rl(adv = 1e-9 * ((0.125 + 0.0) * (1.5 * (exact))), shape = cispo) + critic((0.125 + 0.25)) }
    L63 { pub L63<x0 = 3.0, x1 = 2.0> = kl(x0, gradient = same) + (0.125 + 3.0) * rl(adv = p_switch * (divergence(sampler, snapshot(kl = x1))), ratio = token, reduce = sum(step), weight = clip(exp(log_ratio(old, sampler)), 0, 2), shape = dppo_tv) }
    L64 { pub L64<x0 = 2.0> = dpo(1e-9, pairs = threshold(0.05)) + x0 * dpo_prm(0.25, pairs = all, over = mean, read = before, link = sigmoid) }
    L65 { pub L65 = mc_prm(2.0, (0.125 + 0.0)) + rl(adv = pool(reward + q - (q), within = state * action, where = switch), groups = mixed, weight = success, shape = clip) }
    L66 { pub L66 = 3.0 * rl(adv = invalid, ratio = sum(step), dual = 2.0) + dpo((0.125 + 1.5)) }
    L67 { pub L67<x0 = 1.0> = 2.0 * bc((0.125 + 1e-9)) + td_prm(x0, 0.25, read = after) }
    L68 { pub L68 = 0.5 * dpo_prm((0.125 + 1e-9), ref = geo(anneal(0.0, over = 20)), link = sppo) }
    L69 { pub L69 = dpo_prm(anneal(1e-9, over = 20), read = after) + rl(adv = 1.0 * (judged * (switch)) - ((step(within = batch, min = anneal(2.0, over = 20), eps = 0.25) + has(action)) / (0.25)), reduce = sum(traj), weight = clip(exp(log_ratio(old, sampler)), 0, 2), empty = count) }
    L70 { pub L70 = rl(adv = ((judged) / (3.0)) / (1.0) + p_switch * (pool(reward, within = batch)), clip = band(clip(exp(log_ratio(old, sampler)), 0, 2)), reduce = token, dual = 1.5, groups = all, weight = clip(exp(log_ratio(old, sampler)), 0, 2), empty = skip) + rl(adv = last(p_switch * (minimum(switch, invalid)), per = segment), ratio = token, dual = 3.0) }
    L71 { pub L71<x0 = 2.0, x1 = 0.5, x2 = 1.0> = td_prm(x1, anneal(0.25, over = 20), progress = x2) + rl(adv = has(action, switch) * (has(action, other) - (q + anchor(0.25, center = loo, where = p_switch, min = traj(x0)))), shape = logp) + (0.125 + 0.25) * rl(adv = (traj(where = judged, ddof = 0.5) + length) / invalid - ((0.125 + 1.5) * ((column(extra, traj, return)) / p_switch)), clip = band(success, 2), empty = skip) }
    L72 { pub L72 = kl(1.5, gradient = k2) }
    L73 { pub L73 = rl(adv = pool(((reward) / success) / p_switch, stat = var), shape = sapo) }
    L74 { pub L74<x0 = 1e-9> = mc_prm(0, 0.25, read = after) + rl(adv = q - ((traj) / (1.5)), ratio = mean(step), shape = vespo(x0, anneal(1.5, over = 20), 1e-9)) + rl(adv = judged, shape = clip) }
    L75 { pub L75 = dpo_prm(3.0, ref = snapshot(every = 2.0), link = bco) + rl(adv = 2.0 * (mean(success * (switch), per = segment)), empty = skip) }
    L76 { pub L76<x0 = 1.0, x1 = 1.5, x2 = 0.25> = bc(x0) + rl(adv = x1 * (1e-9 * (anchor(x2, eps = anneal(0.5, over = 20)) + loo(center = none))), ratio = mean(step), dual = anneal(3.0, over = 20), groups = all, weight = success) }
    L77 { pub L77<x0 = 0.25, x1 = 3.0> = rl(adv = keep(p_switch, 0.0, 1.0) - ((traj(center = none)) / success) + (share(length, by = clip(exp(log_ratio(old, sampler)), 0, 2), per = traj)) / (x0), dual = x1) }
    L78 { pub L78 = ce_prm(1.0, per = step) + rl(adv = switch * ((token(center = none, where = switch)) / (anneal(0.05, over = 20))) - (reward), ratio = mean(step), groups = all, weight = clip(exp(log_ratio(old, sampler)), 0, 2)) }
    L79 { pub L79 = 1.0 * critic(1.5, clip = (0.125 + 0.05), reduce = token) }
    L80 { pub L80 = ce_prm((0.125 + 3.0), ref = geo(0.0)) + rl(adv = 1e-9 * (exact + exp(token(within = turn, center = mean)))) }
    L81 { pub L81 = ce_prm(1.0) + rl(adv = (abs(bound(step(scale = std, count = token, where = success, eps = 1.0), within = step))) / invalid, clip = band(exp(log_ratio(old, sampler)), exp(log_ratio(old, sampler))), reduce = mean(traj), weight = 2) }
    L82 { pub L82<x0 = 0.05> = dar(x0, 0.0, adv = length(of = token)) }
    L83 { pub L83<x0 = 1.5> = rl(adv = (outcome + column(extra, traj, advantage)) / (1.5) - (pool((log_ratio(init, sampler)) / (x0), stat = count)), empty = skip) }
    L84 { pub L84 = rl(adv = mc(2.0), reduce = constant(1.0), groups = all, weight = 2) + 0.05 * kl((0.125 + 0.0), old, estimator = k2, gradient = same, reduce = prompt) }
    L85 { pub L85 = rl(adv = judged, reduce = token, weight = success) + dpo_prm(3.0, over = common, read = after) }
    L86 { pub L86 = kl(1.0, estimator = abs) + dpo_prm(3.0, read = before, link = hinge) }
    L87 { pub L87 = 1e-9 * rl(adv = 0.5 * (switch * (shuffle(loo(scale = std, eps = 2.0, scale_within = batch), share = anneal(1e-9, over = 20)))), dual = (0.125 + 1.5), groups = all) + td_prm(anneal(1.0, over = 20), 0.0, read = after) }
    L88 { pub L88 = dpo_prm(0.5, net = separate, pairs = top_bottom(1.0), link = discopop) + critic((0.125 + 3.0), clip = anneal(0.25, over = 20), heads = (low,), reduce = token) }
    L89 { pub L89 = dpo(3.0, pairs = top_bottom, weight = dmpo(0.0), link = nca) }
    L90 { pub L90 = ce_prm(anneal(1.0, over = 20), net = separate) + rl(adv = 1e-9 * (token(count = token, ddof = 0.25, eps = 3.0))) + entropy(1.0) }
    L91 { pub L91<x0 = 1.5, x1 = 0.05> = ce_prm(x1, per = step, read = before) + rl(adv = sum(anneal(0.25, over = 20) * (3.0 * (token(within = state * action, center = none, scale = mean, eps = x0))), per = traj), clip = band(success, success)) }
    L92 { pub L92 = (0.125 + 1.5) * rl(adv = max(divergence(ema(anneal(0.25, over = 20)), geo(0.05)), per = traj), clip = none, ratio = mean(traj), reduce = token) }
    L93 { pub L93<x0 = 1e-9, x1 = 0.5> = ce_prm(0.25) + rl(adv = route(subgoal = 0.0 * ((anchor(x0, within = state(history = 1.0), min = traj(3.0), ddof = x1)) / (3.0))), clip = band(clip(exp(log_ratio(old, sampler)), 0, 2), 2)) + rl(adv = switch * (1.0 * ((step(within = state(similar = 1.0), ddof = anneal(1.0, over = 20), scale_within = prompt)) / (0.25))), shape = dppo_kl, empty = skip) }
    L94 { pub L94 = kl(1.5, gradient = same) + 0.05 * rl(adv = min(judged * (loo(within = state, where = invalid, ddof = 0.05)), per = traj), dual = none) }
    L95 { pub L95 = entropy(anneal(1e-9, over = 20)) + rl(adv = (loo(within = state * action, min = traj(anneal(3.0, over = 20)), eps = 0.25)) / invalid, ratio = mean(step), groups = all, empty = skip) }
    L96 { pub L96<x0 = 0.25, x1 = 1.0> = ce_prm(x1, net = shared, per = step) + x0 * rl(adv = gae(implicit, 1.0, 0.0, cut = to_go(reward)) + (judged) / p_switch - (((length) / (1 - success)) / success), ratio = mean(traj)) + critic(0.05, per = token, reduce = token) }
    L97 { pub L97<x0 = 0.05> = x0 * rl(adv = norm(entropy, scale = std, where = p_switch)) }
    L98 { pub L98 = mc_prm(1.0, 0.0) + rl(adv = judged * (next(anchor(0.5, where = p_switch, eps = 0.0), last = agreement(q, value))), clip = band(exp(log_ratio(old, sampler))), ratio = token, reduce = mean(step), groups = mixed, empty = skip) + critic(1e-9, heads = one) }
    L99 { pub L99<x0 = 1.0> = 1.0 * dpo(anneal(0.25, over = 20), link = hinge(margin = x0)) }
    L100 { pub L100 = dpo_prm(1e-9, link = robust(smooth = 0.25)) }
    L101 { pub L101 = rl(adv = 0.05 * (1.0 * (length(of = token))) - (invalid * (column(extra, step, reward) + reward)), reduce = constant(1e-9), groups = all) + dpo(anneal(1.0, over = 20), pairs = all) }
    L102 { pub L102<x0 = 0.5> = dar(anneal(1e-9, over = 20), 0.5, adv = ((0.125 + 0.0) * ((outcome) / judged)) / judged, clip = x0) }
    L103 { pub L103 = 1e-9 * kl(anneal(1.0, over = 20), old, estimator = k2, gradient = abs, reduce = prompt, empty = count) }
    L104 { pub L104 = anneal(0.0, over = 20) * mc_prm(1.0, 0.05, target = to_go) }
    L105 { pub L105 = kl(anneal(3.0, over = 20), estimator = k1, gradient = k3, reduce = constant(0.25)) }
    L106 { pub L106 = dpo_prm(0.05, link = hinge) + rl(adv = outcome, ratio = mean(step), shape = dppo_tv) + rl(adv = to_go(0.0 * (divergence(geo(0.0), snapshot(every = anneal(3.0, over = 20)), estimator = k3) - (implicit))), clip = band(clip(exp(log_ratio(old, sampler)), 0, 2)), ratio = mean(traj)) }
    L107 { pub L107 = rl(adv = first(anneal(0.25, over = 20) * (p_switch), per = traj), ratio = sum(step), reduce = sum(traj), weight = exp(log_ratio(old, sampler)), shape = cispo, empty = skip) }
    L108 { pub L108 = ce_prm(0.25, net = separate, per = step) + kl(anneal(3.0, over = 20), geo(0.5)) + rl(adv = traj(within = batch, center = none, eps = anneal(0.25, over = 20)) - (route(switch = exact)) - ((column(extra, traj, reward)) / has(action, switch) - (implicit - (reward))), ratio = token, reduce = token, groups = all, shape = cispo, empty = skip) }
    L109 { pub L109 = rl(adv = success, groups = all, weight = exp(log_ratio(old, sampler)), shape = sapo((0.125 + 0.5), 1.5), empty = skip) }
    L110 { pub L110 = rl(adv = 2.0 * (pool((traj(within = state, count = token, where = p_switch, ddof = 0.25)) / p_switch, where = p_switch, min = anneal(1.0, over = 20))), reduce = sum(traj)) }
    L111 { pub L111<x0 = 1e-9> = 2.0 * rl(adv = (x0 * ((1 - success) * (anchor(0.5, within = tag, center = mean, min = 3.0, ddof = 1e-9)))) / invalid, clip = none, ratio = token, groups = mixed) }
    L112 { pub L112 = rl(adv = mc(2.0), groups = all, shape = dppo_kl((0.125 + 1.0))) + 1.5 * dpo(0.5, weight = dmpo(1.0), alpha = 0.25) }
    L113 { pub L113 = rl(adv = norm(0.5 * (1.5 * (exact)), within = action), dual = 1.5) }
    L114 { pub L114 = dpo(1.5, weight = dmpo(1e-9), link = ipo) }
    L115 { pub L115<x0 = 0.0, x1 = 1.0, x2 = 0.25> = dpo_prm(0.5, net = shared, ref = geo(x2), over = common) + x0 * rl(adv = share(loo(center = mean, min = traj(x1)), by = exp(log_ratio(old, sampler)), per = segment, softmax = none) - (p_switch) + exp(step), ratio = token, reduce = sum(traj), dual = none) }
    L116 { pub L116<x0 = 2.0> = ce_prm(0.5, net = shared) + rl(adv = ((traj(within = state * action, center = mean, min = traj(x0), ddof = (0.125 + 0.05), scale_within = batch)) / (0.05) - (token(within = batch, ddof = 0.05) - (token(scale = mean, eps = anneal(2.0, over = 20))))) / (0.25), shape = clip) }
    L117 { pub L117 = rl(adv = anchor(1e-9, center = mean, scale = mean, count = step, where = invalid, eps = 0.0), reduce = sum(traj)) }
    L118 { pub L118 = rl(adv = traj(scale = mean), groups = all) + bc(0.25) }
    L119 { pub L119<x0 = 1e-9> = dpo_prm((0.125 + 0.25), ref = sampler) + rl(adv = norm(0.5 * (step(within = key(extra, traj), eps = x0) + reward), eps = 3.0), ratio = token, reduce = sum(step), empty = skip) }
    L120 { pub L120 = rl(adv = to_go(divergence(ema(anneal(1.0, over = 20)), snapshot(every = anneal(2.0, over = 20))), 0.05, within = segment), ratio = token, shape = dppo_tv) + rl(adv = (0.125 + 1.0) * (abs(norm(length(of = token), ddof = anneal(0.0, over = 20), eps = 1.5))), reduce = sum(step)) }
    L121 { pub L121 = rl(adv = last((checklist(deps = false, weigh = traj)) / p_switch, per = traj), ratio = token, reduce = sum(traj)) }
    L122 { pub L122 = 1.0 * rl(adv = reliability(last(divergence(sampler, old), per = step)) + (switch - (p_switch)) / ((0.125 + 1.5)), ratio = mean(step)) + 0.5 * td_prm(1e-9, 1.0, read = before) }
    L123 { pub L123 = dpo_prm((0.125 + 1.0), net = separate, weight = flat, read = after, link = nca) + 1.5 * rl(adv = (success + route(action = reward, subgoal = token(scale = mean, where = switch, scale_within = batch))) / p_switch) }
    L124 { pub L124 = ce_prm(0.05) + rl(adv = (min(exact - (value(low)), per = segment)) / judged, reduce = prompt) + critic(anneal(0.5, over = 20), per = step, heads = (low,)) }
    L125 { pub L125 = rl(adv = 0.25 * (pool(value, ddof = 1e-9) - ((invalid) / success)), weight = 2, shape = cispo) + 1.0 * mc_prm(0, 0.05) + critic(0.05, clip = none) }
    L126 { pub L126<x0 = 0.5, x1 = 1.0> = dpo_prm(0.25) + 3.0 * rl(adv = (1 - success) * (gae(step(count = step) + implicit, 0.25, x0, within = traj, cut = value)), ratio = mean(step), reduce = prompt, groups = mixed, empty = skip) + critic(x1, reduce = prompt) }
    L127 { pub L127<x0 = 1.5, x1 = 0.25> = dpo_prm(x1, link = ipo) + rl(adv = minimum(token(center = loo), judged + reward) - ((column(extra, token, weight)) / (1 - success)), reduce = constant(0.05), shape = vespo(1.5, x0, (0.125 + 0.0), 1.0)) }
    L128 { pub L128 = 0.25 * rl(adv = pool(last(column(extra, token, reward) - (invalid), per = segment), stat = max, within = agent), shape = dppo_tv(2.0)) }
    L129 { pub L129 = rl(adv = (loo(ddof = 0.5, scale_within = prompt) + column(extra, token, value) + (exact) / (0.5)) / (anneal(1.5, over = 20)), dual = 2.0) + critic((0.125 + 0.0), per = step) }
    L130 { pub L130<x0 = 1.5> = x0 * rl(adv = loo(scale = none, count = sum(traj)) + place(success, per = segment) - (judged * (switch))) }
    L131 { pub L131 = dpo_prm(0.5, net = separate, read = before) + rl(adv = clip(gae(p_switch * (exact), 1e-9, 0.05, next = value(low)), 0.0, (0.125 + 1.5)), clip = none, ratio = token, dual = 3.0) + critic(2.0, heads = (low,)) }
    L132 { pub L132<x0 = 3.0> = rl(adv = (anchor(1.0, where = judged) - (column(extra, token, advantage))) / (anneal(0.5, over = 20)) - (divergence(geo(0.05), geo((0.125 + 0.25))) - (pool(success, stat = rank, within = batch))), clip = 1.0, reduce = mean(step), weight = 2) + anneal(0.5, over = 20) * dpo(x0, ref = init, alpha = 1.5) }
    L133 { pub L133 = dpo(3.0, pairs = success, link = sigmoid(margin = 0.25), alpha = anneal(0.25, over = 20)) }
    L134 { pub L134 = rl(adv = judged * (max((checklist(form = flip, deps = false)) / invalid, per = segment)), ratio = mean(step), empty = skip) }
    L135 { pub L135 = ce_prm(1e-9, net = shared, per = step) + rl(adv = judged * (token(scale = std, eps = 1e-9)), reduce = prompt, weight = exp(log_ratio(old, sampler))) + rl(adv = route(subgoal = 1.5 * (reward)) - (min(checklist(form = backfill, weigh = traj) - (outcome), per = traj)), clip = none, reduce = mean(traj), groups = all, weight = success) }
    L136 { pub L136 = ce_prm(0.05, ref = column(extra)) + entropy(2.0) + rl(adv = (first(gae(token(center = loo, scale = mean, where = switch), 1e-9, 1.0, value = 0, cut = to_go(reward)), per = step)) / (0.5), weight = 2) + critic(0.5, per = step, heads = one) }
    L137 { pub L137 = rl(adv = diff((min(loo(within = item, ddof = anneal(1e-9, over = 20)), per = step)) / judged), shape = clip) }
    L138 { pub L138 = dpo_prm(1.0, net = shared, link = discopop(tau = 3.0)) + entropy(anneal(0.0, over = 20)) }
    L139 { pub L139 = rl(adv = invalid + switch * (exact + log_ratio(old, column(extra))), reduce = constant(1.5)) + rl(adv = min(checklist(weigh = turn), per = segment), reduce = token, groups = mixed, empty = skip) }
    L140 { pub L140 = ce_prm(0.5, net = separate) + 1.5 * rl(adv = place((1 - success) * (traj(scale = std, eps = 0.25, scale_within = batch)), on = all) - (exact + implicit + loo(center = loo)), reduce = token, empty = skip) }
    L141 { pub L141 = dar(1.0, 0.5, adv = min((checklist(deps = true)) / (0.25) - (switch * (has(action))), per = traj)) }
    L142 { pub L142 = dpo(anneal(2.0, over = 20), link = sigmoid(smooth = 0.25, margin = (0.125 + 1.5))) + ce_prm(0.05, net = separate) }
    L143 { pub L143 = rl(adv = mean(pool(success, stat = mean, within = agent, ddof = 0.25), per = traj) - (judged - (success)), clip = band(exp(log_ratio(old, sampler))), ratio = token, groups = mixed, weight = success, shape = dppo_tv(0.25), empty = skip) }
    L144 { pub L144<x0 = 0.5, x1 = 2.0> = 1e-9 * critic(x0) + rl(adv = ((share(traj(where = judged, min = traj(anneal(2.0, over = 20)), scale_within = prompt), by = clip(exp(log_ratio(old, sampler)), 0, 2), per = segment, softmax = 2.0)) / (1.0)) / (2.0), dual = x1) }
    L145 { pub L145<x0 = 0.5> = dpo_prm((0.125 + 3.0)) + x0 * rl(adv = divergence(snapshot(kl = 1.5), prm, estimator = k1), dual = 2.0) + rl(adv = place((p_switch) / (1 - success), on = last, per = step), clip = band(clip(exp(log_ratio(old, sampler)), 0, 2))) }
    L146 { pub L146<x0 = 0.05, x1 = 0.05> = rl(adv = (gae((reward) / (x0), 0.25, x1, per = segment)) / (1.5), dual = 2.0, groups = mixed, weight = success) + entropy(anneal(1.5, over = 20)) + critic(0.25, heads = one, reduce = sum(traj)) }
}
