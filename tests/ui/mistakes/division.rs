use istar::objective;

// What divides has no dimension, and is not 0; a weight of mean 1 may.
objective! { pub ByReward = rl(adv = traj / reward) }
objective! { pub ByNothing<scale = 2> = rl(adv = scale * traj / 0) }
objective! { pub ByTerm = 2 / rl(adv = traj) }
objective! { pub ByReturn = rl(adv = traj, weight = exp(log_ratio(old, sampler)) / outcome) }
objective! {
    pub Means = rl(adv = traj / 2, weight = w / pool(w, within = batch)) / 2
        where w = exp(log_ratio(old, sampler))
}

fn main() {}
