//! The book says what the code does: generated blocks, names, recipes, metrics, links.

use istar::logged::cases;
use istar::recipes::{self, Recipe};
use istar::table::report::COLUMNS;
use istar_lang::Line;
use istar_lang::catalogue::{CATALOGUE, RECIPES, Sort, TRAINS_IMPLICIT, signature};
use istar_tests::book::{END, files, generated, page, root};
use std::collections::BTreeSet;
use std::fmt::Write;

#[test]
fn every_recipe_has_a_page_with_its_explanation() {
    for Recipe { objective, .. } in recipes::all() {
        let name = objective.name();
        let block = format!("```text\n{}\n```\n", objective.explain().trim_end());
        generated(&format!("docs/src/recipes/{name}.md"), &format!("explain {name}"), &block);
    }
}

#[test]
fn every_open_question_has_its_explanation() {
    for Recipe { objective, .. } in recipes::open::all() {
        let block = format!("```text\n{}\n```\n", objective.explain().trim_end());
        generated("docs/src/open-questions.md", &format!("explain {}", objective.name()), &block);
    }
}

/// What messages show of recipes is what the recipes are.
#[test]
fn messages_know_the_recipes() {
    for known in RECIPES {
        let recipe = recipes::find(known.name).unwrap_or_else(|unknown| panic!("{unknown}"));
        assert_eq!(recipe.objective.source(), known.line, "{}", known.name);
    }
    let stable = recipes::find("IStarStable").expect("a recipe");
    assert!(stable.objective.source().starts_with(TRAINS_IMPLICIT));
}

/// The list of recipes has every objective that `recipes.rs` declares, so that the test above misses none.
#[test]
fn every_recipe_is_listed() {
    for (recipes, file, one) in [
        (recipes::all(), "istar/src/recipes.rs", "Grpo"),
        (recipes::open::all(), "istar/src/recipes/open.rs", "Reset"),
    ] {
        let listed: BTreeSet<&str> = recipes.iter().map(|recipe| recipe.objective.name()).collect();
        let source = page(file);
        let declared: BTreeSet<&str> = source
            .split("objective! {")
            .skip(1)
            .filter_map(|item| item.split("pub ").nth(1)?.split(|c: char| !c.is_alphanumeric()).next())
            .collect();
        assert!(declared.contains(one), "{file} is read wrongly: {declared:?}");
        assert_eq!(listed, declared);
    }
}

/// The mistakes that a type of the user's can be part of, as the compiler words them.
#[test]
fn mistakes_with_types_of_yours_are_shown() {
    let (code, messages) = (page("tests/ui/mistakes/your_own.rs"), page("tests/ui/mistakes/your_own.stderr"));
    let mut text = String::from("\n| line | message | note |\n|---|---|---|\n");
    for message in messages.split("\n\nerror").map(|message| message.trim_start_matches("error")) {
        let said = message.split_once(": ").and_then(|(_, rest)| rest.lines().next()).expect("a message");
        let at = message
            .split_once("mistakes/your_own.rs:")
            .and_then(|(_, at)| at.split(':').next()?.parse().ok());
        let line: &str = code.lines().nth(at.map_or(0, |line: usize| line - 1)).expect("the line");
        let line = line.trim().trim_start_matches("objective! { ").trim_end_matches(" }");
        let hint = if said.contains("does not offer") { "\nhelp: " } else { "= note: " };
        let note = message.split_once(hint).and_then(|(_, rest)| rest.lines().next()).unwrap_or_default();
        let said = said.replace("istar::objective::", "");
        writeln!(text, "| `{line}` | {said} | {note} |").expect("a String");
    }
    text.push('\n');
    generated("docs/src/your-own.md", "mistakes", &text);
    let first = messages.split("\n\nerror").nth(1).expect("more than one").trim_end();
    generated("docs/src/your-own.md", "in full", &format!("\n```text\nerror{first}\n```\n\n"));
}

#[test]
fn the_reference_lists_the_catalogue() {
    let mut text = String::new();
    for sort in [Sort::Loss, Sort::Signal, Sort::Scalar] {
        let title = sort.describe().trim_start_matches("a ");
        write!(text, "\n| {title} | as it is called, with its defaults | is |\n|---|---|---|\n")
            .expect("a String");
        for row in CATALOGUE.iter().filter(|row| row.sort == sort) {
            writeln!(text, "| `{}` | `{}` | {} |", row.name, signature(row), row.doc).expect("a String");
        }
    }
    text.push('\n');
    generated("docs/src/language.md", "catalogue", &text);
}

/// The line of each case, as the program takes it.
#[test]
fn every_reference_case_is_listed() {
    let mut text = String::from("\n| case | choices | numbers | line |\n|---|---|---|---|\n");
    let code =
        |words: Vec<String>| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    for case in cases::TABLE {
        let choices = case.choices.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let numbers = case.numbers.iter().map(|number| (*number).to_owned()).collect();
        let line = case.line.split_whitespace().collect::<Vec<_>>().join(" ");
        let (choices, numbers) = (code(choices), code(numbers));
        writeln!(text, "| `{}` | {choices} | {numbers} | `{line}` |", case.name).expect("a String");
    }
    text.push('\n');
    generated("docs/src/reference-cases.md", "cases", &text);
}

#[test]
fn every_column_is_explained() {
    let mut text = String::from("\n| column | in CSV | is |\n|---|---|---|\n");
    for column in COLUMNS {
        writeln!(text, "| {} | `{}` | {} |", column.head, column.key, column.note).expect("a String");
    }
    text.push('\n');
    generated("docs/src/metrics.md", "columns", &text);
}

/// README promises the compiler and the engine that the manifests ask for.
#[test]
fn the_way_to_install_is_that_of_the_manifests() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let quoted = |key: &str| {
        let line = manifest.lines().find(|line| line.starts_with(key)).expect("the key is there");
        line.split('"').nth(1).expect("a text").to_owned()
    };
    let readme = page("README.md");
    let (rust, engine) = (quoted("rust-version"), manifest.lines().find(|line| line.starts_with("dfdx = ")));
    assert!(readme.contains(&format!("with Rust {rust} or later")), "README does not say Rust {rust}");
    assert!(readme.contains(engine.expect("the engine")), "README has another line for dfdx");
}

/// A row in the generated table is not an explanation: each name stands in the text as code, too.
#[test]
fn the_reference_explains_every_name() {
    let page = page("docs/src/language.md");
    let (before, after) = page.split_once("<!-- generated: catalogue -->").expect("the block");
    let text = format!("{before}{}", after.split_once(END).expect("its end").1);
    let code = text.split('`').skip(1).step_by(2);
    let words: BTreeSet<&str> =
        code.flat_map(|c| c.split(|c: char| !(c.is_alphanumeric() || c == '_'))).collect();
    let missing: Vec<_> = CATALOGUE.iter().map(|row| row.name).filter(|name| !words.contains(name)).collect();
    assert!(missing.is_empty(), "docs/src/language.md does not explain {missing:?}");
}

#[test]
fn every_metric_is_explained() {
    let page = page("docs/src/metrics.md");
    let mut metrics = BTreeSet::new();
    for file in files("istar/src", ".rs") {
        let source = self::page(&file);
        for start in ["\"losses/", "\"charts/"] {
            for (at, _) in source.match_indices(start) {
                metrics.extend(
                    source[at + 1..].split('"').next().filter(|m| !m.contains(' ')).map(str::to_owned),
                );
            }
        }
    }
    assert!(metrics.contains("losses/policy"), "the sources are read wrongly: {metrics:?}");
    let missing: Vec<_> = metrics.iter().filter(|metric| !page.contains(&format!("`{metric}`"))).collect();
    assert!(missing.is_empty(), "docs/src/metrics.md does not explain {missing:?}");
}

/// The compiler's messages are kept by the test `ui`; the page quotes them.
#[test]
fn every_message_is_the_compilers() {
    let kept = page("tests/ui/mistakes/documentation.stderr");
    let page = page("docs/src/diagnostics.md");
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    let mut count = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, message, help] = cells[..] else { panic!("three cells: {row}") };
        let whole = match help {
            "" => format!("error: {message}\n"),
            help => format!("error: {message}\n       help: {help}\n"),
        };
        assert!(kept.contains(&whole), "no error of tests/ui/mistakes/documentation.stderr reads\n{whole}");
        count += 1;
    }
    assert_eq!(count, page.matches("\n| ").count() - 1, "every row is read");
    assert!(count > 10, "the page is read wrongly");
}

/// A text is refused as it is drawn in the page.
#[test]
fn mistakes_in_a_text_are_shown() {
    let line = "IStar<beta = 0.05> = rl(adv = traj, clp = 0.1) + dpo_pmr(beta)";
    let report = Line::read(line).expect_err(line);
    generated("docs/src/diagnostics.md", "drawn", &format!("\n```text\n{report}```\n\n"));
}

/// What the trait system says of an environment is quoted in parts, line by line.
#[test]
fn the_environments_message_is_the_compilers() {
    let kept = page("tests/ui/mistakes/environment.stderr");
    let page = page("docs/src/diagnostics.md");
    let (_, quoted) = page.split_once("```text\nerror[E0277]").expect("the message of an environment");
    let quoted = format!("error[E0277]{}", quoted.split("```").next().expect("its end"));
    for line in quoted.lines() {
        assert!(kept.lines().any(|l| l == line), "tests/ui/mistakes/environment.stderr has no line\n{line}");
    }
}

/// The front page shows some columns of a measured table.
#[test]
fn the_front_page_shows_what_was_measured() {
    let kept = page("docs/results/regime/table/table.md");
    let cells = |row: &str| row.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect::<Vec<_>>();
    let mut rows =
        kept.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let head = cells(rows.next().expect("a table"));
    let at = |name: &str| head.iter().position(|h| h == name).unwrap_or_else(|| panic!("no column `{name}`"));
    let shown =
        ["recipe", "start, %", "final, %", "final at T 0.4, %", "best validation, %", "credit τ-b"].map(at);
    let (prm, length, remark) = (at("PRM pairs, %"), at("by length, %"), at("remark"));
    let mut text = String::from("\n");
    for row in std::iter::once(head.clone()).chain(rows.map(cells)) {
        for column in shown {
            write!(text, "| {} ", row[column]).expect("a String");
        }
        let pairs = match row[prm].as_str() {
            "---:" | "—" => row[prm].clone(),
            pairs => format!("{pairs} / {}", row[length]),
        };
        writeln!(text, "| {pairs} | {} |", row[remark]).expect("a String");
    }
    text.push('\n');
    generated("README.md", "table", &text);
}

/// Relative links of a page, without anchors.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let targets = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets
        .map(|link| link.split('#').next().unwrap_or(""))
        .filter(|link| !link.is_empty() && !link.contains(':'))
}

#[test]
fn every_link_leads_somewhere() {
    let mut pages = files("docs", ".md");
    pages.extend(["README.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(str::to_owned));
    for path in pages {
        let text = page(&path);
        let here = root().join(&path);
        for link in links(&text) {
            let target = here.parent().expect("a file is in a folder").join(link);
            assert!(target.exists(), "{path} links to {link}, which is not there");
        }
    }
}

#[test]
fn the_summary_lists_every_page() {
    let summary = page("docs/src/SUMMARY.md");
    let listed: BTreeSet<String> = links(&summary).map(|link| format!("docs/src/{link}")).collect();
    let there = files("docs/src", ".md").into_iter().filter(|path| !path.ends_with("SUMMARY.md")).collect();
    assert_eq!(listed, there);
}
