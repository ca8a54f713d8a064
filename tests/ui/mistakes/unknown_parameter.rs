use istar::objective;

objective! {
    pub X<lambda> = dpo_prm(0.05) + rl(adv = traj + lambda * step + lamda * loo)
}

fn main() {}
