use istar::objective;

objective! {
    pub X = dpo_prm(0.05) + mc_prm(4, 0.95) + rl(adv = traj + step)
}

fn main() {}
