//! Credit in tables: by role, by place of the step, and where two lines differ most.

use super::text::{cut, number};
use super::{Column, Logged, differ};
use crate::batch::{Layout, Role};
use crate::logged::schema::Field;
use std::fmt::Write;

/// Steps of a trajectory that have a row each; those after them share one.
const STEPS: usize = 40;
/// Tokens at which two lines differ most.
const TOKENS: usize = 20;

/// What falls into a row: how many tokens, and per column of the table the sum.
#[derive(Clone, Default)]
struct Sums {
    tokens: usize,
    sums: Vec<f64>,
}

/// Every number that is summed, by its head: the credit, its size, what each summand gives.
fn numbers<'a>(columns: &'a [Column]) -> Vec<(String, Box<dyn Fn(usize) -> f64 + 'a>)> {
    let mut all: Vec<(String, Box<dyn Fn(usize) -> f64 + 'a>)> = Vec::new();
    for column in columns {
        all.push((column.head(&format!("mean {}", column.what)), Box::new(|token| column.values[token])));
        all.push((column.head("mean size"), Box::new(|token| column.values[token].abs())));
        for (place, share) in column.parts().iter().enumerate() {
            all.push((column.head(&format!("summand {}", place + 1)), Box::new(|token| share.values[token])));
        }
    }
    all
}

/// Means per row, of the tokens that fall into it.
fn means(
    page: &mut String,
    columns: &[Column],
    title: &str,
    rows: &[String],
    row_of: impl Fn(usize) -> usize,
) {
    let numbers = numbers(columns);
    let mut sums = vec![Sums { tokens: 0, sums: vec![0.0; numbers.len()] }; rows.len()];
    for token in 0..columns[0].values.len() {
        let row = &mut sums[row_of(token)];
        row.tokens += 1;
        row.sums.iter_mut().zip(&numbers).for_each(|(sum, (_, of))| *sum += of(token));
    }
    let largest = columns.iter().fold(0.0, |largest: f64, column| largest.max(column.largest));
    let heads: String = numbers.iter().map(|(head, _)| format!("<th scope=\"col\">{head}")).collect();
    _ = writeln!(
        page,
        "<h2>By {title}</h2>\n<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Credit by {title}\"><table>\n\
         <thead><tr><th scope=\"col\">{title}<th scope=\"col\">tokens{heads}</thead>\n<tbody>"
    );
    for (name, Sums { tokens, sums }) in rows.iter().zip(sums).filter(|(_, sums)| sums.tokens > 0) {
        _ = write!(page, "<tr><th scope=\"row\">{name}<td>{tokens}");
        for sum in sums {
            // What is left of numbers that cancel is rounding.
            let rounding = sum.abs() <= 1e-12 * largest * tokens as f64;
            _ = write!(page, "<td>{}", number(if rounding { 0.0 } else { sum / tokens as f64 }));
        }
        page.push('\n');
    }
    page.push_str("</tbody></table></div>\n");
}

/// By what tokens are for, where the batch says it.
pub fn by_role(page: &mut String, batch: &Logged, columns: &[Column]) {
    let Some(roles) = batch.columns().role else { return };
    let all = [Role::Switch, Role::Subgoal, Role::Action, Role::Other];
    let names = ["switch", "subgoal", "action", "other"].map(str::to_owned);
    let place = |token: usize| all.iter().position(|role| *role == roles[token]).expect("one of all");
    means(page, columns, "role", &names, place);
}

/// By where in its trajectory a step stands.
pub fn by_step(page: &mut String, layout: &Layout, columns: &[Column]) {
    let longest = (0..layout.trajs()).map(|traj| layout.steps_of(traj).len()).max().unwrap_or(0);
    let mut names: Vec<String> = (0..longest.min(STEPS)).map(|step| step.to_string()).collect();
    if longest > STEPS {
        names.push(format!("{STEPS} and later"));
    }
    let place = |token: usize| {
        let step = layout.step_of_token()[token] as usize;
        let first = layout.steps_of(layout.traj_of_step()[step] as usize).start;
        (step - first).min(STEPS)
    };
    means(page, columns, "step", &names, place);
}

/// Where two lines differ most, and how often they pull in opposite directions.
pub fn differences(page: &mut String, batch: &Logged, [a, b]: [&Column; 2]) {
    let layout = &batch.layout;
    let gaps = differ(a, b);
    let opposite = a.values.iter().zip(b.values.iter()).filter(|(a, b)| **a * **b < 0.0).count();
    let count = gaps.len();
    _ = writeln!(
        page,
        "<h2>Where they differ most</h2>\n<p>The two have opposite signs at {opposite} of {count} tokens. Their numbers differ in scale, so \
         the difference is that of each over its root mean square in the batch.</p>"
    );
    let mut order: Vec<usize> = (0..count).filter(|token| gaps[*token] != 0.0).collect();
    let by_gap =
        |one: &usize, other: &usize| gaps[*other].abs().total_cmp(&gaps[*one].abs()).then(one.cmp(other));
    if order.len() > TOKENS {
        order.select_nth_unstable_by(TOKENS, by_gap);
        order.truncate(TOKENS);
    }
    order.sort_by(by_gap);
    if order.is_empty() {
        page.push_str("<p>They differ nowhere but in scale.</p>\n");
        return;
    }
    let words = batch.table.whole::<String>(Field::word);
    let word = if words.is_some() { "<th scope=\"col\">word" } else { "" };
    _ = writeln!(
        page,
        "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Tokens at which the lines differ most\"><table>\n<thead><tr>\
         <th scope=\"col\">group, trajectory, step, token{word}<th scope=\"col\">{}<th scope=\"col\">{}<th scope=\"col\">difference</thead>\n<tbody>",
        a.head(a.what),
        b.head(b.what)
    );
    for token in order {
        let step = layout.step_of_token()[token] as usize;
        let traj = layout.traj_of_step()[step] as usize;
        let group = layout.group_of_traj()[traj] as usize;
        _ = write!(
            page,
            "<tr><th scope=\"row\"><a href=\"#t{traj}\">{group}, {}, {}, {}</a>",
            traj - layout.trajs_of(group).start,
            step - layout.steps_of(traj).start,
            token - layout.tokens_of(step).start
        );
        if let Some(words) = words {
            _ = write!(page, "<td>{}", cut(&words[token], 40));
        }
        _ = writeln!(
            page,
            "<td>{}<td>{}<td>{}",
            number(a.values[token]),
            number(b.values[token]),
            number(gaps[token])
        );
    }
    page.push_str("</tbody></table></div>\n");
}
