//! A PRM that nothing reads is a warning, which can be allowed.
#![deny(warnings)]
use istar::objective;

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

#[test]
fn holds() {
    use istar::objective::demand_of;
    assert!(demand_of::<Unread>().trains_prm && !demand_of::<Unread>().reads_prm);
    assert!(demand_of::<Read>().reads_prm && !demand_of::<PrmTraining>().trains_policy);
}
