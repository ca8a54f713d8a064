use super::*;
use crate::table::cell::Timing;
use crate::table::synthetic::{cell, study, works};

/// One grey square of 16 pixels per character.
fn frame(level: &[String]) -> Vec<u8> {
    let (wide, high) = (level[0].len(), level.len());
    let shade = |x: usize, y: usize| level[y].as_bytes()[x].wrapping_mul(37);
    let pixels: Vec<u8> =
        (0..high * 16).flat_map(|y| (0..wide * 16).map(move |x| shade(x / 16, y / 16))).collect();
    let mut image = Vec::new();
    let mut encoder = png::Encoder::new(&mut image, 16 * wide as u32, 16 * high as u32);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&pixels).expect("as many pixels as the header says");
    writer.finish().expect("complete");
    image
}

fn cells() -> Vec<Cell> {
    (0..4).flat_map(|row| (1..=3).map(move |seed| cell(row, seed))).collect()
}

#[test]
fn look() {
    let Some(dir) = std::env::var_os("LOOK") else { return };
    let dir = Path::new(&dir);
    let (study, works) = (study(3), works(3));
    let (cells, timings) =
        crate::table::run::run(dir, &study, &works, std::num::NonZeroUsize::MIN, false).expect("runs");
    let report = Report::new(&study, &cells);
    write(dir, &report, &frame).expect("written");
    eprintln!("{}", terminal(&report, &timings));
    let _ = Timing::default();
}
