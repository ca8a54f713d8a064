//! Token and Item have no common finer level.
use istar::objective;

objective! {
    /// Both.
    pub Wrong = dpo_prm(0.05) + rl(adv = token + checklist(form = backfill))
}

fn main() {}
