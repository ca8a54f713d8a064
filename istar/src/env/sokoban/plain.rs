//! A room as plain data, and back by the way that checks it.

use super::room::{Cell, Room};
use serde::{Deserialize, Serialize};

/// Its sides and its cells, row by row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PlainRoom {
    height: usize,
    width: usize,
    cells: Vec<Cell>,
}

impl From<Room> for PlainRoom {
    fn from(room: Room) -> Self {
        PlainRoom { height: room.height(), width: room.width(), cells: room.cells() }
    }
}

impl TryFrom<PlainRoom> for Room {
    type Error = String;

    fn try_from(PlainRoom { height, width, cells }: PlainRoom) -> Result<Self, String> {
        match height.checked_mul(width) {
            Some(places) if places == cells.len() => {
                Room::new(height, width, &cells).map_err(|e| e.to_string())
            }
            _ => Err(format!("{} cells are no room of {height} x {width}", cells.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::env::Env;
    use crate::env::sokoban::{Action, Frame, Room, Sokoban};

    #[test]
    fn a_room_comes_back_as_it_was_or_not_at_all() {
        let room: Room = "#####\n#@$.#\n# $.#\n#####".parse().expect("a room");
        let mut world = Sokoban::new(20);
        world.reset(&room);
        world.act(Action::Right);
        let frame = world.observe();
        let text = serde_json::to_string(&frame).expect("plain data");
        assert_eq!(serde_json::from_str::<Frame>(&text).expect("the same"), frame);
        for (old, new) in [("\"width\":5", "\"width\":4"), ("\"height\":4", "\"height\":0"), ("9,", "1,")] {
            let damaged = text.replace(old, new);
            assert_eq!(damaged == text, serde_json::from_str::<Frame>(&damaged).is_ok(), "{damaged}");
        }
    }
}
