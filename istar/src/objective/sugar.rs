//! Short names of the language: each is one signal.
//!
//! The last nine parameters are the options of [`Norm`], in its order.

use super::count::Own;
use super::level;
use super::reference::Prm;
use super::scalar::Dec;
use super::signal::{Everywhere, LogRatio, Norm, Outcome, Reward, Scale, SumPer, ToGo};
use super::{center, scale, within};

/// `implicit`: `beta * log_ratio(prm, ref)` per token, with the `beta` and `ref` of the PRM term.
pub type Implicit<Beta, Ref> = Scale<Beta, LogRatio<Prm, Ref>>;

macro_rules! norms {
    ($($(#[$doc:meta])* $name:ident [$($parameter:ident),*] $x:ty, $within:ident $center:ident $scale:ident;)*) => {$(
        $(#[$doc])*
        pub type $name<
            $($parameter,)*
            Within = within::$within,
            Center = center::$center,
            Scale = scale::$scale,
            Count = Own,
            Where = Everywhere,
            Min = Dec<2, 0>,
            Ddof = Dec<1, 0>,
            Eps = Dec<1, 6>,
            ScaleWithin = within::Same,
        > = Norm<$x, Within, Center, Scale, Count, Where, Min, Ddof, Eps, ScaleWithin>;
    )*};
}

norms! {
    /// `traj`: `norm(outcome)`, GRPO's advantage (arXiv 2402.03300).
    Traj [] Outcome, Prompt Mean Std;
    /// `loo`: `norm(outcome, center = loo, scale = none)`, RLOO's advantage (arXiv 2402.14740).
    Loo [] Outcome, Prompt Loo None;
    /// `step`: `norm(sum(implicit, per = step))` over all steps of the group (iStar eq. 4, arXiv 2509.19199).
    Step [Beta, Ref] SumPer<Implicit<Beta, Ref>, level::Step>, Prompt Mean Std;
    /// `token`: `norm(implicit)` over all tokens of the group.
    Token [Beta, Ref] Implicit<Beta, Ref>, Prompt Mean Std;
    /// `anchor(gamma)`: `norm(to_go(reward, gamma), within = state, scale = none)`, GiGPO's step advantage
    /// (arXiv 2505.10978); a state met once gives 0.
    Anchor [Gamma] ToGo<Reward, Gamma, level::Traj>, State Mean None;
}
