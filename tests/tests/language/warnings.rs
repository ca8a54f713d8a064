//! A PRM that nothing reads is a warning, which can be allowed; so is a negative weight, which can be written out.
#![deny(warnings)]
use istar::{ablations, objective};

objective! {
    #[allow(deprecated)]
    pub Unread<beta = 0.05> = dpo_prm(beta) + rl(adv = traj)
}
objective! {
    pub PrmTraining<beta = 0.05> = dpo_prm(beta)
}
objective! {
    pub Read<beta = 0.05> = dpo_prm(beta) + rl(adv = sum(log_ratio(prm, init), per = step))
}
objective! {
    #[allow(deprecated)]
    pub Backwards = rl(adv = traj) - entropy(0.01)
}
objective! {
    pub Meant = rl(adv = traj) + -1 * entropy(0.01)
}
ablations! {
    #[allow(deprecated)]
    pub Rows { "backwards" = rl(adv = traj) - kl(0.01), "meant" = rl(adv = traj) + -1 * kl(0.01) }
}

#[test]
#[allow(deprecated)]
fn a_captured_value_obeys_the_function_around_it() {
    use istar::objective::{AnyObjective, Objective};
    let cost = 0.01;
    let backwards = objective!(rl(adv = traj) - entropy(cost));
    assert_eq!(Objective::values(&backwards), [0.01]);
    assert!(Backwards.explain().contains("  -1 * entropy(0.01)\n"));
    assert!(Meant.explain().contains("  -1 * entropy(0.01)\n"));
}

#[test]
fn holds() {
    use istar::objective::demand_of;
    assert!(demand_of::<Unread>().trains_prm && !demand_of::<Unread>().reads_prm);
    assert!(demand_of::<Read>().reads_prm && !demand_of::<PrmTraining>().trains_policy);
}
