//! What a step is in rows of tokens.

/// What a step of a trajectory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// All tokens of a row that the policy wrote.
    Row,
    /// Each run of such tokens.
    Run,
    /// Each such token.
    Token,
}
