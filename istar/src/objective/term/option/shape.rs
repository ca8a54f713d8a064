//! The form of a policy loss.

use crate::batch::Scope;
use crate::graph;
use std::marker::PhantomData;

/// A form as a type.
pub trait Shape: Send + Sync + 'static {
    /// The form as a value.
    fn value(at: &Scope<'_>) -> graph::Shape;
    /// Reports numbers out of range.
    fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
    /// As it is written.
    fn show(at: &Scope<'_>) -> String;
}

/// See [`graph::Shape::Clip`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Clip;
/// See [`graph::Shape::LogProb`].
#[derive(Clone, Copy, Debug, Default)]
pub struct LogProb;
/// See [`graph::Shape::Cispo`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Cispo;
/// See [`graph::Shape::GeometricMean`].
#[derive(Clone, Copy, Debug, Default)]
pub struct GeometricMean;
/// See [`graph::Shape::Sapo`].
#[derive(Debug)]
pub struct Sapo<Positive, Negative>(PhantomData<(Positive, Negative)>);
/// See [`graph::Shape::TotalVariation`].
#[derive(Debug)]
pub struct TotalVariation<Most>(PhantomData<Most>);
/// See [`graph::Shape::BinaryKl`].
#[derive(Debug)]
pub struct BinaryKl<Most>(PhantomData<Most>);
/// See [`graph::Shape::Gamma`].
#[derive(Debug)]
pub struct Gamma<K, L, KNegative, LNegative>(PhantomData<(K, L, KNegative, LNegative)>);

#[allow(non_snake_case)] // a number is called as its type is
mod values {
    use super::*;
    use crate::objective::range::{InRange, Range};
    use crate::objective::scalar::Scalar;
    numbered! {
        Shape;
        Clip "clip" = graph::Shape::Clip;
        LogProb "logp" = graph::Shape::LogProb;
        Cispo "cispo" = graph::Shape::Cispo;
        GeometricMean "gmpo" = graph::Shape::GeometricMean;
        Sapo [P "positive" Positive "1", N "negative" Positive "1.05"] "sapo" =
            graph::Shape::Sapo { positive: P, negative: N };
        TotalVariation [Most "most" Positive "20"] "dppo_tv" = graph::Shape::TotalVariation { most: Most };
        BinaryKl [Most "most" Positive "20"] "dppo_kl" = graph::Shape::BinaryKl { most: Most };
        Gamma [A "k" NonNegative "2", B "l" Positive "3", C "k_negative" NonNegative "3", D "l_negative" Positive "2"] "vespo" =
            graph::Shape::Gamma { positive: (A, B), negative: (C, D) };
    }
}
