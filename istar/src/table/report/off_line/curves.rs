//! A quantity by update, a line a row.

use super::Quantity;
use crate::table::report::curves::{Pen, picture, shorten, text};
use crate::table::report::{MeasuredRow, Report};
use std::collections::BTreeMap;
use std::fmt::Write;

const WIDTH: f64 = 560.0;
/// Of a line of the legend.
const LINE: f64 = 20.0;

/// Mean over seeds by update.
fn means(row: &MeasuredRow, quantity: &Quantity) -> Vec<(f64, f64)> {
    let mut at: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for point in row.cells.iter().flat_map(|cell| &cell.points) {
        if let Some(value) = quantity.at(point) {
            at.entry(point.iteration).or_default().push(value);
        }
    }
    let mean =
        |(update, values): (u64, Vec<f64>)| (update as f64, values.iter().sum::<f64>() / values.len() as f64);
    at.into_iter().map(mean).collect()
}

/// The drawing under this title; nothing where no row has the quantity.
pub(super) fn drawing(report: &Report, quantity: &Quantity, title: &str) -> String {
    let lines: Vec<Vec<(f64, f64)>> = report.rows.iter().map(|row| means(row, quantity)).collect();
    let all = || lines.iter().flatten();
    if all().next().is_none() {
        return String::new();
    }
    // Tenths that hold everything, and 0.
    let tenth = |value: f64, round: fn(f64) -> f64| round(10.0 * value) / 10.0;
    let low = tenth(all().map(|point| point.1).fold(0.0, f64::min), f64::floor);
    let high = tenth(all().map(|point| point.1).fold(0.1, f64::max), f64::ceil);
    let updates = all().map(|point| point.0).fold(1.0, f64::max);
    let (left, top, wide, tall) = (44.0, 36.0, WIDTH - 60.0, 200.0);
    let place = |(update, value): (f64, f64)| {
        (left + wide * update / updates, top + tall * (high - value) / (high - low))
    };
    let mut svg = String::new();
    text(&mut svg, (16.0, 20.0), "start", "font-weight=\"600\"", title);
    let parts = ((high - low) * 10.0).round().max(1.0);
    let every = (parts / 5.0).ceil();
    for part in (0..=parts as u64).filter(|part| *part as f64 % every == 0.0) {
        let value = low + part as f64 / 10.0;
        let (x, y) = place((0.0, value));
        _ = writeln!(svg, "<path class=\"grid\" d=\"M{x:.1} {y:.1}h{wide:.1}\"/>");
        text(&mut svg, (x - 6.0, y + 4.0), "end", "class=\"dim\"", &format!("{value:.1}"));
    }
    let (x, y) = place((0.0, 0.0));
    _ = writeln!(svg, "<path class=\"axis\" d=\"M{x:.1} {y:.1}h{wide:.1}\"/>");
    let below = top + tall + 18.0;
    for update in [0.0, (updates / 2.0).floor(), updates] {
        text(&mut svg, (place((update, low)).0, below), "middle", "class=\"dim\"", &update.to_string());
    }
    text(&mut svg, (left + wide / 2.0, below + 16.0), "middle", "class=\"dim\"", "update of the PRM");
    let mut words = Vec::new();
    for (number, (row, line)) in report.rows.iter().zip(&lines).enumerate() {
        let points: Vec<String> =
            line.iter().map(|point| place(*point)).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let pen = Pen::of(number).line(2.0);
        _ = writeln!(svg, "<polyline {pen} points=\"{}\"/>", points.join(" "));
        let y = below + 36.0 + LINE * number as f64;
        _ = writeln!(svg, "<polyline {pen} points=\"16,{y:.1} 42,{y:.1}\"/>");
        text(&mut svg, (50.0, y + 4.0), "start", "", &shorten(row.name(), 60));
        if let Some((first, last)) = line.first().zip(line.last()) {
            words.push(format!("{} from {:.2} to {:.2}", row.name(), first.1, last.1));
        }
    }
    let height = below + 36.0 + LINE * report.rows.len() as f64;
    picture("prm", (WIDTH, height), &format!("{title}: {}", words.join("; ")), &svg)
}
