//! `table.tex`: two tables for a document with the packages `booktabs` and `graphicx`.

use super::{COLUMNS, Report, Terminal, paper};

/// The table with its notes, and the paper's numbers as a table of their own.
#[must_use]
pub fn latex(report: &Report) -> String {
    let shown = || COLUMNS.iter().filter(|column| column.terminal != Terminal::Absent);
    let heads = shown().map(|column| column.head).chain(["remark"]).map(escape);
    let heads: String = heads.map(|head| format!(" & {head}")).collect();
    let mut body = String::new();
    for row in &report.rows {
        let measures = row.columns().filter(|(column, _)| column.terminal != Terminal::Absent);
        let measures = measures.map(|(column, sample)| column.show(sample, true)).chain([row.remark()]);
        let fields = [row.name().to_owned()].into_iter().chain(measures).map(|field| escape(&field));
        body += &format!("{} \\\\\n", fields.collect::<Vec<_>>().join(" & "));
    }
    let alignment = "r".repeat(shown().count());
    let notes: Vec<_> = report.notes(false).iter().map(|note| escape(note)).collect();
    let name = escape(&report.study.name);
    let caption = escape(&format!("{} {}", report.study.setting, report.scope()));
    let label = crate::slug::slug(&report.study.name);
    let mut group = "";
    let mut theirs = String::new();
    for result in &paper::RESULTS {
        if result.0 != group {
            group = result.0;
            theirs += &format!("\\midrule\n\\multicolumn{{2}}{{l}}{{\\emph{{{}}}}} \\\\\n", escape(group));
        }
        theirs += &format!("{} & {} \\\\\n", escape(result.1), escape(&paper::show(result)));
    }
    let (title, caveat) = (escape(paper::TITLE), escape(paper::CAVEAT));
    format!(
        "% Needs \\usepackage{{booktabs,graphicx}}.\n\
         \\begin{{table}}\n\\centering\n\\caption{{{name}. {caption}}}\n\\label{{tab:{label}}}\n\
         \\resizebox{{\\linewidth}}{{!}}{{%\n\\begin{{tabular}}{{l{alignment}l}}\n\\toprule\n\
         recipe{heads} \\\\\n\\midrule\n{body}\\bottomrule\n\\end{{tabular}}}}\n\n\
         \\smallskip\n\\begin{{minipage}}{{\\linewidth}}\\footnotesize\n{}\n\\end{{minipage}}\n\\end{{table}}\n\n\
         \\begin{{table}}\n\\centering\n\\caption{{{title}. {caveat}}}\n\\label{{tab:{label}-paper}}\n\
         \\begin{{tabular}}{{lr}}\n\\toprule\nmethod & success, \\% \\\\\n{theirs}\\bottomrule\n\\end{{tabular}}\n\\end{{table}}\n",
        notes.join("\\\\\n"),
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
