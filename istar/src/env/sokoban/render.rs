//! Pictures of rooms.

use super::art::tiles;
use super::room::Room;
use serde::{Deserialize, Serialize};

/// What the policy sees: a picture that is not painted before it is asked for. Frames are equal exactly when their
/// pixels are, in every tile size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Frame(Room);

impl Frame {
    /// Side of a tile in training, in pixels.
    pub const TILE: usize = 8;

    /// The picture of a room.
    pub fn of(room: &Room) -> Self {
        Self(*room)
    }

    /// The room in the picture.
    pub fn room(&self) -> &Room {
        &self.0
    }

    /// Height in pixels.
    pub fn height(&self, tile: usize) -> usize {
        self.0.height() * tile
    }

    /// Width in pixels.
    pub fn width(&self, tile: usize) -> usize {
        self.0.width() * tile
    }

    /// Bytes of the picture: height * width * 3.
    pub fn bytes(&self, tile: usize) -> usize {
        self.height(tile) * self.width(tile) * 3
    }

    /// Paints the picture with tiles of `tile` pixels: rows from the top, three bytes (red, green, blue) a pixel.
    ///
    /// # Panics
    /// If `tile` is not 1 to 64, or `out` is not [`bytes`](Frame::bytes) long.
    pub fn write_rgb(&self, tile: usize, out: &mut [u8]) {
        assert_eq!(out.len(), self.bytes(tile), "the buffer holds one picture");
        paint(&self.0, tile, out);
    }
}

/// Paints a whole room.
pub(super) fn paint(room: &Room, tile: usize, out: &mut [u8]) {
    // The same code twice: with a known length, a row of a tile is copied in two instructions.
    match tile {
        Frame::TILE => paint_tiles(room, Frame::TILE, tiles(Frame::TILE), out),
        _ => paint_tiles(room, tile, tiles(tile), out),
    }
}

#[inline(always)]
fn paint_tiles(room: &Room, tile: usize, art: &[u8], out: &mut [u8]) {
    let line = room.width() * tile * 3;
    for (row, band) in out.chunks_exact_mut(line * tile).enumerate() {
        let cells = room.row(row);
        for (y, pixels) in band.chunks_exact_mut(line).enumerate() {
            for (place, &cell) in pixels.chunks_exact_mut(tile * 3).zip(cells) {
                place.copy_from_slice(&art[(usize::from(cell) * tile + y) * tile * 3..][..tile * 3]);
            }
        }
    }
}

/// Paints one cell of a room into a picture of it.
pub(super) fn paint_cell(room: &Room, row: usize, column: usize, tile: usize, out: &mut [u8]) {
    match tile {
        Frame::TILE => paint_tile(room, row, column, Frame::TILE, tiles(Frame::TILE), out),
        _ => paint_tile(room, row, column, tile, tiles(tile), out),
    }
}

#[inline(always)]
fn paint_tile(room: &Room, row: usize, column: usize, tile: usize, art: &[u8], out: &mut [u8]) {
    let line = room.width() * tile * 3;
    let art = &art[usize::from(room.at(row, column)) * tile * tile * 3..][..tile * tile * 3];
    for (pixels, from) in out[row * tile * line..].chunks_mut(line).zip(art.chunks_exact(tile * 3)) {
        pixels[column * tile * 3..][..tile * 3].copy_from_slice(from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::sokoban::{BOX, PLAYER, TARGET, WALL};

    fn picture(text: &str, tile: usize) -> Vec<u8> {
        let frame = Frame::of(&text.parse().expect("a level"));
        let mut pixels = vec![0; frame.bytes(tile)];
        frame.write_rgb(tile, &mut pixels);
        pixels
    }

    /// The pixels of one tile of a picture.
    fn tile_of(pixels: &[u8], width: usize, tile: usize, row: usize, column: usize) -> Vec<u8> {
        (0..tile)
            .flat_map(|y| {
                let from = ((row * tile + y) * width + column) * tile * 3;
                pixels[from..from + tile * 3].iter().copied()
            })
            .collect()
    }

    #[test]
    fn tiles_stand_where_their_cells_are() {
        let text = "#$$\n+* \n . ";
        for tile in [1, 5, 8, 16, 24] {
            let pixels = picture(text, tile);
            let cells = [[WALL, BOX, BOX], [PLAYER | TARGET, BOX | TARGET, 0], [0, TARGET, 0]];
            for (row, line) in cells.into_iter().enumerate() {
                for (column, cell) in line.into_iter().enumerate() {
                    let art = &tiles(tile)[usize::from(cell) * tile * tile * 3..][..tile * tile * 3];
                    assert_eq!(tile_of(&pixels, 3, tile, row, column), art, "{row} {column} at {tile}");
                }
            }
        }
    }

    #[test]
    fn the_seven_tiles_differ_clearly() {
        let tile = Frame::TILE;
        let looks = [WALL, 0, TARGET, BOX, BOX | TARGET, PLAYER, PLAYER | TARGET]
            .map(|cell| &tiles(tile)[usize::from(cell) * tile * tile * 3..][..tile * tile * 3]);
        for (a, first) in looks.iter().enumerate() {
            for second in &looks[a + 1..] {
                let difference: u32 = first.iter().zip(*second).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
                assert!(difference > 5 * first.len() as u32, "tiles {a}: {difference}");
            }
        }
    }

    #[test]
    fn twice_the_tile_is_the_same_picture_twice_as_large() {
        let (small, large) = (picture("@$.\n## ", 8), picture("@$.\n## ", 16));
        for (place, pixel) in large.chunks_exact(3).enumerate() {
            let (y, x) = (place / 48 / 2, place % 48 / 2);
            assert_eq!(pixel, &small[(y * 24 + x) * 3..][..3]);
        }
    }
}
