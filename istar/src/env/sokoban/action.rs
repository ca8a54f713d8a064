//! The five actions.

/// What the player can do. The numbers are those of gym-sokoban.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Action {
    /// Nothing; a step all the same.
    None = 0,
    /// Move or push one row up.
    Up = 1,
    /// Move or push one row down.
    Down = 2,
    /// Move or push one column to the left.
    Left = 3,
    /// Move or push one column to the right.
    Right = 4,
}

impl Action {
    /// All five, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::None, Self::Up, Self::Down, Self::Left, Self::Right];
    /// The four that do something, in the order of their tokens.
    pub const MOVES: [Self; 4] = [Self::Up, Self::Down, Self::Left, Self::Right];

    /// The move that a policy's token means: 0 up, 1 down, 2 left, 3 right; no other token means anything.
    pub fn from_token(token: u32) -> Option<Self> {
        Self::MOVES.get(token as usize).copied()
    }

    /// The token of a move; [`Action::None`] has none.
    pub fn token(self) -> Option<u32> {
        (self as u32).checked_sub(1)
    }

    /// The action of a digit `0` to `4`.
    pub fn from_digit(digit: char) -> Option<Self> {
        digit.to_digit(10).and_then(|number| Self::ALL.get(number as usize)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_the_moves() {
        for (token, action) in (0..).zip(Action::MOVES) {
            assert_eq!(Action::from_token(token), Some(action));
            assert_eq!(action.token(), Some(token));
        }
        assert_eq!(Action::from_token(4), None);
        assert_eq!(Action::None.token(), None);
        assert_eq!(Action::from_digit('4'), Some(Action::Right));
        assert_eq!(Action::from_digit('5'), None);
    }
}
