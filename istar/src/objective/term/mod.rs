//! Loss terms as types, one file a term: what each needs, prepares once per batch and shows; its graph is in
//! [`crate::graph`].

mod bc;
mod ce_prm;
mod critic;
mod dar;
mod dpo;
mod dpo_prm;
mod entropy;
mod kl;
mod mc_prm;
pub mod option;
mod preference;
mod rl;
mod sum;
mod td_prm;
#[cfg(test)]
mod tests;
mod weighted;

pub use bc::Bc;
pub use ce_prm::{CePrm, Labels};
pub use critic::{Critic, Sees};
pub use dar::{Dar, PerTraj, Weights};
pub use dpo::Dpo;
pub use dpo_prm::DpoPrm;
pub use entropy::Entropy;
pub use kl::Kl;
pub use mc_prm::McPrm;
pub use preference::Preferences;
pub use rl::{Rl, Takes};
pub use sum::Sum;
pub use td_prm::TdPrm;
pub use weighted::Weighted;

use crate::batch::Scope;
use crate::objective::maybe::Maybe;

/// What the language makes loss terms of, for lines that are read at run time: each type with a hole for each of its
/// parameters, `N1` where a number may be left out. `terms!(then ..)` calls the macro `then` with the rows, behind whatever
/// stands at `..`.
macro_rules! terms {
    ($then:ident $($more:tt)*) => {
        $then! {
            $($more)*
            Term {
                term::Rl [A0 A1 A2 A3 N4 A5 A6 A7 A8];
                term::DpoPrm [A0 A1 A2 A3 A4 N5 A6 A7];
                term::McPrm [A0 A1 A2 A3];
                term::TdPrm [A0 A1 A2 A3];
                term::Critic [A0 N1 A2 A3 A4];
                term::CePrm [A0 A1 A2 A3 A4];
                term::Dpo [A0 A1 A2 A3 N4 A5 A6];
                term::Dar [A0 A1 A2 A3];
                term::Kl [A0 A1 A2 A3 A4 A5];
                term::Entropy [A0 A1];
                term::Bc [A0];
            }
        }
    };
}
pub(super) use terms;

/// A number as it is written, `none` where it is left out.
fn or_none<M: Maybe>(at: &Scope<'_>) -> String {
    M::show(at).unwrap_or_else(|| "none".into())
}

/// `name(lead, option = value, ..)` without the options whose value is the default.
fn line(name: &str, lead: &[String], options: &[(&str, String, &str)]) -> String {
    let mut parts = lead.to_vec();
    for (option, value, default) in options {
        if value != default {
            parts.push(format!("{option} = {value}"));
        }
    }
    format!("{name}({})", parts.join(", "))
}
