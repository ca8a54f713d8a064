//! The mistakes of the book's page `diagnostics.md`, in its order.

use istar::{ablations, objective};

objective! { pub Step<lambda = 1.0> = rl(adv = traj + lambda * step) }
objective! { pub Two<beta = 1.0> = dpo_prm(beta) + dpo_prm(beta) + rl(adv = step) }
objective! { pub Term<beta = 0.05> = rl(adv = traj) + dpo_pmr(beta) }
objective! { pub Name<beta = 0.05, lambda = 1.0> = dpo_prm(beta) + rl(adv = traj + lamda * step) }
objective! { pub Option = rl(adv = traj, clp = 0.2) }
objective! { pub Twice<beta = 0.05, beta = 0.1> = dpo_prm(beta) + rl(adv = step) }
objective! { pub Unused<lambda = 1.0> = rl(adv = traj) }
objective! { pub Signal = traj + rl(adv = traj) }
objective! { pub Loss<beta = 0.05> = rl(adv = dpo_prm(beta)) }
objective! { pub Needs = rl() }
objective! { pub Product = rl(adv = reward * outcome) }
objective! { pub ToGo = rl(adv = to_go(outcome)) }
objective! { pub Count = rl(adv = norm(reward, count = traj)) }
objective! { pub Up = rl(adv = sum(outcome, per = step)) }
objective! { pub State = rl(adv = norm(reward, within = state, count = first(traj))) }
objective! { pub Ratio<beta = 0.05> = dpo_prm(beta) + rl(adv = token, ratio = sum(step)) }
objective! { pub Shared<beta = 0.05> = dpo_prm(beta, ref = old) + rl(adv = step) }
objective! { pub Zero = rl(adv = traj) + kl(0) }
objective! { pub Same = rl(adv = sum(log_ratio(old, old), per = step)) }
objective! { pub Range = dpo_prm(-0.05) + rl(adv = step) }
objective! { pub Bounds = rl(adv = traj, clip = (0.8, 1.2)) }
objective! { pub Function = rl(adv = max(outcome, 0)) }
objective! { pub Divisor = rl(adv = traj / reward) }
objective! { pub Odds = dpo(1, over = token, link = odds) }
objective! { pub Method = rl(adv = outcome.norm()) }
objective! { pub If = rl(adv = if success { 1 } else { 0 }) }
objective! { pub Constant = rl(adv = traj) + kl(BETA) }
objective! { pub Text = rl(adv = traj, reduce = "token") }
objective! { pub Recipe = Grpo + kl(0.01) }
objective! { pub TermInside = rl(adv = traj, kl = 0.01) }
objective! { pub Typed<beta: f64 = 0.05> = rl(adv = traj) + kl(beta) }
objective! { pub Comma = rl(adv = traj clip = 0.3) }
ablations! { pub Called { "GRPO" = Grpo::default() } }
ablations! { pub Rows { "GRPO" = rl(adv = traj), "GRPO" = rl(adv = loo) } }

fn main() {}
