//! A batch and its credit as a page: one file that loads nothing.

mod choose;
mod head;
mod summary;
mod text;
mod trajectory;

use super::{Assigned, Logged, Share, Shares};
use crate::markup::escape;
use choose::chosen;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write;
use text::{letters, many};
use trajectory::Sheet;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// A line and what it gave the batch.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// What the line is called.
    pub title: String,
    /// What it gave.
    pub credit: Assigned,
    /// The same by its summands.
    pub shares: Shares,
}

/// The number that is drawn of each token, with what it is made of.
struct Column<'a> {
    /// `A` and `B` where there are two lines.
    letter: &'static str,
    /// `advantage`, or `pull` where there is none.
    what: &'static str,
    values: Cow<'a, [f64]>,
    shares: &'a [Share],
    /// What the loss pulls each token by, and by which term, beside an advantage.
    pulls: Vec<(String, Cow<'a, [f64]>)>,
    /// The largest of the batch without its sign.
    largest: f64,
}

impl<'a> Column<'a> {
    fn of(letter: &'static str, drawn: &'a Drawn) -> Option<Self> {
        let (Assigned { advantage, dloss_dlogp, .. }, shares) = (&drawn.credit, &drawn.shares);
        let pull = dloss_dlogp.as_ref().map(|slopes| Cow::Owned(slopes.iter().map(|slope| -slope).collect()));
        let (what, values, shares, pulls) = match (advantage, pull) {
            (Some(advantage), pull) => {
                let total = pull.map(|pull| ("pull".to_owned(), pull));
                let terms = shares
                    .pull
                    .iter()
                    .map(|share| (format!("pull of {}", share.source), Cow::Borrowed(&share.values[..])));
                let terms: Vec<_> = if shares.pull.len() > 1 { terms.collect() } else { Vec::new() };
                (
                    "advantage",
                    Cow::Borrowed(&advantage[..]),
                    &shares.advantage[..],
                    total.into_iter().chain(terms).collect(),
                )
            }
            (None, Some(pull)) => ("pull", pull, &shares.pull[..], Vec::new()),
            (None, None) => return None,
        };
        let largest = values.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        Some(Column { letter, what, values, shares, pulls, largest })
    }

    /// The summands, where there are several.
    fn parts(&self) -> &'a [Share] {
        if self.shares.len() > 1 { self.shares } else { &[] }
    }

    /// The number from 1 of the summand that gives a token most, where there are several and one does.
    fn most(&self, token: usize) -> Option<usize> {
        let size = |place: &usize| self.shares[*place].values[token].abs();
        let most = (0..self.parts().len()).rev().max_by(|a, b| size(a).total_cmp(&size(b)));
        most.filter(|place| size(place) > 0.0).map(|place| place + 1)
    }

    /// A head of a table: which line's, if there are two.
    fn head(&self, name: &str) -> String {
        [self.letter, name].join(" ").trim().to_owned()
    }
}

/// Draws a batch under one line, or under two side by side: where its credit is, by role and by step; the trajectories with their
/// tokens, coloured by advantage, or by the pull on each where there is none; for each token what the summands of the line give it.
/// Trajectories are sorted and groups are picked where scripts run.
///
/// The page is bounded: 20,000 steps and tokens are drawn, of the trajectories with the largest credit per token, or of
/// two lines those in which they differ most; the page says how many are left out. Texts are cut at 2,000 letters,
/// or earlier where there are more than 2,000 of them.
#[must_use]
pub fn page(batch: &Logged, lines: &[Drawn]) -> String {
    let title = lines.iter().map(|line| escape(&line.title)).collect::<Vec<_>>().join(" and ");
    let layout = &batch.layout;
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}: credit</title>\n<style>\n{STYLE}</style>\n<main>\n<h1>{title}</h1>\n\
         <p class=\"soft\">{}, {}, {}, {}</p>\n",
        many(layout.groups(), "group", "groups"),
        many(layout.trajs(), "trajectory", "trajectories"),
        many(layout.steps(), "step", "steps"),
        many(layout.tokens(), "token", "tokens")
    );
    head::remarks(&mut page, lines);
    head::losses(&mut page, lines);
    let names: &[&str] = if lines.len() > 1 { &["A", "B"] } else { &[""] };
    let columns: Vec<Column> =
        names.iter().zip(lines).filter_map(|(name, line)| Column::of(name, line)).collect();
    if columns.len() < lines.len() || columns.is_empty() {
        page += "<h2>Credit</h2>\n<p>This objective does not train the policy.</p>\n";
    } else {
        head::summands(&mut page, lines, &columns);
        summary::by_role(&mut page, batch, &columns);
        summary::by_step(&mut page, layout, &columns);
        if let [a, b] = &columns[..] {
            summary::differences(&mut page, batch, [a, b]);
        }
        trajectories(&mut page, batch, &columns);
    }
    page += "<h2>The objective</h2>\n";
    for line in lines {
        _ = writeln!(page, "<pre>{}</pre>", escape(&line.credit.explain));
    }
    _ = write!(page, "</main>\n<script>\n{SCRIPT}</script>\n</html>\n");
    page
}

/// How far apart two lines are at each token: their numbers differ in scale, so each is taken over its root mean square.
fn differ(a: &Column, b: &Column) -> Vec<f64> {
    let scale = |column: &Column| {
        let square = column.values.iter().map(|x| (x / column.largest).powi(2)).sum::<f64>();
        let root = column.largest * (square / column.values.len().max(1) as f64).sqrt();
        if root > 0.0 { root } else { 1.0 }
    };
    let (one, other) = (scale(a), scale(b));
    a.values.iter().zip(b.values.iter()).map(|(a, b)| a / one - b / other).collect()
}

fn trajectories(page: &mut String, batch: &Logged, columns: &[Column]) {
    let layout = &batch.layout;
    let telling: Vec<f64> = match columns {
        [a, b] => differ(a, b),
        _ => columns[0].values.to_vec(),
    };
    let (mut drawn, words) = (
        chosen(layout, &telling),
        if columns.len() > 1 {
            "in which the lines differ most"
        } else {
            "with the largest credit per token"
        },
    );
    drawn.sort_by_key(|cut| cut.traj);
    page.push_str("<h2>Trajectories</h2>\n");
    let left = layout.trajs() - drawn.len();
    if left > 0 {
        _ = writeln!(
            page,
            "<p>{} {words} are drawn; {} left out, with their credit in the tables above and in the JSON.</p>",
            many(drawn.len(), "trajectory", "trajectories"),
            if left == 1 { "1 is".to_owned() } else { format!("{left} are") }
        );
    }
    let groups: BTreeSet<usize> = drawn.iter().map(|cut| layout.group_of_traj()[cut.traj] as usize).collect();
    let letters = letters(groups.len() + drawn.iter().map(|cut| cut.most).sum::<usize>());
    head::controls(page, &groups, columns);
    head::prompts(page, batch, &groups, letters);
    let sheet = Sheet { batch, columns, telling: &telling, letters };
    page.push_str("<div id=\"trajectories\">\n");
    for cut in &drawn {
        sheet.trajectory(page, cut);
    }
    page.push_str("</div>\n");
}
