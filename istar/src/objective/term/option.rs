//! Options of loss terms as types, one module an option; the first type of a module is the default.

/// A module of unit types that name the values of one option. Where a loss has an enum of these values, it stands behind the
/// module's name.
macro_rules! choices {
    ($($(#[$doc:meta])* $module:ident $(= $id:ty)?: $($(#[$item:meta])* $name:ident $text:literal),+;)*) => {$(
        $(#[$doc])*
        pub mod $module {
            choices!(@id $(= $id)?: $($(#[$item])* $name),+);
            /// A value as a type.
            pub trait Choice: Send + Sync + 'static {
                /// The value.
                const ID: Id;
                /// As it is written.
                const NAME: &'static str;
            }
            $(
                $(#[$item])*
                #[derive(Clone, Copy, Debug, Default)]
                pub struct $name;
                impl Choice for $name {
                    const ID: Id = Id::$name;
                    const NAME: &'static str = $text;
                }
            )+
        }
    )*};
    (@id = $id:ty: $($rest:tt)*) => {
        /// The values, to match on.
        pub type Id = $id;
    };
    (@id: $($(#[$item:meta])* $name:ident),+) => {
        /// The values, to match on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Id {
            $($(#[$item])* $name),+
        }
    };
}

choices! {
    /// Which groups the surrogate sees.
    groups:
        /// All of them.
        All "all",
        /// Those whose outcomes differ: the others leave the loss and its denominators (DAPO, arXiv 2503.14476).
        Mixed "mixed";
    /// How the score of a trajectory comes from its steps.
    over = crate::graph::Over:
        /// The sum over steps of the step's summed log-ratio.
        Sum "sum",
        /// The mean over steps of the step's summed log-ratio.
        Mean "mean",
        /// In each pair, the sum over as many first steps as the shorter trajectory has.
        Common "common";
    /// What has a label of its own.
    per = crate::graph::Labelled:
        /// A trajectory.
        Traj "traj",
        /// A step: it bears the label of its trajectory.
        Step "step";
    /// With which parameters the step reward is computed.
    read:
        /// Those after this iteration's phase A.
        After "after",
        /// Those before this iteration's phase A.
        Before "before";
    /// How success labels the steps of an explicit PRM.
    target:
        /// The discounted return to go of a success at the end.
        ToGo "to_go",
        /// Success and failure as 1 and -1, discounted from the start of the episode, and put into [0, 1].
        Absolute "absolute";
    /// The estimator of a divergence from `d = log ref - log pi` (Schulman, "Approximating KL Divergence", 2020).
    estimator = crate::graph::Estimator:
        /// `exp(d) - d - 1`, its value clamped to 10, without gradient there.
        K3 "k3",
        /// `-d`.
        K1 "k1",
        /// `d^2 / 2`.
        K2 "k2",
        /// `|d|`.
        Abs "abs";
}

/// Where the clipped ratio is cut off.
pub mod clip {
    use crate::batch::Scope;
    use crate::objective::range::{InRange, Range};
    use crate::objective::scalar::Scalar;
    use std::marker::PhantomData;

    /// A clip as a type.
    pub trait Clip: Send + Sync + 'static {
        /// How far below and above 1 the ratio may go; `None` is no clip.
        fn value(at: &Scope<'_>) -> Option<(f64, f64)>;
        /// Reports numbers out of range.
        fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
        /// As it is written.
        fn show(names: &[&str]) -> String;
    }

    /// How far a critic's prediction may go from what it was when the batch was sampled, as a type.
    pub trait Reach: Send + Sync + 'static {
        /// How far; `None` is any distance.
        fn value(at: &Scope<'_>) -> Option<f64>;
        /// Reports numbers out of range.
        fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
        /// As it is written.
        fn show(names: &[&str]) -> String;
    }

    /// No further than `C`.
    #[derive(Debug)]
    pub struct Near<C>(PhantomData<C>);

    impl<C: Scalar> Reach for Near<C> {
        fn value(at: &Scope<'_>) -> Option<f64> {
            Some(C::value(at))
        }
        fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
            Range::Positive.check::<C>("clip", at, problems);
        }
        fn show(names: &[&str]) -> String {
            C::show(names)
        }
    }

    impl Reach for Off {
        fn value(_: &Scope<'_>) -> Option<f64> {
            None
        }
        fn show(_: &[&str]) -> String {
            "none".into()
        }
    }

    /// The ratio is kept in `[1 - Lo, 1 + Hi]`.
    #[derive(Debug)]
    pub struct Band<Lo, Hi>(PhantomData<(Lo, Hi)>);
    /// The ratio is not clipped.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Off;

    impl<Lo: Scalar, Hi: Scalar> Clip for Band<Lo, Hi> {
        fn value(at: &Scope<'_>) -> Option<(f64, f64)> {
            Some((Lo::value(at), Hi::value(at)))
        }
        fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
            Range::NonNegative.check::<Lo>("clip", at, problems);
            let lo = Lo::value(at);
            if lo > 1.0 {
                problems.push(format!("the lower clip must be at most 1: a ratio is positive; found {lo}"));
            }
            if Lo::show(at.names) != Hi::show(at.names) {
                Range::NonNegative.check::<Hi>("clip", at, problems);
            }
        }
        fn show(names: &[&str]) -> String {
            let (lo, hi) = (Lo::show(names), Hi::show(names));
            if lo == hi { lo } else { format!("({lo}, {hi})") }
        }
    }

    impl Clip for Off {
        fn value(_: &Scope<'_>) -> Option<(f64, f64)> {
            None
        }
        fn show(_: &[&str]) -> String {
            "none".into()
        }
    }
}

/// The second bound of the surrogate where the advantage is negative (Ye et al., arXiv 1912.09729).
pub mod dual {
    use crate::batch::Scope;
    use crate::objective::range::{InRange, Range};
    use crate::objective::scalar::Scalar;
    use std::marker::PhantomData;

    /// A dual clip as a type.
    pub trait Dual: Send + Sync + 'static {
        /// The largest ratio that a negative advantage may have; `None` is no bound.
        fn value(at: &Scope<'_>) -> Option<f64>;
        /// Reports numbers out of range.
        fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
        /// As it is written.
        fn show(names: &[&str]) -> String;
    }

    /// No second bound.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Off;
    /// The loss of a token with a negative advantage `A` is at most `-C · A`.
    #[derive(Debug)]
    pub struct At<C>(PhantomData<C>);

    impl Dual for Off {
        fn value(_: &Scope<'_>) -> Option<f64> {
            None
        }
        fn show(_: &[&str]) -> String {
            "none".into()
        }
    }

    impl<C: Scalar> Dual for At<C> {
        fn value(at: &Scope<'_>) -> Option<f64> {
            Some(C::value(at))
        }
        fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
            Range::AboveOne.check::<C>("dual", at, problems);
        }
        fn show(names: &[&str]) -> String {
            C::show(names)
        }
    }
}

/// How many fresh continuations label a step.
pub mod rollouts {
    use crate::batch::Scope;
    use crate::need::demand::{Needs, Nothing, only};
    use crate::objective::range::{InRange, Range};
    use crate::objective::scalar::Scalar;
    use std::marker::PhantomData;

    /// A number of continuations as a type.
    pub trait Rollouts: Send + Sync + 'static {
        /// What must be there for them.
        type Needs: Needs;
        /// The number.
        fn value(at: &Scope<'_>) -> f64;
        /// Reports numbers out of range.
        fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
        /// As it is written.
        fn show(names: &[&str]) -> String;
    }

    /// None: the trajectories of the batch alone, which asks nothing of the environment.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Own;
    /// This many from each state, 0 included: the type cannot see a number.
    #[derive(Debug)]
    pub struct Fresh<N>(PhantomData<N>);

    impl Rollouts for Own {
        type Needs = Nothing;
        fn value(_: &Scope<'_>) -> f64 {
            0.0
        }
        fn show(_: &[&str]) -> String {
            "0".into()
        }
    }
    impl<N: Scalar> Rollouts for Fresh<N> {
        type Needs = only::Continuations;
        fn value(at: &Scope<'_>) -> f64 {
            N::value(at)
        }
        fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
            Range::Whole.check::<N>("rollouts", at, problems);
        }
        fn show(names: &[&str]) -> String {
            N::show(names)
        }
    }
}

/// Whether the PRM has parameters of its own.
pub mod net {
    use crate::need::demand::{Needs, Nothing, only};

    /// A choice as a type.
    pub trait Net: Send + Sync + 'static {
        /// What must be there for it.
        type Needs: Needs;
        /// As it is written.
        const NAME: &'static str;
    }

    /// Policy and PRM are one set of parameters: phase A moves the policy.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Shared;
    /// The PRM is a network of its own.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Separate;

    impl Net for Shared {
        type Needs = Nothing;
        const NAME: &'static str = "shared";
    }
    impl Net for Separate {
        type Needs = only::PrmNet;
        const NAME: &'static str = "separate";
    }
}

/// How trajectories of a group become preference pairs.
pub mod pairs {
    use crate::batch::Scope;
    use crate::credit::Pairing;
    use crate::objective::range::{InRange, Range};
    use crate::objective::scalar::Scalar;
    use std::marker::PhantomData;

    /// A pairing as a type.
    pub trait Pairs: Send + Sync + 'static {
        /// The pairing as a value.
        fn pairing(at: &Scope<'_>) -> Pairing;
        /// Reports numbers out of range.
        fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
        /// As it is written.
        fn show(names: &[&str]) -> String;
    }

    /// How many trajectories of a group are best, and how many worst.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a number of trajectories",
        note = "write `top_bottom(2)`, or leave the number out for half of the group"
    )]
    pub trait Size: Send + Sync + 'static {
        /// The number; `None` is half of the group.
        fn value(at: &Scope<'_>) -> Option<f64>;
        /// As it is written; empty for [`Half`].
        fn show(names: &[&str]) -> String;
        /// Reports numbers out of range.
        fn check(at: &Scope<'_>, problems: &mut Vec<String>);
    }

    /// Half of the group: what a `k` left out means.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Half;
    /// The `K` best against the `K` worst by outcome: `top_bottom(k)`.
    #[derive(Debug)]
    pub struct TopBottom<K>(PhantomData<K>);
    /// Every successful trajectory against every unsuccessful one.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Success;
    /// Every trajectory with an outcome above `X` against every other one: `threshold(x)`.
    #[derive(Debug)]
    pub struct Threshold<X>(PhantomData<X>);
    /// Every two trajectories of different outcomes.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct All;

    impl Size for Half {
        fn value(_: &Scope<'_>) -> Option<f64> {
            None
        }
        fn show(_: &[&str]) -> String {
            String::new()
        }
        fn check(_: &Scope<'_>, _: &mut Vec<String>) {}
    }
    impl<K: Scalar> Size for K {
        fn value(at: &Scope<'_>) -> Option<f64> {
            Some(K::value(at))
        }
        fn show(names: &[&str]) -> String {
            format!("({})", K::show(names))
        }
        fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
            Range::Count.check::<K>("top_bottom", at, problems);
        }
    }

    impl<K: Size> Pairs for TopBottom<K> {
        fn pairing(at: &Scope<'_>) -> Pairing {
            Pairing::TopBottom(K::value(at).map(|k| k as usize))
        }
        fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
            K::check(at, problems);
        }
        fn show(names: &[&str]) -> String {
            format!("top_bottom{}", K::show(names))
        }
    }
    impl Pairs for Success {
        fn pairing(_: &Scope<'_>) -> Pairing {
            Pairing::Success
        }
        fn show(_: &[&str]) -> String {
            "success".into()
        }
    }
    impl<X: Scalar> Pairs for Threshold<X> {
        fn pairing(at: &Scope<'_>) -> Pairing {
            Pairing::Threshold(X::value(at))
        }
        fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
            Range::Finite.check::<X>("threshold", at, problems);
        }
        fn show(names: &[&str]) -> String {
            format!("threshold({})", X::show(names))
        }
    }
    impl Pairs for All {
        fn pairing(_: &Scope<'_>) -> Pairing {
            Pairing::All
        }
        fn show(_: &[&str]) -> String {
            "all".into()
        }
    }
}

/// How much a step's log-ratio counts in the score of its trajectory.
pub mod weight {
    use crate::batch::Scope;
    use crate::objective::range::{InRange, Range};
    use crate::objective::scalar::Scalar;
    use std::marker::PhantomData;

    /// A weight as a type.
    pub trait Weight: Send + Sync + 'static {
        /// The discount of [`Dmpo`]; `None` is weight 1 everywhere.
        fn gamma(at: &Scope<'_>) -> Option<f64>;
        /// Reports numbers out of range.
        fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
        /// As it is written.
        fn show(names: &[&str]) -> String;
    }

    /// 1 for every step.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Flat;
    /// `(1 - gamma^(T-t)) / (1 - gamma^T)` for step t of T, from 0 (DMPO, arXiv 2406.14868).
    #[derive(Debug)]
    pub struct Dmpo<Gamma>(PhantomData<Gamma>);

    impl Weight for Flat {
        fn gamma(_: &Scope<'_>) -> Option<f64> {
            None
        }
        fn show(_: &[&str]) -> String {
            "flat".into()
        }
    }
    impl<Gamma: Scalar> Weight for Dmpo<Gamma> {
        fn gamma(at: &Scope<'_>) -> Option<f64> {
            Some(Gamma::value(at))
        }
        fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
            Range::Unit.check::<Gamma>("gamma", at, problems);
        }
        fn show(names: &[&str]) -> String {
            format!("dmpo({})", Gamma::show(names))
        }
    }
}
