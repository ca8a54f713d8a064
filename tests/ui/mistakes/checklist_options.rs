//! The options of `checklist` are words.
use istar::objective;

objective! {
    /// Options.
    pub Wrong = rl(adv = sum(checklist(form = backfil, deps = no), per = step) + sum(checklist(weigh = step), per = traj))
}

fn main() {}
