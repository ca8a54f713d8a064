//! A batch and its credit as a page: one file that loads nothing.

use super::schema::Field;
use super::{Assigned, Logged};
use crate::markup::escape;
use serde_json::Value;
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");

/// Groups are drawn while the tokens are no more than this.
const MOST: usize = 50_000;

/// Draws the batch: per group and trajectory the steps and their tokens, coloured by advantage, or by the pull on each where there is none, over loss and
/// explanation. Of a batch with more than 50,000 tokens the first groups are drawn, and the page says how many.
#[must_use]
pub fn page(title: &str, batch: &Logged, credit: &Assigned) -> String {
    let title = escape(title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}: credit</title>\n<style>\n{STYLE}</style>\n<main>\n<h1>{title}</h1>\n"
    );
    let layout = &batch.layout;
    _ = writeln!(
        page,
        "<p class=\"soft\">{}, {}, {}, {}</p>",
        many(layout.groups(), "group", "groups"),
        many(layout.trajs(), "trajectory", "trajectories"),
        many(layout.steps(), "step", "steps"),
        many(layout.tokens(), "token", "tokens")
    );
    if !credit.remarks.is_empty() {
        page += "<h2>Remarks</h2>\n<ul>\n";
        for remark in &credit.remarks {
            _ = writeln!(page, "<li>{}", escape(&remark.to_string()));
        }
        page += "</ul>\n";
    }
    losses(&mut page, credit);
    page += "<h2>Credit</h2>\n";
    match (&credit.advantage, &credit.dloss_dlogp) {
        (Some(advantage), _) => groups(&mut page, batch, "advantage", advantage),
        (None, Some(slopes)) => {
            page += "<p>This objective has no advantage: its loss is not a policy gradient. What is drawn is the pull on each \
                     token, minus the derivative of the loss in its log-probability.</p>\n";
            groups(&mut page, batch, "pull", &slopes.iter().map(|slope| -slope).collect::<Vec<f64>>());
        }
        (None, None) => page += "<p>This objective does not train the policy.</p>\n",
    }
    _ = write!(page, "<h2>The objective</h2>\n<pre>{}</pre>\n</main>\n</html>\n", escape(&credit.explain));
    page
}

/// The loss and its terms; nothing of an advantage alone.
fn losses(page: &mut String, credit: &Assigned) {
    if credit.terms.is_empty() {
        return;
    }
    *page +=
        "<h2>Loss</h2>\n<table>\n<thead><tr><th scope=\"col\">term<th scope=\"col\">value</thead>\n<tbody>\n";
    for (name, value) in &credit.terms {
        _ = writeln!(page, "<tr><th scope=\"row\">{}<td>{}", escape(name), number(*value));
    }
    _ = writeln!(page, "<tr><th scope=\"row\">total<td>{}\n</tbody></table>", number(credit.loss));
}

fn groups(page: &mut String, batch: &Logged, what: &str, advantage: &[f64]) {
    let layout = &batch.layout;
    let largest = advantage.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    _ = writeln!(
        page,
        "<p>A token of the action is <span class=\"key m\">blue</span> where it is to become more likely, \
         <span class=\"key l\">orange</span> where less, and the paler the nearer its {what} is to 0; the largest of \
         the batch is {}. Its {what} stands beneath a token, its other numbers in the table of its trajectory.</p>",
        number(largest)
    );
    let mut tokens = 0;
    for group in 0..layout.groups() {
        let trajs = layout.trajs_of(group);
        tokens +=
            trajs.clone().flat_map(|t| layout.steps_of(t)).map(|s| layout.tokens_of(s).len()).sum::<usize>();
        if tokens > MOST && group > 0 {
            _ = writeln!(
                page,
                "<p>The first {group} of {} groups are drawn; the rest is in the JSON.</p>",
                layout.groups()
            );
            break;
        }
        let prompt = match &batch.prompts[group] {
            None => String::new(),
            Some(Value::String(prompt)) => format!(" <span class=\"soft\">{}</span>", escape(prompt)),
            Some(other) => format!(" <span class=\"soft\">{}</span>", escape(&other.to_string())),
        };
        _ = writeln!(page, "<h2>Group {group}{prompt}</h2>");
        for (position, traj) in trajs.enumerate() {
            trajectory(page, batch, (position, traj), what, advantage, largest);
        }
    }
}

fn trajectory(
    page: &mut String,
    batch: &Logged,
    (position, traj): (usize, usize),
    what: &str,
    advantage: &[f64],
    largest: f64,
) {
    let at = |field| batch.table.whole::<f64>(field).map(|column| column[traj]);
    let verdict = at(Field::success).map(|x| if x > 0.5 { "success" } else { "failure" }.to_owned());
    let outcome = at(Field::outcome).map(|x| format!("outcome {}", number(x)));
    let known: Vec<String> = verdict.into_iter().chain(outcome).collect();
    _ = writeln!(
        page,
        "<h3>Trajectory {position} <span class=\"soft\">{}</span></h3>\n<div class=\"steps\">",
        known.join(", ")
    );
    for (position, step) in batch.layout.steps_of(traj).enumerate() {
        let tokens = batch.layout.tokens_of(step);
        let mean = advantage[tokens.clone()].iter().sum::<f64>() / tokens.len().max(1) as f64;
        _ = write!(page, "<div class=\"step\"><small>{position}: {}", number(mean));
        if let Some(reward) = batch.table.whole::<f64>(Field::reward) {
            _ = write!(page, ", reward {}", number(reward[step]));
        }
        page.push_str("</small>");
        if let Some(text) = batch.table.whole::<String>(Field::text) {
            _ = write!(page, "<small class=\"state\">{}</small>", escape(&text[step]));
        }
        for token in tokens {
            draw(page, batch, token, advantage[token], largest);
        }
        page.push_str("</div>\n");
    }
    page.push_str("</div>\n");
    numbers(page, batch, traj, what, advantage);
}

/// All numbers of a trajectory's tokens, folded until they are asked for.
fn numbers(page: &mut String, batch: &Logged, traj: usize, what: &str, advantage: &[f64]) {
    let words = batch.table.whole::<String>(Field::word);
    let columns: Vec<(&str, &[f64])> = [Field::old, Field::logp, Field::init, Field::prm]
        .into_iter()
        .filter_map(|field| Some((field.key(), batch.table.whole::<f64>(field)?)))
        .collect();
    let heads = ["step", "token"].into_iter().chain(words.map(|_| "word")).chain([what]);
    let heads = heads.chain(columns.iter().map(|(name, _)| *name));
    let heads: String = heads.map(|head| format!("<th scope=\"col\">{head}")).collect();
    _ = write!(
        page,
        "<details><summary>All numbers of its tokens</summary>\n<div class=\"wide\" role=\"region\" tabindex=\"0\" \
         aria-label=\"Numbers of the tokens\"><table>\n<thead><tr>{heads}</thead>\n<tbody>\n"
    );
    for (position, step) in batch.layout.steps_of(traj).enumerate() {
        for (place, token) in batch.layout.tokens_of(step).enumerate() {
            _ = write!(page, "<tr><td>{position}<th scope=\"row\">{place}");
            if let Some(words) = words {
                _ = write!(page, "<td>{}", escape(&words[token]));
            }
            _ = write!(page, "<td>{}", number(advantage[token]));
            for (_, column) in &columns {
                _ = write!(page, "<td>{}", number(column[token]));
            }
            page.push('\n');
        }
    }
    page.push_str("</tbody></table></div></details>\n");
}

fn draw(page: &mut String, batch: &Logged, token: usize, advantage: f64, largest: f64) {
    let share = if largest > 0.0 { advantage.abs() / largest } else { 0.0 };
    let side = match advantage {
        a if a > 0.0 => " m",
        a if a < 0.0 => " l",
        _ => "",
    };
    let word = batch.table.whole::<String>(Field::word).map_or(String::new(), |words| escape(&words[token]));
    let number = number(advantage);
    _ = write!(page, "<span class=\"t{side}\" style=\"--a:{share:.3}\">{word}<small>{number}</small></span>");
}

fn many(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Four significant digits.
fn number(x: f64) -> String {
    if x == 0.0 || (1e-3..1e6).contains(&x.abs()) {
        let digits = if x == 0.0 { 0 } else { (3 - x.abs().log10().floor() as i32).max(0) as usize };
        format!("{x:.digits$}")
    } else {
        format!("{x:.3e}")
    }
}
