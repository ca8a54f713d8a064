//! Where the ratio of a surrogate is cut off, and how far a critic's prediction may go.

use crate::batch::Scope;
use crate::objective::maybe::Without;
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::Scalar;
use std::marker::PhantomData;

/// A clip of the ratio as a type.
pub trait Clip: Send + Sync + 'static {
    /// How far below and above 1 the ratio may go; `None` is no clip.
    fn value(at: &Scope<'_>) -> Option<(f64, f64)>;
    /// Reports numbers out of range.
    fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
    /// As it is written.
    fn show(at: &Scope<'_>) -> String;
}

/// A critic's prediction stays no further than `C` from what it was when the batch was sampled.
pub type Near<C> = C;
/// Neither a ratio nor a prediction is cut off.
pub type Off = Without;
/// The ratio is kept in `[1 - Lo, 1 + Hi]`.
#[derive(Debug)]
pub struct Band<Lo, Hi>(PhantomData<(Lo, Hi)>);

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
        if Lo::show(at) != Hi::show(at) {
            Range::NonNegative.check::<Hi>("clip", at, problems);
        }
    }
    fn show(at: &Scope<'_>) -> String {
        let (lo, hi) = (Lo::show(at), Hi::show(at));
        if lo == hi { lo } else { format!("({lo}, {hi})") }
    }
}

impl Clip for Without {
    fn value(_: &Scope<'_>) -> Option<(f64, f64)> {
        None
    }
    fn show(_: &Scope<'_>) -> String {
        "none".into()
    }
}
