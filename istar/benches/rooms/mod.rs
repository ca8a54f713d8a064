//! Pictures that benchmarks show to networks.

use istar::policy::Pixels;

/// A picture of 6 by 6 tiles of 8 by 8 pixels, of which there are seven kinds.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Room(pub Vec<u8>);

impl Room {
    /// Tiles placed by the digits of a mixed room number.
    pub fn new(number: u32) -> Self {
        let pixel = |i: usize| {
            let (y, x) = (i / 144, i % 144 / 3);
            let kind = (number.wrapping_mul(0x9e37_79b9) >> ((y / 8 * 6 + x / 8) % 24)) % 7;
            (kind as usize * 37 + y % 8 * (kind as usize + 1) + x % 8 * 3 + i % 3) as u8
        };
        Self((0..48 * 48 * 3).map(pixel).collect())
    }
}

impl Pixels for Room {
    fn cells(&self) -> (usize, usize) {
        (6, 6)
    }

    fn write_rgb(&self, _: usize, out: &mut [u8]) {
        out.copy_from_slice(&self.0);
    }
}
