//! The decision of a step: whether it says SWITCH, and how probable that was.

use crate::policy::Drawn;

/// A decision under way, token by token.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Decision {
    /// Tokens of SWITCH that were said, one after the other from the first.
    said: usize,
    /// A token was said that is not the next one of SWITCH.
    left: bool,
    /// The product of the probabilities of the tokens of SWITCH that were asked for; none where none was.
    chance: Option<f64>,
}

impl Decision {
    /// The token of SWITCH that the next one may be, to be asked for; none if the decision has gone another way, or is made.
    pub(super) fn next<'a>(decision: Option<&Decision>, switch: &'a [u32]) -> &'a [u32] {
        let Decision { said, left, .. } = decision.copied().unwrap_or_default();
        if left { &[] } else { switch.get(said..).map_or(&[], |rest| &rest[..rest.len().min(1)]) }
    }

    /// Goes on with a token. What was asked about it is [`next`](Decision::next).
    pub(super) fn say(&mut self, drawn: &Drawn, switch: &[u32]) {
        let Some(logp) = drawn.about.first() else { return };
        self.chance = Some(self.chance.unwrap_or(1.0) * f64::from(*logp).exp());
        match switch.get(self.said) == Some(&drawn.token) {
            true => self.said += 1,
            false => self.left = true,
        }
    }

    /// The columns `switch` and `p_switch` of the step.
    pub(super) fn as_columns(self, switch: &[u32]) -> (f64, f64) {
        let said = self.chance.is_some() && self.said == switch.len();
        (f64::from(u8::from(said)), self.chance.unwrap_or(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a decision of these tokens, where each token of SWITCH that is asked for has the next chance; and which
    /// were asked for.
    fn decide(switch: &[u32], tokens: &[u32], chances: &[f64]) -> ((f64, f64), Vec<u32>) {
        let (mut decision, mut asked) = (None, Vec::new());
        for token in tokens {
            let about = Decision::next(decision.as_ref(), switch);
            let logp = about.iter().map(|_| chances[asked.len()].ln() as f32).collect();
            asked.extend(about);
            let drawn = Drawn { observation: 0, token: *token, logp: 0.0, entropy: 0.0, about: logp };
            decision.get_or_insert_default().say(&drawn, switch);
        }
        let (said, chance) = decision.unwrap_or_default().as_columns(switch);
        ((said, (chance * 1e6).round() / 1e6), asked)
    }

    #[test]
    fn one_token_is_asked_for_once() {
        assert_eq!(decide(&[5], &[5], &[0.25]), ((1.0, 0.25), vec![5]));
        assert_eq!(decide(&[5], &[4], &[0.25]), ((0.0, 0.25), vec![5]));
        // What follows the word SWITCH, and what follows another, is not asked about.
        assert_eq!(decide(&[5], &[5, 9, 5], &[0.25]), ((1.0, 0.25), vec![5]));
        assert_eq!(decide(&[5], &[4, 5], &[0.25]), ((0.0, 0.25), vec![5]));
    }

    #[test]
    fn several_tokens_are_asked_for_as_long_as_they_are_said() {
        assert_eq!(decide(&[1, 2, 3], &[1, 2, 3], &[0.5, 0.5, 1.0]), ((1.0, 0.25), vec![1, 2, 3]));
        assert_eq!(decide(&[1, 2, 3], &[1, 2], &[0.5, 0.5]), ((0.0, 0.25), vec![1, 2, 3][..2].to_vec()));
        assert_eq!(decide(&[1, 2, 3], &[1, 9, 3], &[0.5, 0.5]), ((0.0, 0.25), vec![1, 2]));
        assert_eq!(decide(&[1, 2, 3], &[7, 2, 3], &[0.5]), ((0.0, 0.5), vec![1]));
    }

    #[test]
    fn without_a_decision_or_a_word_for_it_there_is_no_chance() {
        assert_eq!(decide(&[5], &[], &[]), ((0.0, 0.0), vec![]));
        assert_eq!(decide(&[], &[5, 6], &[]), ((0.0, 0.0), vec![]));
    }
}
