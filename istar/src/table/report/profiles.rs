//! Performance profiles: the share of seeds above each success (R. Agarwal et al., NeurIPS 2021, § 4.2).

use super::Report;
use super::compare::scores;
use super::curves::{Panel, Pen, Reach, Station, picture, shorten, text};
use crate::statistics::performance_profile;
use std::fmt::Write;

/// Points of a profile.
const POINTS: u32 = 100;
const LINE: f64 = 20.0;

/// The drawing, of this width in pixels and of this many letters in a name.
pub(super) fn profiles(report: &Report, (class, width, letters): (&str, f64, usize)) -> String {
    let highest = report.cells().map(|cell| cell.last[0].success).fold(0.0, f64::max);
    let top = ((highest * 10.0).ceil() / 10.0).clamp(0.1, 1.0);
    let taus: Vec<f64> = (0..=POINTS).map(|point| top * f64::from(point) / f64::from(POINTS)).collect();
    let mut svg = String::new();
    text(&mut svg, (16.0, 20.0), "start", "font-weight=\"600\"", "Seeds in % whose final success is above …");
    let (y, height) = (36.0, 220.0);
    let reach = Reach { iterations: 100.0 * top, top: 1.0 };
    let panel = Panel { x: 40.0, y, width: width - 60.0, height, reach };
    panel.axes(&mut svg, (4, 5));
    let below = y + height + 34.0;
    text(&mut svg, (width / 2.0, below), "middle", "class=\"dim\"", "final success, %");
    let mut words = Vec::new();
    for (place, row) in report.rows.iter().enumerate() {
        let at = below + 26.0 + LINE * place as f64;
        _ = writeln!(svg, "<polyline {} points=\"16,{at:.1} 42,{at:.1}\"/>", Pen::of(place).line(2.5));
        text(&mut svg, (50.0, at + 4.0), "start", "", &shorten(row.name(), letters));
        let Some(scores) = scores(row) else { continue };
        let profile = performance_profile(&scores, &taus);
        let station = |(tau, share): (&f64, &f64)| Station::at(100.0 * tau, *share);
        let line: Vec<Station> = taus.iter().zip(&profile).map(station).collect();
        panel.line(&mut svg, &line, &Pen::of(place).line(2.0));
        let half = profile.iter().position(|share| *share < 0.5).map_or(top, |place| taus[place]);
        words.push(format!("{} half of the seeds up to {:.0} %", row.name(), 100.0 * half));
    }
    let end = below + 20.0 + LINE * report.rows.len() as f64 + 10.0;
    let words = format!("Share of seeds above each final success: {}", words.join("; "));
    picture(class, (width, end), &words, &svg)
}
