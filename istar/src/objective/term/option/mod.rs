//! Options of loss terms as types, one module an option.

/// Values of an option that have numbers: the option's trait; a row a type with its numbers (each with its name, its range and its default,
/// `""` where it has none), its word and its value.
macro_rules! numbered {
    ($trait:ident; $($name:ident $([$($number:ident $option:literal $range:ident $usual:literal),+])?
        $word:literal = $value:expr;)*) => {$(
        impl$(<$($number: Scalar),+>)? $trait for $name$(<$($number),+>)? {
            #[allow(unused_variables)] // Not every value has numbers.
            fn value(at: &Scope<'_>) -> graph::$trait {
                $($(let $number = $number::value(at);)+)?
                $value
            }
            #[allow(unused_variables)]
            fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
                $($(Range::$range.check::<$number>($option, at, problems);)+)?
            }
            #[allow(unused_variables)]
            fn show(at: &Scope<'_>) -> String {
                let numbers: &[(&str, String, &str)] = &[$($(($option, $number::show(at), $usual)),+)?];
                let unusual = numbers.iter().filter(|(_, number, usual)| number != usual);
                let shown: Vec<_> = unusual.map(|(name, number, _)| format!("{name} = {number}")).collect();
                if shown.is_empty() { $word.into() } else { format!("{}({})", $word, shown.join(", ")) }
            }
        }
    )*};
}

pub mod clip;
pub mod link;
pub mod pairs;
pub mod rollouts;
pub mod shape;

pub use crate::objective::choice::{empty, estimator, gradient, groups, net, over, per, read, target};

/// The second bound of the surrogate where the advantage is negative (Ye et al., arXiv 1912.09729).
pub mod dual {
    use crate::objective::maybe::Without;

    /// No second bound.
    pub type Off = Without;
    /// The loss of a token with a negative advantage `A` is at most `-C · A`.
    pub type At<C> = C;
}

/// Whether the weights of `share` are taken as they are or through a softmax.
pub mod softmax {
    use crate::objective::maybe::Without;

    /// As they are.
    pub type Off = Without;
    /// Through a softmax at this temperature.
    pub type At<T> = T;
}

/// How much a step's log-ratio counts in the score of its trajectory.
pub mod weight {
    use crate::objective::maybe::Without;

    /// 1 for every step.
    pub type Flat = Without;
    /// `(1 - gamma^(T-t)) / (1 - gamma^T)` for step t of T, from 0 (DMPO, arXiv 2406.14868).
    pub type Dmpo<Gamma> = Gamma;
}
