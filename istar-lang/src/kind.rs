//! Kinds: what the numbers of a signal are. They keep increments and returns apart, so that nothing is accumulated twice.

/// A kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum KindId {
    /// Increments.
    Reward,
    /// Accumulated.
    Return,
    /// An estimate of a critic or PRM.
    Value,
    /// Centred.
    Advantage,
    /// Dimensionless, -1 to 1.
    Weight,
    /// Dimensionless, of any size: importance weights, ranks, counts.
    Factor,
    /// A number beside signals.
    Scalar,
    /// A product of two signals neither of which is a Weight or a Factor: refused.
    Refused,
}

use KindId::{Advantage, Factor, Refused, Return, Reward, Scalar, Value, Weight};

impl KindId {
    /// Every kind that a signal may have.
    pub const ALL: [KindId; 7] = [Reward, Return, Value, Advantage, Weight, Factor, Scalar];

    /// The kind of `a + b`.
    pub fn sum(self, other: KindId) -> KindId {
        match (self, other) {
            (Refused, _) | (_, Refused) => Refused,
            (Scalar, kind) | (kind, Scalar) => kind,
            (a, b) if a == b => a,
            (Advantage, _) | (_, Advantage) => Advantage,
            (Weight, Factor) | (Factor, Weight) => Factor,
            (Weight | Factor, Reward) | (Reward, Weight | Factor) => Reward,
            _ => Return,
        }
    }

    /// The kind of `a - b`: what an estimate is taken from leaves an Advantage.
    pub fn minus(self, other: KindId) -> KindId {
        if other == Value { Advantage } else { self.sum(other) }
    }

    /// The kind of `a * b`; one side of a product is a Scalar, a Weight or a Factor.
    pub fn product(self, other: KindId) -> KindId {
        match (self, other) {
            (Scalar, kind) | (kind, Scalar) => kind,
            (Weight, kind) | (kind, Weight) => kind,
            (Factor, kind) | (kind, Factor) => kind,
            _ => Refused,
        }
    }

    /// The kind of `1 / a`: what divides is a Scalar, a Weight or a Factor.
    pub fn inverse(self) -> KindId {
        match self {
            Scalar => Scalar,
            Weight | Factor => Factor,
            Reward | Return | Value | Advantage | Refused => Refused,
        }
    }

    /// The kind of `a / b`.
    pub fn over(self, other: KindId) -> KindId {
        self.product(other.inverse())
    }

    /// What `norm` makes of it.
    pub fn normed(self) -> KindId {
        match self {
            Reward | Refused => self,
            Return | Value | Advantage | Weight | Factor | Scalar => Advantage,
        }
    }

    /// What `place` makes of it.
    pub fn placed(self) -> KindId {
        match self {
            Advantage | Value | Refused => self,
            Reward | Return | Weight | Factor | Scalar => Reward,
        }
    }

    /// What a statistic of its pool is: of a Return an estimate of what is to be expected.
    pub fn pooled(self) -> KindId {
        if self == Return { Value } else { self }
    }

    /// As it is written: `column(x, step, reward)`.
    pub fn word(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    /// The kind with its article: `an Advantage`.
    pub fn describe(self) -> String {
        let article = if self == Advantage { "an" } else { "a" };
        format!("{article} {self:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::KindId;

    #[test]
    fn sums_and_products_are_algebras() {
        for a in KindId::ALL {
            assert_eq!(a.sum(KindId::Refused), KindId::Refused);
            for b in KindId::ALL {
                assert_eq!(a.sum(b), b.sum(a));
                assert_eq!(a.product(b), b.product(a));
                for c in KindId::ALL {
                    assert_eq!(a.sum(b).sum(c), a.sum(b.sum(c)), "{a:?} + {b:?} + {c:?}");
                    assert_eq!(a.product(b).product(c), a.product(b.product(c)), "{a:?} * {b:?} * {c:?}");
                }
            }
        }
    }
}
