//! Pictures as PNG files.

use crate::policy::Pixels;

/// A picture with tiles of `tile` pixels as the bytes of a PNG file.
///
/// # Panics
/// If `tile` is not 1 to 64.
pub fn png(scene: &impl Pixels, tile: usize) -> Vec<u8> {
    let (rows, columns) = scene.cells();
    let mut pixels = vec![0; rows * columns * tile * tile * 3];
    scene.write_rgb(tile, &mut pixels);
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, (columns * tile) as u32, (rows * tile) as u32);
    encoder.set_color(::png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("a picture has pixels");
    writer.write_image_data(&pixels).expect("as many pixels as the header says");
    writer.finish().expect("writing to memory does not fail");
    bytes
}
