//! The eight symmetries of the square, for augmentation and for telling levels apart.

use super::action::Action;
use super::room::{Cell, Room};

/// One way to turn or mirror a room. Rules know no direction, so acting and turning can change places:
/// `s.room(r)` after `s.action(a)` is `s.room` of `r` after `a`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Symmetry {
    /// Rows become columns; done before the flips.
    transpose: bool,
    /// The upper row becomes the lower one.
    flip_rows: bool,
    /// The left column becomes the right one.
    flip_columns: bool,
}

impl Symmetry {
    /// The symmetry that changes nothing.
    pub const IDENTITY: Self = Self::numbered(0);
    /// All eight, the identity first.
    pub const ALL: [Self; 8] = {
        let mut all = [Self::IDENTITY; 8];
        let mut number = 1;
        while number < 8 {
            all[number] = Self::numbered(number);
            number += 1;
        }
        all
    };

    const fn numbered(number: usize) -> Self {
        Self { transpose: number & 1 != 0, flip_rows: number & 2 != 0, flip_columns: number & 4 != 0 }
    }

    /// The turned room. A room that is no square may change its sides.
    pub fn room(self, room: &Room) -> Room {
        let (height, width) =
            if self.transpose { (room.width(), room.height()) } else { (room.height(), room.width()) };
        let mut cells: Vec<Cell> = Vec::with_capacity(height * width);
        for row in 0..height {
            for column in 0..width {
                let row = if self.flip_rows { height - 1 - row } else { row };
                let column = if self.flip_columns { width - 1 - column } else { column };
                cells.push(if self.transpose { room.at(column, row) } else { room.at(row, column) });
            }
        }
        Room::new(height, width, &cells).expect("turning keeps the number of everything")
    }

    /// The turned action.
    pub fn action(self, action: Action) -> Action {
        use Action::{Down, Left, None, Right, Up};
        let transposed = match action {
            other if !self.transpose => other,
            None => None,
            Up => Left,
            Left => Up,
            Down => Right,
            Right => Down,
        };
        match transposed {
            Up if self.flip_rows => Down,
            Down if self.flip_rows => Up,
            Left if self.flip_columns => Right,
            Right if self.flip_columns => Left,
            other => other,
        }
    }

    /// The symmetry that undoes this one.
    pub fn inverse(self) -> Self {
        if self.transpose {
            Self { transpose: true, flip_rows: self.flip_columns, flip_columns: self.flip_rows }
        } else {
            self
        }
    }
}

impl Room {
    /// The same room for all rooms that are equal up to symmetry: the smallest of the eight by size, then cells.
    pub fn canonical(&self) -> Self {
        let turned = Symmetry::ALL.map(|symmetry| symmetry.room(self));
        turned.into_iter().min_by_key(|room| (room.height(), room.cells())).expect("there are eight")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::sokoban::{LevelSpec, generate};
    use proptest::prelude::*;

    fn level() -> impl Strategy<Value = Room> {
        (5..9usize, 1..4usize, any::<u64>()).prop_map(|(size, boxes, seed)| {
            let spec = LevelSpec { size, boxes: boxes.min(size - 4), depth: 12 };
            generate(&spec, seed, 0).expect("a level")
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn turning_and_acting_change_places(
            room in level(),
            actions in prop::collection::vec(0..5usize, 1..40),
            symmetry in (0..8usize).prop_map(|number| Symmetry::ALL[number]),
        ) {
            let (mut room, mut turned) = (room, symmetry.room(&room));
            for action in actions.into_iter().map(|number| Action::ALL[number]) {
                prop_assert_eq!(room.act(action), turned.act(symmetry.action(action)));
                prop_assert_eq!(symmetry.room(&room), turned);
                prop_assert_eq!(symmetry.inverse().room(&turned), room);
                prop_assert_eq!(symmetry.inverse().action(symmetry.action(action)), action);
                prop_assert_eq!(turned.canonical(), room.canonical());
            }
        }

        #[test]
        fn text_and_back(room in level()) {
            prop_assert_eq!(room.to_string().parse::<Room>().expect("its own text"), room);
        }
    }

    #[test]
    fn the_eight_are_eight() {
        let room: Room = "@$.\n#  ".parse().expect("a level");
        let turned: std::collections::HashSet<_> = Symmetry::ALL.map(|symmetry| symmetry.room(&room)).into();
        assert_eq!(turned.len(), 8);
        assert_eq!(Symmetry::IDENTITY.room(&room), room);
        let other: Room = "@$.\n # ".parse().expect("a level");
        assert_ne!(room.canonical(), other.canonical());
    }
}
