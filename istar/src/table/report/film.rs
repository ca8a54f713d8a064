//! A test episode as a strip of its states, or as a conversation, each step with what the recipe and the exact solution think of it.

use super::Exhibits;
use crate::markup::escape;
use crate::table::cell::Film;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// Half the height of a bar's field, in pixels.
const REACH: f64 = 18.0;

/// What a bar of full height stands for, in both films of a recipe.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Scale {
    ours: f64,
    exact: f64,
}

impl Scale {
    /// The largest number of each kind in these films.
    pub(super) fn of<'a>(films: impl IntoIterator<Item = &'a Film>) -> Self {
        films.into_iter().fold(Scale::default(), |scale, film| Scale {
            ours: largest(scale.ours, &film.credit),
            exact: largest(scale.exact, &film.exact),
        })
    }

    /// `A bar of full height is 1.43 of the step advantage, 1 of the exact credit.` Nothing where there are no bars.
    pub(super) fn in_words(self) -> String {
        let Scale { ours, exact } = self;
        let ours = (ours > 0.0).then(|| format!("{ours:.2} of the step advantage"));
        let exact = (exact > 0.0).then(|| format!("{exact:.0} of the exact credit"));
        let parts: Vec<String> = ours.into_iter().chain(exact).collect();
        if parts.is_empty() {
            String::new()
        } else {
            format!("A bar of full height is {}.", parts.join(", "))
        }
    }
}

/// The strip as a list of figures; where each state begins with all lines of the one before, as a transcript, what each step added.
pub(super) fn strip(film: &Film, scale: Scale, exhibits: &Exhibits) -> String {
    if let Some(added) = transcript(&film.states) {
        return talk(film, &added, scale);
    }
    let mut html = String::from("<ol class=\"film\">\n");
    for (step, state) in film.states.iter().enumerate() {
        html += &picture(state, step, exhibits);
        if step + 1 == film.states.len() {
            let end = if film.solved { "solved" } else { "not solved" };
            _ = writeln!(html, "<span class=\"act\">{end}</span></li>");
            continue;
        }
        let caption = film.captions.get(step).map_or_else(String::new, |caption| escape(caption));
        _ = write!(html, "<span class=\"act\">{} {caption}</span>", step + 1);
        html += &credits(film, step, scale);
        html += "</li>\n";
    }
    html + "</ol>\n"
}

/// What each step added to the lines before it, if that is how the states follow one another.
fn transcript(states: &[Vec<String>]) -> Option<Vec<&[String]>> {
    let added =
        states.windows(2).map(|pair| pair[1].strip_prefix(&pair[0][..]).filter(|new| !new.is_empty()));
    added.collect::<Option<Vec<_>>>().filter(|added| !added.is_empty())
}

/// A transcript as a conversation: what stood there before, then what each step said with what is thought of it, and what was answered.
fn talk(film: &Film, added: &[&[String]], scale: Scale) -> String {
    let before = film.states.first().map_or_else(String::new, |state| escape(&state.join("\n")));
    let mut html = format!("<pre class=\"before\">{before}</pre>\n<ol class=\"talk\">\n");
    for (step, new) in added.iter().enumerate() {
        let (said, heard) = new.split_first().expect("a step adds something");
        let caption = film.captions.get(step).map_or_else(String::new, |caption| escape(caption));
        _ = write!(
            html,
            "<li><div class=\"credit\">{}</div><div><p>{}",
            credits(film, step, scale),
            escape(said)
        );
        _ = write!(html, " <span class=\"act\">{caption}</span></p>");
        heard.iter().for_each(|line| _ = write!(html, "<p class=\"heard\">{}</p>", escape(line)));
        html += "</div></li>\n";
    }
    let end = if film.solved { "solved" } else { "not solved" };
    html + &format!("</ol>\n<p class=\"soft\">{end}</p>\n")
}

/// What the recipe and the exact solution think of a step, as bars.
fn credits(film: &Film, step: usize, scale: Scale) -> String {
    let bar = |values: &[f64], x, class, word, decimals, most| {
        values.get(step).map(|&value| Bar { x, class, word, decimals, value, most })
    };
    let credit = bar(&film.credit, 8.0, "ours", "adv", 2, scale.ours);
    let truth = bar(&film.exact, 30.0, "true", "exact", 0, scale.exact);
    bars(&credit.into_iter().chain(truth).collect::<Vec<_>>())
}

/// The beginning of a figure: a picture, or the lines themselves where the world draws none.
fn picture(state: &[String], step: usize, exhibits: &Exhibits) -> String {
    match exhibits.draw(state) {
        Some(png) => {
            let seen = exhibits.describe(state).unwrap_or_else(|| format!("the state after {step} steps"));
            let (words, image) = (escape(&seen), STANDARD.encode(png));
            format!("<li><img alt=\"{words}\" src=\"data:image/png;base64,{image}\">")
        }
        None => format!("<li class=\"text\"><pre>{}</pre>", escape(&state.join("\n"))),
    }
}

struct Bar {
    x: f64,
    class: &'static str,
    /// Before its number, so that it need not be told by colour.
    word: &'static str,
    decimals: usize,
    value: f64,
    most: f64,
}

/// The bars of a step and their numbers, as many as there are.
fn bars(bars: &[Bar]) -> String {
    if bars.is_empty() {
        return String::new();
    }
    let mut html = format!(
        "<svg class=\"bars\" viewBox=\"0 0 56 {}\" aria-hidden=\"true\"><path class=\"zero\" d=\"M0 {REACH}h56\"/>",
        2.0 * REACH
    );
    bars.iter().for_each(|bar| html += &bar.draw());
    html += "</svg>";
    for Bar { class, word, value, decimals, .. } in bars {
        _ = write!(html, "<span class=\"{class}\">{word} {}</span>", signed(*value, *decimals));
    }
    html
}

impl Bar {
    fn draw(&self) -> String {
        let Bar { x, class, value, most, .. } = *self;
        let height = if most > 0.0 { REACH * value.abs() / most } else { 0.0 };
        let y = if value > 0.0 { REACH - height } else { REACH };
        let sign = if value < 0.0 { " minus" } else { "" };
        format!("<rect class=\"{class}{sign}\" x=\"{x}\" y=\"{y:.1}\" width=\"18\" height=\"{height:.1}\"/>")
    }
}

fn largest(most: f64, credits: &[f64]) -> f64 {
    credits.iter().fold(most, |most, credit| most.max(credit.abs()))
}

fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{value:+.decimals$}");
    if text.chars().any(|letter| matches!(letter, '1'..='9')) {
        text.replace('-', "−")
    } else {
        "0".to_owned()
    }
}
