//! A batch as plain data, for whoever keeps it in a file.

use super::columns::columns;
use super::{Batch, Checklist, Continued, Layout, Legal, OwnColumns, Read, Role, Stage};
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use serde::{Deserialize, Serialize};

macro_rules! kept {
    (
        Always { $($(#[$adoc:meta])+ $always:ident: $alevel:ident $aitem:ident $alog:tt;)* }
        $($by:ident { $($(#[$doc:meta])+ $name:ident: $level:ident $item:ident if $need:ident $log:tt;)* })*
    ) => {
        /// A batch whose references are read, as plain data: what its objective does not need is `None`.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        pub(crate) struct Kept<O> {
            layout: Layout,
            observations: Vec<O>,
            legal: Vec<Legal>,
            observation: Vec<u32>,
            token: Vec<u32>,
            $($always: Vec<$aitem>,)*
            ended: Vec<f64>,
            finals: Vec<O>,
            final_observation: Option<Vec<Option<u32>>>,
            $($($name: Option<Vec<$item>>,)*)*
            checklist: Option<Checklist>,
            /// In the order of the objective's list.
            own: Vec<Vec<f64>>,
            continued: Option<Continued>,
            value: Option<Vec<Vec<f64>>>,
            final_value: Option<Vec<Vec<f64>>>,
        }

        impl<N: Needs, O: Clone> From<&Batch<N, O, Read>> for Kept<O> {
            fn from(batch: &Batch<N, O, Read>) -> Self {
                Kept {
                    layout: batch.layout.clone(),
                    observations: batch.observations.clone(),
                    legal: batch.legal.clone(),
                    observation: batch.observation.clone(),
                    token: batch.token.clone(),
                    $($always: batch.$always.clone(),)*
                    ended: batch.ended.clone(),
                    finals: batch.finals.clone(),
                    final_observation: N::CriticNet::get(&batch.final_observation).cloned(),
                    $($($name: <Read as Stage>::$by::<N::$need>::get(&batch.$name).cloned(),)*)*
                    checklist: N::Checklist::get(&batch.checklist).cloned(),
                    own: batch.own.numbers().map(<[f64]>::to_vec).collect(),
                    continued: N::Continuations::get(&batch.continued).cloned(),
                    value: N::CriticNet::get(&batch.value).cloned(),
                    final_value: N::CriticNet::get(&batch.final_value).cloned(),
                }
            }
        }

        impl<O> Kept<O> {
            /// What an objective of these needs reads of the batch at this stage; none if it needs what is not there.
            pub(crate) fn batch<N: Needs, S: Stage>(self) -> Option<Batch<N, O, S>> {
                let mut own = self.own.into_iter();
                let columns = OwnColumns::new(&N::DEMAND.own, |_| own.next().unwrap_or_default());
                Some(Batch {
                    layout: self.layout,
                    observations: self.observations,
                    legal: self.legal,
                    observation: self.observation,
                    token: self.token,
                    $($always: self.$always,)*
                    ended: self.ended,
                    finals: self.finals,
                    final_observation: slot::<N::CriticNet, _>(self.final_observation)?,
                    $($($name: slot::<S::$by<N::$need>, _>(self.$name)?,)*)*
                    checklist: slot::<N::Checklist, _>(self.checklist)?,
                    own: columns,
                    continued: slot::<N::Continuations, _>(self.continued)?,
                    value: slot::<S::Reference<N::CriticNet>, _>(self.value)?,
                    final_value: slot::<S::Reference<N::CriticNet>, _>(self.final_value)?,
                })
            }
        }
    };
}
columns!(kept);

/// What a slot holds; none where it is needed and not there.
fn slot<B: Bit, T: Clone + std::fmt::Debug>(held: Option<T>) -> Option<B::Slot<T>> {
    let there = held.is_some() || !B::VALUE;
    there.then(|| B::fill(|| held.expect("it is there where it is needed")))
}
