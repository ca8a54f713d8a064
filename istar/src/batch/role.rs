//! What a token is for.

/// The part that a token plays in its step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It decides whether the subgoal is kept or a new one is begun.
    Switch,
    /// It names the subgoal.
    Subgoal,
    /// It acts.
    #[default]
    Action,
    /// Anything else, such as markup.
    Other,
}
