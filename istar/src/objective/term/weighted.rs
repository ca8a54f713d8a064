//! `w * term`.

use crate::batch::{LevelId, Scope};
use crate::credit::Credit;
use crate::graph::{Pass, Phase, Rank0Loss, number};
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::Scalar;
use crate::objective::{Plan, Term};
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// A loss term times a number. With weight 0 what the term carries is read and never trained: there is no loss, hence
/// no optimiser step, no moment and no decay.
#[derive(Debug)]
pub struct Weighted<S, T>(PhantomData<(S, T)>);

impl<S: Scalar, T: Term> Term for Weighted<S, T> {
    type Needs = T::Needs;
    fn credit(at: &Scope<'_>) -> Option<LevelId> {
        T::credit(at)
    }
    type Prepared = T::Prepared;
    fn prepare(cx: &Credit<'_>, phase: Phase) -> Self::Prepared {
        T::prepare(cx, phase)
    }
    fn loss<E: Dtype, D: Device<E>>(
        prepared: &Self::Prepared,
        pass: &mut Pass<'_, E, D>,
    ) -> Option<Rank0Loss<E, D>> {
        let weight = S::value(&pass.at);
        if weight == 0.0 {
            return None;
        }
        Some(T::loss(prepared, pass)? * number::<E>(weight))
    }
    fn shares<E: Dtype, D: Device<E>>(
        prepared: &Self::Prepared,
        pass: &mut Pass<'_, E, D>,
        shares: &mut Vec<f64>,
    ) -> Option<Rank0Loss<E, D>> {
        let (weight, before) = (S::value(&pass.at), shares.len());
        if weight == 0.0 {
            let mut names = Vec::new();
            T::terms(&pass.at, &mut names);
            shares.resize(before + names.len(), 0.0);
            return None;
        }
        let loss = T::shares(prepared, pass, shares)?;
        shares[before..].iter_mut().for_each(|share| *share *= weight);
        Some(loss * number::<E>(weight))
    }
    fn terms(at: &Scope<'_>, names: &mut Vec<String>) {
        T::terms(at, names);
    }
    fn advantage(prepared: &Self::Prepared) -> Option<&[f64]> {
        T::advantage(prepared)
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        T::plan(at, plan);
        let trains = <T::Needs as Needs>::TrainsPrm::VALUE || <T::Needs as Needs>::ExplicitPrm::VALUE;
        plan.idle_prm |= trains && S::value(at) == 0.0;
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Finite.check::<S>(&S::show(at), at, problems);
        T::check(at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        let mut inner = Vec::new();
        T::show(at, &mut inner);
        lines.extend(inner.into_iter().map(|line| format!("{} * {line}", S::show(at))));
    }
}
