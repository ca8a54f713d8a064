//! An explicit PRM over any estimator: it reads the action that was taken.

use super::{Asked, Chunk, Model, Parameter, Parameters, Policy, Readout, fresh, init};
use crate::kernels::{Activation, Backend};
use crate::seed::stream;
use dfdx::prelude::*;
use rand::Rng;

/// Width of the code of an action.
const CODE: usize = 32;
/// Width of the layer in which a state and an action meet.
const MEET: usize = 64;

/// The logit of `Q(s, a)` for a step of tokens `a` in state `s`:
///
/// ```text
/// logit Q(s, a) = w · relu( f(s) + Uᵀ c(a) ) + b
/// c(a) = 1/√n · Σ_i σ(a_i, i)          the n tokens of the step
/// ```
///
/// `f` is an estimator of the policy's with 64 outputs, asked where the step begins; `σ(token, place)` is a fixed row of
/// 32 signs, drawn by token and place. So nothing here grows with the vocabulary, and steps of any number of tokens are
/// read whole and in order.
#[derive(Debug)]
pub struct Judge<M, D: Backend> {
    body: M,
    action: Tensor<Rank2<CODE, MEET>, f32, D>,
    weight: Tensor<(Const<1>, Const<MEET>), f32, D>,
    bias: Tensor<(Const<1>,), f32, D>,
}

impl<M: Model<D>, D: Backend> Judge<M, D> {
    /// A judge whose body starts as a copy of the policy's. Equal seeds give equal judges.
    pub fn new<P: Policy<D, Estimator = M>>(policy: &P, seed: u64) -> Self {
        let body = policy.estimator(MEET, seed);
        let device = body.parameters().first().map_or_else(D::default, |(_, p)| p.flat().device().clone());
        Judge {
            action: init::uniform(&device, Default::default(), CODE, 1.0, seed, "judge.action"),
            weight: init::uniform(&device, Default::default(), MEET, 1.0, seed, "judge.weight"),
            bias: device.zeros(),
            body,
        }
    }
}

/// The code of the tokens of a step: `(CODE,)`.
fn code(tokens: &[u32], into: &mut Vec<f32>) {
    let start = into.len();
    into.resize(start + CODE, 0.0);
    let scale = 1.0 / (tokens.len().max(1) as f32).sqrt();
    for (place, token) in tokens.iter().enumerate() {
        let signs = stream(u64::from(*token), "action", place as u64).next_u32();
        for (bit, sum) in into[start..].iter_mut().enumerate() {
            *sum += if signs >> bit & 1 == 1 { scale } else { -scale };
        }
    }
}

impl<M: Model<D>, D: Backend> Model<D> for Judge<M, D> {
    type Observation = M::Observation;

    /// The rows are tokens; each stands for its step. There is one output, whatever is asked for.
    fn read<T: Tape<f32, D>>(
        &self,
        asked: &Asked<'_, M::Observation>,
        _entropy: bool,
        tape: T,
    ) -> Readout<D, T> {
        let rows = asked.rows.len();
        if rows == 0 {
            let logp = self.bias.device().tensor_from_vec(Vec::new(), (0,));
            return Readout { logp, entropy: None, tape };
        }
        let each = |column: &[u32]| column.iter().flat_map(|x| [*x; MEET]).collect::<Vec<u32>>();
        let all = Asked {
            rows: each(&asked.rows),
            output: (0..MEET as u32).collect::<Vec<u32>>().repeat(rows),
            at: each(&asked.at),
            seen: asked.seen.clone(),
            ..*asked
        };
        let Readout { logp: state, tape, .. } = self.body.read(&all, false, tape);
        let layout = asked.history.layout;
        let mut codes = Vec::with_capacity(rows * CODE);
        for row in &asked.rows {
            let step = layout.step_of_token()[*row as usize] as usize;
            code(&asked.history.token[layout.tokens_of(step)], &mut codes);
        }
        let codes = self.bias.device().tensor_from_vec(codes, (rows, Const::<CODE>));
        let state = state.put_tape(tape).reshape_like(&(rows, Const::<MEET>));
        let met = (state + codes.put_tape(T::default()).matmul(self.action.clone())).relu();
        let logits = D::linear(met, &self.weight, &self.bias, Activation::Identity);
        let (logp, tape) = logits.reshape_like(&(rows,)).split_tape();
        Readout { logp, entropy: None, tape }
    }

    fn chunk(&self) -> usize {
        self.body.chunk()
    }

    fn chunks<'a>(&self, asked: &Asked<'a, M::Observation>) -> Vec<Chunk<'a, M::Observation>> {
        self.body.chunks(asked)
    }
}

impl<M: Clone, D: Backend> Clone for Judge<M, D> {
    fn clone(&self) -> Self {
        let Judge { body, action, weight, bias } = self;
        Judge { body: body.clone(), action: fresh(action), weight: fresh(weight), bias: fresh(bias) }
    }
}

/// One row a parameter beside the body's, so that the two lists cannot disagree.
macro_rules! parameters {
    ($self:ident, $all:ident, [$($mutable:tt)?]) => {{
        let mut all = $self.body.$all();
        all.iter_mut().for_each(|(name, _)| name.insert_str(0, "body."));
        all.push(("action".into(), &$($mutable)? $self.action));
        all.push(("weight".into(), &$($mutable)? $self.weight));
        all.push(("bias".into(), &$($mutable)? $self.bias));
        all
    }};
}

impl<M: Parameters<D>, D: Backend> Parameters<D> for Judge<M, D> {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<D>)> {
        parameters!(self, parameters, [])
    }

    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<D>)> {
        parameters!(self, parameters_mut, [mut])
    }
}

#[cfg(test)]
mod tests {
    use super::super::pixel::tests::{Cells, policy};
    use super::*;
    use crate::batch::{History, Layout};
    use crate::kernels::testing::assert_close;

    type Pixels = Judge<crate::policy::PixelNet<Cells, usize, Cpu>, Cpu>;

    /// The question about each of some steps, all under the observation of their number.
    fn ask<T: Tape<f32, Cpu>>(
        judge: &Pixels,
        rooms: &[Cells],
        steps: &[(u32, &[u32])],
        tape: T,
    ) -> Readout<Cpu, T> {
        let layout = Layout::from_lengths([1], [steps.len()], steps.iter().map(|step| step.1.len()));
        let observation: Vec<u32> = steps.iter().flat_map(|step| vec![step.0; step.1.len()]).collect();
        let token: Vec<u32> = steps.iter().flat_map(|step| step.1.to_vec()).collect();
        let rows: Vec<u32> = (0..steps.len()).map(|step| layout.tokens_of(step).start as u32).collect();
        let output = vec![0; rows.len()];
        let history = History::new(&layout, rooms, &observation, &token);
        judge.read(&Asked::whole(history, rows, output), false, tape)
    }

    fn rooms() -> [Cells; 2] {
        [Cells([200, 0, 30, 0, 90, 10]), Cells([0, 220, 10, 140, 0, 60])]
    }

    #[test]
    fn what_is_good_in_one_state_and_bad_in_another_can_be_learnt() {
        let (mut judge, rooms) = (Judge::new(&policy(1), 1), rooms());
        let words: [&[u32]; 4] = [&[0], &[31_999], &[7, 8], &[8, 7]];
        let steps: Vec<(u32, &[u32])> = (0..2).flat_map(|room| words.map(|word| (room, word))).collect();
        // Good in the first room is bad in the second: neither state nor action alone says which.
        let label: Vec<f32> = (0..8).map(|i| if (i / 4 + i % 2) % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let target = Cpu::default().tensor_from_vec(label.clone(), (8,));
        for _ in 0..300 {
            let Readout { logp, tape, .. } = ask(&judge, &rooms, &steps, OwnedTape::default());
            let loss = (logp.put_tape(tape) - target.clone()).square().mean::<Rank0, _>();
            let mut gradients = loss.backward();
            for (_, parameter) in judge.parameters_mut() {
                let slope = parameter.gradient(&mut gradients);
                let moved: Vec<f32> =
                    parameter.values().iter().zip(slope).map(|(value, g)| value - 0.05 * g).collect();
                parameter.set(&moved);
            }
        }
        let read = ask(&judge, &rooms, &steps, NoneTape).logp.as_vec();
        assert!(read.iter().zip(&label).all(|(read, label)| read * label > 0.5), "{read:?}");
    }

    #[test]
    fn nothing_grows_with_the_vocabulary_and_the_order_of_tokens_is_read() {
        let (judge, rooms) = (Judge::new(&policy(2), 3), rooms());
        let size = |judge: &Pixels| judge.parameters().iter().map(|p| p.1.values().len()).sum::<usize>();
        let body = size(&judge) - (CODE * MEET + MEET + 1);
        assert_eq!(
            body,
            policy(2).estimator(MEET, 3).parameters().iter().map(|p| p.1.values().len()).sum::<usize>()
        );
        let read = |word: &[u32]| ask(&judge, &rooms, &[(0, word)], NoneTape).logp.as_vec()[0];
        assert_ne!(read(&[1, 2]), read(&[2, 1]));
        assert_ne!(read(&[1, u32::MAX]), read(&[1]));
        let beside = ask(&judge.clone(), &rooms, &[(1, &[9]), (0, &[5, 6])], NoneTape).logp.as_vec()[1];
        assert_close("beside another step", &[read(&[5, 6])], &[beside], 1e-5);
        assert_eq!(ask(&judge, &rooms, &[], NoneTape).logp.shape().0, 0);
    }
}
