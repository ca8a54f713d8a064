use super::*;
use crate::table::cell::{Evaluation, Fidelity, Film, PairAccuracy, Point, Timing};
use crate::table::synthetic;
use std::path::PathBuf;

/// One grey square of 16 pixels per character.
fn frame(level: &[String]) -> Vec<u8> {
    let (wide, high) = (level[0].len(), level.len());
    let shade = |x: usize, y: usize| level[y].as_bytes()[x].wrapping_mul(37);
    let pixels: Vec<u8> =
        (0..high * 16).flat_map(|y| (0..wide * 16).map(move |x| shade(x / 16, y / 16))).collect();
    let mut image = Vec::new();
    let mut encoder = png::Encoder::new(&mut image, 16 * wide as u32, 16 * high as u32);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&pixels).expect("as many pixels as the header says");
    writer.finish().expect("complete");
    image
}

/// Two rows with two seeds each and numbers that can be followed by hand: `at` is success at the start, at the end and at
/// the end at temperature 0.4.
fn tiny() -> (Study, Vec<Cell>) {
    let cell = |row: &str, source: &str, seed: u64, at: [f64; 3], prm: Option<(f64, u64)>| {
        let evaluation = |iteration: u64, temperature: f64, success: f64| Evaluation {
            iteration,
            temperature,
            episodes: 100,
            success,
            outcome: 10.0 * success - 1.5,
            steps_when_solved: (success > 0.0).then_some(7.5),
            entropy: 0.25,
        };
        Cell {
            row: row.into(),
            source: source.into(),
            parameters: prm.iter().map(|_| ("beta".to_owned(), 0.05)).collect(),
            seed,
            iterations: 10,
            points: vec![Point { iteration: 10, env_steps: 1_200, ..Point::default() }],
            validation: [(0, at[0]), (5, at[1]), (10, at[1])]
                .map(|(i, share)| evaluation(i, 1.0, share))
                .to_vec(),
            start: [evaluation(0, 1.0, at[0]), evaluation(0, 0.4, at[0])],
            last: [evaluation(10, 1.0, at[1]), evaluation(10, 0.4, at[2])],
            fidelity: Some(Fidelity {
                tau_b: prm.map(|_| 0.5),
                steps: 1_000,
                dead_ends: 0.25,
                ties: 0.125,
                exact_ties: 0.5,
            }),
            pair_accuracy: prm.map(|(accuracy, pairs)| PairAccuracy { accuracy, length_only: 0.75, pairs }),
            stopped: (seed == 2 && prm.is_some()).then(|| "losses/policy is NaN".into()),
            ..Cell::default()
        }
    };
    let (plain, prm) = ("rl(adv = traj)", "dpo_prm(beta) + rl(adv = step)");
    let cells = vec![
        cell("GRPO", plain, 1, [0.2, 0.5, 0.6], None),
        cell("GRPO", plain, 2, [0.2, 0.6, 0.6], None),
        cell("PRM_only | \"λ\", 50 %", prm, 1, [0.2, 0.0, 0.0], Some((0.5, 100))),
        cell("PRM_only | \"λ\", 50 %", prm, 2, [0.2, 0.1, 0.0], Some((0.9, 300))),
    ];
    (Study { setting: "Two boxes & <four> walls.".into(), ..synthetic::study(2) }, cells)
}

/// Holds a text to the file of that name in `golden/`; with `BLESS` set, writes the file instead.
fn golden(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/table/report/golden").join(name);
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(path, text).expect("written");
    }
    let expected = std::fs::read_to_string(&path).expect("the golden file is there");
    assert!(text == expected, "{name} changed; if that is meant, run the tests with BLESS=1\n{text}");
}

#[test]
fn golden_texts() {
    let (study, cells) = tiny();
    let report = Report::new(&study, &cells);
    golden("table.md", &markdown(&report));
    golden("table.csv", &rows_csv(&report));
    golden("cells.csv", &cells_csv(&report));
    golden("table.tex", &latex(&report));
    let timing = Timing { steps_per_second: 5_120.4, ..Timing::default() };
    let unknown = Timing::default();
    golden("terminal.txt", &terminal(&report, &[timing.clone(), timing, unknown.clone(), unknown]));
}

#[test]
fn numbers_follow_from_the_cells() {
    let (study, cells) = tiny();
    let report = Report::new(&study, &cells);
    let [grpo, prm] = &report.rows[..] else { panic!("two rows") };
    let column = |key: &str| COLUMNS.iter().position(|column| column.key == key).expect("a column");
    let show = |row: &Row, key: &str| COLUMNS[column(key)].show(row.samples[column(key)], true);
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
fn the_terminal_table_is_at_most_110_wide() {
    let study = synthetic::study(3);
    let mut cells: Vec<Cell> =
        (0..4).flat_map(|row| (1..=3).map(move |seed| synthetic::cell(row, seed))).collect();
    for cell in &mut cells[..3] {
        cell.row = "a recipe with Donaudampfschifffahrtsgesellschaft in its name".into();
    }
    let text = terminal(&Report::new(&study, &cells), &[]);
    let table = text.lines().take_while(|line| !line.contains("test levels"));
    let widest = table.map(|line| line.chars().count()).max().expect("lines");
    assert!((80..=110).contains(&widest), "{widest}\n{text}");
}

#[test]
fn a_csv_reads_back_as_the_numbers() {
    let (study, cells) = tiny();
    let text = cells_csv(&Report::new(&study, &cells));
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
    let cells: Vec<Cell> =
        (0..4).flat_map(|row| (1..=2).map(move |seed| synthetic::cell(row, seed))).collect();
    let report = Report::new(&study, &cells);
    let page = html(&report, &frame);
    // The name space of SVG is a name, and nothing is fetched from it.
    let page = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    for outside in ["http", "//", "url(", "@import", "<link", "<script", "<iframe", "srcset"] {
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
fn curves_without_points_and_with_many_rows_are_pictures() {
    let study = synthetic::study(1);
    assert!(curves(&Report::new(&study, &[])).ends_with("</svg>\n"));
    let bare = Cell { row: "bare".into(), ..Cell::default() };
    assert!(!curves(&Report::new(&study, std::slice::from_ref(&bare))).contains("NaN"));
    let many: Vec<Cell> =
        (0..20).map(|n| Cell { row: format!("row {n}"), ..synthetic::cell(2, n) }).collect();
    let picture = curves(&Report::new(&study, &many));
    assert!(!picture.contains("NaN") && picture.contains("row 19"));
}

#[test]
fn a_film_that_was_cut_short_is_still_shown() {
    let film = Film {
        levels: vec![vec!["#@#".into()]; 3],
        actions: vec![1, 9],
        credit: vec![0.0],
        ..Film::default()
    };
    let strip = film::strip(&film, &frame);
    assert_eq!(strip.matches("<img ").count(), 3);
    assert!(!strip.contains("NaN"));
}

#[test]
fn every_file_is_written_and_does_not_depend_on_the_clock() {
    let (dir, again) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    let (study, cells) = tiny();
    let report = Report::new(&study, &cells);
    write(dir.path(), &report, &frame).expect("written");
    write(again.path(), &report, &frame).expect("written");
    for name in ["table.md", "table.csv", "cells.csv", "table.tex", "curves.svg", "report.html"] {
        let [one, two] = [&dir, &again].map(|dir| std::fs::read(dir.path().join(name)).expect("readable"));
        assert!(!one.is_empty() && one == two, "{name}");
    }
    let error = write(&dir.path().join("table.md"), &report, &frame).expect_err("below a file").to_string();
    assert!(error.starts_with("cannot write") && error.contains("table.md/table.md"), "{error}");
}
