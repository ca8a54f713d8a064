//! The crate under another name, the macro under another path.
extern crate istar as other;

mod vocabulary {
    pub(super) use super::other::{ablations as table, objective as obj};
}

vocabulary::obj! {
    pub Grpo = rl(adv = traj)
}
vocabulary::table! {
    pub Table { "GRPO" = Grpo, "RLOO" = rl(adv = loo) }
}

#[test]
fn holds() {
    let _ = vocabulary::obj!(< rl(adv = traj) >);
}
