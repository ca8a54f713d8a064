//! `table.tex`: tables for a document with the packages `booktabs` and `graphicx`.

use super::Report;
use crate::table::published::Published;

/// The table with its notes, and the papers' numbers, if there are some, as a table of their own.
#[must_use]
pub fn latex(report: &Report) -> String {
    let heads = report.columns(false).map(|column| column.head).chain(["remark"]).map(escape);
    let heads: String = heads.map(|head| format!(" & {head}")).collect();
    let mut body = String::new();
    for (place, row) in report.rows.iter().enumerate() {
        let measures = row.measures(false).map(|(column, summary)| {
            let text = escape(&column.show(summary, true));
            if report.bold(place, column) { format!("\\textbf{{{text}}}") } else { text }
        });
        let fields = [escape(row.name())].into_iter().chain(measures).chain([escape(&row.remark())]);
        body += &format!("{} \\\\\n", fields.collect::<Vec<_>>().join(" & "));
    }
    let alignment = "r".repeat(report.columns(false).count());
    let notes: Vec<_> = report.notes(false).iter().map(|note| escape(note)).collect();
    let name = escape(&report.study.name);
    let caption = escape(&format!("{} {}", report.study.described(), report.scope()));
    let label = crate::slug::slug(&report.study.name);
    let ours = format!(
        "% Needs \\usepackage{{booktabs,graphicx}}.\n\
         \\begin{{table}}\n\\centering\n\\caption{{{name}. {caption}}}\n\\label{{tab:{label}}}\n\
         \\resizebox{{\\linewidth}}{{!}}{{%\n\\begin{{tabular}}{{l{alignment}l}}\n\\toprule\n\
         recipe{heads} \\\\\n\\midrule\n{body}\\bottomrule\n\\end{{tabular}}}}\n\n\
         \\smallskip\n\\begin{{minipage}}{{\\linewidth}}\\footnotesize\n{}\n\\end{{minipage}}\n\\end{{table}}\n",
        notes.join("\\\\\n"),
    );
    let theirs = report.exhibits.published.map_or_else(String::new, |published| theirs(&published, &label));
    ours + &theirs
}

/// The papers' numbers, those of a source under its name.
fn theirs(published: &Published, label: &str) -> String {
    let mut group = "";
    let mut body = String::new();
    for result in published.results {
        if result.source != group {
            group = result.source;
            body += &format!("\\midrule\n\\multicolumn{{2}}{{l}}{{\\emph{{{}}}}} \\\\\n", escape(group));
        }
        body += &format!("{} & {} \\\\\n", escape(result.method), escape(&result.show()));
    }
    let [title, caveat, measure] = [published.title, published.caveat, published.measure].map(escape);
    format!(
        "\n\\begin{{table}}\n\\centering\n\\caption{{{title}. {caveat}}}\n\\label{{tab:{label}-paper}}\n\
         \\begin{{tabular}}{{lr}}\n\\toprule\nmethod & {measure} \\\\\n{body}\\bottomrule\n\\end{{tabular}}\n\\end{{table}}\n"
    )
}

/// Special characters, and the letters beyond ASCII that our texts and row names use, for any LaTeX engine.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => escaped.extend(['\\', letter]),
            '\\' => escaped += "\\textbackslash{}",
            '~' => escaped += "\\textasciitilde{}",
            '^' => escaped += "\\textasciicircum{}",
            '<' | '>' | '|' => escaped += &format!("${letter}$"),
            '"' => escaped += "''",
            '±' => escaped += "$\\pm$",
            '×' => escaped += "$\\times$",
            '−' => escaped += "$-$",
            '—' => escaped += "---",
            '½' => escaped += "$\\tfrac12$",
            'α' => escaped += "$\\alpha$",
            'β' => escaped += "$\\beta$",
            'γ' => escaped += "$\\gamma$",
            'λ' => escaped += "$\\lambda$",
            'τ' => escaped += "$\\tau$",
            '→' => escaped += "$\\to$",
            _ => escaped.push(letter),
        }
    }
    escaped
}
