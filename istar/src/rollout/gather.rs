//! What episodes wrote down, as the columns of a batch.

use super::episode::Episode;
use super::options::{Outcome, Sampling};
use super::record::Slot;
use crate::batch::{Batch, Checklist, Continued, Layout, OwnColumns, Turns, columns};
use crate::env::Env;
use crate::need::bit::{Absent, Bit};
use crate::need::demand::Needs;
use crate::policy::{Seen, unique};

macro_rules! gather {
    (
        Always $always:tt
        Sampler { $($(#[$doc:meta])+ $name:ident: $level:ident $item:ident if $need:ident $log:tt;)* }
        Environment { $($(#[$edoc:meta])+ $said:ident: $elevel:ident $eitem:ident if $eneed:ident $elog:tt;)* }
        Reference { $($(#[$rdoc:meta])+ $read:ident: $rlevel:ident $ritem:ident if $rneed:ident $rlog:tt;)* }
        Prm { $($(#[$pdoc:meta])+ $prm:ident: $plevel:ident $pitem:ident if $pneed:ident $plog:tt;)* }
        Log { $($(#[$gdoc:meta])+ $given:ident: $glevel:ident $gitem:ident if $gneed:ident $glog:tt;)* }
    ) => {
        /// The batch of these episodes, so many in each group.
        pub(super) fn columns<E: Env, N: Needs>(
            mut episodes: Vec<Episode<E, N>>,
            sizes: &[usize],
            seen: Seen<E::Observation>,
            lists: Vec<Turns>,
            sampling: &Sampling,
            continued: <N::Continuations as Bit>::Slot<Continued>,
        ) -> Batch<N, E::Observation> {
            let seen = seen_by(&mut episodes, seen);
            let layout = Layout::from_lengths(
                sizes.iter().copied(),
                episodes.iter().map(|e| e.rewards.len()),
                episodes.iter().flat_map(|e| e.tokens.iter().copied()),
            );
            let (finals, final_observation) = finals(&episodes);
            let checklist = N::Checklist::fill(|| {
                Checklist::new(&layout, lists, flat(&episodes, &|e| &e.turn), &flat(&episodes, &|e| &e.answer))
            });
            let flag = |holds: bool| f64::from(u8::from(holds));
            let success = |e: &Episode<E, N>| flag(e.last.success);
            let outcome = |e: &Episode<E, N>| match sampling.outcome {
                Outcome::Reward => e.rewards.iter().sum(),
                Outcome::Success => success(e),
                Outcome::Score => e.last.score.expect("the sampler has looked"),
            };
            Batch {
                layout,
                observations: seen.observations,
                legal: seen.legal,
                observation: flat(&episodes, &|e| &e.observation),
                token: flat(&episodes, &|e| &e.token),
                old: flat(&episodes, &|e| &e.old),
                outcome: episodes.iter().map(outcome).collect(),
                success: episodes.iter().map(success).collect(),
                ended: episodes.iter().map(|e| flag(e.last.ended)).collect(),
                finals,
                final_observation: N::CriticNet::fill(|| final_observation),
                $($name: gathered::<N::$need, _, _>(&episodes, &|e| &e.record.$name),)*
                $($said: gathered::<N::$eneed, _, _>(&episodes, &|e| &e.record.$said),)*
                $($read: Absent,)*
                $($prm: Absent,)*
                $($given: Absent,)*
                own: OwnColumns::new(&N::DEMAND.own, |column| {
                    episodes.iter().filter_map(|e| e.record.own.of(column)).flatten().copied().collect()
                }),
                checklist,
                continued,
                value: Absent,
                final_value: Absent,
            }
        }
    };
}
columns!(gather);

/// A list of all episodes, one after the other.
// By a function behind a pointer, so that the compiler makes one loop for all columns of numbers of one kind.
fn flat<Ep, T: Clone>(episodes: &[Ep], of: &dyn Fn(&Ep) -> &Vec<T>) -> Vec<T> {
    let mut all = Vec::with_capacity(episodes.iter().map(|e| of(e).len()).sum());
    for episode in episodes {
        all.extend_from_slice(of(episode));
    }
    all
}

/// What these episodes saw, numbered anew: some of it may have been seen by lost ones alone.
fn seen_by<E: Env, N: Needs>(
    episodes: &mut [Episode<E, N>],
    seen: Seen<E::Observation>,
) -> Seen<E::Observation> {
    let mut is_seen = vec![false; seen.len()];
    episodes.iter().flat_map(|e| &e.observation).for_each(|number| is_seen[*number as usize] = true);
    let before = is_seen.iter().scan(0, |before, is_seen| {
        let number = *before;
        *before += u32::from(*is_seen);
        Some(number)
    });
    let number: Vec<u32> = before.collect();
    for observation in episodes.iter_mut().flat_map(|e| &mut e.observation) {
        *observation = number[*observation as usize];
    }
    let kept = seen.observations.into_iter().zip(seen.legal).zip(is_seen).filter(|(_, is_seen)| *is_seen);
    let (observations, legal) = kept.map(|(kept, _)| kept).unzip();
    Seen { observations, legal }
}

/// The distinct observations after the last step of the episodes that were cut off, and which of them each episode has;
/// what a critic may be asked to estimate. None where no critic is trained.
fn finals<E: Env, N: Needs>(episodes: &[Episode<E, N>]) -> (Vec<E::Observation>, Vec<Option<u32>>) {
    if !N::CriticNet::VALUE {
        return Default::default();
    }
    let cut_off = |e: &Episode<E, N>| !e.last.ended;
    let (finals, numbers) = unique(episodes.iter().filter(|e| cut_off(e)).map(|e| e.env.observe()));
    let mut numbers = numbers.into_iter();
    let of_episode = episodes.iter().map(|e| if cut_off(e) { numbers.next() } else { None });
    let of_episode = of_episode.collect();
    (finals, of_episode)
}

/// One column of all episodes, if it is demanded.
fn gathered<B: Bit, Ep, T: Clone + std::fmt::Debug>(
    episodes: &[Ep],
    of: &dyn Fn(&Ep) -> &Slot<B, T>,
) -> Slot<B, T> {
    B::fill(|| flat(episodes, &|e| B::get(of(e)).expect("every episode has the column, as the batch has")))
}
