//! The smaller or the larger of two signals, element by element.

use super::arithmetic::{both, zip, zip_after};
use crate::batch::Scope;
use crate::credit::{self, Credit};
use crate::need::demand::Or;
use crate::objective::kind;
use crate::objective::level::{Join, Proper};
use crate::objective::{Plan, Signal};
use std::marker::PhantomData;

macro_rules! extremes {
    ($($(#[$doc:meta])* $name:ident $text:literal $of:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<A, B>(PhantomData<(A, B)>);

        impl<A: Signal, B: Signal> Signal for $name<A, B>
        where
            Join<A::Level, B::Level>: Proper,
        {
            type Level = Join<A::Level, B::Level>;
            type Kind = kind::Sum<A::Kind, B::Kind>;
            type Needs = Or<A::Needs, B::Needs>;
            fn eval(cx: &Credit<'_>) -> Vec<f64> {
                zip::<A, B>(cx, f64::$of)
            }
            fn after(cx: &Credit<'_>) -> Option<Vec<f64>> {
                zip_after::<A, B>(cx, f64::$of)
            }
            fn speaks_after(at: &Scope<'_>) -> bool {
                A::speaks_after(at) || B::speaks_after(at)
            }
            weights_of!(A, B);
            fn kept(cx: &Credit<'_>) -> Option<Vec<bool>> {
                both(A::kept(cx), B::kept(cx))
            }
            parts!(A, B;);
            fn show(at: &Scope<'_>) -> String {
                format!("{}({}, {})", $text, A::show(at), B::show(at))
            }
        }
    )*};
}

extremes! {
    /// `minimum(x, y)`.
    Minimum "minimum" min;
    /// `maximum(x, y)`.
    Maximum "maximum" max;
}
