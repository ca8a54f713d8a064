//! What is written down of an episode.

use crate::batch::{LevelId, OwnColumns, Role, columns};
use crate::env::{Env, OffersAll, OffersOwn, Provider, Recorder, Transition, by_column};
use crate::need::bit::Bit;
use crate::need::demand::Needs;

pub(super) type Slot<B, T> = <B as Bit>::Slot<Vec<T>>;

macro_rules! record {
    (
        Always $always:tt
        Sampler { $($(#[$doc:meta])+ $name:ident: $level:ident $item:ident if $need:ident $log:tt;)* }
        Environment { $($(#[$edoc:meta])+ $said:ident: $elevel:ident $eitem:ident if $eneed:ident $elog:tt;)* }
        $($section:ident $rest:tt)*
    ) => {
        /// The columns of one episode.
        pub(super) struct Record<N: Needs> {
            $(pub(super) $name: Slot<N::$need, $item>,)*
            $(pub(super) $said: Slot<N::$eneed, $eitem>,)*
            pub(super) own: OwnColumns,
        }

        impl<N: Needs> Default for Record<N> {
            fn default() -> Self {
                Record {
                    $($name: N::$need::fill(Vec::new),)*
                    $($said: N::$eneed::fill(Vec::new),)*
                    own: OwnColumns::new(&N::DEMAND.own, |_| Vec::new()),
                }
            }
        }

        /// Each column grows by what is said, if it is demanded.
        impl<N: Needs> Record<N> {
            $(pub(super) fn $name(&mut self, said: impl IntoIterator<Item = $item>) {
                if let Some(column) = N::$need::get_mut(&mut self.$name) {
                    column.extend(said);
                }
            })*
            $(fn $said(&mut self, said: impl IntoIterator<Item = $eitem>) {
                if let Some(column) = N::$eneed::get_mut(&mut self.$said) {
                    column.extend(said);
                }
            })*
        }

        /// The recorders of one group.
        pub(super) struct Recorders<E: Env + OffersAll<N>, N: Needs> {
            $($said: <E as by_column::$said<N::$eneed>>::Recorder,)*
            own: Vec<Provider<E>>,
        }

        impl<E: Env + OffersAll<N>, N: Needs> Recorders<E, N> {
            /// Those of a group of this task.
            pub(super) fn of(task: &E::Task) -> Self {
                let mut own = Vec::new();
                <E as OffersOwn<N::Own>>::providers(&mut own);
                let mut recorders: Self = Recorders { $($said: Default::default(),)* own };
                $(recorders.$said.begin(task);)*
                recorders
            }
        }

        /// What they say at each [moment](Recorder) of a step.
        impl<E: Env + OffersAll<N>, N: Needs> Recorders<E, N> {
            pub(super) fn before(&mut self, env: &E, record: &mut Record<N>) {
                $(record.$said(self.$said.before(env));)*
            }
            pub(super) fn with(&mut self, env: &E, tokens: &[u32], record: &mut Record<N>) {
                $(record.$said(self.$said.with(env, tokens));)*
            }
            pub(super) fn after(&mut self, env: &E, tokens: &[u32], moved: &Transition, record: &mut Record<N>) {
                $(record.$said(self.$said.after(env, tokens, moved));)*
                for (column, provide) in &self.own {
                    let numbers = provide(env, tokens, moved);
                    let whole = column.level != LevelId::Token || numbers.len() == tokens.len();
                    assert!(whole, "`{}` is a column per token: one number for each token of the step", column.name);
                    record.own.write(column, numbers);
                }
            }
        }
    };
}
columns!(record);
