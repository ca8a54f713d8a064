use istar::objective;

const BETA: f64 = 0.05;
mod config {
    pub const LAMBDA: f64 = 1.0;
}

objective! { pub If = rl(adv = if success { 1 } else { 0 }) }
objective! { pub Method = rl(adv = traj.norm()) }
objective! { pub Power = rl(adv = outcome^2) }
objective! { pub Compared = rl(adv = outcome > 0.5) }
objective! { pub Text = rl(adv = traj, reduce = "token") }
objective! { pub Constant = rl(adv = traj) + kl(BETA) }
objective! { pub Path = rl(adv = config::LAMBDA * traj) }

fn main() {
    let lambda = objective!(config::LAMBDA * rl(adv = traj));
}
