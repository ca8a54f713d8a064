//! Rooms as PNG.

use super::Error;
use crate::env::sokoban::{Frame, Room};
use std::io::Write;

/// Side of a cell in pictures, in pixels.
pub(super) const TILE: usize = 16;

/// Writes a room as a PNG.
pub(super) fn paint(room: &Room, out: impl Write) -> Result<(), Error> {
    let frame = Frame::of(room);
    let mut pixels = vec![0; frame.bytes(TILE)];
    frame.write_rgb(TILE, &mut pixels);
    let mut encoder = png::Encoder::new(out, frame.width(TILE) as u32, frame.height(TILE) as u32);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    Ok(writer.finish()?)
}
