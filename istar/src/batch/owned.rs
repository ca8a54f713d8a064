//! A batch that owns its columns.

use super::columns::columns;
use super::{Checklist, Columns, Continued, Layout, Legal, OwnColumns, Read, Role, Sampled, Scored, Stage};
use crate::need::bit::{Absent, Bit};
use crate::need::demand::Needs;

type Slot<B, T> = <B as Bit>::Slot<Vec<T>>;

/// A column at its next stage: read just now, still to come, or as it was.
macro_rules! next {
    (Reference Read $self:ident $new:ident $name:ident) => {
        $new.$name
    };
    (Prm Scored $self:ident $new:ident $name:ident) => {
        $new.$name
    };
    (Prm Read $self:ident $new:ident $name:ident) => {
        Absent
    };
    (Log $stage:ident $self:ident $new:ident $name:ident) => {
        Absent
    };
    ($by:ident $stage:ident $self:ident $new:ident $name:ident) => {
        $self.$name
    };
}

macro_rules! batch {
    (
        Always { $($(#[$adoc:meta])+ $always:ident: $alevel:ident $aitem:ident $alog:tt;)* }
        $($by:ident { $($(#[$doc:meta])+ $name:ident: $level:ident $item:ident if $need:ident $log:tt;)* })*
    ) => {
        /// One batch of experience as columns, at a [`Stage`]. A column that the objective does not need, or that nobody
        /// has filled yet, has no size.
        #[derive(Clone, Debug)]
        pub struct Batch<N: Needs, O, S: Stage = Sampled> {
            /// Groups, trajectories, steps, tokens.
            pub layout: Layout,
            /// What tokens were chosen from, the distinct pairs: the observations,
            pub observations: Vec<O>,
            /// and which tokens were legal there.
            pub legal: Vec<Legal>,
            /// Per token, its observation.
            pub observation: Vec<u32>,
            /// Per token, the action token taken.
            pub token: Vec<u32>,
            $($(#[$adoc])+ pub $always: Vec<$aitem>,)*
            /// Per trajectory, 1 where the last step ended the episode, 0 where it was cut off.
            pub ended: Vec<f64>,
            /// The distinct observations after the last step of trajectories that were cut off; none where no critic is
            /// trained.
            pub finals: Vec<O>,
            /// Per trajectory, its observation among `finals`; none where the episode ended.
            pub final_observation: Slot<N::CriticNet, Option<u32>>,
            $($($(#[$doc])+ pub $name: Slot<S::$by<N::$need>, $item>,)*)*
            /// The checklists and how far each step got.
            pub checklist: <N::Checklist as Bit>::Slot<Checklist>,
            /// Columns of your own.
            pub own: OwnColumns,
            /// Fresh continuations from the state before each step.
            pub continued: <N::Continuations as Bit>::Slot<Continued>,
            /// Per head of the critic, its estimates: see [`Columns::value`].
            pub value: Slot<S::Reference<N::CriticNet>, Vec<f64>>,
            /// Per head of the critic, its estimates after the last steps: see [`Columns::final_value`]. No head where
            /// nothing demands them.
            pub final_value: Slot<S::Reference<N::CriticNet>, Vec<f64>>,
        }

        impl<N: Needs, O, S: Stage> Batch<N, O, S> {
            /// The columns that are there.
            pub fn columns(&self) -> Columns<'_> {
                Columns {
                    token: Some(&self.token),
                    $($($name: S::$by::<N::$need>::get(&self.$name).map(Vec::as_slice),)*)*
                    own: Some(&self.own),
                    checklist: N::Checklist::get(&self.checklist),
                    continued: N::Continuations::get(&self.continued),
                    value: S::Reference::<N::CriticNet>::get(&self.value).map(Vec::as_slice),
                    final_value: S::Reference::<N::CriticNet>::get(&self.final_value)
                        .map(Vec::as_slice)
                        .filter(|heads| !heads.is_empty()),
                    ended: Some(&self.ended),
                    ..Columns::of_outcomes(&self.layout, $(&self.$always),*)
                }
            }
        }

        impl<N: Needs, O> Batch<N, O, Sampled> {
            /// The batch with what references and the critic say of it.
            pub fn read(self, new: References<N>) -> Batch<N, O, Read> {
                Batch {
                    layout: self.layout,
                    observations: self.observations,
                    legal: self.legal,
                    observation: self.observation,
                    token: self.token,
                    $($always: self.$always,)*
                    ended: self.ended,
                    finals: self.finals,
                    final_observation: self.final_observation,
                    $($($name: next!($by Read self new $name),)*)*
                    own: self.own,
                    checklist: self.checklist,
                    continued: self.continued,
                    value: new.value,
                    final_value: new.final_value,
                }
            }
        }

        impl<N: Needs, O> Batch<N, O, Read> {
            /// The batch with what the process-reward model says of it.
            pub fn score(self, new: Scores<N>) -> Batch<N, O, Scored> {
                Batch {
                    layout: self.layout,
                    observations: self.observations,
                    legal: self.legal,
                    observation: self.observation,
                    token: self.token,
                    $($always: self.$always,)*
                    ended: self.ended,
                    finals: self.finals,
                    final_observation: self.final_observation,
                    $($($name: next!($by Scored self new $name),)*)*
                    own: self.own,
                    checklist: self.checklist,
                    continued: self.continued,
                    value: self.value,
                    final_value: self.final_value,
                }
            }
        }
    };
}
columns!(batch);

macro_rules! read {
    (
        Always $always:tt Sampler $sampler:tt Environment $environment:tt
        Reference { $($(#[$doc:meta])+ $name:ident: $level:ident $item:ident if $need:ident $log:tt;)* }
        Prm { $($(#[$pdoc:meta])+ $prm:ident: $plevel:ident $pitem:ident if $pneed:ident $plog:tt;)* }
        Log $given:tt
    ) => {
        /// What references and the critic say of a batch.
        #[derive(Clone, Debug)]
        pub struct References<N: Needs> {
            $($(#[$doc])+ pub $name: Slot<N::$need, $item>,)*
            /// Per head of the critic, its estimates: see [`Columns::value`].
            pub value: Slot<N::CriticNet, Vec<f64>>,
            /// The same after the last steps: see [`Columns::final_value`]. No head where nothing demands them.
            pub final_value: Slot<N::CriticNet, Vec<f64>>,
        }

        /// What the process-reward model says of a batch.
        #[derive(Clone, Debug)]
        pub struct Scores<N: Needs> {
            $($(#[$pdoc])+ pub $prm: Slot<N::$pneed, $pitem>,)*
        }
    };
}
columns!(read);
