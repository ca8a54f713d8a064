//! Trajectories as sequences of tokens, one behind the other.

use super::Tokens;
use super::window::{Next, Window};
use crate::batch::Legal;
use crate::policy::{Asked, Place, unique};
use rustc_hash::FxHashMap;

/// The sequences that a question is about, each up to the last place asked about, and nothing between them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Packed {
    pub(super) tokens: Vec<u32>,
    /// Per token, how many of its sequence stand before it.
    pub(super) positions: Vec<u32>,
    pub(super) lengths: Vec<usize>,
    /// The distinct places asked about, as numbers of tokens.
    pub(super) places: Vec<u32>,
    /// Per distinct place, what is legal there.
    pub(super) legal: Vec<Legal>,
    /// Per row of the question, which of the distinct places it is.
    pub(super) at: Vec<u32>,
}

impl Packed {
    /// A sequence is `start`, and then what was seen and said in turn; an episode with more tokens than the context is several, see
    /// [`Window`]. Those that nothing is asked about are left out.
    pub(super) fn new<O: Tokens>(asked: &Asked<'_, O>, start: u32, context: usize) -> Self {
        let (history, layout) = (asked.history, asked.history.layout);
        let (rows, at) = unique(asked.rows.iter().copied());
        let traj_of = |row: u32| match asked.place {
            Place::Token => layout.traj_of_step()[layout.step_of_token()[row as usize] as usize],
            Place::End => row,
        };
        let (trajs, _) = unique(rows.iter().map(|row| traj_of(*row)));
        let mut left: FxHashMap<u32, usize> = FxHashMap::default();
        rows.iter().for_each(|row| *left.entry(traj_of(*row)).or_default() += 1);
        let wanted: FxHashMap<u32, usize> = rows.iter().copied().zip(0..).collect();
        let mut packed = Packed {
            tokens: Vec::new(),
            positions: Vec::new(),
            lengths: Vec::new(),
            places: vec![0; rows.len()],
            legal: vec![Legal::ALL; rows.len()],
            at,
        };
        for traj in trajs {
            let (mut left, mut window, mut said) = (left[&traj], Window::default(), None);
            let mut first = packed.tokens.len();
            let mut asked_about = false;
            let steps = layout.steps_of(traj as usize);
            for token in steps.flat_map(|step| layout.tokens_of(step)) {
                let number = history.observation[token] as usize;
                let next = window.push(start, context, said, history.observations[number].tokens());
                packed.go_on(next, &mut first, &mut asked_about);
                said = Some(history.token[token]);
                if asked.place == Place::Token
                    && let Some(place) = wanted.get(&(token as u32))
                {
                    packed.places[*place] = packed.tokens.len() as u32 - 1;
                    packed.legal[*place] = history.legal.get(number).cloned().unwrap_or_default();
                    asked_about = true;
                    left -= 1;
                    if left == 0 {
                        break;
                    }
                }
            }
            if asked.place == Place::End {
                let last = history.last.get(traj as usize).copied().flatten();
                let seen = last.map_or(&[][..], |last| history.finals[last as usize].tokens());
                packed.go_on(window.push(start, context, said, seen), &mut first, &mut asked_about);
                packed.places[wanted[&traj]] = packed.tokens.len() as u32 - 1;
            }
            packed.end(first);
        }
        packed
    }

    /// Goes on with the sequence that begins at `first`, or begins another.
    fn go_on(&mut self, next: Next, first: &mut usize, asked_about: &mut bool) {
        match next {
            Next::On(tokens) => self.tokens.extend(tokens),
            Next::Anew(tokens) => {
                match std::mem::take(asked_about) {
                    true => self.end(*first),
                    false => self.tokens.truncate(*first),
                }
                *first = self.tokens.len();
                self.tokens.extend(tokens);
            }
        }
    }

    /// The sequence that begins at `first` is complete.
    fn end(&mut self, first: usize) {
        let length = self.tokens.len() - first;
        self.positions.extend(0..length as u32);
        self.lengths.push(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{History, Layout};

    #[test]
    fn sequences_are_what_was_seen_and_said() {
        // Two trajectories, of one step of two tokens, and of two steps of one token.
        let layout = Layout::from_lengths([2], [1, 2], [2, 1, 1]);
        let observations = [vec![7, 8], vec![], vec![9]];
        let finals = [vec![5]];
        let history = History {
            finals: &finals,
            last: &[None, Some(0)],
            ..History::new(&layout, &observations, &[0, 1, 0, 2], &[1, 2, 3, 4])
        };
        let packed = Packed::new(&Asked::whole(history, vec![3, 1, 3], vec![0; 3]), 0, 100);
        assert_eq!(packed.tokens, [0, 7, 8, 3, 9, 0, 7, 8, 1]);
        assert_eq!(
            (&packed.lengths[..], &packed.places[..], &packed.at[..]),
            (&[5, 4][..], &[4, 8][..], &[0, 1, 0][..])
        );
        assert_eq!(packed.positions, [0, 1, 2, 3, 4, 0, 1, 2, 3]);
        let packed = Packed::new(&Asked::after(history, vec![1], vec![0]), 0, 100);
        assert_eq!((&packed.tokens[..], &packed.places[..]), (&[0, 7, 8, 3, 9, 4, 5][..], &[6][..]));
    }

    #[test]
    fn what_outgrows_the_context_is_several_sequences() {
        // One trajectory of three steps of one token.
        let layout = Layout::from_lengths([1], [3], [1, 1, 1]);
        let observations = [vec![7, 8], vec![9], vec![5, 6]];
        let history = History::new(&layout, &observations, &[0, 1, 2], &[1, 2, 3]);
        let all = Packed::new(&Asked::all(history), 0, 5);
        assert_eq!(all.tokens, [0, 7, 8, 1, 9, 0, 7, 8, 5, 6]);
        assert_eq!(all.positions, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
        assert_eq!((&all.lengths[..], &all.places[..]), (&[5, 5][..], &[2, 4, 9][..]));
        let last = Packed::new(&Asked::whole(history, vec![2], vec![0]), 0, 5);
        assert_eq!((&last.tokens[..], &last.lengths[..]), (&[0, 7, 8, 5, 6][..], &[5][..]));
        assert_eq!(last.places, [4], "nothing is computed that nobody asks about");
        let after = Packed::new(
            &Asked::after(History { finals: &[vec![4]], last: &[Some(0)], ..history }, vec![0], vec![0]),
            0,
            5,
        );
        assert_eq!((&after.tokens[..], &after.places[..]), (&[0, 7, 8, 4][..], &[3][..]));
    }
}
