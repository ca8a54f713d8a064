//! What is asked of a network about a batch, and how a long question is cut into short ones.

use crate::batch::{History, Legal};

/// Where in a history a network is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before a token is chosen.
    Token,
    /// After the last step of a trajectory.
    End,
}

/// Some places of a history, and one output of the network asked for at each. A place may be asked about several times.
#[derive(Clone, Debug)]
pub struct Asked<'a, O> {
    /// What was seen and said.
    pub history: History<'a, O>,
    /// What the rows are.
    pub place: Place,
    /// The tokens, or the trajectories, asked about, as indices into the history.
    pub rows: Vec<u32>,
    /// Per row, which of the network's outputs is asked for: of a policy the token that was taken, of an estimator one of
    /// its numbers.
    pub output: Vec<u32>,
    /// The distinct observations to look at, as numbers in the history (of those after the last steps, if that is the
    /// place), in the order in which they are forwarded.
    pub seen: Vec<u32>,
    /// Per row, the position of its observation in `seen`.
    pub at: Vec<u32>,
}

/// One part of a question: small enough to be recorded on a tape at once.
#[derive(Clone, Debug)]
pub struct Chunk<'a, O> {
    /// The part.
    pub asked: Asked<'a, O>,
    /// Per row of the part, which row of the whole it is.
    pub rows: Vec<u32>,
}

impl<'a, O> Asked<'a, O> {
    /// About these tokens; all observations of the history are looked at, in its order.
    ///
    /// # Panics
    /// If there is not one output per row.
    pub fn whole(history: History<'a, O>, rows: Vec<u32>, output: Vec<u32>) -> Self {
        assert_eq!(rows.len(), output.len(), "an output for every row");
        let at = rows.iter().map(|row| history.observation[*row as usize]).collect();
        let seen = (0..history.observations.len() as u32).collect();
        Asked { history, place: Place::Token, rows, output, seen, at }
    }

    /// About these tokens; only the observations that they were chosen under are looked at, in order of first appearance.
    ///
    /// # Panics
    /// If there is not one output per row.
    pub fn part(history: History<'a, O>, rows: Vec<u32>, output: Vec<u32>) -> Self {
        assert_eq!(rows.len(), output.len(), "an output for every row");
        let mut position = vec![u32::MAX; history.observations.len()];
        let mut seen = Vec::new();
        let at = rows.iter().map(|row| {
            let number = history.observation[*row as usize];
            let place = &mut position[number as usize];
            if *place == u32::MAX {
                *place = seen.len() as u32;
                seen.push(number);
            }
            *place
        });
        let at = at.collect();
        Asked { history, place: Place::Token, rows, output, seen, at }
    }

    /// What a policy is asked in training: the token taken, at every token of the history.
    pub fn all(history: History<'a, O>) -> Self {
        Self::whole(history, (0..history.token.len() as u32).collect(), history.token.to_vec())
    }

    /// About what came after the last steps of these trajectories; all observations there are looked at, in their order.
    ///
    /// # Panics
    /// If there is not one output per row, or nothing was seen after a last step.
    pub fn after(history: History<'a, O>, rows: Vec<u32>, output: Vec<u32>) -> Self {
        assert_eq!(rows.len(), output.len(), "an output for every row");
        let last = |row: &u32| history.last[*row as usize].expect("an observation after the last step");
        let at = rows.iter().map(last).collect();
        Asked {
            history,
            place: Place::End,
            rows,
            output,
            seen: (0..history.finals.len() as u32).collect(),
            at,
        }
    }

    /// The observations to look at.
    pub fn observations(&self) -> impl ExactSizeIterator<Item = &'a O> + Clone {
        let all = match self.place {
            Place::Token => self.history.observations,
            Place::End => self.history.finals,
        };
        self.seen.iter().map(move |number| &all[*number as usize])
    }

    /// Which tokens are legal at each of them.
    pub fn legal(&self) -> impl ExactSizeIterator<Item = &'a Legal> + Clone {
        let legal = self.history.legal;
        self.seen.iter().map(move |number| legal.get(*number as usize).unwrap_or(const { &Legal::ALL }))
    }

    /// Parts of at most so many distinct observations, in order; none where that is the whole.
    pub fn by_observation(&self, most: usize) -> Vec<Chunk<'a, O>> {
        let most = most.max(1);
        self.cut(self.seen.len().div_ceil(most), |row| self.at[row] as usize / most)
    }

    /// Parts of at most so many trajectories, in order; none where that is the whole.
    pub fn by_trajectory(&self, most: usize) -> Vec<Chunk<'a, O>> {
        let layout = self.history.layout;
        let (mut part, mut parts) = (vec![usize::MAX; layout.trajs()], 0);
        let traj = |row: u32| match self.place {
            Place::Token => layout.traj_of_step()[layout.step_of_token()[row as usize] as usize] as usize,
            Place::End => row as usize,
        };
        for row in &self.rows {
            let part = &mut part[traj(*row)];
            if *part == usize::MAX {
                *part = parts / most.max(1);
                parts += 1;
            }
        }
        self.cut(parts.div_ceil(most.max(1)), |row| part[traj(self.rows[row])])
    }

    fn cut(&self, parts: usize, part_of: impl Fn(usize) -> usize) -> Vec<Chunk<'a, O>> {
        if parts <= 1 {
            return Vec::new();
        }
        let mut rows = vec![Vec::new(); parts];
        (0..self.rows.len()).for_each(|row| rows[part_of(row)].push(row as u32));
        rows.retain(|rows| !rows.is_empty());
        let chunk = |rows: Vec<u32>| {
            let pick = |column: &[u32]| rows.iter().map(|row| column[*row as usize]).collect::<Vec<u32>>();
            let mut at = pick(&self.at);
            let mut used = at.clone();
            used.sort_unstable();
            used.dedup();
            at.iter_mut().for_each(|at| *at = used.partition_point(|used| used < at) as u32);
            let seen = used.iter().map(|used| self.seen[*used as usize]).collect();
            let asked = Asked {
                history: self.history,
                place: self.place,
                rows: pick(&self.rows),
                output: pick(&self.output),
                seen,
                at,
            };
            Chunk { asked, rows }
        };
        rows.into_iter().map(chunk).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Layout;
    use proptest::prelude::*;

    /// Two groups of one trajectory, of one and two steps of one to three tokens.
    fn layout() -> Layout {
        Layout::from_lengths([1, 1], [1, 2], [2, 1, 3])
    }

    const OBSERVATION: [u32; 6] = [2, 0, 2, 1, 2, 3];
    const TOKEN: [u32; 6] = [5, 6, 7, 8, 9, 4];

    fn history(layout: &Layout) -> History<'_, char> {
        History {
            finals: &['y', 'z'],
            last: &[Some(1), Some(0)],
            ..History::new(layout, &['a', 'b', 'c', 'd'], &OBSERVATION, &TOKEN)
        }
    }

    #[test]
    fn a_part_looks_at_what_it_needs_in_order_of_first_appearance() {
        let layout = layout();
        let asked = Asked::part(history(&layout), vec![2, 0, 3, 2], vec![7, 5, 8, 1]);
        assert_eq!(asked.observations().collect::<String>(), "cb");
        assert_eq!((asked.at, asked.output), (vec![0, 0, 1, 0], vec![7, 5, 8, 1]));
        let asked = Asked::all(history(&layout));
        assert_eq!(asked.observations().collect::<String>(), "abcd");
        assert_eq!((&asked.at[..], &asked.output[..]), (&OBSERVATION[..], &TOKEN[..]));
    }

    #[test]
    fn trajectories_are_cut_between() {
        let layout = layout();
        let asked = Asked::part(history(&layout), vec![5, 0, 3], vec![0; 3]);
        let chunks = asked.by_trajectory(1);
        let rows: Vec<_> = chunks.iter().map(|chunk| &chunk.rows[..]).collect();
        assert_eq!(rows, [&[0, 2][..], &[1]]);
        let seen: Vec<String> = chunks.iter().map(|chunk| chunk.asked.observations().collect()).collect();
        assert_eq!(seen, ["db", "c"]);
        assert!(asked.by_trajectory(2).is_empty());
    }

    #[test]
    fn after_the_last_steps_other_observations_are_looked_at() {
        let layout = layout();
        let asked = Asked::after(history(&layout), vec![1, 0, 1], vec![0, 0, 1]);
        assert_eq!((asked.observations().collect::<String>(), &asked.at[..]), ("yz".into(), &[0, 1, 0][..]));
        for chunks in [asked.by_trajectory(1), asked.by_observation(1)] {
            let mut parts: Vec<(String, Vec<u32>)> =
                chunks.into_iter().map(|chunk| (chunk.asked.observations().collect(), chunk.rows)).collect();
            parts.sort();
            assert_eq!(parts, [("y".into(), vec![0, 2]), ("z".into(), vec![1])]);
        }
    }

    proptest! {
        #[test]
        fn parts_ask_together_what_the_whole_asks(
            rows in prop::collection::vec(0..6u32, 0..20),
            most in 1..6usize,
            by_trajectory: bool,
        ) {
            let layout = layout();
            let output: Vec<u32> = (0..rows.len() as u32).collect();
            let asked = Asked::part(history(&layout), rows.clone(), output);
            let chunks = if by_trajectory { asked.by_trajectory(most) } else { asked.by_observation(most) };
            let mut found = vec![None; rows.len()];
            for Chunk { asked: part, rows } in &chunks {
                prop_assert!(by_trajectory || part.seen.len() <= most);
                for (i, row) in rows.iter().enumerate() {
                    let number = part.seen[part.at[i] as usize];
                    prop_assert_eq!(number, OBSERVATION[part.rows[i] as usize]);
                    prop_assert!(found[*row as usize].replace((part.rows[i], part.output[i])).is_none());
                }
            }
            if !chunks.is_empty() {
                let expected: Vec<_> = rows.iter().zip(&asked.output).map(|(r, o)| Some((*r, *o))).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
