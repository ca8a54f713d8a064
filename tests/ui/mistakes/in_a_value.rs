use istar::objective;

fn main() {
    let beta = 0.05;
    let _ = objective!(dpo_prm(beta) + rl(adv = traj + setp));
    let _ = objective!(rl(adv = traj + lambda * loo));
}
