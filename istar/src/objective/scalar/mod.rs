//! Numbers of an objective: hyper-parameters by position, literals by value, schedules of the iteration.

mod anneal;

pub use anneal::Anneal;

use crate::batch::Scope;
use std::marker::PhantomData;

/// A number that is known before a batch is: literal, hyper-parameter, schedule, or arithmetic of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number",
    note = "a Scalar is a literal, a hyper-parameter or a schedule"
)]
pub trait Scalar: Send + Sync + 'static {
    /// The number at this place of the training run.
    fn value(at: &Scope<'_>) -> f64;
    /// Reports parts that are out of range wherever the number stands.
    fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
    /// As it is written.
    fn show(at: &Scope<'_>) -> String;
}

/// Hyper-parameter number `I`.
#[derive(Debug)]
pub struct Hp<const I: usize>;
/// The literal `M · 10^-E`, readable in type names.
#[derive(Debug)]
pub struct Dec<const M: i64, const E: u32>;
/// A literal that `Dec` does not hold exactly, as the bits of its `f64`.
#[derive(Debug)]
pub struct Bits<const B: u64>;
/// `a + b` of two Scalars.
#[derive(Debug)]
pub struct Add<A, B>(PhantomData<(A, B)>);
/// `a - b` of two Scalars.
#[derive(Debug)]
pub struct Sub<A, B>(PhantomData<(A, B)>);
/// `a * b` of two Scalars.
#[derive(Debug)]
pub struct Mul<A, B>(PhantomData<(A, B)>);
/// `a / b` of two Scalars, the second not 0.
#[derive(Debug)]
pub struct Div<A, B>(PhantomData<(A, B)>);

impl<const I: usize> Scalar for Hp<I> {
    fn value(at: &Scope<'_>) -> f64 {
        at.params[I]
    }
    fn show(at: &Scope<'_>) -> String {
        at.names.get(I).map_or_else(|| format!("#{I}"), |name| (*name).to_owned())
    }
}

impl<const M: i64, const E: u32> Scalar for Dec<M, E> {
    fn value(_: &Scope<'_>) -> f64 {
        const { M as f64 / 10u64.pow(E) as f64 }
    }
    fn show(_: &Scope<'_>) -> String {
        format!("{}", M as f64 / 10u64.pow(E) as f64)
    }
}

impl<const B: u64> Scalar for Bits<B> {
    fn value(_: &Scope<'_>) -> f64 {
        f64::from_bits(B)
    }
    fn show(_: &Scope<'_>) -> String {
        format!("{}", f64::from_bits(B))
    }
}

impl<A: Scalar, B: Scalar> Scalar for Div<A, B> {
    fn value(at: &Scope<'_>) -> f64 {
        A::value(at) / B::value(at)
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        A::check(at, problems);
        B::check(at, problems);
        if B::value(at) == 0.0 {
            problems.push(format!("`{}` divides by 0", Self::show(at)));
        }
    }
    fn show(at: &Scope<'_>) -> String {
        format!("{} / {}", A::show(at), divisor(B::show(at)))
    }
}

/// In parentheses if an operator stands outside of its own: `1 / (a * b)`.
pub(super) fn divisor(text: String) -> String {
    let mut depth = 0;
    let bare = text.chars().any(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0 && c == ' '
    });
    if bare { format!("({text})") } else { text }
}

macro_rules! arithmetic {
    ($($name:ident $op:tt $show:literal;)*) => {$(
        impl<A: Scalar, B: Scalar> Scalar for $name<A, B> {
            fn value(at: &Scope<'_>) -> f64 {
                A::value(at) $op B::value(at)
            }
            fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
                A::check(at, problems);
                B::check(at, problems);
            }
            fn show(at: &Scope<'_>) -> String {
                format!($show, A::show(at), B::show(at))
            }
        }
    )*};
}

arithmetic! {
    Add + "({} + {})";
    Sub - "({} - {})";
    Mul * "{} * {}";
}
