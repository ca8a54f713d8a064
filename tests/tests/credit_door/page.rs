//! `credit --html`: what a page says, and how large it gets.

use super::job::{batch, credit, refused, text};
use serde_json::{Value, json};
use std::fs;

/// The page of a batch.
fn page(batch: &Value, arguments: &[&str]) -> String {
    let root = tempfile::tempdir().expect("a directory");
    let (input, page) = (root.path().join("batch.json"), root.path().join("page.html"));
    fs::write(&input, batch.to_string()).expect("writable");
    let output = credit(&[arguments, &["--input", text(&input), "--html", text(&page)]].concat());
    assert!(
        output.status.success() && output.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let html = fs::read_to_string(&page).expect("readable");
    // It is whole without anything beside it, and tables have heads.
    for loads in ["<link", "<script ", "src=", "url(", "http", "import", "fetch("] {
        assert!(!html.contains(loads), "{loads}");
    }
    assert_eq!(
        html.matches("<th").count(),
        html.matches("<th scope=").count() + html.matches("<thead").count()
    );
    assert!(!html.contains(" title="), "{html}");
    html
}

/// What stands in the cells of the rows of all tables whose first head is this, by head.
fn table(html: &str, first: &str) -> Vec<Vec<(String, String)>> {
    let inner = |text: &str| {
        text.split('>').nth(1).unwrap_or_default().split('<').next().unwrap_or_default().trim().to_owned()
    };
    let cells = |row: &str| row.split("<t").skip(1).map(inner).collect::<Vec<_>>();
    let mut found = Vec::new();
    for table in html.split("<thead>").skip(1) {
        let (heads, rest) = table.split_once("</thead>").expect("its end");
        let heads = cells(heads.trim_start_matches("<tr>"));
        if heads.first().map(String::as_str) == Some(first) {
            let rows = rest.split_once("</tbody>").expect("its end").0.split("<tr>").skip(1);
            found.extend(rows.map(|row| heads.iter().cloned().zip(cells(row)).collect::<Vec<_>>()));
        }
    }
    found
}

fn cell<'a>(row: &'a [(String, String)], head: &str) -> &'a str {
    &row.iter().find(|(found, _)| found == head).unwrap_or_else(|| panic!("{row:?} has no {head}")).1
}

fn number(row: &[(String, String)], head: &str) -> f64 {
    cell(row, head).parse().unwrap_or_else(|_| panic!("{head} of {row:?} is no number"))
}

#[test]
fn a_page_loads_nothing_and_shows_every_token() {
    let html = page(&batch(4), &["--recipe", "grpo"]);
    for part in [
        "<h1>Grpo</h1>",
        "a &lt; b",
        "failure, outcome 0",
        "success, outcome 3.000",
        "rl(adv = norm(outcome))",
        "<option>0</select>",
    ] {
        assert!(html.contains(part), "{html} lacks {part}");
    }
    assert_eq!(html.matches("<span class=\"t ").count(), 4, "{html}");
    // Its advantage beneath each token, all numbers in a table for each trajectory, nothing where the pointer rests alone.
    assert_eq!(html.matches("</small></span>").count(), 4, "{html}");
    assert_eq!(html.matches("<tr><td>").count(), 4, "{html}");

    // a preference has no advantage, and pulls on tokens all the same
    let html = page(&batch(4), &["--recipe", "Eto"]);
    assert!(html.contains("has no advantage"), "{html}");
    assert_eq!(html.matches("<th scope=\"col\">pull<th scope=\"col\">old").count(), 4, "{html}");

    let root = tempfile::tempdir().expect("a directory");
    let (input, page) = (root.path().join("batch.json"), root.path().join("page.html"));
    fs::write(&input, format!("{}\n{}", batch(2), batch(2))).expect("writable");
    let given = ["--input", text(&input), "--html", text(&page)];
    refused(&credit(&[&["--recipe", "grpo"][..], &given].concat()), &["--html", "one batch"]);
    let line = ["--line", "rl(adv = traj)"];
    refused(&credit(&[&line[..], &line, &line, &given].concat()), &["--html draws two lines"]);
}

/// A batch with rewards, invalid actions and roles.
fn several() -> Value {
    let traj = |i: usize| {
        let token = |role: &str, k: usize| json!({"old": -0.5, "logp": -0.4 - 0.1 * (i + k) as f64, "ref": -0.6, "role": role, "text": format!("w{i}{k}")});
        let step = |k: usize| {
            json!({"reward": 0.3 * (i * k) as f64 - 0.1, "valid": !(i + k).is_multiple_of(3), "text": format!("state {k}"),
                   "tokens": [token("switch", k), token("action", k + 1)]})
        };
        json!({"outcome": i % 3, "success": !i.is_multiple_of(3), "steps": (0..1 + i % 3).map(step).collect::<Vec<_>>()})
    };
    json!({"groups": (0..2).map(|g| json!({"prompt": format!("p{g}"), "trajectories": (4 * g..4 * g + 4).map(traj).collect::<Vec<_>>()})).collect::<Vec<_>>()})
}

#[test]
fn the_summands_of_a_token_add_up_to_it() {
    let line = "rl(adv = traj + 0.5 * (norm(reward, count = step) - 0.2 * invalid)) + kl(0.1)";
    let html = page(&several(), &["--line", line]);
    let parts = ["1: norm(outcome)", "2: 0.5 * norm(reward, count = step)", "3: -0.1 * invalid"];
    let rows = table(&html, "step").into_iter().filter(|row| row[1].0 == "token").collect::<Vec<_>>();
    assert_eq!(rows.len(), several_tokens());
    let heads: Vec<&str> = rows[0].iter().map(|(head, _)| head.as_str()).collect();
    let summands: Vec<&str> =
        heads.iter().copied().filter(|head| head.starts_with(|c: char| c.is_ascii_digit())).collect();
    assert_eq!(summands.len(), parts.len(), "{heads:?}");
    for row in &rows {
        let sum: f64 = summands.iter().map(|head| number(row, head)).sum();
        assert!((sum - number(row, "advantage")).abs() < 2e-3, "{row:?}");
        let pull = number(row, "pull of rl") + number(row, "pull of kl");
        assert!((pull - number(row, "pull")).abs() < 2e-3 * pull.abs().max(0.1), "{row:?}");
    }
    for part in ["<code>norm(outcome)</code>", "<select id=\"shown\"", "<sup>1</sup>", "data-x=\""] {
        assert!(html.contains(part), "{html} lacks {part}");
    }

    // What is no sum is one part: a norm of a sum is whole.
    let html = page(
        &several(),
        &["--line", "rl(adv = norm(outcome - 0.1 * invalid, count = first(traj)))", "--advantage"],
    );
    assert!(html.contains("<code>norm(outcome - 0.1 * invalid") && !html.contains("<sup>"), "{html}");
    assert!(!html.contains("<select id=\"shown\"") && !html.contains("pull"), "{html}");
}

fn several_tokens() -> usize {
    (0..8).map(|i| 2 * (1 + i % 3)).sum()
}

#[test]
fn credit_is_summed_by_role_and_by_step() {
    let html = page(&several(), &["--line", "rl(adv = traj)", "--advantage"]);
    for (title, names) in [("role", &["switch", "action"][..]), ("step", &["0", "1", "2"])] {
        let rows: Vec<_> = table(&html, title).into_iter().filter(|row| row[1].0 == "tokens").collect();
        assert_eq!(rows.iter().map(|row| row[0].1.as_str()).collect::<Vec<_>>(), names, "{title}");
        let tokens: f64 = rows.iter().map(|row| number(row, "tokens")).sum();
        assert_eq!(tokens as usize, several_tokens(), "{title}");
        // Means over the rows, by their tokens, are the mean of all.
        let all = table(&html, "step").into_iter().filter(|row| row[1].0 == "token");
        let all: Vec<f64> = all.map(|row| number(&row, "advantage")).collect();
        let mean: f64 =
            rows.iter().map(|row| number(row, "tokens") * number(row, "mean advantage")).sum::<f64>()
                / tokens;
        assert!((mean - all.iter().sum::<f64>() / all.len() as f64).abs() < 1e-3, "{title}");
    }
}

#[test]
fn two_lines_stand_side_by_side_and_where_they_differ_most_comes_first() {
    let html = page(
        &several(),
        &["--line", "rl(adv = traj)", "--line", "rl(adv = norm(to_go(reward), within = prompt))"],
    );
    for part in [
        "<h1>rl(adv = traj) and rl(adv = norm(to_go(reward), within = prompt))</h1>",
        "Where they differ most",
        "difference of the lines",
    ] {
        assert!(html.contains(part), "{html} lacks {part}");
    }
    let rows = table(&html, "group, trajectory, step, token");
    let gaps: Vec<f64> = rows.iter().map(|row| number(row, "difference").abs()).collect();
    assert_eq!(gaps.len(), 20.min(several_tokens()));
    assert!(gaps.is_sorted_by(|a, b| a >= b) && gaps[0] > 0.0, "{gaps:?}");
    assert_eq!(html.matches("<small class=\"b").count(), 2 * several_tokens());
    let same = page(&several(), &["--line", "rl(adv = traj)", "--line", "rl(adv = 2 * traj)"]);
    assert!(same.contains("They differ nowhere but in scale"), "{same}");
}

#[test]
fn a_page_stays_bounded_and_says_what_is_left_out() {
    let token = |letters: usize| json!({"old": -0.5, "text": "x".repeat(letters)});
    let traj = |i: usize, tokens: usize, letters: usize| json!({"outcome": i, "steps": [{"tokens": vec![token(letters); tokens]}]});
    let many: Vec<Value> = (0..60).map(|i| traj(i, 400, 300)).collect();
    let html =
        page(&json!({"groups": [{"trajectories": many}]}), &["--line", "rl(adv = traj)", "--advantage"]);
    assert!(
        html.contains("<p>49 trajectories with the largest credit per token are drawn; 11 are left out"),
        "{}",
        &html[..3000]
    );
    assert!(html.contains(" … (97 more letters)"));
    assert!(html.len() < 16_000_000, "{}", html.len());
    assert!(
        html.contains("<article id=\"t0\"") && !html.contains("<article id=\"t30\""),
        "the middle tells least"
    );

    let one = json!({"groups": [{"trajectories": [traj(0, 25_000, 1), traj(1, 25_000, 1)]}]});
    let html = page(&one, &["--line", "rl(adv = traj)", "--advantage"]);
    assert!(
        html.contains("5001 more tokens are left out") && html.contains("1 is left out"),
        "{}",
        html.len()
    );
}
