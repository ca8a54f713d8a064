//! An embedded language for composable reinforcement-learning objectives.
