//! `curves.svg`: validation success over iterations, all rows in one panel, and each row in one of its own. A page has the
//! same drawing once more, for a narrow screen.

mod panel;
mod pen;

use super::Report;
use panel::stations;
pub(super) use panel::{Panel, Reach, Station};
pub(super) use pen::Pen;
use std::fmt::Write;

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

/// Height of a line of the legend.
const LINE: f64 = 20.0;

/// Where everything stands on a drawing of one width; lengths in pixels.
struct Layout {
    /// Tells this drawing from the others on a page.
    class: &'static str,
    width: f64,
    /// Left edge, width and least height of the panel of all rows.
    overview: (f64, f64, f64),
    /// Left edge of a legend beside the panel; else it stands beneath.
    beside: Option<f64>,
    /// Letters of a name in the legend.
    name: usize,
    /// Divisions of the axes of the panel of all rows, upwards and along.
    divisions: (usize, usize),
    /// The small panels: how many stand on a line, and the letters of a name above one.
    per_line: usize,
    title: usize,
    /// Lines above the panel of all rows, and above the small ones.
    heading: &'static [&'static str],
    caption: &'static [&'static str],
}

const WIDE: Layout = Layout {
    class: "at-width",
    width: 960.0,
    overview: (52.0, 640.0, 316.0),
    beside: Some(714.0),
    name: 24,
    divisions: (5, 6),
    per_line: 4,
    title: 28,
    heading: &["Success on validation tasks in %, mean over seeds"],
    caption: &[
        "Each recipe by itself: mean, its 95 % interval by resampling seeds, every seed as a dot; the others in grey",
    ],
};

const NARROW: Layout = Layout {
    class: "narrow",
    width: 360.0,
    overview: (34.0, 314.0, 240.0),
    beside: None,
    name: 34,
    divisions: (5, 4),
    per_line: 2,
    title: 21,
    heading: &["Success on validation tasks in %,", "mean over seeds"],
    caption: &[
        "Each recipe by itself: mean, its 95 % interval by",
        "resampling seeds, a dot a seed; others in grey",
    ],
};

/// The picture, complete in itself: no fonts, no scripts, nothing loaded.
#[must_use]
pub fn curves(report: &Report) -> String {
    draw(report, &WIDE)
}

/// The same for a screen of 390 pixels.
pub(super) fn narrow(report: &Report) -> String {
    draw(report, &NARROW)
}

fn draw(report: &Report, layout: &Layout) -> String {
    let lines: Vec<Vec<Station>> = report.rows.iter().map(stations).collect();
    let names: Vec<&str> = report.rows.iter().map(|row| row.name()).collect();
    let drawing = Drawing { layout, names, reach: Reach::of(&lines), lines };
    let mut body = String::new();
    let below = drawing.overview(&mut body);
    let height = drawing.small_panels(&mut body, below);
    picture(layout.class, (layout.width, height), &drawing.in_words(), &body)
}

/// A drawing of this size in pixels, and what is to be seen for those who do not see it.
pub(super) fn picture(class: &str, (width, height): (f64, f64), words: &str, body: &str) -> String {
    let words = crate::markup::escape(words);
    format!(
        "<svg class=\"curves {class}\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{words}\">\n<style>{STYLE}</style>\n{body}</svg>\n"
    )
}

struct Drawing<'a> {
    layout: &'a Layout,
    names: Vec<&'a str>,
    lines: Vec<Vec<Station>>,
    reach: Reach,
}

impl Drawing<'_> {
    fn rows(&self) -> impl Iterator<Item = (usize, &str, &[Station])> {
        let rows = self.names.iter().zip(&self.lines).enumerate();
        rows.map(|(place, (name, line))| (place, *name, &line[..]))
    }

    /// What is to be seen, for those who do not see it.
    fn in_words(&self) -> String {
        let row = |(_, name, line): (usize, &str, &[Station])| {
            let ends = line.first().zip(line.last());
            ends.map(|(first, last)| {
                format!("{name} from {:.1} % to {:.1} %", 100.0 * first.mean, 100.0 * last.mean)
            })
        };
        let rows: Vec<String> = self.rows().filter_map(row).collect();
        let iterations = self.reach.iterations;
        format!(
            "Success on validation tasks over {iterations} iterations, mean over seeds: {}",
            rows.join("; ")
        )
    }

    /// All rows in one panel with their legend; gives the height that is used up.
    fn overview(&self, svg: &mut String) -> f64 {
        let layout = self.layout;
        let (x, width, least) = layout.overview;
        let y = above(svg, (x, 20.0), layout.heading);
        let legend = LINE * self.names.len() as f64;
        let height = if layout.beside.is_some() { least.max(legend) } else { least };
        let panel = Panel { x, y, width, height, reach: self.reach };
        panel.axes(svg, layout.divisions);
        let below = y + height + 34.0;
        text(svg, (x + width / 2.0, below), "middle", "class=\"dim\"", "iteration");
        for (place, _, line) in self.rows() {
            panel.line(svg, line, &Pen::of(place).line(2.0));
            panel.markers(svg, line, place);
        }
        let (from, end) = match layout.beside {
            Some(x) => ((x, y + 10.0), below),
            None => ((x - 24.0, below + 24.0), below + 24.0 + legend),
        };
        for (place, name, line) in self.rows() {
            self.legend(svg, (from.0, from.1 + LINE * place as f64), place, name, line);
        }
        end
    }

    /// A row's pen, its name and where it ends.
    fn legend(&self, svg: &mut String, (x, y): (f64, f64), place: usize, name: &str, line: &[Station]) {
        let pen = Pen::of(place);
        _ = writeln!(svg, "<polyline {} points=\"{x:.1},{y:.1} {:.1},{y:.1}\"/>", pen.line(2.5), x + 26.0);
        _ = writeln!(svg, "{}", pen.marker((x + 13.0, y)));
        text(svg, (x + 34.0, y + 4.0), "start", "", &shorten(name, self.layout.name));
        if let Some(last) = line.last() {
            let end = format!("{:.1} %", 100.0 * last.mean);
            text(svg, (self.layout.width - 6.0, y + 4.0), "end", "class=\"dim\"", &end);
        }
    }

    /// A panel for each row, beneath; gives the height of the whole.
    fn small_panels(&self, svg: &mut String, below: f64) -> f64 {
        let layout = self.layout;
        let y = above(svg, (layout.overview.0.min(36.0), below + 30.0), layout.caption) + 14.0;
        let (wide, high) = ((layout.width - 32.0) / layout.per_line as f64, 164.0);
        for (place, name, line) in self.rows() {
            let (column, row) = ((place % layout.per_line) as f64, (place / layout.per_line) as f64);
            let (x, y) = (36.0 + column * wide, y + row * high);
            let panel = Panel { x, y, width: wide - 44.0, height: 106.0, reach: self.reach };
            text(svg, (x, y - 6.0), "start", "", &shorten(name, layout.title));
            panel.axes(svg, (2, 2));
            for (_, _, other) in self.rows().filter(|(other, ..)| *other != place) {
                panel.line(svg, other, "class=\"other\"");
            }
            panel.band(svg, line, Pen::of(place).colour);
            panel.line(svg, line, &Pen::of(place).line(2.0));
            panel.dots(svg, line, Pen::of(place).colour);
        }
        y + high * self.names.len().div_ceil(layout.per_line) as f64 - 10.0
    }
}

/// Lines of words that stand above something; gives where that begins.
fn above(svg: &mut String, (x, mut y): (f64, f64), lines: &[&str]) -> f64 {
    for line in lines {
        text(svg, (x, y), "start", "font-weight=\"600\"", line);
        y += 16.0;
    }
    y
}

pub(super) fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, attributes: &str, words: &str) {
    let words = crate::markup::escape(words);
    _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" {attributes}>{words}</text>");
}

pub(super) fn shorten(words: &str, most: usize) -> String {
    if words.chars().count() <= most {
        words.to_owned()
    } else {
        words.chars().take(most - 1).chain(['…']).collect()
    }
}
