//! The compiler of the objective language: text to types.
