//! What a world shows of the states that whole groups come through.

use super::world::{Distance, Stage, TaskOf, World, Yardstick};
use crate::env::Env;

/// Before each step and after the last, episode by episode.
pub(super) struct Seen<W: World> {
    yardstick: Option<Yardstick<W::Env>>,
    per_group: usize,
    /// Per group, if the world has exact credit.
    searches: Vec<Distance<W::Env>>,
    remaining: Vec<Vec<Option<u32>>>,
    /// What was observed last, and for each step whether it was observed again after it.
    last: Vec<Option<<W::Env as Env>::Observation>>,
    stalled: Vec<Vec<bool>>,
    /// Of the first groups alone; empty where the world has no picture.
    pictures: Vec<Vec<Vec<String>>>,
}

impl<W: World> Seen<W> {
    /// Nothing yet; pictures are taken of so many groups.
    pub(super) fn new(stage: &Stage<W>, tasks: &[TaskOf<W>], per_group: usize, filmed: usize) -> Self {
        let yardstick = stage.world.exact_credit();
        let searches = yardstick.iter().flat_map(|yardstick| tasks.iter().map(|t| yardstick.search(t)));
        let episodes = tasks.len() * per_group;
        Seen {
            searches: searches.collect(),
            yardstick,
            per_group: per_group.max(1),
            remaining: vec![Vec::new(); episodes],
            last: vec![None; episodes],
            stalled: vec![Vec::new(); episodes],
            pictures: vec![Vec::new(); filmed.min(tasks.len()) * per_group],
        }
    }

    pub(super) fn look(&mut self, stage: &Stage<W>, episode: usize, env: &W::Env) {
        if let Some(search) = self.searches.get_mut(episode / self.per_group) {
            self.remaining[episode].push(search(env));
        }
        let now = env.observe();
        if let Some(before) = &self.last[episode] {
            self.stalled[episode].push(*before == now);
        }
        self.last[episode] = Some(now);
        if let Some(pictures) = self.pictures.get_mut(episode) {
            pictures.extend(stage.world.picture(env));
        }
    }

    /// Forgets episodes that were lost: what is left is by trajectory of the batch.
    pub(super) fn keep(&mut self, episodes: &[usize]) {
        fn kept<T: Default>(all: &mut [T], episodes: &[usize]) -> Vec<T> {
            episodes.iter().filter_map(|i| all.get_mut(*i).map(std::mem::take)).collect()
        }
        self.remaining = kept(&mut self.remaining, episodes);
        self.stalled = kept(&mut self.stalled, episodes);
        self.pictures = kept(&mut self.pictures, episodes);
    }

    /// Per step, by how much the shortest remaining solution got shorter.
    pub(super) fn exact_credit(&self) -> Option<Vec<f64>> {
        let yardstick = self.yardstick.as_ref()?;
        let got_shorter = |pair: &[Option<u32>]| yardstick.cost(pair[0]) - yardstick.cost(pair[1]);
        Some(self.remaining.iter().flat_map(|states| states.windows(2).map(got_shorter)).collect())
    }

    /// Steps after which no solution is left.
    pub(super) fn dead_ends(&self) -> usize {
        self.remaining
            .iter()
            .flat_map(|states| states.iter().skip(1))
            .filter(|remaining| remaining.is_none())
            .count()
    }

    /// Share of the steps after which the same was observed as before.
    pub(super) fn stalled(&self) -> Option<f64> {
        let steps = || self.stalled.iter().flatten();
        let all = steps().count();
        (all > 0).then(|| steps().filter(|stalled| **stalled).count() as f64 / all as f64)
    }

    /// The states of a trajectory, if they were pictured.
    pub(super) fn pictured(&self, traj: usize) -> Option<&[Vec<String>]> {
        self.pictures.get(traj).map(Vec::as_slice).filter(|pictures| !pictures.is_empty())
    }
}
