//! A test episode as a strip of its states, each with its step and with what the recipe and the exact solution think of it.

use super::Exhibits;
use crate::markup::escape;
use crate::table::cell::Film;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// Half the height of a bar's field, in pixels.
const REACH: f64 = 18.0;

/// The strip as a list of figures; bars are scaled to the largest of the episode, each kind by itself.
pub(super) fn strip(film: &Film, exhibits: &Exhibits) -> String {
    let (ours, exact) = (largest(&film.credit), largest(&film.exact));
    let mut html = String::from("<ol class=\"film\">\n");
    for (step, state) in film.states.iter().enumerate() {
        html += &picture(state, exhibits);
        if step + 1 == film.states.len() {
            let end = if film.solved { "solved" } else { "not solved" };
            _ = writeln!(html, "<span class=\"act\">{end}</span></li>");
            continue;
        }
        let caption = film.captions.get(step).map_or_else(String::new, |caption| escape(caption));
        _ = write!(html, "<span class=\"act\">{} {caption}</span>", step + 1);
        let credit =
            film.credit.get(step).map(|value| Bar { x: 8.0, class: "ours", value: *value, most: ours });
        let truth =
            film.exact.get(step).map(|value| Bar { x: 30.0, class: "true", value: *value, most: exact });
        html += &bars(credit, truth);
        html += "</li>\n";
    }
    html + "</ol>\n"
}

/// The beginning of a figure: a picture, or the lines themselves where the world draws none.
fn picture(state: &[String], exhibits: &Exhibits) -> String {
    match exhibits.draw(state) {
        Some(png) => {
            let (lines, image) = (escape(&state.join(" / ")), STANDARD.encode(png));
            format!("<li><img alt=\"{lines}\" src=\"data:image/png;base64,{image}\">")
        }
        None => format!("<li class=\"text\"><pre>{}</pre>", escape(&state.join("\n"))),
    }
}

struct Bar {
    x: f64,
    class: &'static str,
    value: f64,
    most: f64,
}

/// The bars of a step and their numbers, as many as there are.
fn bars(credit: Option<Bar>, truth: Option<Bar>) -> String {
    if credit.is_none() && truth.is_none() {
        return String::new();
    }
    let mut html = format!(
        "<svg class=\"bars\" viewBox=\"0 0 56 {}\" aria-hidden=\"true\"><path class=\"zero\" d=\"M0 {REACH}h56\"/>",
        2.0 * REACH
    );
    credit.iter().chain(&truth).for_each(|bar| html += &bar.draw());
    html += "</svg>";
    for (bar, decimals) in credit.iter().map(|bar| (bar, 2)).chain(truth.iter().map(|bar| (bar, 0))) {
        _ = write!(html, "<span class=\"{}\">{}</span>", bar.class, signed(bar.value, decimals));
    }
    html
}

impl Bar {
    fn draw(&self) -> String {
        let Bar { x, class, value, most } = *self;
        let height = if most > 0.0 { REACH * value.abs() / most } else { 0.0 };
        let y = if value > 0.0 { REACH - height } else { REACH };
        let sign = if value < 0.0 { " minus" } else { "" };
        format!("<rect class=\"{class}{sign}\" x=\"{x}\" y=\"{y:.1}\" width=\"18\" height=\"{height:.1}\"/>")
    }
}

fn largest(credits: &[f64]) -> f64 {
    credits.iter().fold(0.0f64, |most, credit| most.max(credit.abs()))
}

fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{value:+.decimals$}");
    if text.chars().any(|letter| matches!(letter, '1'..='9')) {
        text.replace('-', "−")
    } else {
        "0".to_owned()
    }
}
