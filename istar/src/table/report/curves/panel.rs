//! A rectangle with axes that curves are drawn into.

use super::pen::Pen;
use super::text;
use crate::statistics::{Scores, bootstrap, mean};
use crate::table::report::MeasuredRow;
use crate::table::report::compare::SEED;
use std::collections::BTreeMap;
use std::fmt::Write;

/// As many as are enough to draw with.
const RESAMPLES: usize = 2_000;

/// Success at one iteration: of each seed, their mean, and its 95 % interval.
pub(in crate::table::report) struct Station {
    pub iteration: f64,
    pub mean: f64,
    low: f64,
    high: f64,
    seeds: Vec<f64>,
}

impl Station {
    /// One number.
    pub(in crate::table::report) fn at(iteration: f64, mean: f64) -> Self {
        Station { iteration, mean, low: mean, high: mean, seeds: Vec::new() }
    }
}

/// What is measured at each validation; a seed that was stopped is missing from where it stopped.
pub(super) fn stations(row: &MeasuredRow) -> Vec<Station> {
    let mut heights: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for point in row.cells.iter().flat_map(|cell| &cell.validation) {
        heights.entry(point.iteration).or_default().push(point.success);
    }
    let station = |(iteration, seeds): (u64, Vec<f64>)| {
        let at = Station::at(iteration as f64, seeds.iter().sum::<f64>() / seeds.len() as f64);
        let scores = Scores::new(1, seeds.clone());
        let interval = scores.and_then(|scores| bootstrap([&scores], |[s]| mean(s), RESAMPLES, SEED));
        let (low, high) = interval.map_or((at.low, at.high), |ends| (ends.low, ends.high));
        Station { low, high, seeds, ..at }
    };
    heights.into_iter().map(station).collect()
}

/// What the axes of all panels reach to.
#[derive(Clone, Copy)]
pub(in crate::table::report) struct Reach {
    pub iterations: f64,
    /// A share of at most 1.
    pub top: f64,
}

impl Reach {
    pub(super) fn of(lines: &[Vec<Station>]) -> Self {
        let all = || lines.iter().flatten();
        let highest = all().flat_map(|station| station.seeds.iter().copied()).fold(0.0, f64::max);
        Reach {
            iterations: all().map(|station| station.iteration).fold(1.0, f64::max),
            top: ((highest * 10.0).ceil() / 10.0).clamp(0.1, 1.0),
        }
    }
}

/// The rectangle, in pixels.
pub(in crate::table::report) struct Panel {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    pub reach: Reach,
}

impl Panel {
    fn at(&self, iteration: f64, share: f64) -> (f64, f64) {
        let Reach { iterations, top } = self.reach;
        (self.x + self.width * iteration / iterations, self.y + self.height * (1.0 - share / top))
    }

    fn points(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        let points =
            points.map(|(iteration, share)| self.at(iteration, share)).map(|(x, y)| format!("{x:.1},{y:.1}"));
        points.collect::<Vec<_>>().join(" ")
    }

    pub(in crate::table::report) fn line(&self, svg: &mut String, line: &[Station], attributes: &str) {
        let points = self.points(line.iter().map(|station| (station.iteration, station.mean)));
        _ = writeln!(svg, "<polyline {attributes} points=\"{points}\"/>");
    }

    /// Markers at some of the stations, those of each place at others, so that curves that lie on each other show theirs.
    pub(super) fn markers(&self, svg: &mut String, line: &[Station], place: usize) {
        let apart = line.len().div_ceil(6).max(1);
        for station in line.iter().skip(place % apart).step_by(apart) {
            *svg += &Pen::of(place).marker(self.at(station.iteration, station.mean));
        }
        svg.push('\n');
    }

    pub(super) fn band(&self, svg: &mut String, line: &[Station], colour: &str) {
        let there = line.iter().map(|station| (station.iteration, station.high));
        let back = line.iter().rev().map(|station| (station.iteration, station.low));
        let points = self.points(there.chain(back));
        _ = writeln!(svg, "<polygon fill=\"{colour}\" fill-opacity=\".22\" points=\"{points}\"/>");
    }

    /// Every seed at every station.
    pub(super) fn dots(&self, svg: &mut String, line: &[Station], colour: &str) {
        _ = write!(
            svg,
            "<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"3\" stroke-linecap=\"round\" d=\""
        );
        for station in line {
            for seed in &station.seeds {
                let (x, y) = self.at(station.iteration, *seed);
                _ = write!(svg, "M{x:.1} {y:.1}h0");
            }
        }
        svg.push_str("\"/>\n");
    }

    /// About so many divisions upwards and along.
    pub(in crate::table::report) fn axes(&self, svg: &mut String, (up, along): (usize, usize)) {
        for share in ticks(100.0 * self.reach.top, up) {
            let (x, y) = self.at(0.0, share / 100.0);
            _ = writeln!(svg, "<path class=\"grid\" d=\"M{x:.1} {y:.1}h{:.1}\"/>", self.width);
            text(svg, (x - 6.0, y + 4.0), "end", "class=\"dim\"", &format!("{share:.0}"));
        }
        let (x, y) = self.at(0.0, 0.0);
        _ = writeln!(svg, "<path class=\"axis\" d=\"M{x:.1} {y:.1}h{:.1}\"/>", self.width);
        for iteration in ticks(self.reach.iterations, along) {
            let (x, y) = self.at(iteration, 0.0);
            _ = writeln!(svg, "<path class=\"axis\" d=\"M{x:.1} {y:.1}v4\"/>");
            text(svg, (x, y + 17.0), "middle", "class=\"dim\"", &format!("{iteration:.0}"));
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
