//! Every name and every value of every option stands for a type of the core.
use istar::objective;

objective! {
    /// Options of `rl`.
    pub Surrogate<c = 3.0> =
        rl(adv = outcome, clip = none, ratio = sum(step), reduce = mean(step), dual = c, groups = mixed)
            + rl(adv = success, clip = (0.2, 0.28), ratio = mean(step), reduce = sum(step), dual = none, groups = all)
            + rl(adv = traj, clip = c, ratio = token, reduce = mean(traj))
            + rl(adv = loo, reduce = sum(traj)) + rl(adv = loo, reduce = constant(40)) + rl(adv = loo, reduce = token)
}
type All = objective!(< dpo_prm(0.1, net = shared, ref = init, pairs = all, over = sum, weight = flat, read = after) >);
type Best = objective!(< dpo_prm(0.1, net = separate, ref = old, pairs = top_bottom(2), over = mean) >);
type Half = objective!(< dpo_prm(0.1, pairs = top_bottom, weight = dmpo(0.9), read = before) >);
type Success = objective!(< dpo_prm(0.1, ref = snapshot(every = 5), pairs = success) >);
type Above = objective!(< dpo_prm(0.1, ref = snapshot(kl = 0.1), pairs = threshold(0.5)) + rl(adv = token) >);
type Common = objective!(< dpo_prm(0.1, over = common) >);
type Labels = objective!(< ce_prm(0.1, net = separate, ref = old, per = step, read = before) + dar(0.1, 0.5, adv = sum(implicit, per = traj), clip = 5) >);
type Label = objective!(< ce_prm(0.1, net = shared, ref = ema(0.1), per = traj, read = after) + dpo(0.1) >);
type Acting = objective!(< dpo(0.1, ref = geo(0.5), pairs = all, over = common, weight = flat) + dar(0.1, 0, adv = traj) >);
objective! {
    /// The other terms.
    #[allow(deprecated)] // It is about names, whatever their signs are.
    pub Terms =
        0.5 * kl(1, init, estimator = k3) - kl(1, ref = old, estimator = k1) + kl(1, ref = ema(0.01), estimator = k2)
            + kl(anneal(1, over = 10), ref = geo(0.5), estimator = abs) + entropy(0.01) + bc(2 * (1 - 0.5))
}
objective! {
    /// Pools.
    pub Pools = rl(
        adv = norm(reward, within = prompt, center = mean, scale = std, count = step)
            + norm(reward, within = state, center = loo, scale = none, count = step, where = invalid)
            + norm(outcome, within = turn, center = none, count = segment)
            + norm(reward, within = agent, count = mean(traj), min = 1, ddof = 0, eps = 1e-8)
            + norm(reward, within = tag, count = sum(segment))
            + norm(reward, within = state(similar = 0.9))
            + sum(norm(judged * checklist, within = item, count = item), per = step)
            + norm(outcome, count = item, where = judged)
            + norm(outcome, within = batch, count = traj, where = success)
            + norm(outcome, count = token)
            + anchor(0.9, scale = std) + loo(count = step) + traj(within = batch)
    )
}
objective! {
    /// Checklists.
    pub Lists<least = 0.9> = rl(
        adv = sum(checklist(form = flip, deps = true, weigh = turn), per = step)
            + mean(checklist(form = backfill, deps = false, weigh = traj) - checklist, per = traj)
            + first(2 * checklist + outcome, per = segment)
            + anchor(0.9, within = state(similar = least), where = judged)
    )
}
objective! {
    /// A critic with heads.
    pub Critics<g = 0.9> = rl(
        adv = gae(reward, g, 0.95, value = value(low), within = segment, next = value(high), cut = value(low))
            + place(
                gae(reward, g, 1, value = value(high), per = segment, cut = first(value(high), per = segment)),
                on = first, per = segment
            )
    ) + g * critic(0.5, clip = none, per = step, heads = (low, high))
}
type OneHead = objective!(< critic(1, clip = 0.2, per = token, heads = one)
    + rl(adv = gae(place(outcome, at = token), 1, 1, value = value, next = 0, cut = 0, within = step)) >);
objective! {
    /// Operators.
    pub Operators<g = 0.9> = dpo_prm(0.1) + rl(
        adv = sum(implicit, per = step) + mean(reward, per = segment) + min(reward, per = traj)
            + first(implicit, per = step) + last(reward, per = traj) + to_go(reward, g) + to_go(reward, within = segment)
            + to_go(implicit, gamma = g, within = step) + clip(outcome, -1, g) + whiten(reward)
            + place(outcome) + place(outcome, on = first, per = segment, at = step)
            + place(1, on = all, per = step, at = token) + place(outcome, on = last, at = segment)
            + bound(reward) + bound(implicit, within = step) + invalid * reward - success + step - token * g
            + log_ratio(prm, old) - log_ratio(old, init) + log_ratio(ema(0.1), snapshot(every = 2))
    )
}
objective! {
    /// Roles.
    pub Roles<price = -0.3> = rl(
        adv = route(
            switch = norm(switch - p_switch, within = batch, where = has(switch)),
            action = norm(reward + price * (1 - switch) * place(1, on = all), where = has(action)),
            subgoal = first(has(subgoal, switch), per = segment) * traj + has(switch, action, other),
        ) + 0.5 * clip(route(action = traj), -1, 1)
    ) + rl(adv = route(subgoal = loo))
}

#[test]
fn heads_keep_their_names() {
    use istar::batch::{LevelId, Scope};
    use istar::objective::{CriticPlan, Objective, Plan, demand_of, explain};
    fn critic<O: Objective>() -> Option<CriticPlan> {
        let plan = Plan::of::<O::Graph>(&Scope::new(&[0.9], &["g"]));
        plan.critic
    }
    assert_eq!(
        critic::<Critics>(),
        Some(CriticPlan { heads: vec!["low".into(), "high".into()], level: LevelId::Step })
    );
    assert_eq!(critic::<OneHead>(), Some(CriticPlan { heads: vec![String::new()], level: LevelId::Token }));
    let text = explain::<Critics>();
    assert!(
        text.contains(
            "gae(reward, g, 0.95, value = value(low), within = segment, next = value(high), cut = value(low))"
        ),
        "{text}"
    );
    assert!(text.contains("  g * critic(0.5, clip = none, heads = (low, high))\n"), "{text}");
    assert!(text.ends_with("  rollout, read critic, read critic where a trajectory was cut off, train policy (phase B), train critic (after each mini-batch of phase B)\n"), "{text}");
    let demand = demand_of::<Critics>();
    assert!(demand.critic && demand.segments && demand.step_rewards);
    assert!(!demand_of::<OneHead>().step_rewards && !demand_of::<Surrogate>().critic);
}

#[test]
fn holds() {
    use istar::objective::demand_of;
    assert!(demand_of::<Best>().prm_net && !demand_of::<All>().prm_net);
    assert!(
        demand_of::<Half>().init_ref && demand_of::<Success>().snapshot_ref && demand_of::<Above>().reads_prm
    );
    assert!(
        demand_of::<Terms>().ema_ref && demand_of::<Terms>().entropy && demand_of::<Terms>().demonstrations
    );
    assert!(
        demand_of::<Common>().pairs && !demand_of::<Label>().prm_net && demand_of::<Label>().trains_policy
    );
    assert!(demand_of::<Labels>().prm_net && demand_of::<Labels>().init_ref && !demand_of::<Labels>().pairs);
    assert!(demand_of::<Acting>().pairs && !demand_of::<Acting>().trains_prm);
    assert!(
        demand_of::<Lists>().checklist
            && demand_of::<Lists>().state_texts
            && !demand_of::<Lists>().state_keys
    );
    assert!(demand_of::<Pools>().agents && demand_of::<Pools>().tags && demand_of::<Pools>().segments);
    assert!(demand_of::<Roles>().roles && demand_of::<Roles>().segments && !demand_of::<Pools>().roles);
    assert!(demand_of::<Roles>().decisions && demand_of::<Roles>().switch_chances);
    assert!(demand_of::<Operators>().step_rewards && !demand_of::<Surrogate>().step_rewards);
}
