use super::*;
use crate::env::EnvError;
use crate::rollout::Lost;
use crate::table::cell::Film;
use crate::table::synthetic::{self, exhibits, tiny};
use std::path::PathBuf;

/// Holds a text to the file of that name in `golden/`.
fn golden(name: &str, text: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/table/report/golden");
    synthetic::golden(&folder.join(name), text);
}

#[test]
fn golden_texts() {
    let (study, cells) = tiny();
    let report = Report::new(&study, &cells, exhibits());
    golden("table.md", &markdown(&report));
    golden("table.csv", &rows_csv(&report));
    golden("cells.csv", &cells_csv(&report));
    golden("table.tex", &latex(&report));
    golden("statistics.csv", &statistics_csv(&report));
}

#[test]
fn numbers_follow_from_the_cells() {
    let (study, cells) = tiny();
    let report = Report::new(&study, &cells, exhibits());
    let [grpo, prm] = &report.rows[..] else { panic!("two rows") };
    let show = |row: &MeasuredRow, key: &str| {
        let (column, summary) = row.measures.iter().find(|(c, _)| c.key == key).expect("a column");
        column.show(*summary, true)
    };
    assert_eq!(show(grpo, "start"), "20.0 ± 0.0");
    assert_eq!(show(grpo, "final"), "55.0 ± 7.1");
    // Half the iterations on the way from 20 to 50 or 60, half there: (35 + 50) / 2 and (40 + 60) / 2.
    assert_eq!(show(grpo, "area"), "46.2 ± 5.3");
    assert_eq!(show(grpo, "credit_tau_b"), "—");
    assert_eq!(show(grpo, "pair_accuracy"), "—");
    // (0.5 × 100 + 0.9 × 300) / 400.
    assert_eq!(show(prm, "pair_accuracy"), "80.0 ± 28.3");
    // One seed solved nothing: the mean is over the other.
    assert_eq!(show(prm, "steps_when_solved"), "7.5");
    assert_eq!((grpo.collapsed, prm.collapsed), (false, true));
    assert_eq!((grpo.remark().as_str(), prm.remark().as_str()), ("", "collapsed, stopped (1 of 2)"));
    assert_eq!((&grpo.places[..], &prm.places[..]), (&[0, 1][..], &[2, 3][..]));
}

#[test]
fn minus_zero_is_zero_and_minus_is_a_minus() {
    let column = COLUMNS.iter().find(|column| column.key == "credit_tau_b").expect("a column");
    let show = |value| column.show(Summary::of(&[value]), true);
    assert_eq!([show(-0.001), show(-0.25), show(0.25)], ["0.00", "−0.25", "0.25"]);
}

#[test]
fn a_csv_reads_back_as_the_numbers() {
    let (study, cells) = tiny();
    let text = cells_csv(&Report::new(&study, &cells, exhibits()));
    let lines: Vec<&str> = text.lines().collect();
    let place = lines[0].split(',').position(|head| head == "final").expect("a column");
    let read: Vec<f64> = lines[1..3]
        .iter()
        .map(|line| line.split(',').nth(place).expect("a field").parse().expect("a number"))
        .collect();
    assert_eq!(read, [0.5, 0.6]);
    assert!(lines[3].starts_with("\"PRM_only | \"\"λ\"\", 50 %\",1,"), "{}", lines[3]);
}

#[test]
fn the_page_loads_nothing_and_shows_every_film() {
    let study = synthetic::study(2);
    let cells = synthetic::cells(2);
    let report = Report::new(&study, &cells, exhibits());
    let page = html(&report);
    // The name space of SVG is a name, and nothing is fetched from it.
    let page = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    for outside in ["http", "//", "url(", "@import", "<link", "<script ", "<iframe", "srcset"] {
        let text: String = page
            .split("data:image/png;base64,")
            .map(|part| part.split_once('"').map_or(part, |(_, rest)| rest))
            .collect();
        assert!(!text.contains(outside), "{outside}");
    }
    assert_eq!(page.matches("src=").count(), page.matches("src=\"data:image/png;base64,").count());
    // Four solved films of 5 steps, three failed ones of 15, each with its last level.
    assert_eq!(page.matches("<img ").count(), 4 * 6 + 3 * 16);
    assert_eq!(page.matches("none in the first 16 groups of the test").count(), 1);
    assert!(page.contains("GiGPO &amp; friends") && !page.contains("GiGPO & friends"));
    assert!(page.contains("losses/policy was NaN at iteration 113"));
}

#[test]
fn the_page_is_for_phones_keyboards_readers_and_paper() {
    let (study, cells) = (synthetic::study(2), synthetic::cells(2));
    let words = |lines: &[String]| Some(format!("a corridor of {} cells", lines[1].len() - 2));
    let exhibits = Exhibits { words: Some(Box::new(words)), ..exhibits() };
    let report = Report::new(&study, &cells, exhibits);
    let page = html(&report);
    assert!(page.contains("<title>Sokoban, 6×6 rooms with 2 boxes, preset smoke</title>"), "{page}");
    assert_eq!(page.matches("2 boxes").count(), 2, "in the title and in the heading");
    assert_eq!(
        page.matches("<th").count(),
        page.matches("<thead").count() + page.matches("<th scope=").count()
    );
    assert_eq!(
        page.matches("<table>").count(),
        page.matches("role=\"region\" tabindex=\"0\" aria-label=").count()
    );
    assert_eq!(page.matches("<img ").count(), page.matches("<img alt=\"a corridor of 7 cells\" ").count());
    for column in &report.columns {
        let (link, note) = (format!("href=\"#{}\"", column.key), format!("<li id=\"{}\"><b>", column.key));
        assert!(page.matches(&link).count() == 1 && page.matches(&note).count() == 1, "{}", column.key);
    }
    // Nothing is said only where the pointer rests.
    assert!(!page.contains(" title="), "{page}");
    // A wide and a narrow drawing, each in words.
    assert_eq!(page.matches("mean over seeds: GRPO from ").count(), 2);
    // Folded, on paper too.
    let films = page.matches("<details class=\"films\"><summary>").count();
    assert_eq!((films, page.matches("<ol class=\"film\">").count()), (4, 7));
    assert!(!page.contains(" open>") && page.contains("details:not(.films)::details-content"));
}

#[test]
fn the_bars_of_a_recipe_have_one_scale_that_is_stated() {
    let (study, cells) = (synthetic::study(2), synthetic::cells(2));
    let page = html(&Report::new(&study, &cells, exhibits()));
    for section in page.split("<section>").skip(1) {
        let full = |class: &str| {
            let bars = section.split("<rect ").filter(|bar| bar.starts_with(&format!("class=\"{class}")));
            bars.filter(|bar| bar.contains("height=\"18.0\"")).count()
        };
        assert_eq!(full("ours"), 1, "the largest of both films alone");
        assert!(full("true") >= 1);
        let scale = section.split_once("A bar of full height is ").expect("stated").1;
        let most: f64 = scale.split(' ').next().and_then(|number| number.parse().ok()).expect("a number");
        assert!(
            section.contains(&format!("adv +{most:.2}<")) || section.contains(&format!("adv −{most:.2}<"))
        );
    }
}

#[test]
fn curves_without_points_and_with_many_rows_are_pictures() {
    let study = synthetic::study(1);
    assert!(curves(&Report::new(&study, &[], exhibits())).ends_with("</svg>\n"));
    let bare = Cell { row: "bare".into(), ..Cell::default() };
    assert!(!curves(&Report::new(&study, std::slice::from_ref(&bare), exhibits())).contains("NaN"));
    let many: Vec<Cell> =
        (0..20).map(|n| Cell { row: format!("row {n}"), ..synthetic::cell(2, n) }).collect();
    let picture = curves(&Report::new(&study, &many, exhibits()));
    assert!(!picture.contains("NaN") && picture.contains("row 19"));
}

#[test]
fn a_film_whose_states_grow_is_a_conversation() {
    let lines = |number: usize| -> Vec<String> {
        let all = ["You are Zoe.", "Carl: Hello!", "Zoe: <Deal?>", "Carl: No.", "Zoe: Bye."];
        all[..number].iter().map(|line| (*line).to_owned()).collect()
    };
    let film = Film {
        states: vec![lines(2), lines(4), lines(5)],
        captions: vec!["offer 3".into(), "leave".into()],
        credit: vec![0.5, -1.0],
        ..Film::default()
    };
    let talk = film::strip(&film, film::Scale::of([&film]), &exhibits());
    let order = [
        "Carl: Hello!",
        "adv +0.50",
        "Zoe: &lt;Deal?&gt; <span class=\"act\">offer 3",
        "heard\">Carl: No.",
        "adv −1.00",
        "Zoe: Bye.",
        "not solved",
    ];
    let places: Vec<usize> =
        order.iter().map(|part| talk.find(part).unwrap_or_else(|| panic!("{part} in {talk}"))).collect();
    assert!(places.is_sorted(), "{talk}");
    assert_eq!(talk.matches("Carl: Hello!").count(), 1, "what was said before is not said again");
    assert!(!talk.contains("class=\"film\""));
    let other = Film { states: vec![lines(2), vec!["Somewhere else".into()]], ..film };
    assert!(film::strip(&other, film::Scale::default(), &exhibits()).contains("<ol class=\"film\">"));
}

#[test]
fn a_film_that_was_cut_short_is_still_shown() {
    let film = Film {
        states: vec![vec!["#@#".into()]; 3],
        captions: vec!["keep ↑".into()],
        credit: vec![0.0],
        ..Film::default()
    };
    let strip = film::strip(&film, film::Scale::default(), &exhibits());
    assert_eq!(strip.matches("<img ").count(), 3);
    assert!(!strip.contains("NaN"));
}

#[test]
fn episodes_that_were_lost_are_counted_and_named() {
    let (study, mut cells) = tiny();
    let lost = |episodes, reason: &str| Lost { episodes, steps: 4, reason: Some(EnvError::new(reason)) };
    cells[0].lost = lost(3, "no answer in 30 s");
    cells[0].validation[1].lost = lost(2, "later");
    cells[1].last[0].lost = lost(1, "the page is gone");
    let text = markdown(&Report::new(&study, &cells, exhibits()));
    assert!(text.contains("lost 6 episodes"), "{text}");
    for (cell, note) in [
        (0, "left out 5 of its episodes; the first one: no answer in 30 s."),
        (1, "left out 1 of its episodes; the first one: the page is gone."),
    ] {
        let Cell { row, seed, .. } = &cells[cell];
        assert!(text.contains(&format!("lost: {row}, seed {seed}, {note}")), "{text}");
    }
}

#[test]
fn every_file_is_written_and_does_not_depend_on_the_clock() {
    let (dir, again) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    let (study, cells) = tiny();
    let report = Report::new(&study, &cells, exhibits());
    write(dir.path(), &report).expect("written");
    write(again.path(), &report).expect("written");
    for dir in [&dir, &again] {
        assert!(!dir.path().join("statistics.csv").exists(), "nobody asked for it");
        write_statistics(dir.path(), &report).expect("written");
    }
    let names = [
        "table.md",
        "table.csv",
        "cells.csv",
        "table.tex",
        "curves.svg",
        "report.html",
        "costs.csv",
        "signals.csv",
        "statistics.csv",
    ];
    for name in names {
        let [one, two] = [&dir, &again].map(|dir| std::fs::read(dir.path().join(name)).expect("readable"));
        assert!(!one.is_empty() && one == two, "{name}");
    }
    let error = write(&dir.path().join("table.md"), &report).expect_err("below a file").to_string();
    assert!(error.starts_with("cannot write") && error.contains("table.md/"), "{error}");
}

#[test]
fn statistics_pair_the_seeds_that_a_row_has_in_common_with_the_first() {
    let mut cells = synthetic::cells(7);
    // One seed is missing here and there, and the order of seeds is nobody's promise.
    cells.retain(|cell| (cell.row.as_str(), cell.seed) != (synthetic::ROWS[2].0, 3));
    cells.reverse();
    cells.sort_by_key(|cell| synthetic::ROWS.iter().position(|row| row.0 == cell.row));
    let study = synthetic::study(7);
    let text = statistics_csv(&Report::new(&study, &cells, exhibits()));
    let mut lines = text.lines();
    let heads: Vec<&str> = lines.next().expect("a head").split(',').collect();
    let lines: Vec<&str> = lines.collect();
    // From the right, where no field has a comma in it.
    let field = |line: usize, head: &str| {
        let place = heads.iter().rev().position(|found| *found == head).expect("a column");
        lines[line].rsplit(',').nth(place).expect("a field")
    };
    let number = |line: usize, head: &str| field(line, head).parse::<f64>().expect("a number");
    assert_eq!(["seeds", "pairs"].map(|head| number(2, head)), [6.0, 6.0]);
    assert_eq!(["seeds", "pairs"].map(|head| number(1, head)), [7.0, 7.0]);
    for head in ["improvement", "improvement_low", "improvement_high", "pairs", "difference", "p", "p_holm"] {
        assert_eq!(field(0, head), "", "{head}");
    }
    // The last row lies below the first with every seed, the third above: the smallest p-values that there are.
    assert_eq!((number(3, "improvement"), number(3, "p")), (0.0, 2.0 / 128.0));
    assert_eq!((number(2, "improvement"), number(2, "p")), (1.0, 2.0 / 64.0));
    // The smallest of three is multiplied by three.
    assert_eq!(number(3, "p_holm"), 6.0 / 128.0);
    for line in 0..4 {
        assert!(
            number(line, "iqm_low") <= number(line, "iqm") && number(line, "iqm") <= number(line, "iqm_high")
        );
    }
}

#[test]
fn one_seed_has_no_interval() {
    let (study, cells) = (synthetic::study(1), synthetic::cells(1));
    let text = statistics_csv(&Report::new(&study, &cells, exhibits()));
    let first = text.lines().nth(1).expect("a row");
    let success = cells[0].last[0].success;
    assert!(first.starts_with(&format!("GRPO,1,{success},,{success},,,")), "{first}");
    let nobody = statistics_csv(&Report::new(&study, &[], exhibits()));
    assert_eq!(nobody.lines().count(), 1);
}
