//! Final success of every seed as a dot, with the row's interquartile mean and its interval.

use super::curves::{Pen, picture, shorten, text};
use super::{Report, Unit};
use std::fmt::Write;

/// Height of a row.
const ROW: f64 = 46.0;

/// The drawing, of this width in pixels and of this many letters in a name.
pub(super) fn dots(report: &Report, (class, width, letters): (&str, f64, usize)) -> String {
    let percent = |share: f64| super::column::number(Unit::Percent, share);
    let shares = || report.cells().map(|cell| cell.last[0].success).filter(|share| share.is_finite());
    let top = ((shares().fold(0.0, f64::max) * 10.0).ceil() / 10.0).clamp(0.1, 1.0);
    let (left, reach) = (16.0, width - 32.0);
    let x = |share: f64| left + reach * share / top;
    let height = 40.0 + ROW * report.rows.len() as f64 + 26.0;
    let mut svg = String::new();
    text(
        &mut svg,
        (left, 20.0),
        "start",
        "font-weight=\"600\"",
        "Final success in %: seeds, IQM, 95 % interval",
    );
    for tick in (0..=5).map(|part| top * f64::from(part) / 5.0) {
        _ = writeln!(svg, "<path class=\"grid\" d=\"M{:.1} 32V{:.1}\"/>", x(tick), height - 24.0);
        let number = format!("{:.0}", 100.0 * tick);
        text(&mut svg, (x(tick), height - 8.0), "middle", "class=\"dim\"", &number);
    }
    let mut words = Vec::new();
    for (place, (row, compared)) in report.rows.iter().zip(report.compared()).enumerate() {
        let (y, pen) = (40.0 + ROW * place as f64, Pen::of(place));
        text(&mut svg, (left, y + 12.0), "start", "", &shorten(row.name(), letters));
        let bar = y + 28.0;
        if let Some(iqm) = compared.iqm {
            let interval = compared.iqm_interval.map(|ends| {
                let (from, to) = (x(ends.low), x(ends.high));
                _ = writeln!(
                    svg,
                    "<path stroke=\"{}\" stroke-width=\"8\" stroke-opacity=\".28\" d=\"M{from:.1} {bar}H{to:.1}\"/>",
                    pen.colour
                );
                format!(" [{}, {}]", percent(ends.low), percent(ends.high))
            });
            _ = writeln!(
                svg,
                "<path stroke=\"{}\" stroke-width=\"2.5\" d=\"M{:.1} {:.1}v16\"/>",
                pen.colour,
                x(iqm),
                bar - 8.0
            );
            let numbers = percent(iqm) + &interval.unwrap_or_default();
            text(&mut svg, (width - 16.0, y + 12.0), "end", "class=\"dim\"", &numbers);
            words.push(format!("{} {numbers}", row.name()));
        }
        for (number, cell) in row.cells.iter().enumerate() {
            let (share, shift) = (cell.last[0].success, [0.0, -4.0, 4.0][number % 3]);
            if share.is_finite() {
                _ = writeln!(
                    svg,
                    "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.6\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.6\"/>",
                    x(share),
                    bar + shift,
                    pen.colour
                );
            }
        }
    }
    let words = format!(
        "Final success in %, interquartile mean over seeds and its 95 % interval: {}",
        words.join("; ")
    );
    picture(class, (width, height), &words, &svg)
}
