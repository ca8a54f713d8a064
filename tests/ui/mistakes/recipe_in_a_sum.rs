pub use istar::recipes::Grpo;
use istar::{ablations, objective};

objective! { pub Mine = rl(adv = traj) }

objective! { pub Type = Grpo + kl(0.01) }
objective! { pub Lower = grpo + kl(0.01) }
objective! { pub Option = rl(adv = traj, kl = 0.01) }
objective! { pub Own = Mine + kl(0.01) }
ablations! { pub Rows { "GRPO" = Grpo::default() } }

fn main() {}
