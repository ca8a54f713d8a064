//! Aggregation upward: one number per unit of a coarser level. Items count with their weights.

use crate::batch::{LevelId, Scope};
use crate::credit::{self, Aggregate, Credit, owners, units};
use crate::need::demand::Or;
use crate::objective::level::{Inside, Level, Proper};
use crate::objective::{Plan, Signal};
use std::marker::PhantomData;

macro_rules! aggregates {
    ($($(#[$doc:meta])* $name:ident $text:literal $estimator:ident $items:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<X, L>(PhantomData<(X, L)>);

        impl<X: Signal, L: Proper> Signal for $name<X, L>
        where
            X::Level: Inside<L>,
        {
            type Level = L;
            type Kind = X::Kind;
            type Needs = Or<X::Needs, <L as Level>::Needs>;
            fn eval(cx: &Credit<'_>) -> Vec<f64> {
                let owner = owners(&cx.batch, <X::Level as Level>::id(&cx.at), <L as Level>::id(&cx.at));
                let (x, units) = (X::eval(cx), units(&cx.batch, <L as Level>::id(&cx.at)));
                match <X::Level as Level>::id(&cx.at) {
                    LevelId::Item => credit::items(Aggregate::$items, &x, &X::weights(cx), &owner, units),
                    _ => credit::$estimator(&x, &owner, units),
                }
            }
            parts!(X;);
            fn show(at: &Scope<'_>) -> String {
                format!("{}({}, per = {})", $text, X::show(at), <L as Level>::id(at).name())
            }
        }
    )*};
}

aggregates! {
    /// `sum(x, per = ..)`; an empty unit gives 0.
    ///
    /// A coarser signal has nothing to add up in a finer unit:
    /// ```compile_fail,E0277
    /// # use istar::objective::{Signal, level, signal::{Outcome, SumPer}};
    /// fn signal<S: Signal>() {}
    /// signal::<SumPer<Outcome, level::Step>>();
    /// ```
    SumPer "sum" sum Sum;
    /// `mean(x, per = ..)`; an empty unit gives 0.
    MeanPer "mean" mean Mean;
    /// `min(x, per = ..)`; an empty unit gives 0.
    MinPer "min" min Min;
    /// `max(x, per = ..)`; an empty unit gives 0.
    MaxPer "max" max Max;
    /// `first(x, per = ..)`; an empty unit gives 0.
    FirstPer "first" first First;
    /// `last(x, per = ..)`; an empty unit gives 0.
    LastPer "last" last Last;
}
