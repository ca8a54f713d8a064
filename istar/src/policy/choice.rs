//! A policy that looks at what can be chosen, each choice by itself and all with the same eyes.

use super::dense::{DenseNet, Layers, Vector};
use super::{Categorical, Outputs, Parameter, Parameters};
use crate::kernels::Backend;
use dfdx::prelude::*;
use serde::{Deserialize, Serialize};
use serde_big_array::BigArray;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

/// An observation that is a list of choices: buttons of a page, moves of a game. Equal observations are forwarded once.
pub trait Choices: Clone + Eq + Hash + Send + Sync {
    /// What a choice looks like. The default stands where there is none.
    type Choice: Vector + Default;

    /// The token of each choice, each at most once, and what it looks like.
    fn choices(&self) -> impl Iterator<Item = (u32, &Self::Choice)>;

    /// All of them at a glance: what an estimator looks at.
    fn glance(&self) -> Self::Choice;
}

/// What is known of a choice: numbers from 0 to 1, in 255ths, so that looks can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Look<const N: usize>(#[serde(with = "BigArray")] [u8; N]);

impl<const N: usize> Default for Look<N> {
    fn default() -> Self {
        Look([0; N])
    }
}

impl<const N: usize> Look<N> {
    /// Sets the number at a place; beyond 0 or 1 it is that.
    pub fn set(&mut self, place: usize, share: f64) {
        self.0[place] = (255.0 * share.clamp(0.0, 1.0)).round() as u8;
    }

    /// Sets it to 1 where something holds, else to 0.
    pub fn mark(&mut self, place: usize, holds: bool) {
        self.set(place, f64::from(u8::from(holds)));
    }
}

impl<const N: usize> Vector for Look<N> {
    const SIZE: usize = N;

    fn write(&self, out: &mut [f32]) {
        out.iter_mut().zip(self.0).for_each(|(out, part)| *out = f32::from(part) / 255.0);
    }
}

/// A look at each choice, by token. At a glance they are the largest of each number.
///
/// ```
/// use istar::policy::{Choices, Look, Looks};
///
/// let mut cup = Look::<2>::default();
/// cup.set(0, 0.5);
/// let mut pot = Look::default();
/// pot.mark(1, true);
/// let looks: Looks<2> = [(3, cup), (7, pot)].into_iter().collect();
/// assert_eq!(looks.choices().map(|(token, _)| token).collect::<Vec<_>>(), [3, 7]);
/// cup.mark(1, true);
/// assert_eq!(looks.glance(), cup);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Looks<const N: usize>(Arc<[(u32, Look<N>)]>);

impl<const N: usize> FromIterator<(u32, Look<N>)> for Looks<N> {
    fn from_iter<I: IntoIterator<Item = (u32, Look<N>)>>(looks: I) -> Self {
        Looks(looks.into_iter().collect())
    }
}

impl<const N: usize> Choices for Looks<N> {
    type Choice = Look<N>;

    fn choices(&self) -> impl Iterator<Item = (u32, &Look<N>)> {
        self.0.iter().map(|(token, look)| (*token, look))
    }

    fn glance(&self) -> Look<N> {
        let mut glance = Look::default();
        for (_, look) in self.0.iter() {
            glance.0.iter_mut().zip(look.0).for_each(|(most, part)| *most = (*most).max(part));
        }
        glance
    }
}

/// A policy over choices: the logit of a token is what one small network says of its choice, so what is learnt of one button
/// holds for all. What is no choice has the logit of the default, and has to be illegal.
///
/// ```
/// use dfdx::prelude::Cpu;
/// use istar::policy::{Choices, Choosing, Floats, Policy, Tanh};
///
/// /// Cups, each with what it weighs and what it costs.
/// #[derive(Clone, PartialEq, Eq, Hash)]
/// struct Cups(Vec<Floats<2>>);
///
/// impl Choices for Cups {
///     type Choice = Floats<2>;
///     fn choices(&self) -> impl Iterator<Item = (u32, &Floats<2>)> {
///         (0..).zip(&self.0)
///     }
///     fn glance(&self) -> Floats<2> {
///         self.0.first().copied().unwrap_or_default()
///     }
/// }
///
/// let policy = Choosing::<Cups, (Tanh<8>,)>::new(&Cpu::default(), 10, 0);
/// assert_eq!(policy.actions(), 10);
/// ```
pub type Choosing<O, L, D = Cpu> = Categorical<ChoiceNet<O, L, D>>;

impl<O: Choices, L: Layers, D: Backend> Choosing<O, L, D> {
    /// A new policy for choices with tokens below `tokens`. Equal seeds give equal networks, on every device.
    ///
    /// # Panics
    /// When there is no token.
    pub fn new(dev: &D, tokens: usize, seed: u64) -> Self {
        assert!(tokens > 0, "a policy without a token to choose");
        Categorical(ChoiceNet { net: DenseNet::new(dev, 1, seed), tokens: Some(tokens) })
    }
}

/// A network from a choice to a number, laid over all [`Choices`] of an observation; or, as an estimator, from their
/// [`glance`](Choices::glance) to so many numbers.
pub struct ChoiceNet<O: Choices, L, D: Backend> {
    net: DenseNet<O::Choice, L, D>,
    /// How many tokens there are; none in an estimator.
    tokens: Option<usize>,
}

impl<O: Choices, L: Layers, D: Backend> Outputs<D> for ChoiceNet<O, L, D> {
    type Observation = O;

    fn outputs<'a, T: Tape<f32, D>>(
        &self,
        observations: impl ExactSizeIterator<Item = &'a O>,
        tape: T,
    ) -> Tensor<(usize, usize), f32, D, T>
    where
        O: 'a,
    {
        let Some(tokens) = self.tokens else {
            let glances: Vec<O::Choice> = observations.map(Choices::glance).collect();
            return self.net.outputs(glances.iter(), tape);
        };
        let (rows, none) = (observations.len(), O::Choice::default());
        let mut table = vec![&none; rows * tokens];
        for (observation, row) in observations.zip(table.chunks_exact_mut(tokens)) {
            for (token, choice) in observation.choices() {
                if let Some(place) = row.get_mut(token as usize) {
                    *place = choice;
                }
            }
        }
        self.net.outputs(table.into_iter(), tape).reshape_like(&(rows, tokens))
    }

    fn size(&self) -> usize {
        self.tokens.unwrap_or_else(|| self.net.size())
    }

    fn with_outputs(&self, outputs: usize, seed: u64) -> Self {
        ChoiceNet { net: self.net.with_outputs(outputs, seed), tokens: None }
    }

    /// Fewer than of one vector each, for there are as many rows as tokens.
    fn chunk(&self) -> usize {
        256
    }
}

impl<O: Choices, L, D: Backend> Parameters<D> for ChoiceNet<O, L, D> {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<D>)> {
        self.net.parameters()
    }

    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<D>)> {
        self.net.parameters_mut()
    }
}

impl<O: Choices, L, D: Backend> Clone for ChoiceNet<O, L, D> {
    fn clone(&self) -> Self {
        ChoiceNet { net: self.net.clone(), tokens: self.tokens }
    }
}

impl<O: Choices, L, D: Backend> fmt::Debug for ChoiceNet<O, L, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tokens {
            Some(tokens) => write!(f, "ChoiceNet({tokens} × {:?})", self.net),
            None => write!(f, "ChoiceNet({:?})", self.net),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Floats, Tanh};

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    struct List(Vec<(u32, Floats<2>)>);

    impl Choices for List {
        type Choice = Floats<2>;
        fn choices(&self) -> impl Iterator<Item = (u32, &Floats<2>)> {
            self.0.iter().map(|(token, look)| (*token, look))
        }
        fn glance(&self) -> Floats<2> {
            self.0[0].1
        }
    }

    fn list(choices: &[(u32, [f32; 2])]) -> List {
        List(choices.iter().map(|(token, look)| (*token, Floats(*look))).collect())
    }

    fn net() -> ChoiceNet<List, (Tanh<8>,), Cpu> {
        let Categorical(net) = Choosing::<List, (Tanh<8>,)>::new(&Cpu::default(), 4, 3);
        ChoiceNet { net: net.net.with_outputs(1, 3), tokens: net.tokens }
    }

    #[test]
    fn a_choice_is_seen_alike_wherever_it_stands() {
        let net = net();
        let (a, b) = ([1.0, -0.5], [0.2, 2.0]);
        let seen = [list(&[(0, a), (2, b)]), list(&[(3, a), (1, b), (9, a)])];
        let found = net.outputs(seen.iter(), NoneTape).as_vec();
        let (of_a, of_b, of_none) = (found[0], found[2], found[1]);
        assert_eq!(found, [of_a, of_none, of_b, of_none, of_none, of_b, of_none, of_a]);
        assert!(of_a != of_b && of_a != of_none);
    }

    #[test]
    fn an_estimator_looks_at_the_glance() {
        let estimator = net().with_outputs(3, 0);
        let found = estimator
            .outputs([list(&[(0, [1.0, 1.0]), (1, [5.0, 5.0])]), list(&[(2, [1.0, 1.0])])].iter(), NoneTape);
        assert_eq!((estimator.size(), found.shape()), (3, &(2, 3)));
        let found = found.as_vec();
        assert_eq!(found[..3], found[3..]);
    }

    #[test]
    fn gradients_reach_every_parameter() {
        let net = net();
        let tape = OwnedTape::<f32, Cpu>::default();
        let out = net.outputs([list(&[(0, [1.0, -0.5]), (2, [0.2, 2.0])])].iter(), tape);
        let mut gradients = out.square().sum().backward();
        for (name, parameter) in net.parameters() {
            let gradient = parameter.gradient(&mut gradients);
            assert!(gradient.iter().any(|g| *g != 0.0), "{name}");
        }
    }
}
