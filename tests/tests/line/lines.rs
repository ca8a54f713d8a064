// Made from the catalogue by `generate.rs`; `random_lines.rs` checks that.
lines! {
    L0 { pub L0 = td_prm(0.05, 1.0) }
    L1 { pub L1 = dpo(3.0, link = discopop) }
    L2 { pub L2<x0 = 0.05> = 1.5 * rl(adv = x0 * ((divergence(geo(0.25), init)) / (1.0)) - (((traj(count = first(step), where = has(action, switch), scale_within = prompt)) / (1 - success)) / has(action, switch)), ratio = token, reduce = sum(traj)) }
    L3 { pub L3 = td_prm(0.05, 0.5, progress = anneal(1.0, over = 20)) }
    L4 { pub L4<x0 = 2.0> = critic(x0) }
    L5 { pub L5 = rl(adv = ((switch) / (anneal(1.0, over = 20))) / (0.05) - (switch * (divergence(sampler, geo(0.05))) - (mean(anchor(0.05, count = token), per = traj)))) }
    L6 { pub L6<x0 = 1e-9, x1 = 1e-9> = x0 * dar(1.0, x1, adv = 0.25 * (outcome), clip = 1.0) }
    L7 { pub L7<x0 = 1e-9> = dpo_prm(x0, net = separate, ref = snapshot(kl = 0.5), pairs = success) }
    L8 { pub L8<x0 = 0.25> = x0 * rl(adv = (0.5 * (switch)) / (3.0), weight = clip(exp(log_ratio(old, sampler)), 0, 2)) + rl(adv = mc(2.0, 1e-9), reduce = prompt, shape = vespo) }
    L9 { pub L9 = rl(adv = switch * (has(action, subgoal, other)), ratio = sum(step), dual = 2.0) + 0.05 * dpo(0.25, ref = snapshot(every = anneal(1.0, over = 20)), link = sppo) }
    L10 { pub L10 = ce_prm((0.125 + 1.5)) }
    L11 { pub L11<x0 = 0.25> = 1.0 * ce_prm(x0, net = separate) }
    L12 { pub L12 = 0.25 * dpo_prm(0.05, read = after) }
    L13 { pub L13 = anneal(1.0, over = 20) * rl(adv = divergence(sampler, column(extra)), empty = skip) }
    L14 { pub L14 = dpo_prm(3.0, pairs = top_bottom, link = apo_zero) }
    L15 { pub L15<x0 = 1e-9> = dpo(x0, pairs = success, link = apo_zero) + 1.5 * rl(adv = value + mean(switch * (length(per = traj)), per = segment), dual = none, groups = all, empty = skip) + critic(2.0, per = step) }
    L16 { pub L16 = entropy(anneal(1e-9, over = 20)) }
    L17 { pub L17<x0 = 1e-9> = rl(adv = (0.125 + 0.05) * ((length) / has(action, switch))) + bc(x0) }
    L18 { pub L18 = mc_prm(0, 0.5) + rl(adv = 1.0 * (pool(q, min = 3.0) + entropy), groups = all, shape = vespo(0.05, 1.0)) }
    L19 { pub L19 = ce_prm(1e-9, ref = ema(0.05)) }
    L20 { pub L20<x0 = 2.0> = rl(adv = success + x0 * (outcome), dual = none) }
    L21 { pub L21 = dpo_prm(0.5, pairs = all, over = common, read = before) + rl(adv = step, clip = none) }
    L22 { pub L22 = anneal(0.5, over = 20) * critic(anneal(3.0, over = 20), reduce = sum(step)) }
    L23 { pub L23 = rl(adv = (1e-9 * (judged + length(per = traj, of = segment))) / judged, weight = exp(log_ratio(old, sampler))) }
    L24 { pub L24 = ce_prm(0.5, net = shared) + rl(adv = value + success - (anneal(3.0, over = 20) * (length)), ratio = token, groups = mixed, shape = dppo_tv, empty = skip) + critic(1.0, heads = one) }
    L25 { pub L25 = rl(adv = (log_ratio(geo((0.125 + 0.25)), geo(0.25))) / (anneal(1e-9, over = 20)), ratio = mean(step), reduce = prompt, dual = (0.125 + 1.5), groups = all) }
    L26 { pub L26 = ce_prm(1.0) + rl(adv = switch, clip = 1.0) }
    L27 { pub L27 = ce_prm(1.5, net = separate) + dpo(0.25, pairs = top_bottom, alpha = anneal(0.5, over = 20)) }
    L28 { pub L28<x0 = 3.0> = kl((0.125 + 1e-9), ema(0.25), estimator = k2, empty = skip) + ce_prm(x0, net = shared, ref = snapshot(kl = (0.125 + 1e-9))) }
    L29 { pub L29 = 3.0 * dpo_prm((0.125 + 1.5), pairs = threshold(0.05), link = ipo) }
    L30 { pub L30 = rl(adv = reward, ratio = token, groups = all, shape = cispo) }
    L31 { pub L31<x0 = 2.0> = 1.0 * entropy(x0) + rl(adv = ((last(column(extra, token, return), per = segment)) / (0.25)) / (0.05), clip = none, shape = clip) }
    L32 { pub L32 = 3.0 * rl(adv = 2.0 * (whiten((judged) / judged)), ratio = mean(step), dual = 2.0) + dpo(1.5) }
    L33 { pub L33<x0 = 1.5, x1 = 1e-9> = x0 * rl(adv = judged * (x1 * (judged) + column(extra, token, advantage) + entropy), reduce = mean(step)) }
    L34 { pub L34 = (0.125 + 0.25) * kl(1.0, estimator = abs, gradient = k2, reduce = prompt, empty = skip) }
    L35 { pub L35<x0 = 3.0> = rl(adv = pool((bound(divergence(geo(1e-9), snapshot(every = 3.0)), within = step)) / (x0), ddof = 0.0), weight = 2, shape = dppo_kl) }
    L36 { pub L36 = dpo_prm(1.0, pairs = threshold(anneal(0.05, over = 20)), read = after, link = sigmoid(margin = 0.0)) + critic((0.125 + 1e-9), clip = none, per = token, heads = (low, high)) }
    L37 { pub L37 = rl(adv = p_switch - (switch), clip = none, shape = dppo_kl) + anneal(0.0, over = 20) * rl(adv = has(action), ratio = mean(step), reduce = constant(0.5)) }
    L38 { pub L38 = kl(0.05, snapshot(every = 2.0), estimator = k2, reduce = prompt, empty = count) }
    L39 { pub L39<x0 = 1.0> = critic(2.0, clip = x0) + bc(1.0) }
    L40 { pub L40 = 0.5 * mc_prm(0, anneal(0.5, over = 20), target = absolute) }
    L41 { pub L41 = dpo(0.05, weight = flat) }
    L42 { pub L42 = dpo_prm(1.0, read = before) + rl(adv = implicit, weight = 2, shape = clip) }
    L43 { pub L43 = mc_prm(0, 1e-9, read = before) }
    L44 { pub L44 = ce_prm(1e-9, ref = snapshot(every = 3.0)) + 0.05 * rl(adv = p_switch, dual = 3.0, weight = 2) + rl(adv = first(((implicit) / (anneal(0.5, over = 20))) / success, per = traj), dual = none, groups = all, weight = exp(log_ratio(old, sampler))) }
    L45 { pub L45 = 0.0 * mc_prm(1.0, 0.5) }
    L46 { pub L46<x0 = 1.5> = critic(x0, reduce = prompt) + rl(adv = success * (has(action, switch) * (traj(scale = std, scale_within = batch)) + (log_ratio(old, column(extra))) / judged), reduce = sum(step), shape = logp) }
    L47 { pub L47 = (0.125 + 0.05) * rl(adv = (exact) / success, reduce = sum(step), dual = anneal(2.0, over = 20), weight = exp(log_ratio(old, sampler))) }
    L48 { pub L48<x0 = 0.05> = x0 * rl(adv = route(subgoal = last((column(extra, token, return)) / has(action, switch), per = step)), reduce = sum(step), dual = none, weight = exp(log_ratio(old, sampler))) }
    L49 { pub L49<x0 = 3.0> = x0 * rl(adv = norm(((reward) / judged) / judged, scale = mean, count = sum(traj), eps = 2.0)) }
    L50 { pub L50 = td_prm(anneal(0.5, over = 20), 1.0, progress = (0.125 + 1.0), read = after) }
    L51 { pub L51<x0 = 0.5> = td_prm(0.05, x0, progress = (0.125 + 1.0)) + 0.5 * rl(adv = ((success) / (0.05)) / invalid + norm(length(per = traj) - (column(extra, token, return)), eps = anneal(0.0, over = 20), scale_within = prompt)) }
    L52 { pub L52<x0 = 0.0> = rl(adv = loo(center = mean), reduce = sum(traj), weight = success) + mc_prm(x0, (0.125 + 1e-9)) }
    L53 { pub L53 = rl(adv = has(switch)) }
    L54 { pub L54 = ce_prm(anneal(0.5, over = 20), net = shared, per = traj, read = before) }
    L55 { pub L55 = 3.0 * entropy(2.0, reduce = constant((0.125 + 2.0))) }
    L56 { pub L56 = dpo_prm(1e-9, net = separate, read = before) + bc(1e-9) + rl(adv = minimum((divergence(column(extra), snapshot(kl = 0.5))) / ((0.125 + 2.0)), next((token(center = mean)) / (anneal(1.0, over = 20)))), reduce = constant(1.5), weight = clip(exp(log_ratio(old, sampler)), 0, 2)) }
    L57 { pub L57 = mc_prm(0, 0.5) + rl(adv = judged * (shuffle(1e-9 * (success))), clip = (0.5, 3.0), ratio = sum(step), dual = none) }
    L58 { pub L58 = dpo(2.0, ref = none, pairs = top_bottom, weight = dmpo(1.0)) }
    L59 { pub L59 = rl(adv = invalid * (2.0 * (place(length)))) }
    L60 { pub L60 = 1.0 * rl(adv = exact, reduce = prompt, shape = dppo_kl(1.5)) }
    L61 { pub L61 = ce_prm((0.125 + 1e-9), ref = sampler, read = before) + rl(adv = max(((token(scale = std)) / (2.0)) / has(action, switch), per = step), reduce = prompt, weight = clip(exp(log_ratio(old, sampler)), 0, 2), shape = vespo(0.5, 0.5)) + 0.5 * rl(adv = success - ((step(count = step)) / (0.25)), ratio = mean(traj), reduce = constant(anneal(0.25, over = 20))) }
    L62 { pub L62 = rl(adv = anneal(0.5, over = 20) * (invalid + outcome) - (has(other)), groups = all) }
    L63 { pub L63 = (0.125 + 0.5) * rl(adv = exact, shape = vespo(0.0, (0.125 + 0.5), anneal(1.5, over = 20), 0.5)) }
    L64 { pub L64 = dpo(2.0, weight = flat, link = sigmoid(smooth = 0.05)) }
    L65 { pub L65<x0 = 0.05> = entropy(2.0) + rl(adv = (0.125 + 3.0) * (p_switch * (route(action = judged, switch = anchor(x0, center = loo, min = traj(3.0))))), clip = none, weight = exp(log_ratio(old, sampler))) }
    L66 { pub L66 = rl(adv = (outcome) / p_switch, clip = band(success, success), groups = all, shape = gmpo) }
    L67 { pub L67<x0 = 3.0> = 0.5 * rl(adv = x0 * ((traj(scale = std, ddof = 0.05) + entropy) / invalid), reduce = mean(traj)) }
    L68 { pub L68<x0 = 1e-9> = ce_prm(x0, net = shared, per = step) + rl(adv = success * (3.0 * (judged)) - (((token(center = loo, eps = (0.125 + 3.0), scale_within = prompt)) / (1 - success)) / (0.05)), empty = skip) + entropy(1.5) }
    L69 { pub L69 = critic(0.25, clip = 1.5) + dpo_prm(1e-9, ref = snapshot(kl = 3.0), weight = dmpo(1.0)) }
    L70 { pub L70 = dpo_prm(2.0, over = token, link = nca) + 1e-9 * rl(adv = (1 - success) * (keep((implicit) / switch, anneal(0.5, over = 20), 0.25))) + 0.25 * dar(1.5, 0.0, adv = success, clip = 1.0) }
    L71 { pub L71 = 2.0 * rl(adv = traj(scale = std, count = mean(traj), eps = 0.5), groups = mixed, weight = clip(exp(log_ratio(old, sampler)), 0, 2)) + mc_prm(2.0, 1e-9, read = before) }
    L72 { pub L72 = dpo(1.5, over = common) }
    L73 { pub L73 = ce_prm(1.5) + rl(adv = (1.0 * (implicit)) / (1.5) - ((1 - success) * (loo(scale = std, where = success, min = traj(2.0), ddof = 1e-9, eps = (0.125 + 2.0)) - (mc(2.0)))), dual = 3.0, weight = exp(log_ratio(old, sampler))) + rl(adv = (0.125 + 1.0) * (p_switch * (outcome + exact)), groups = mixed, weight = exp(log_ratio(old, sampler))) }
    L74 { pub L74 = dpo_prm(0.5, ref = snapshot(kl = 2.0), over = sum) + rl(adv = next(1.0 * (step(center = none, eps = anneal(0.5, over = 20)))) - (next(divergence(snapshot(every = 3.0), geo(0.5)) - (step(min = 1.0, ddof = (0.125 + 0.5))))), clip = none, groups = mixed, shape = clip) }
    L75 { pub L75<x0 = 0.5, x1 = 0.05> = dpo_prm(3.0, net = separate, read = before, link = hinge) + rl(adv = max(x0 * (entropy) + 1.5 * (token(within = action, scale = mean, eps = x1)), per = step), reduce = token, weight = clip(exp(log_ratio(old, sampler)), 0, 2), shape = gmpo) + bc(3.0) }
    L76 { pub L76 = dpo_prm(2.0, over = mean, link = sppo) + rl(adv = ((0.125 + 0.25) * (p_switch * (divergence(sampler, prm)))) / has(action, switch), clip = none, dual = anneal(3.0, over = 20)) }
    L77 { pub L77<x0 = 1e-9> = dpo(3.0, ref = column(extra), weight = dmpo(0.0), link = hinge(margin = x0)) + 1.0 * entropy(1e-9, reduce = sum(step)) }
    L78 { pub L78<x0 = 2.0> = dpo_prm(1.5, over = mean, weight = flat) + rl(adv = last((implicit) / judged, per = segment) - (max(checklist, per = traj) + mean(log_ratio(prm, old), per = step)), clip = (anneal(0.25, over = 20), x0), ratio = token, shape = cispo) + kl(1e-9) }
    L79 { pub L79 = kl(1e-9, snapshot(kl = 1.5), estimator = k3) }
    L80 { pub L80 = dpo_prm(0.5) + rl(adv = ((step(scale_within = prompt)) / has(action, switch)) / (1 - success), clip = band(success), groups = mixed, weight = clip(exp(log_ratio(old, sampler)), 0, 2), shape = dppo_tv) + rl(adv = 1.0 * (0.0 * (judged)), clip = anneal(0.0, over = 20), dual = (0.125 + 1.5), empty = skip) }
    L81 { pub L81 = dpo_prm(2.0, net = shared, over = sum) + rl(adv = 1.5 * ((loo(scale = none, eps = (0.125 + 0.05)) + length(of = step)) / (2.0)), dual = none) }
    L82 { pub L82 = dpo(1.0, over = mean, link = exo(smooth = 1e-9)) + rl(adv = (switch * (length(per = segment) + value)) / success, clip = 1e-9, dual = none) + critic(1.0, clip = (0.125 + 0.25), reduce = prompt) }
    L83 { pub L83<x0 = 0.25> = 2.0 * rl(adv = reward, reduce = constant(2.0), shape = sapo) + rl(adv = min(divergence(geo(0.5), snapshot(every = 1.0)), per = segment) + (anneal(0.05, over = 20) * (mc(1.0))) / (x0), reduce = prompt, groups = mixed) }
    L84 { pub L84<x0 = 0.05> = rl(adv = ((clip(divergence(ema(x0), old), 0.0, 1.0)) / (3.0)) / judged, clip = band(2), shape = cispo) + bc(0.05) }
    L85 { pub L85<x0 = 1e-9> = mc_prm(0, x0) + rl(adv = sum(log_ratio(geo(0.0), column(extra)), per = traj) + has(other), shape = vespo(1.5, 0.05)) }
    L86 { pub L86 = td_prm(0.5, (0.125 + 0.0)) + rl(adv = q + outcome, shape = cispo) + 0.05 * rl(adv = 1e-9 * (abs(success)), dual = anneal(2.0, over = 20)) }
    L87 { pub L87 = rl(adv = 0.0 * (success * (success - (loo(within = agent, center = none, min = traj(1.0), eps = (0.125 + 3.0))))), dual = 3.0, weight = clip(exp(log_ratio(old, sampler)), 0, 2)) + rl(adv = (mc(3.0, 0.5)) / has(action, switch), ratio = token, reduce = prompt, weight = success, shape = dppo_tv(anneal(0.5, over = 20)), empty = skip) }
    L88 { pub L88 = rl(adv = (column(extra, traj, reward)) / invalid, dual = none) + 0.5 * entropy(0.0) }
    L89 { pub L89 = 1.0 * rl(adv = 1.0 * (success * (place(outcome, at = segment))), clip = band(exp(log_ratio(old, sampler)), exp(log_ratio(old, sampler)))) + 0.05 * dpo_prm(0.5, net = separate, ref = ema(0.25), read = after, link = bco) }
    L90 { pub L90 = rl(adv = norm(switch, ddof = 0.05), groups = mixed) }
    L91 { pub L91<x0 = 3.0> = 1.0 * bc(x0) + kl(3.0, gradient = k1) }
    L92 { pub L92 = rl(adv = (1 - success) * (divergence(geo((0.125 + 0.25)), old, estimator = k2)), groups = mixed) }
    L93 { pub L93<x0 = 1.0> = ce_prm((0.125 + 0.05), net = shared) + rl(adv = anneal(1.5, over = 20) * ((mc(x0, 0.05)) / has(action, switch) + min(token(scale = none, ddof = 1.0), per = traj)), reduce = prompt, groups = mixed) }
    L94 { pub L94 = rl(adv = sum(checklist(form = backfill, weigh = turn), per = step), reduce = sum(traj), groups = all) }
    L95 { pub L95 = rl(adv = mean(loo(count = token, ddof = 1e-9, eps = 0.25) + outcome - (gae(reward, 0.25, 0.25)), per = traj), dual = none) + critic(3.0, clip = none) }
    L96 { pub L96<x0 = 2.0, x1 = 1.5> = ce_prm(x1, net = shared, per = step, read = after) + rl(adv = norm(invalid * (entropy), count = token, eps = 0.0) - ((token(center = loo, scale = std, count = sum(segment), where = switch, min = x0)) / (anneal(1.5, over = 20))), ratio = token) }
    L97 { pub L97 = rl(adv = anchor(0.0, ddof = 0.05, scale_within = batch), clip = band(exp(log_ratio(old, sampler)))) }
    L98 { pub L98<x0 = 0.05> = rl(adv = next((norm(value, where = switch)) / (3.0)), weight = 2, empty = skip) + critic(x0, heads = one, reduce = constant(2.0)) }
    L99 { pub L99<x0 = 1.5> = rl(adv = 1.5 * (keep(anchor(1.0, within = tag, count = step) + loo(ddof = 1e-9, eps = (0.125 + 0.5)), 0.25, x0)), weight = clip(exp(log_ratio(old, sampler)), 0, 2)) }
    L100 { pub L100 = rl(adv = success * (invalid + p_switch * (traj(center = mean, min = 1.0))), clip = 0.5) }
    L101 { pub L101 = rl(adv = pool(success * ((reward) / ((0.125 + 2.0))), within = state * action, min = traj(3.0)), clip = band(2), shape = gmpo) }
    L102 { pub L102 = rl(adv = loo(count = token, scale_within = batch) - (reward + outcome + max(entropy, per = segment)), dual = none, weight = 2) + entropy(0.5) }
    L103 { pub L103 = mc_prm(0, 1e-9, target = to_go) }
    L104 { pub L104<x0 = 2.0> = 1e-9 * rl(adv = keep(max(norm(divergence(snapshot(kl = 0.25), column(extra)), within = state * action, center = none, scale = mean, ddof = 0.05), per = traj), x0, anneal(0.0, over = 20)), weight = exp(log_ratio(old, sampler)), empty = skip) }
    L105 { pub L105 = ce_prm(1.0, ref = init) + rl(adv = judged * (abs(anchor(0.05, center = loo, scale = std, eps = (0.125 + 1.5))) + step(count = first(step), min = 2.0, ddof = 0.0, scale_within = batch))) }
    L106 { pub L106 = td_prm(0.0, anneal(0.0, over = 20), read = after) + rl(adv = switch * (sum(column(extra, token, factor), per = traj) - (q)), clip = none, reduce = prompt, shape = gmpo) }
    L107 { pub L107<x0 = 0.5> = dpo_prm(0.5, net = separate, weight = dmpo(1e-9)) + rl(adv = step(scale = none), ratio = sum(step), reduce = constant(x0)) }
    L108 { pub L108 = td_prm((0.125 + 0.5), anneal(1.0, over = 20), progress = 0.25) + kl((0.125 + 2.0), gradient = k3) }
    L109 { pub L109<x0 = 2.0> = dpo_prm(1.0) + rl(adv = (0.125 + 0.0) * (diff(max(token(where = p_switch), per = step))), ratio = sum(step)) + dpo(x0, link = robust(smooth = anneal(0.05, over = 20)), alpha = (0.125 + 3.0)) }
    L110 { pub L110 = rl(adv = column(extra, step, weight)) }
    L111 { pub L111 = kl(0.25, gradient = same) }
    L112 { pub L112 = dpo_prm((0.125 + 0.25), pairs = threshold(0.0), read = before) + rl(adv = (switch * (step(within = state, center = loo, eps = anneal(1e-9, over = 20)))) / has(action, switch) + (outcome) / success - ((log_ratio(snapshot(kl = 1.5), column(extra))) / has(action, switch)), reduce = prompt) }
    L113 { pub L113<x0 = 0.25> = rl(adv = judged * (anchor(x0, center = mean, where = judged, ddof = 1.0)), weight = clip(exp(log_ratio(old, sampler)), 0, 2)) }
    L114 { pub L114 = mc_prm(0, 0.25) + rl(adv = to_go(has(action, switch) * (exact))) }
    L115 { pub L115 = dpo_prm(2.0) + anneal(0.0, over = 20) * rl(adv = (invalid * (traj(within = action, ddof = 0.0, eps = 0.05) - (divergence(prm, snapshot(every = anneal(2.0, over = 20)))))) / (1.5), dual = none) }
    L116 { pub L116<x0 = 0.25> = dpo_prm(x0, pairs = all, over = sum, read = after, link = discopop(tau = anneal(0.25, over = 20))) + rl(adv = (keep(switch, 0.5, 2.0) - (implicit)) / has(action, switch), reduce = prompt, empty = skip) }
    L117 { pub L117 = rl(adv = anchor(anneal(1.0, over = 20), where = has(action, switch), scale_within = prompt) + place((success) / (anneal(3.0, over = 20)), on = all)) }
    L118 { pub L118<x0 = 3.0> = ce_prm(0.5, ref = init, per = traj) + entropy(1e-9) + rl(adv = step(center = loo, where = invalid, min = traj(x0), eps = 1e-9), clip = 0.25) }
    L119 { pub L119<x0 = 0.5> = kl((0.125 + 1.5), snapshot(kl = x0), estimator = k1) }
    L120 { pub L120 = 1.5 * rl(adv = 0.25 * (exact - (loo(within = key(extra, step), count = token))), dual = none, groups = all) }
    L121 { pub L121<x0 = 3.0> = dpo(x0, ref = init, link = apo_down) }
    L122 { pub L122<x0 = 3.0> = x0 * rl(adv = (0.125 + 3.0) * (shuffle(traj(within = state(history = 3.0), center = mean))) + shuffle((invalid) / switch), shape = logp) }
    L123 { pub L123<x0 = 0.5, x1 = 0.25, x2 = 0.05> = x0 * rl(adv = (traj(within = state(similar = 0.05))) / (x1), clip = x2, ratio = mean(step), reduce = sum(step), weight = success, shape = cispo) }
    L124 { pub L124<x0 = 1.0> = 0.5 * rl(adv = (reward) / (1.5) - ((anchor(1.0, where = success, scale_within = batch)) / (2.0)) - (minimum(pool(loo, stat = var, where = invalid), 2.0 * (traj(center = none, scale = std, ddof = x0)))), clip = 0.05, reduce = sum(step), groups = mixed, weight = success) }
    L125 { pub L125 = rl(adv = (last(outcome + traj(within = turn, scale = none, scale_within = prompt), per = traj)) / p_switch) + td_prm(0.0, 0.0, progress = anneal(0.0, over = 20)) }
    L126 { pub L126<x0 = 0.05, x1 = 1e-9, x2 = 2.0> = bc(x0) + x1 * rl(adv = maximum(has(action), p_switch) - (invalid * (success)) - (x2 * (anchor(0.5, min = traj(1.0), scale_within = prompt) - (switch))), reduce = mean(traj)) }
    L127 { pub L127<x0 = 0.0> = rl(adv = value + (pool(success, stat = rank, within = state(history = 2.0), min = 1.0, ddof = x0)) / has(action, switch), clip = band(clip(exp(log_ratio(old, sampler)), 0, 2), success)) + critic(1e-9, per = step) }
    L128 { pub L128 = ce_prm(0.25) + anneal(0.5, over = 20) * rl(adv = 1.0 * (switch), reduce = prompt, shape = sapo(anneal(3.0, over = 20), 3.0), empty = skip) + rl(adv = divergence(prm, snapshot(every = 1.0)), reduce = token, groups = all, shape = clip) }
    L129 { pub L129 = rl(adv = (success * (abs(length))) / invalid, ratio = mean(step), reduce = constant(0.25), weight = success) + rl(adv = gae(divergence(snapshot(every = 1.0), sampler), 1.0, 0.0, cut = value), clip = band(2), reduce = mean(step), dual = 1.5) + critic(anneal(1e-9, over = 20)) }
    L130 { pub L130<x0 = 3.0, x1 = 3.0> = 3.0 * rl(adv = norm(entropy - ((length) / (1.0)), min = x0, eps = 2.0), weight = exp(log_ratio(old, sampler)), shape = vespo(x1)) }
    L131 { pub L131 = rl(adv = anneal(1e-9, over = 20) * (length + reward - ((column(extra, traj, value)) / has(action, switch))), reduce = token, groups = mixed) + critic(0.5, heads = one) }
    L132 { pub L132 = rl(adv = 1.0 * (shuffle(value + loo(where = invalid, scale_within = batch), share = (0.125 + 0.5))), ratio = mean(step), shape = vespo(anneal(0.0, over = 20), 2.0, (0.125 + 0.05), 2.0)) + critic(0.5, clip = none, reduce = mean(traj)) }
    L133 { pub L133 = kl(1e-9, gradient = abs) }
    L134 { pub L134 = dpo(1.0) + rl(adv = loo(scale = none) + judged - (share(success, by = exp(log_ratio(old, sampler)), per = segment)) + 0.0 * (exact) - ((reward) / ((0.125 + 0.5))), shape = vespo(1.5, 0.25, 1.0, 0.25)) }
    L135 { pub L135<x0 = 1e-9> = 1.0 * rl(adv = (first((checklist(weigh = traj)) / judged, per = step)) / (2.0), clip = (1e-9, 1.5), dual = anneal(2.0, over = 20)) + anneal(3.0, over = 20) * rl(adv = (invalid) / (1.5), reduce = constant(x0)) }
    L136 { pub L136 = rl(adv = min((checklist(form = flip, weigh = turn)) / ((0.125 + 1.0)), per = segment), groups = mixed, shape = vespo) + rl(adv = invalid, ratio = token, weight = clip(exp(log_ratio(old, sampler)), 0, 2), empty = skip) }
    L137 { pub L137 = ce_prm((0.125 + 0.25)) + rl(adv = 1.5 * (place((outcome) / (1.5), on = last, per = traj)), clip = anneal(1.5, over = 20), reduce = sum(step), shape = gmpo) }
    L138 { pub L138 = dpo(0.5, pairs = top_bottom(anneal(3.0, over = 20)), weight = dmpo((0.125 + 0.25))) + rl(adv = exact, groups = mixed) }
    L139 { pub L139<x0 = 1.0> = rl(adv = (0.125 + 1.0) * (first(0.0 * (invalid), per = traj)), clip = 0.25) + rl(adv = max(anchor(0.0, within = item, eps = x0, scale_within = batch) - (p_switch) - (abs(loo(center = loo, eps = anneal(2.0, over = 20)))), per = segment), ratio = mean(traj), weight = clip(exp(log_ratio(old, sampler)), 0, 2), shape = gmpo) }
    L140 { pub L140 = rl(adv = shuffle(3.0 * (anchor((0.125 + 0.25), center = none, count = item))) - (anneal(2.0, over = 20) * ((invalid) / (anneal(0.5, over = 20)))), weight = clip(exp(log_ratio(old, sampler)), 0, 2)) + 1.5 * rl(adv = to_go(log_ratio(geo(0.25), geo((0.125 + 0.05))), (0.125 + 0.5), within = step), groups = mixed) }
    L141 { pub L141 = rl(adv = (first(checklist(deps = false), per = segment) + entropy - (column(extra, traj, reward))) / success, clip = band(clip(exp(log_ratio(old, sampler)), 0, 2))) }
    L142 { pub L142<x0 = 0.0, x1 = 0.5> = 3.0 * bc(2.0) + 1e-9 * rl(adv = keep(x0 * (pool(exact, stat = max)), x1, 1.0), clip = 1.0) }
    L143 { pub L143 = 0.5 * rl(adv = last(mean(checklist(deps = true), per = segment), per = traj), weight = success) }
    L144 { pub L144 = mc_prm(0, anneal(0.05, over = 20), read = before) + rl(adv = share((judged * (loo(center = loo, count = step, eps = 2.0))) / has(action, switch), by = exp(log_ratio(old, sampler)), per = step, softmax = 0.5), reduce = sum(step), shape = logp) }
    L145 { pub L145 = rl(adv = (1 - success) * (exp(has(switch)) - ((exact) / switch)), reduce = constant(0.05), shape = cispo) }
    L146 { pub L146 = mc_prm(0.0, 0.05) + critic(0.5, heads = (low, high), reduce = prompt) + rl(adv = next(exact, last = q), ratio = token, reduce = token, groups = all, weight = success, shape = vespo(0.25, anneal(0.05, over = 20))) }
    L147 { pub L147 = 1.5 * ce_prm(1e-9, net = shared) + 0.5 * rl(adv = gae((log_ratio(old, column(extra))) / (0.05), 1e-9, 0.25, value = value), reduce = sum(traj), dual = 1.5, weight = success) + critic(0.5, clip = 1.0, per = token) }
    L148 { pub L148 = anneal(1.0, over = 20) * dar(0.05, (0.125 + 0.25), adv = whiten((pool(outcome, stat = mean)) / (0.05)), clip = 2.0) }
    L149 { pub L149<x0 = 3.0, x1 = 0.25> = dpo(x0, ref = geo(0.5), pairs = top_bottom) + rl(adv = invalid * (max(entropy, per = traj) + gae(exact, 0.0, 0.0, value = 0, per = segment, next = value)), shape = sapo(x1, 2.0)) + critic(1.0, reduce = sum(traj)) }
    L150 { pub L150<x0 = 0.0> = dpo_prm(2.0, ref = sampler) + entropy(3.0, reduce = mean(step)) + rl(adv = x0 * (has(action) + implicit) - (switch * (pool(traj, stat = count))), ratio = mean(traj), reduce = sum(traj), empty = skip) }
    L151 { pub L151<x0 = 0.0> = dpo_prm((0.125 + 0.5)) + 0.05 * rl(adv = gae((1 - success) * (invalid - (implicit)), 0.0, x0, within = segment), groups = all, shape = dppo_kl) + critic(1e-9, reduce = sum(step)) }
    L152 { pub L152 = rl(adv = share(invalid, by = exp(log_ratio(old, sampler)), per = step, softmax = none), reduce = mean(traj), weight = exp(log_ratio(old, sampler)), shape = gmpo) + bc(anneal(1.0, over = 20)) }
    L153 { pub L153 = rl(adv = p_switch * ((1 - success) * (divergence(sampler, init))), ratio = mean(traj), weight = clip(exp(log_ratio(old, sampler)), 0, 2), shape = dppo_kl, empty = skip) + rl(adv = success * (judged * (value(low)) + column(extra, traj, advantage) - (log_ratio(snapshot(every = 2.0), geo((0.125 + 0.05))))), dual = none) + critic(anneal(1e-9, over = 20), heads = (low,)) }
    L154 { pub L154 = rl(adv = place(loo(within = key(extra, traj), min = anneal(2.0, over = 20), ddof = 0.5, scale_within = prompt), on = first, per = step), reduce = constant(0.5), empty = skip) }
    L155 { pub L155<x0 = 2.0> = dpo(x0, ref = none, link = odds) }
}
