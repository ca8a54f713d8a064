//! A room as plain data, and back by the way that checks it.

use super::room::{Cell, Room};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Its sides and its cells, row by row.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Room")]
struct Plain {
    height: usize,
    width: usize,
    cells: Vec<Cell>,
}

impl Serialize for Room {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (height, width, cells) = (self.height(), self.width(), self.cells());
        Plain { height, width, cells }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Room {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Plain { height, width, cells } = Plain::deserialize(deserializer)?;
        if height.checked_mul(width) != Some(cells.len()) {
            return Err(D::Error::custom(format!("{} cells are no room of {height} x {width}", cells.len())));
        }
        Room::new(height, width, &cells).map_err(D::Error::custom)
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
