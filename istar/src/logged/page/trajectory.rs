//! A trajectory: its steps, their tokens, and all numbers of these.

use super::choose::Cut;
use super::text::{cut, number};
use super::{Column, Logged};
use crate::logged::schema::Field;
use crate::markup::escape;
use std::fmt::Write;
use std::ops::Range;

/// What all trajectories of a page are drawn with.
pub struct Sheet<'a> {
    pub batch: &'a Logged,
    pub columns: &'a [Column<'a>],
    /// Per token, what trajectories are chosen by.
    pub telling: &'a [f64],
    /// How many of a text are shown.
    pub letters: usize,
}

impl Sheet<'_> {
    pub fn trajectory(&self, page: &mut String, cut: &Cut) {
        let layout = &self.batch.layout;
        let group = layout.group_of_traj()[cut.traj] as usize;
        let at = |field| self.batch.table.whole::<f64>(field).map(|column| column[cut.traj]);
        let verdict = at(Field::success).map(|x| if x > 0.5 { "success" } else { "failure" }.to_owned());
        let outcome = at(Field::outcome).map(|x| format!("outcome {}", number(x)));
        let known: Vec<String> = verdict.into_iter().chain(outcome).collect();
        let name = match &self.batch.prompts[group] {
            Some(_) => format!("<a href=\"#g{group}\">Group {group}</a>"),
            None => format!("Group {group}"),
        };
        _ = writeln!(
            page,
            "<article id=\"t{0}\" data-group=\"{group}\" data-keys=\"{1}\">\n<h3>{name}, trajectory {2} <span class=\"soft\">{3}</span></h3>",
            cut.traj,
            self.keys(cut.traj),
            cut.traj - layout.trajs_of(group).start,
            known.join(", ")
        );
        let shown = self.shown(cut);
        page.push_str("<div class=\"steps\">");
        for (position, (step, tokens)) in shown.iter().enumerate() {
            self.step(page, position, *step, tokens.clone());
        }
        page.push_str("</div>\n");
        let all: usize = layout.steps_of(cut.traj).map(|step| layout.tokens_of(step).len()).sum();
        let left = all - shown.iter().map(|(_, tokens)| tokens.len()).sum::<usize>();
        if left > 0 {
            _ = writeln!(page, "<p>{left} more tokens are left out; they are in the JSON.</p>");
        }
        self.numbers(page, &shown);
        page.push_str("</article>\n");
    }

    /// Its steps with their tokens, as many as are drawn.
    fn shown(&self, cut: &Cut) -> Vec<(usize, Range<usize>)> {
        let layout = &self.batch.layout;
        let mut left = cut.most;
        let mut shown = Vec::new();
        for step in layout.steps_of(cut.traj) {
            if left == 0 {
                break;
            }
            let tokens = layout.tokens_of(step);
            let end = tokens.end.min(tokens.start + left - 1);
            left -= 1 + end - tokens.start;
            shown.push((step, tokens.start..end));
        }
        shown
    }

    /// What it is sorted by, in the order of the choices: the largest first, but for the place.
    fn keys(&self, traj: usize) -> String {
        let layout = &self.batch.layout;
        let tokens: Vec<usize> = layout.steps_of(traj).flat_map(|step| layout.tokens_of(step)).collect();
        let mean = |of: &dyn Fn(usize) -> f64| {
            tokens.iter().map(|token| of(*token)).sum::<f64>() / tokens.len().max(1) as f64
        };
        let outcome = self.batch.table.whole::<f64>(Field::outcome).map_or(0.0, |column| column[traj]);
        let mut keys = vec![-(traj as f64), outcome, mean(&|token| self.telling[token].abs())];
        for column in self.columns {
            keys.push(mean(&|token| column.values[token]));
            keys.extend(column.parts().iter().map(|share| mean(&|token| share.values[token])));
        }
        keys.iter().map(|key| format!("{key:e}")).collect::<Vec<_>>().join(",")
    }

    fn step(&self, page: &mut String, position: usize, step: usize, tokens: Range<usize>) {
        let table = &self.batch.table;
        let means = self.columns.iter().map(|column| {
            let sum = column.values[tokens.clone()].iter().sum::<f64>();
            number(sum / tokens.len().max(1) as f64)
        });
        _ = write!(page, "<div class=\"step\"><small>{position}: {}", means.collect::<Vec<_>>().join(" | "));
        if let Some(reward) = table.whole::<f64>(Field::reward) {
            _ = write!(page, ", reward {}", number(reward[step]));
        }
        page.push_str("</small>");
        if let Some(text) = table.whole::<String>(Field::text) {
            _ = write!(page, "<small class=\"state\">{}</small>", cut(&text[step], self.letters));
        }
        for token in tokens {
            self.token(page, token);
        }
        page.push_str("</div>\n");
    }

    fn token(&self, page: &mut String, token: usize) {
        let words = self.batch.table.whole::<String>(Field::word);
        let word = words.map_or(String::new(), |words| cut(&words[token], self.letters));
        match self.columns {
            [column] => {
                let data: String = if column.parts().is_empty() {
                    String::new()
                } else {
                    let parts = column.parts().iter().map(|share| share.values[token]);
                    let all: Vec<String> =
                        [column.values[token]].into_iter().chain(parts).map(number).collect();
                    format!(" data-x=\"{}\"", all.join(" "))
                };
                _ = write!(
                    page,
                    "<span class=\"t{}\" style=\"--a:{:.3}\"{data}>{word}<small>{}</small></span>",
                    side(column, token),
                    share(column, token),
                    digits(column, token)
                );
            }
            columns => {
                _ = write!(page, "<span class=\"t\">{word}");
                for column in columns {
                    _ = write!(
                        page,
                        "<small class=\"b{}\" style=\"--a:{:.3}\">{}</small>",
                        side(column, token),
                        share(column, token),
                        digits(column, token)
                    );
                }
                page.push_str("</span>");
            }
        }
    }

    /// All numbers of the tokens, folded until they are asked for.
    fn numbers(&self, page: &mut String, shown: &[(usize, Range<usize>)]) {
        let table = &self.batch.table;
        let words = table.whole::<String>(Field::word);
        let mut columns: Vec<(String, &[f64])> = Vec::new();
        for column in self.columns {
            columns.push((column.head(column.what), &column.values));
            let parts = column.parts().iter().enumerate();
            columns.extend(parts.map(|(place, share)| {
                (column.head(&format!("{}: {}", place + 1, share.source)), &share.values[..])
            }));
            columns.extend(column.pulls.iter().map(|(name, values)| (column.head(name), &values[..])));
        }
        let logged = [Field::old, Field::logp, Field::init, Field::prm];
        columns.extend(
            logged.into_iter().filter_map(|field| Some((field.key().to_owned(), table.whole::<f64>(field)?))),
        );
        let names = columns.iter().map(|(name, _)| escape(name));
        let heads =
            ["step", "token"].into_iter().chain(words.map(|_| "word")).map(str::to_owned).chain(names);
        let heads: String = heads.map(|head| format!("<th scope=\"col\">{head}")).collect();
        _ = write!(
            page,
            "<details><summary>All numbers of its tokens</summary>\n<div class=\"wide\" role=\"region\" tabindex=\"0\" \
             aria-label=\"Numbers of the tokens\"><table>\n<thead><tr>{heads}</thead>\n<tbody>\n"
        );
        for (position, (_, tokens)) in shown.iter().enumerate() {
            for (place, token) in tokens.clone().enumerate() {
                _ = write!(page, "<tr><td>{position}<th scope=\"row\">{place}");
                if let Some(words) = words {
                    _ = write!(page, "<td>{}", cut(&words[token], self.letters.min(200)));
                }
                columns.iter().for_each(|(_, column)| _ = write!(page, "<td>{}", number(column[token])));
                page.push('\n');
            }
        }
        page.push_str("</tbody></table></div></details>\n");
    }
}

/// Which way the token is to go.
fn side(column: &Column, token: usize) -> &'static str {
    match column.values[token] {
        x if x > 0.0 => " m",
        x if x < 0.0 => " l",
        _ => "",
    }
}

/// How far, of the largest of the batch.
fn share(column: &Column, token: usize) -> f64 {
    if column.largest > 0.0 { column.values[token].abs() / column.largest } else { 0.0 }
}

/// The number, and which summand gives most of it.
fn digits(column: &Column, token: usize) -> String {
    let most = column.most(token).map_or(String::new(), |place| format!("<sup>{place}</sup>"));
    format!("{}{most}", number(column.values[token]))
}
