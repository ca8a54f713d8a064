//! What the numbers of a signal are, as types.
//!
//! The macros check the same rules with better words; these hold for signals that the macros cannot see into.

pub use istar_lang::KindId;
use std::fmt::Debug;

/// A kind as a type, with the table of what arithmetic between kinds gives.
pub trait Kind: Clone + Copy + Debug + Default + Send + Sync + 'static {
    /// The kind as a value.
    const ID: KindId;
    /// `self + k`.
    type Sum<K: Kind>: Kind;
    /// `k - self`.
    type TakenFrom<K: Kind>: Kind;
    /// `self * k`.
    type Product<K: Kind>: Kind;
    /// The kind of `1 / self`.
    type Inverse: Kind;
    /// What `norm` makes of it.
    type Normed: Kind;
    /// What `place` makes of it.
    type Placed: Kind;
    /// What a statistic of its pool is.
    type Pooled: Kind;
    #[doc(hidden)]
    type SumReward: Kind;
    #[doc(hidden)]
    type SumReturn: Kind;
    #[doc(hidden)]
    type SumValue: Kind;
    #[doc(hidden)]
    type SumWeight: Kind;
    #[doc(hidden)]
    type SumFactor: Kind;
    #[doc(hidden)]
    type ProductWeight: Kind;
    #[doc(hidden)]
    type ProductFactor: Kind;
    #[doc(hidden)]
    type ProductOther<K: Kind>: Kind;
}

/// The kind of `a + b`.
pub type Sum<A, B> = <A as Kind>::Sum<B>;
/// The kind of `a - b`.
pub type Minus<A, B> = <B as Kind>::TakenFrom<A>;
/// The kind of `a * b`.
pub type Product<A, B> = <A as Kind>::Product<B>;

/// The kind of `a / b`.
pub type Quotient<A, B> = <A as Kind>::Product<<B as Kind>::Inverse>;

/// A kind that a signal may have: every one but [`Refused`].
#[diagnostic::on_unimplemented(
    message = "a product of two signals needs a Weight or a Factor on one side",
    note = "a Weight is a label or a gate, such as `success` or `invalid`"
)]
pub trait Proper: Kind {}

/// What can be split into parts that add up to it: all but an estimate.
#[diagnostic::on_unimplemented(
    message = "`share` splits no {Self}",
    note = "an estimate of a state is no sum of parts: take its progress, `diff(x)`"
)]
pub trait Divides: Kind {}

/// What may divide: what has no dimension.
#[diagnostic::on_unimplemented(
    message = "nothing is divided by {Self}",
    note = "a divisor is a number, a Weight or a Factor"
)]
pub trait Divisor: Kind {}

/// Increments: what `to_go`, `gae` and `bound` take.
#[diagnostic::on_unimplemented(
    message = "`to_go`, `gae` and `bound` take a Reward, found {Self}",
    note = "only increments may be summed to go; `place(x)` makes a Reward of what is already accumulated"
)]
pub trait Increments: Kind {}

/// What may drive a policy: all but a bare [`Value`].
#[diagnostic::on_unimplemented(
    message = "{Self} cannot be an advantage",
    note = "subtract a Value from what it estimates: `to_go(reward) - value`"
)]
pub trait AsAdvantage: Kind {}

/// What may stand for the value of a state: a [`Value`], a [`Return`], or a number.
#[diagnostic::on_unimplemented(
    message = "`gae` takes a Value or a Return for a value, found {Self}",
    note = "`value` is what a critic estimates"
)]
pub trait Estimate: Kind {}

/// What `exp` takes: a log-ratio, which is a [`Reward`], or what has no dimension.
#[diagnostic::on_unimplemented(
    message = "`exp` takes a log-ratio or a Factor, found {Self}",
    note = "`exp(log_ratio(old, sampler))` is an importance weight"
)]
pub trait Exponent: Kind {}

/// What may weigh the tokens of a loss: a [`Weight`], a [`Factor`], or a number.
#[diagnostic::on_unimplemented(
    message = "`weight` takes a Weight or a Factor, found {Self}",
    note = "an importance weight is `exp(log_ratio(old, sampler))`"
)]
pub trait Weighs: Kind {}

/// What may say which elements count: a [`Weight`].
#[diagnostic::on_unimplemented(
    message = "`where` takes a Weight, found {Self}",
    note = "a Weight is a label or a gate, such as `success` or `invalid`"
)]
pub trait Gate: Kind {}

/// A row a kind: with `Reward`, `Return`, `Value`, `Weight` and `Factor` it sums to ..; times a Weight, times a Factor and
/// times another kind it is ..; `1 / x`, `norm`, `place` and a statistic of a pool make .. of it.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident:
        sum $sum:ident [$reward:ident $ret:ident $value:ident $weight:ident $factor:ident],
        product $product:ident [$by_weight:ident $by_factor:ident $by_other:ident],
        taken $taken:ident, inverse $inverse:ident, norm $normed:ident, place $placed:ident, pool $pooled:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;
        impl Kind for $name {
            const ID: KindId = KindId::$name;
            type Sum<K: Kind> = kinds!(@op K $sum $name);
            type TakenFrom<K: Kind> = kinds!(@taken K $taken $name);
            type Product<K: Kind> = kinds!(@op K $product $name);
            type Inverse = $inverse;
            type Normed = $normed;
            type Placed = $placed;
            type Pooled = $pooled;
            type SumReward = $reward;
            type SumReturn = $ret;
            type SumValue = $value;
            type SumWeight = $weight;
            type SumFactor = $factor;
            type ProductWeight = $by_weight;
            type ProductFactor = $by_factor;
            type ProductOther<K: Kind> = kinds!(@other K $by_other);
        }
    )*};
    (@op $k:ident Other $name:ident) => { $k };
    (@op $k:ident Own $name:ident) => { $name };
    (@op $k:ident ProductOther $name:ident) => { <$k as Kind>::ProductOther<$name> };
    (@op $k:ident $table:ident $name:ident) => { <$k as Kind>::$table };
    (@taken $k:ident Sum $name:ident) => { <$k as Kind>::Sum<$name> };
    (@taken $k:ident $result:ident $name:ident) => { $result };
    (@other $k:ident Keep) => { $k };
    (@other $k:ident Refuse) => { Refused };
}

kinds! {
    /// Increments: all that `to_go` takes.
    Reward: sum SumReward [Reward Return Return Reward Reward], product ProductOther [Reward Reward Refuse],
        taken Sum, inverse Refused, norm Reward, place Reward, pool Reward;
    /// Accumulated.
    Return: sum SumReturn [Return Return Return Return Return], product ProductOther [Return Return Refuse],
        taken Sum, inverse Refused, norm Advantage, place Reward, pool Value;
    /// A critic's or PRM's estimate; what it is taken from leaves an Advantage.
    Value: sum SumValue [Return Return Value Return Return], product ProductOther [Value Value Refuse],
        taken Advantage, inverse Refused, norm Advantage, place Value, pool Value;
    /// Centred; either side of a sum makes the sum one.
    Advantage: sum Own [Advantage Advantage Advantage Advantage Advantage],
        product ProductOther [Advantage Advantage Refuse], taken Sum, inverse Refused, norm Advantage, place Advantage, pool Advantage;
    /// A label or a gate, -1 to 1; counts as a Reward in a sum with another kind and under `place`.
    Weight: sum SumWeight [Reward Return Return Weight Factor], product ProductWeight [Weight Factor Keep],
        taken Sum, inverse Factor, norm Advantage, place Reward, pool Weight;
    /// Dimensionless, of any size: what multiplies a signal and is none by itself, such as an importance weight.
    Factor: sum SumFactor [Reward Return Return Factor Factor], product ProductFactor [Factor Factor Keep],
        taken Sum, inverse Factor, norm Advantage, place Reward, pool Factor;
    /// A number beside signals: takes the other side's kind.
    Scalar: sum Other [Reward Return Value Weight Factor], product Other [Weight Factor Keep],
        taken Sum, inverse Scalar, norm Advantage, place Reward, pool Scalar;
    /// No kind: the product of two signals neither of which is a Weight or a Factor.
    Refused: sum Own [Refused Refused Refused Refused Refused], product Own [Refused Refused Refuse],
        taken Refused, inverse Refused, norm Refused, place Refused, pool Refused;
}

impl Proper for Reward {}
impl Proper for Return {}
impl Proper for Value {}
impl Proper for Advantage {}
impl Proper for Weight {}
impl Proper for Factor {}
impl Proper for Scalar {}

impl Divisor for Weight {}
impl Divisor for Factor {}
impl Divisor for Scalar {}

impl Increments for Reward {}

impl AsAdvantage for Reward {}
impl AsAdvantage for Return {}
impl AsAdvantage for Advantage {}
impl AsAdvantage for Weight {}
impl AsAdvantage for Scalar {}

impl Estimate for Value {}
impl Estimate for Return {}
impl Estimate for Scalar {}

impl Gate for Weight {}

impl Exponent for Reward {}
impl Exponent for Weight {}
impl Exponent for Factor {}
impl Exponent for Scalar {}

impl Divides for Reward {}
impl Divides for Return {}
impl Divides for Advantage {}
impl Divides for Weight {}
impl Divides for Factor {}
impl Divides for Scalar {}
impl Weighs for Weight {}
impl Weighs for Factor {}
impl Weighs for Scalar {}

// What is refused was refused where it arose: one mistake, one message.
#[diagnostic::do_not_recommend]
impl Divisor for Refused {}
#[diagnostic::do_not_recommend]
impl Increments for Refused {}
#[diagnostic::do_not_recommend]
impl AsAdvantage for Refused {}
#[diagnostic::do_not_recommend]
impl Gate for Refused {}
#[diagnostic::do_not_recommend]
impl Exponent for Refused {}
#[diagnostic::do_not_recommend]
impl Weighs for Refused {}
impl Divides for Refused {}

#[cfg(test)]
mod tests {
    use super::{Kind, Minus, Product, Quotient, Sum};

    macro_rules! all_pairs {
        ($check:ident: $($a:ident)*) => { $(all_pairs!(@row $check $a: Reward Return Value Advantage Weight Factor Scalar);)* };
        (@row $check:ident $a:ident: $($b:ident)*) => { $($check::<super::$a, super::$b>();)* };
    }

    /// The tables on types say what the rules of the language say.
    #[test]
    fn tables_follow_the_rules() {
        fn check<A: Kind, B: Kind>() {
            let (a, b) = (A::ID, B::ID);
            assert_eq!(<Sum<A, B> as Kind>::ID, a.sum(b), "{a:?} + {b:?}");
            assert_eq!(<Minus<A, B> as Kind>::ID, a.minus(b), "{a:?} - {b:?}");
            assert_eq!(<Product<A, B> as Kind>::ID, a.product(b), "{a:?} * {b:?}");
            assert_eq!(<Quotient<A, B> as Kind>::ID, a.over(b), "{a:?} / {b:?}");
            assert_eq!(<A::Normed as Kind>::ID, a.normed(), "norm({a:?})");
            assert_eq!(<A::Placed as Kind>::ID, a.placed(), "place({a:?})");
            assert_eq!(<A::Pooled as Kind>::ID, a.pooled(), "pool({a:?})");
        }
        all_pairs!(check: Reward Return Value Advantage Weight Factor Scalar);
    }
}
