//! What stands before the trajectories: remarks, losses, the summands, what is picked.

use super::text::{cut, number};
use super::{Column, Drawn, Logged};
use crate::markup::escape;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;

/// What was odd, each once.
pub fn remarks(page: &mut String, lines: &[Drawn]) {
    let each = lines.iter().flat_map(|line| &line.credit.remarks).map(|remark| remark.to_string());
    let mut each: Vec<String> = each.collect();
    let mut seen = BTreeSet::new();
    each.retain(|remark| seen.insert(remark.clone()));
    if !each.is_empty() {
        page.push_str("<h2>Remarks</h2>\n<ul>\n");
        each.iter().for_each(|remark| _ = writeln!(page, "<li>{}", escape(remark)));
        page.push_str("</ul>\n");
    }
}

/// The loss and its terms, a table a line; nothing of an advantage alone.
pub fn losses(page: &mut String, lines: &[Drawn]) {
    for line in lines.iter().filter(|line| !line.credit.terms.is_empty()) {
        let of = if lines.len() > 1 { format!(" of {}", escape(&line.title)) } else { String::new() };
        _ = writeln!(
            page,
            "<h2>Loss{of}</h2>\n<table>\n<thead><tr><th scope=\"col\">term<th scope=\"col\">value</thead>\n<tbody>"
        );
        for (name, value) in &line.credit.terms {
            _ = writeln!(page, "<tr><th scope=\"row\">{}<td>{}", escape(name), number(*value));
        }
        _ = writeln!(page, "<tr><th scope=\"row\">total<td>{}\n</tbody></table>", number(line.credit.loss));
    }
}

/// How the credit is drawn, and of which summands it is made.
pub fn summands(page: &mut String, lines: &[Drawn], columns: &[Column]) {
    page.push_str("<h2>Credit</h2>\n");
    if columns.iter().any(|column| column.what == "pull") {
        page.push_str(
            "<p>This objective has no advantage: its loss is not a policy gradient. What is drawn is the pull on each token, minus \
             the derivative of the loss in its log-probability.</p>\n",
        );
    }
    let what = columns[0].what;
    let largest: Vec<String> = columns.iter().map(|column| number(column.largest)).collect();
    _ = writeln!(
        page,
        "<p>A token of the action is <span class=\"key m\">blue</span> where it is to become more likely, <span class=\"key l\">orange</span> \
         where less, and the paler the nearer its {what} is to 0; the largest of the batch is {}. Its {what} stands beneath a token, its \
         other numbers in the table of its trajectory.</p>",
        largest.join(" and ")
    );
    if columns.len() > 1 {
        page.push_str("<p>The upper number of a token is that of line A, the lower that of line B.</p>\n");
    }
    if columns.iter().any(|column| !column.parts().is_empty()) {
        page.push_str("<p>Each number is the sum of what these summands of the line give; the small digit beneath a token names the one that gives it most.</p>\n");
    }
    for (column, line) in columns.iter().zip(lines) {
        let name = column.head(&line.title);
        let mean = |values: &[f64]| values.iter().map(|x| x.abs()).sum::<f64>() / values.len().max(1) as f64;
        _ = writeln!(
            page,
            "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Summands of {0}\"><table>\n<thead><tr><th scope=\"col\">{0}\
             <th scope=\"col\">mean size</thead>\n<tbody>",
            escape(&name)
        );
        for (place, share) in column.shares.iter().enumerate() {
            let digit = if column.parts().is_empty() { String::new() } else { format!("{}: ", place + 1) };
            _ = writeln!(
                page,
                "<tr><th scope=\"row\">{digit}<code>{}</code><td>{}",
                escape(&share.source),
                number(mean(&share.values))
            );
        }
        page.push_str("</tbody></table></div>\n");
    }
}

/// What scripts sort and pick by; without them it stays hidden.
pub fn controls(page: &mut String, groups: &BTreeSet<usize>, columns: &[Column]) {
    let what = columns[0].what;
    let mut orders = vec!["as in the batch".to_owned(), "outcome".to_owned()];
    orders.push(if columns.len() > 1 {
        "difference of the lines".to_owned()
    } else {
        format!("size of the {what}")
    });
    for column in columns {
        orders.push(column.head(column.what));
        orders.extend((1..=column.parts().len()).map(|place| column.head(&format!("summand {place}"))));
    }
    page.push_str("<p class=\"controls\" hidden><label>Order <select id=\"order\">");
    for (place, order) in orders.iter().enumerate() {
        _ = write!(page, "<option value=\"{place}\">{order}");
    }
    page.push_str("</select></label> <label>Group <select id=\"group\"><option value=\"\">all");
    for group in groups {
        _ = write!(page, "<option>{group}");
    }
    page.push_str("</select></label>");
    if let [column] = columns
        && !column.parts().is_empty()
    {
        _ = write!(page, " <label>Shown <select id=\"shown\"><option value=\"0\">{what}");
        for (place, share) in column.parts().iter().enumerate() {
            _ = write!(page, "<option value=\"{0}\">{0}: {1}", place + 1, escape(&share.source));
        }
        page.push_str("</select></label>");
    }
    page.push_str(" <output id=\"count\"></output></p>\n");
}

/// The prompts of these groups, folded.
pub fn prompts(page: &mut String, batch: &Logged, groups: &BTreeSet<usize>, letters: usize) {
    let prompts: Vec<(usize, String)> = groups
        .iter()
        .filter_map(|group| {
            let text = match batch.prompts[*group].as_ref()? {
                Value::String(text) => cut(text, letters),
                other => cut(&other.to_string(), letters),
            };
            Some((*group, text))
        })
        .collect();
    if prompts.is_empty() {
        return;
    }
    page.push_str("<details><summary>Prompts of the groups</summary>\n<dl>\n");
    for (group, text) in prompts {
        _ = writeln!(page, "<dt id=\"g{group}\">Group {group}<dd class=\"state\">{text}");
    }
    page.push_str("</dl></details>\n");
}
