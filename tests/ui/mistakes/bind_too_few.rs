use istar::objective;

fn main() {
    let _ = objective!(< dpo_prm(beta) + rl(adv = traj + lambda * step) >).bind([0.05]);
}
