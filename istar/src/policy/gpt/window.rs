//! What is kept in sight of an episode that outgrows the context.

use std::sync::Arc;

/// An episode as a sequence: what is seen and what is said in turn, behind a token that begins it. When the next tokens do not fit the
/// context any more, the sequence begins anew, with what was seen first, which is the task, what was seen last, and what was said
/// since; if that is too long, with the end of it, half a context long. Where it begins anew is a function of the episode alone, so
/// who reads it while it grows and who reads it afterwards see the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    length: usize,
    first: Option<Arc<[u32]>>,
    /// From what was seen last on.
    latest: Vec<u32>,
}

/// How a sequence goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// With these tokens behind it.
    On(Vec<u32>),
    /// With these tokens and none before them.
    Anew(Vec<u32>),
}

impl Window {
    /// Adds what was said, if anything was, and what was seen then, if anything was. `start` is the token before an episode.
    pub(super) fn push(&mut self, start: u32, context: usize, said: Option<u32>, seen: &[u32]) -> Next {
        let new = said.iter().chain(seen).copied();
        let Some(first) = self.first.clone() else {
            self.first = Some(seen.into());
            return self.begin(start, context, seen.to_vec());
        };
        if seen.is_empty() {
            self.latest.extend(said);
        } else {
            self.latest = seen.to_vec();
        }
        if self.length + new.clone().count() <= context {
            self.length += new.clone().count();
            return Next::On(new.collect());
        }
        let kept = first.iter().chain(&self.latest).copied().collect();
        self.begin(start, context, kept)
    }

    fn begin(&mut self, start: u32, context: usize, mut kept: Vec<u32>) -> Next {
        if kept.len() >= context {
            kept.drain(..kept.len() - context / 2);
        }
        kept.insert(0, start);
        self.length = kept.len();
        Next::Anew(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::Next::{Anew, On};
    use super::*;

    /// Pushes in turn, with 0 as the start.
    fn pushed(context: usize, pushes: &[(Option<u32>, &[u32])]) -> Vec<Next> {
        let mut window = Window::default();
        pushes.iter().map(|(said, seen)| window.push(0, context, *said, seen)).collect()
    }

    #[test]
    fn what_fits_is_one_sequence() {
        let found = pushed(7, &[(None, &[1, 2]), (Some(3), &[]), (Some(4), &[5, 6])]);
        assert_eq!(found, [Anew(vec![0, 1, 2]), On(vec![3]), On(vec![4, 5, 6])]);
    }

    #[test]
    fn a_sequence_begins_anew_with_the_task_and_what_was_seen_last() {
        let steps: [(Option<u32>, &[u32]); 5] =
            [(None, &[1, 2]), (Some(3), &[4, 5]), (Some(6), &[]), (Some(7), &[]), (Some(8), &[9])];
        // One token more is a sequence of 8.
        let found = pushed(7, &steps);
        assert_eq!(found[..3], [Anew(vec![0, 1, 2]), On(vec![3, 4, 5]), On(vec![6])]);
        assert_eq!(found[3], Anew(vec![0, 1, 2, 4, 5, 6, 7]), "what was said before is gone");
        assert_eq!(found[4], Anew(vec![0, 1, 2, 9]), "and so is what was seen before");
    }

    #[test]
    fn what_is_too_long_by_itself_keeps_its_end() {
        let found = pushed(6, &[(None, &[1, 2, 3, 4, 5, 6]), (Some(7), &[]), (Some(8), &[]), (Some(9), &[])]);
        assert_eq!(found[0], Anew(vec![0, 4, 5, 6]));
        assert_eq!(found[1..3], [On(vec![7]), On(vec![8])]);
        assert_eq!(found[3], Anew(vec![0, 7, 8, 9]));
        // No sequence is longer than the context.
        let mut length = 0;
        for next in found {
            match next {
                On(new) => length += new.len(),
                Anew(all) => length = all.len(),
            }
            assert!(length <= 6);
        }
    }
}
