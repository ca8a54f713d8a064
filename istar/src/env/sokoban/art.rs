//! Seven tiles of eight by eight pixels, drawn by hand, and their copies in other sizes.

use std::sync::OnceLock;

use super::room::{BOX, Cell, PLAYER, TARGET, WALL};

/// Largest side of a tile, in pixels.
pub(super) const MAX_TILE: usize = 64;

/// The pixels of all tiles in one size: tile after tile by [`Cell`], each row-major RGB.
pub(super) fn tiles(size: usize) -> &'static [u8] {
    static SIZES: [OnceLock<Vec<u8>>; MAX_TILE + 1] = [const { OnceLock::new() }; MAX_TILE + 1];
    assert!((1..=MAX_TILE).contains(&size), "a tile of {size} pixels; sizes are 1 to {MAX_TILE}");
    SIZES[size].get_or_init(|| scaled(size))
}

fn scaled(size: usize) -> Vec<u8> {
    let mut pixels = vec![0; 16 * size * size * 3];
    let side = ART[0].1.len();
    // The art's pixel under the middle of a pixel of the tile.
    let under = |x: usize| (2 * x + 1) * side / (2 * size);
    for (cell, art) in ART {
        let tile = &mut pixels[usize::from(cell) * size * size * 3..][..size * size * 3];
        for (place, pixel) in tile.chunks_exact_mut(3).enumerate() {
            let colour = art[under(place / size)].as_bytes()[under(place % size)];
            let (_, rgb) =
                PALETTE.iter().find(|(name, _)| *name == colour).expect("the art uses the palette");
            pixel.copy_from_slice(rgb);
        }
    }
    pixels
}

const PALETTE: [(u8, [u8; 3]); 11] = [
    (b'm', [54, 58, 78]),    // mortar
    (b'#', [98, 106, 136]),  // brick
    (b' ', [236, 229, 211]), // floor
    (b',', [222, 213, 192]), // grain of the floor
    (b'o', [206, 52, 68]),   // mark of a target
    (b'd', [112, 66, 24]),   // dark wood
    (b'w', [196, 138, 72]),  // light wood
    (b'e', [28, 98, 48]),    // dark wood of a box on its target
    (b'g', [104, 192, 98]),  // light wood of a box on its target
    (b's', [250, 190, 140]), // skin
    (b'b', [38, 92, 196]),   // blue clothes
];

const ART: [(Cell, [&str; 8]); 7] = [
    (WALL, ["###m####", "###m####", "###m####", "mmmmmmmm", "######m#", "######m#", "######m#", "mmmmmmmm"]),
    (0, ["        ", "      , ", "  ,     ", "        ", "        ", "     ,  ", " ,      ", "        "]),
    (
        TARGET,
        ["        ", "   oo   ", "  o  o  ", " o oo o ", " o oo o ", "  o  o  ", "   oo   ", "        "],
    ),
    (BOX, ["dddddddd", "dwwwwwwd", "dwdwwdwd", "dwwddwwd", "dwwddwwd", "dwdwwdwd", "dwwwwwwd", "dddddddd"]),
    (
        BOX | TARGET,
        ["eeeeeeee", "eggggggo", "egeggego", "eggeeggo", "eggeeggo", "egeggego", "eggggggo", "eooooooo"],
    ),
    (
        PLAYER,
        ["   dd   ", "  dssd  ", "   ss   ", " bbbbbb ", " sbbbbs ", "   bb   ", "  b  b  ", "  d  d  "],
    ),
    (
        PLAYER | TARGET,
        ["oo dd oo", "o dssd o", "   ss   ", " bbbbbb ", " sbbbbs ", "   bb   ", "o b  b o", "ood  doo"],
    ),
];
