//! Options whose values are words, in one table: a module an option, a type a value, the default first.

use crate::batch::{Role, Scope};
use crate::credit::{CenterId, Label, ScaleId, Spot, Stat};
use crate::graph::{Estimator, Labelled, Over};
use crate::need::demand::{Needs, Nothing, only};

/// A value of an option as a type. `Id` has the values to match on, and says whose value it is: `center = loo` is
/// [`center::Loo`], a `Choice<CenterId>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value of the option whose values are in `{Id}`",
    note = "the modules of `istar::objective::choice` have the values of each option"
)]
pub trait Choice<Id>: Send + Sync + 'static {
    /// The value.
    fn id(at: &Scope<'_>) -> Id;
    /// As it is written.
    fn name(at: &Scope<'_>) -> &'static str;
    /// What must be there for it.
    type Needs: Needs;
}

/// A row an option: its values, each with its word, and of another room's type (`of`) the value there.
macro_rules! choices {
    () => {};
    ($(#[$doc:meta])* $module:ident of $id:ty {
        $($(#[$item:meta])* $name:ident $text:literal = $value:expr;)+
    } $($rest:tt)*) => {
        $(#[$doc])*
        pub mod $module {
            use super::*;
            $(choices!(@type $(#[$item])* $name $text, $id, $value, Nothing);)+
        }
        choices!($($rest)*);
    };
    ($(#[$doc:meta])* $module:ident {
        $($(#[$item:meta])* $name:ident $text:literal $(needs $needs:ident)?;)+
    } $($rest:tt)*) => {
        $(#[$doc])*
        pub mod $module {
            use super::*;
            /// The values, to match on.
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum Id {
                $($(#[$item])* $name),+
            }
            $(choices!(@type $(#[$item])* $name $text, Id, Id::$name, choices!(@needs $($needs)?));)+
        }
        choices!($($rest)*);
    };
    (@type $(#[$item:meta])* $name:ident $text:literal, $id:ty, $value:expr, $needs:ty) => {
        $(#[$item])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;
        impl Choice<$id> for $name {
            fn id(_: &Scope<'_>) -> $id {
                $value
            }
            fn name(_: &Scope<'_>) -> &'static str {
                $text
            }
            type Needs = $needs;
        }
    };
    (@needs) => { Nothing };
    (@needs $needs:ident) => { only::$needs };
}

// Of signals.
choices! {
    /// What `norm` takes from each element.
    center of CenterId {
        /// The mean of the pool.
        Mean "mean" = CenterId::Mean;
        /// The mean of the pool's other entries: `(x - mean) * n/(n-1)`.
        Loo "loo" = CenterId::LeaveOneOut;
        /// Nothing.
        None "none" = CenterId::Zero;
    }
    /// What `norm` divides by.
    scale of ScaleId {
        /// The standard deviation of the pool, plus `eps`.
        Std "std" = ScaleId::Deviation;
        /// The mean of the pool, plus `eps`.
        Mean "mean" = ScaleId::Mean;
        /// Nothing.
        None "none" = ScaleId::One;
    }
    /// What `pool` says of a pool.
    stat of Stat {
        /// The mean.
        Mean "mean" = Stat::Mean;
        /// The variance, `ddof` taken from the number of elements under the sum of squares.
        Var "var" = Stat::Var;
        /// The largest.
        Max "max" = Stat::Max;
        /// How many elements there are.
        Count "count" = Stat::Count;
        /// Which share of the others is less: 0 for the least, 1 for the greatest, equal ones in the middle of theirs.
        Rank "rank" = Stat::Rank;
    }
    /// Where in a unit `place` puts a number.
    on of Spot {
        /// The last element.
        Last "last" = Spot::Last;
        /// The first element.
        First "first" = Spot::First;
        /// Every element, in equal shares.
        All "all" = Spot::All;
    }
    /// What an item's number says in `checklist`.
    form {
        /// 1 at the step at which the item is done.
        Flip "flip";
        /// 1 wherever the item is open, if it gets done in the turn.
        Backfill "backfill";
    }
    /// Whether an item of a `checklist` waits until its dependencies are done.
    deps of bool {
        /// It waits.
        True "true" = true;
        /// It does not.
        False "false" = false;
    }
    /// What the weights of a `checklist` sum to 1 over.
    weigh {
        /// Over each turn.
        Turn "turn";
        /// Over all turns together, each turn having the same share.
        Traj "traj";
    }
    /// What a token is for: what `has(role, ..)` takes.
    role of Option<Role> {
        /// See [`Role::Switch`].
        Switch "switch" = Some(Role::Switch);
        /// See [`Role::Subgoal`].
        Subgoal "subgoal" = Some(Role::Subgoal);
        /// See [`Role::Action`].
        Action "action" = Some(Role::Action);
        /// See [`Role::Other`].
        Other "other" = Some(Role::Other);
        /// No role: an argument that is left out.
        None "" = Option::None;
    }
}

// Of loss terms.
choices! {
    /// Whether the PRM has parameters of its own.
    net {
        /// Policy and PRM are one set of parameters: phase A moves the policy.
        Shared "shared";
        /// The PRM is a network of its own.
        Separate "separate" needs PrmNet;
    }
    /// Which groups the surrogate sees.
    groups {
        /// All of them.
        All "all";
        /// Those whose outcomes differ: the others leave the loss and its denominators (DAPO, arXiv 2503.14476).
        Mixed "mixed";
    }
    /// How the score of a trajectory comes from its steps.
    over of Over {
        /// The sum over steps of the step's summed log-ratio.
        Sum "sum" = Over::Sum;
        /// The mean over steps of the step's summed log-ratio.
        Mean "mean" = Over::Mean;
        /// The mean over tokens of their log-ratios, whatever the steps.
        Token "token" = Over::Tokens;
        /// In each pair, the sum over as many first steps as the shorter trajectory has.
        Common "common" = Over::Common;
    }
    /// What has a label of its own.
    per of Labelled {
        /// A trajectory.
        Traj "traj" = Labelled::Traj;
        /// A step: it bears the label of its trajectory.
        Step "step" = Labelled::Step;
    }
    /// Whether a unit of which nothing counts in a loss is one of those that it is averaged over.
    empty of bool {
        /// It is not.
        Skip "skip" = false;
        /// It is: it adds nothing to the sum and one to the number.
        Count "count" = true;
    }
    /// Whose gradient a divergence has.
    gradient of Option<Estimator> {
        /// That of the estimator which says its value.
        Same "same" = None;
        /// See [`Estimator::K3`].
        K3 "k3" = Some(Estimator::K3);
        /// See [`Estimator::K1`].
        K1 "k1" = Some(Estimator::K1);
        /// See [`Estimator::K2`].
        K2 "k2" = Some(Estimator::K2);
        /// See [`Estimator::Abs`].
        Abs "abs" = Some(Estimator::Abs);
    }
    /// With which parameters the step reward is computed.
    read {
        /// Those after this iteration's phase A.
        After "after";
        /// Those before this iteration's phase A.
        Before "before";
    }
    /// How success labels the steps of an explicit PRM.
    target of Label {
        /// The discounted return to go of a success at the end.
        ToGo "to_go" = Label::ToGo;
        /// Success and failure as 1 and -1, discounted from the start of the episode, and put into [0, 1].
        Absolute "absolute" = Label::Absolute;
    }
    /// The estimator of a divergence.
    estimator of Estimator {
        /// See [`Estimator::K3`].
        K3 "k3" = Estimator::K3;
        /// See [`Estimator::K1`].
        K1 "k1" = Estimator::K1;
        /// See [`Estimator::K2`].
        K2 "k2" = Estimator::K2;
        /// See [`Estimator::Abs`].
        Abs "abs" = Estimator::Abs;
    }
}
