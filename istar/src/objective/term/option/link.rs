//! What a pair of scores costs.

use crate::batch::Scope;
use crate::graph;
use std::marker::PhantomData;

/// A link as a type.
pub trait Link: Send + Sync + 'static {
    /// The link as a value.
    fn value(at: &Scope<'_>) -> graph::Link;
    /// Reports numbers out of range.
    fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
    /// As it is written.
    fn show(at: &Scope<'_>) -> String;
}

/// See [`graph::Link::Sigmoid`].
#[derive(Debug)]
pub struct Sigmoid<Smooth, Margin>(PhantomData<(Smooth, Margin)>);
/// See [`graph::Link::Robust`].
#[derive(Debug)]
pub struct Robust<Smooth>(PhantomData<Smooth>);
/// See [`graph::Link::Hinge`].
#[derive(Debug)]
pub struct Hinge<Margin>(PhantomData<Margin>);
/// See [`graph::Link::Exo`].
#[derive(Debug)]
pub struct Exo<Smooth>(PhantomData<Smooth>);
/// See [`graph::Link::Discopop`].
#[derive(Debug)]
pub struct Discopop<Tau>(PhantomData<Tau>);

macro_rules! plain {
    ($($name:ident)*) => {$(
        #[doc = concat!("See [`graph::Link::", stringify!($name), "`].")]
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;
    )*};
}
plain! { Ipo Nca Bco Sppo ApoZero ApoDown Odds }

#[allow(non_snake_case)] // a number is called as its type is
mod values {
    use super::*;
    use crate::objective::range::{InRange, Range};
    use crate::objective::scalar::Scalar;
    numbered! {
        Link;
        Sigmoid [S "smooth" Doubt "0", M "margin" Finite "0"] "sigmoid" = graph::Link::Sigmoid { smooth: S, margin: M };
        Robust [S "smooth" Doubt ""] "robust" = graph::Link::Robust { smooth: S };
        Hinge [M "margin" Finite "0"] "hinge" = graph::Link::Hinge { margin: M };
        Exo [S "smooth" SomeDoubt ""] "exo" = graph::Link::Exo { smooth: S };
        Discopop [T "tau" Positive "0.05"] "discopop" = graph::Link::Discopop { tau: T };
        Ipo "ipo" = graph::Link::Ipo;
        Nca "nca" = graph::Link::Nca;
        Bco "bco" = graph::Link::Bco;
        Sppo "sppo" = graph::Link::Sppo;
        ApoZero "apo_zero" = graph::Link::ApoZero;
        ApoDown "apo_down" = graph::Link::ApoDown;
        Odds "odds" = graph::Link::Odds;
    }
}
