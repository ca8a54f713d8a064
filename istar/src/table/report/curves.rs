//! `curves.svg`: validation success over iterations, all rows in one panel, and each row in one of its own.

use super::{MeasuredRow, Report};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Eight colours that differ in hue and lightness, also for most colour-blind readers, on white and on dark grey.
const COLOURS: [&str; 8] =
    ["#1f7fc4", "#e07b00", "#009e73", "#cc3d5c", "#8e6bbf", "#56a5dc", "#a07a3c", "#7f7f7f"];

/// Line styles, one for every eight rows.
const DASHES: [&str; 3] = ["none", "7 3", "2 3"];

const STYLE: &str = "\
svg.curves{background:#fff;color:#222;font:12px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif}
@media (prefers-color-scheme:dark){svg.curves{background:#17191d;color:#dcdcdc}}
@media print{svg.curves{background:#fff;color:#222}}
svg.curves text{fill:currentColor}
svg.curves .dim{opacity:.7}
svg.curves .grid{stroke:currentColor;stroke-width:1;opacity:.15}
svg.curves .axis{stroke:currentColor;stroke-width:1;opacity:.6}
svg.curves polyline{fill:none;stroke-linejoin:round;stroke-linecap:round}
svg.curves .other{stroke:currentColor;opacity:.16;stroke-width:1}";

const WIDTH: f64 = 960.0;
/// Height of the panel of all rows with its axis.
const OVERVIEW: f64 = 400.0;
const SMALL: (f64, f64) = (232.0, 156.0);
const PER_LINE: usize = 4;

/// Mean, least and greatest success over seeds at one iteration.
struct Station {
    iteration: f64,
    mean: f64,
    least: f64,
    greatest: f64,
}

/// A rectangle that iterations and shares are drawn into.
struct Panel {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    iterations: f64,
    top: f64,
}

/// The picture, complete in itself: no fonts, no scripts, nothing loaded.
#[must_use]
pub fn curves(report: &Report) -> String {
    let lines: Vec<Vec<Station>> = report.rows.iter().map(stations).collect();
    let all = || lines.iter().flatten();
    let iterations = all().map(|station| station.iteration).fold(1.0, f64::max);
    let top =
        ((all().map(|station| station.greatest).fold(0.0, f64::max) * 10.0).ceil() / 10.0).clamp(0.1, 1.0);
    let small_lines = report.rows.len().div_ceil(PER_LINE);
    let height = OVERVIEW + 30.0 + small_lines as f64 * (SMALL.1 + 8.0);
    let mut svg = format!(
        "<svg class=\"curves\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\" aria-label=\"Validation success over iterations\">\n<style>{STYLE}</style>\n"
    );

    let panel = Panel { x: 52.0, y: 34.0, width: 640.0, height: OVERVIEW - 84.0, iterations, top };
    text(
        &mut svg,
        panel.x,
        20.0,
        "start",
        "font-weight=\"600\"",
        "Success on validation tasks in %, mean over seeds",
    );
    panel.axes(&mut svg, 5, 6);
    text(
        &mut svg,
        panel.x + panel.width / 2.0,
        panel.y + panel.height + 34.0,
        "middle",
        "class=\"dim\"",
        "iteration",
    );
    for (index, line) in lines.iter().enumerate() {
        panel.line(&mut svg, line, &pen(index, 2.0));
    }
    let room = (panel.height / report.rows.len().max(1) as f64).min(22.0);
    for (index, (row, line)) in report.rows.iter().zip(&lines).enumerate() {
        let (x, y) = (panel.x + panel.width + 22.0, panel.y + 10.0 + index as f64 * room);
        let pen = pen(index, 2.5);
        _ = writeln!(svg, "<polyline {pen} points=\"{x:.1},{y:.1} {:.1},{y:.1}\"/>", x + 26.0);
        text(&mut svg, x + 34.0, y + 4.0, "start", "", &shorten(row.name(), 24));
        if let Some(last) = line.last() {
            text(
                &mut svg,
                WIDTH - 6.0,
                y + 4.0,
                "end",
                "class=\"dim\"",
                &format!("{:.1} %", 100.0 * last.mean),
            );
        }
    }

    let caption =
        "Each recipe by itself: mean, and band from the lowest to the highest seed; the others in grey";
    text(&mut svg, panel.x, OVERVIEW + 12.0, "start", "font-weight=\"600\"", caption);
    for (index, (row, own)) in report.rows.iter().zip(&lines).enumerate() {
        let (column, line) = ((index % PER_LINE) as f64, (index / PER_LINE) as f64);
        let panel = Panel {
            x: 36.0 + column * SMALL.0,
            y: OVERVIEW + 46.0 + line * (SMALL.1 + 8.0),
            width: SMALL.0 - 44.0,
            height: SMALL.1 - 50.0,
            iterations,
            top,
        };
        text(&mut svg, panel.x, panel.y - 6.0, "start", "", &shorten(row.name(), 28));
        panel.axes(&mut svg, 2, 2);
        for (other, line) in lines.iter().enumerate() {
            if other != index {
                panel.line(&mut svg, line, "class=\"other\"");
            }
        }
        panel.band(&mut svg, own, COLOURS[index % COLOURS.len()]);
        panel.line(&mut svg, own, &pen(index, 2.0));
    }
    svg += "</svg>\n";
    svg
}

/// What is measured at each validation; a seed that was stopped is missing from where it stopped.
fn stations(row: &MeasuredRow) -> Vec<Station> {
    let mut heights: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for point in row.cells.iter().flat_map(|cell| &cell.validation) {
        heights.entry(point.iteration).or_default().push(point.success);
    }
    let station = |(iteration, heights): (u64, Vec<f64>)| Station {
        iteration: iteration as f64,
        mean: heights.iter().sum::<f64>() / heights.len() as f64,
        least: heights.iter().copied().fold(f64::INFINITY, f64::min),
        greatest: heights.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    };
    heights.into_iter().map(station).collect()
}

impl Panel {
    fn at(&self, iteration: f64, share: f64) -> (f64, f64) {
        (self.x + self.width * iteration / self.iterations, self.y + self.height * (1.0 - share / self.top))
    }

    fn points(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        let points =
            points.map(|(iteration, share)| self.at(iteration, share)).map(|(x, y)| format!("{x:.1},{y:.1}"));
        points.collect::<Vec<_>>().join(" ")
    }

    fn line(&self, svg: &mut String, line: &[Station], attributes: &str) {
        let points = self.points(line.iter().map(|station| (station.iteration, station.mean)));
        _ = writeln!(svg, "<polyline {attributes} points=\"{points}\"/>");
    }

    fn band(&self, svg: &mut String, line: &[Station], colour: &str) {
        let there = line.iter().map(|station| (station.iteration, station.greatest));
        let back = line.iter().rev().map(|station| (station.iteration, station.least));
        let points = self.points(there.chain(back));
        _ = writeln!(svg, "<polygon fill=\"{colour}\" fill-opacity=\".22\" points=\"{points}\"/>");
    }

    /// About so many divisions upwards and along.
    fn axes(&self, svg: &mut String, up: usize, along: usize) {
        for share in ticks(100.0 * self.top, up) {
            let (x, y) = self.at(0.0, share / 100.0);
            _ = writeln!(svg, "<path class=\"grid\" d=\"M{x:.1} {y:.1}h{:.1}\"/>", self.width);
            text(svg, x - 6.0, y + 4.0, "end", "class=\"dim\"", &format!("{share:.0}"));
        }
        let (x, y) = self.at(0.0, 0.0);
        _ = writeln!(svg, "<path class=\"axis\" d=\"M{x:.1} {y:.1}h{:.1}\"/>", self.width);
        for iteration in ticks(self.iterations, along) {
            let (x, y) = self.at(iteration, 0.0);
            _ = writeln!(svg, "<path class=\"axis\" d=\"M{x:.1} {y:.1}v4\"/>");
            text(svg, x, y + 17.0, "middle", "class=\"dim\"", &format!("{iteration:.0}"));
        }
    }
}

/// Whole multiples of 1, 2 or 5 times a power of ten from 0 to `end`, in about `parts` parts.
fn ticks(end: f64, parts: usize) -> Vec<f64> {
    let rough = end / parts as f64;
    let power = 10f64.powf(rough.log10().floor()).max(1.0);
    let step =
        [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|step| *step >= rough * 0.999);
    let step = step.unwrap_or(10.0 * power);
    (0..).map(|index| f64::from(index) * step).take_while(|tick| *tick <= end * 1.001).collect()
}

fn pen(index: usize, width: f64) -> String {
    let (colour, dash) = (COLOURS[index % COLOURS.len()], DASHES[index / COLOURS.len() % DASHES.len()]);
    format!("stroke=\"{colour}\" stroke-width=\"{width}\" stroke-dasharray=\"{dash}\"")
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, attributes: &str, words: &str) {
    let words = crate::markup::escape(words);
    _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" {attributes}>{words}</text>");
}

fn shorten(words: &str, most: usize) -> String {
    if words.chars().count() <= most {
        words.to_owned()
    } else {
        words.chars().take(most - 1).chain(['…']).collect()
    }
}
