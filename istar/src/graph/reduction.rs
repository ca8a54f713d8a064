//! What a loss is averaged over.

use crate::batch::{CountId, LevelId, Part};

/// Over what a loss of tokens (a critic's: of its elements) is averaged or added up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reduction {
    /// The units, and whether what is inside of one is averaged or added up.
    pub over: CountId,
    /// Whether a unit of which nothing counts is a unit all the same: it adds nothing, and the mean over units is over more of them.
    pub empty: bool,
}

impl Reduction {
    /// The mean over all elements.
    pub const ALL: Reduction = Reduction { over: CountId::Each(LevelId::Token), empty: false };

    /// Per element of the part, a token or a step, how much its loss counts; 0 for one that is not kept. `None` if none is.
    pub fn weights(self, part: &Part, level: LevelId, kept: &[bool]) -> Option<Vec<f64>> {
        let all = kept.iter().filter(|kept| **kept).count();
        if all == 0 {
            return None;
        }
        let step = |i: usize| if level == LevelId::Token { part.step_of_token[i] as usize } else { i };
        let traj = |i: usize| part.traj_of_step[step(i)] as usize;
        let (unit, units): (&dyn Fn(usize) -> usize, usize) = match self.over {
            CountId::Mean(LevelId::Step) | CountId::Sum(LevelId::Step) => (&step, part.steps.len()),
            CountId::Mean(LevelId::Traj) | CountId::Sum(LevelId::Traj) => (&traj, part.trajs.len()),
            CountId::Prompt => (&|i| part.group_of_traj[traj(i)] as usize, part.groups),
            _ => (&|_| 0, 1),
        };
        let mut sizes = vec![0usize; units];
        (0..kept.len()).filter(|i| kept[*i]).for_each(|i| sizes[unit(i)] += 1);
        let units = if self.empty { units } else { sizes.iter().filter(|size| **size > 0).count() } as f64;
        let weight = |i: usize| match self.over {
            CountId::Mean(_) | CountId::Prompt => 1.0 / (units * sizes[unit(i)] as f64),
            CountId::Sum(_) => 1.0 / units,
            CountId::Constant(length) => 1.0 / length,
            _ => 1.0 / all as f64,
        };
        Some((0..kept.len()).map(|i| if kept[i] { weight(i) } else { 0.0 }).collect())
    }
}
