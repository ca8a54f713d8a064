//! Where an objective is evaluated.

/// Where an objective is evaluated: its hyper-parameters in order of declaration, and the training iteration.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Values of the hyper-parameters, in order of declaration.
    pub params: &'a [f64],
    /// Their names.
    pub names: &'a [&'a str],
    /// The training iteration, from 0.
    pub iteration: u64,
}
