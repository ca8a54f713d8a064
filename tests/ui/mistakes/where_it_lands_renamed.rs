//! With the crate and the macro under other names a mistake is at its token all the same.

extern crate istar as other;

mod vocabulary {
    pub(super) use super::other::{ablations as table, objective as obj};
}

struct Mine;

vocabulary::obj! {
    pub Misspelled = rl(adv = trja)
}
vocabulary::obj! {
    pub NoSignal = rl(adv = traj + Mine)
}
vocabulary::table! {
    pub Table { "GRPO" = rl(adv = traj), "iStar" = rl(adv = traj + step) }
}

fn main() {}
