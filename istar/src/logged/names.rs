//! What other programs call the fields of a batch, and what a user says that they are called.

use super::schema::Field;
use crate::batch::LevelId;
use crate::suggest::hint;
use istar_lang::nearest;

/// The names of a field elsewhere, the most usual first.
type Row = (Field, &'static [&'static str]);

/// One row a field: verl and verl-agent, TRL, prime-rl, servers that speak as OpenAI's does.
pub(super) const NAMES: &[Row] = &[
    (
        Field::outcome,
        &[
            "score",
            "episode_rewards",
            "episode_reward",
            "reward",
            "rewards",
            "token_level_scores",
            "token_level_rewards",
        ],
    ),
    (Field::success, &["acc", "is_correct", "correct", "solved"]),
    (Field::state, &["anchor_obs", "state_key"]),
    (Field::reward, &["step_rewards", "step_reward"]),
    (Field::invalid, &["is_action_valid"]),
    (
        Field::old,
        &[
            "old_log_probs",
            "old_log_prob",
            "old_per_token_logps",
            "inference_logprobs",
            "logprob",
            "logprobs",
        ],
    ),
    (Field::logp, &["log_prob", "log_probs", "per_token_logps", "trainer_logprobs"]),
    (Field::init, &["ref_log_prob", "ref_log_probs", "ref_per_token_logps", "ref_logprobs"]),
    (Field::sampler, &["rollout_log_probs", "rollout", "sampling_per_token_logps"]),
    (Field::value, &["values"]),
    (Field::entropy, &["entropys", "entropies"]),
    (Field::adv, &["advantages", "advantage"]),
    (Field::ret, &["returns"]),
    (Field::token, &["token_ids", "completion_ids", "responses"]),
    (Field::word, &["token"]),
];

/// A name that another program has for a field of this level, if the key is one.
pub(super) fn elsewhere(level: LevelId, key: &str) -> Option<&'static str> {
    let mut names = NAMES.iter().filter(|(field, _)| field.level() == level).flat_map(|(_, names)| *names);
    names.find(|name| **name == key).copied()
}

/// The names that others have for a field.
pub(super) fn others(field: Field) -> &'static [&'static str] {
    NAMES.iter().find(|(known, _)| *known == field).map_or(&[], |(_, names)| names)
}

/// What a name that is no field may stand for: the field that other programs call so, or the one that is spelt alike.
pub(super) fn instead(name: &str) -> String {
    match NAMES.iter().find(|(_, names)| names.contains(&name)) {
        Some((field, _)) => format!(" (here it is `{}`)", field.key()),
        None => hint(nearest(name, Field::ALL.iter().map(|field| field.key()))),
    }
}

/// Names that fields have in a file, where they are not their own: `old=rollout_log_probs`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldNames {
    pub(super) told: Vec<(Field, String)>,
    /// What flat rows have beside fields: `group`, `trajectory`, `mask`.
    words: Vec<(&'static str, String)>,
}

/// What rows of other programs are told by, beside fields.
const WORDS: [&str; 3] = ["group", "trajectory", "mask"];

impl FieldNames {
    /// Lets a field of a trajectory, step or token have another name; of flat rows also `group` and `trajectory`, what the rows of
    /// one have in common, and `mask`, which tokens the policy wrote.
    ///
    /// # Errors
    /// When no field has the first name.
    pub fn name(&mut self, field: &str, name: &str) -> Result<(), String> {
        if let Some(word) = WORDS.iter().find(|word| **word == field) {
            self.words.retain(|(of, _)| of != word);
            self.words.push((word, name.to_owned()));
            return Ok(());
        }
        // A step and a token both have a `text`.
        let fields = || Field::ALL.iter().filter(|of| of.key() == field);
        if fields().next().is_none() {
            let near = nearest(field, Field::ALL.iter().map(|field| field.key()));
            return Err(format!("`{field}` is no field{}", hint(near)));
        }
        self.told.retain(|(of, _)| of.key() != field);
        self.told.extend(fields().map(|of| (*of, name.to_owned())));
        Ok(())
    }

    #[cfg(feature = "formats")]
    pub(super) fn told(&self, field: Field) -> Option<&str> {
        self.told.iter().find(|(of, _)| *of == field).map(|(_, name)| name.as_str())
    }

    #[cfg(feature = "formats")]
    pub(super) fn word(&self, word: &str) -> Option<&str> {
        self.words.iter().find(|(of, _)| *of == word).map(|(_, name)| name.as_str())
    }
}
