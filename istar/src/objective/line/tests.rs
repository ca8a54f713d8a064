//! Every row of the catalogue is in the table, as the macros have it; what cannot be read is refused.

use super::types::{is_its_argument, paths};
use crate::Line;
use crate::objective::{AnyObjective, validate};
use crate::recipes::IStar;
use istar_lang::catalogue::{CATALOGUE, Fill, Row, Takes, types as unnamed};
use std::collections::BTreeSet;

/// The types of a row, of its options and of what stands for an option that is left out.
fn types(row: &Row, into: &mut BTreeSet<&'static str>) {
    into.insert(row.ty);
    for arg in row.args {
        if let Takes::Word(words) = arg.takes {
            words.iter().for_each(|word| types(word, into));
        }
        if let Fill::Type(ty) = arg.default {
            into.insert(ty);
        }
    }
}

/// No more and no fewer: the types of the catalogue's rows, and those that no name stands for.
#[test]
fn the_table_is_the_catalogue() {
    let mut wanted = BTreeSet::new();
    CATALOGUE.iter().for_each(|row| types(row, &mut wanted));
    wanted.retain(|ty| !is_its_argument(ty));
    wanted.extend([
        unnamed::ADD,
        unnamed::SUB,
        unnamed::SCALE,
        unnamed::MUL,
        unnamed::DIV,
        unnamed::CONSTANT,
    ]);
    wanted.extend([unnamed::ADD_NUMBERS, unnamed::SUB_NUMBERS, unnamed::MUL_NUMBERS, unnamed::DIV_NUMBERS]);
    wanted.extend(["level::Traj", "level::Segment", "level::Step", "level::Token", "level::Item"]);
    // Heads of a critic are a list, and their names no words.
    for list in [unnamed::ONLY, unnamed::HEAD, unnamed::NO_HEAD, unnamed::NAMED, unnamed::UNTRAINED] {
        wanted.remove(list);
    }
    let there: BTreeSet<&str> = paths().collect();
    assert_eq!(there.difference(&wanted).collect::<Vec<_>>(), Vec::<&&str>::new(), "in the table alone");
    assert_eq!(wanted.difference(&there).collect::<Vec<_>>(), Vec::<&&str>::new(), "in the catalogue alone");
}

#[test]
fn three_ways_to_give_numbers() {
    for text in [
        "Mine<beta = 0.05, lambda = 1.0> = dpo_prm(beta) + rl(adv = traj + lambda * step)",
        "<beta = 0.05, lambda = 1> = dpo_prm(beta) + rl(adv = traj + lambda * step)",
        "<beta = 0.05, lambda = 1.0> dpo_prm(beta) + rl(adv = traj + lambda * step)",
        "dpo_prm(beta) + rl(adv = traj + lambda * step)",
    ] {
        let mut line = Line::parse(text).unwrap_or_else(|report| panic!("{report}"));
        if line.defaults()[0].is_none() {
            let error = line.validate().expect_err("numbers are missing").to_string();
            assert!(error.starts_with("objective `line`: `beta` has no value: set it, or "), "{error}");
            line.set("beta", 0.05).expect("a number of it");
            line.set("lambda", 1.0).expect("a number of it");
        }
        assert_eq!(line.validate(), Ok(()));
        assert_eq!((line.plan(0), line.demand()), (IStar::default().plan(0), IStar::default().demand()));
        let [terms, typed] = [line.explain(), IStar::default().explain()]
            .map(|text| text.split_once("terms").map(|(_, terms)| terms.to_owned()));
        assert_eq!(terms, typed);
    }
}

#[test]
fn numbers_out_of_range_are_refused_in_the_same_words() {
    let mut line =
        Line::parse("IStar<beta = 0.05, lambda = 1.0> = dpo_prm(beta) + rl(adv = traj + lambda * step)")
            .unwrap_or_else(|report| panic!("{report}"));
    line.set("beta", -1.0).expect("a number of it");
    let typed = validate(&IStar { beta: -1.0, ..IStar::default() });
    assert_eq!(line.validate(), typed);
    assert_eq!(
        line.set("beat", 1.0).expect_err("it has none of this name").to_string(),
        "IStar has no hyper-parameter `beat`; it has `beta`, `lambda`"
    );
}

#[test]
fn types_are_refused_with_the_reason() {
    let report = Line::parse("rl(adv = traj + my::Bonus(3)) + Extra").expect_err("types").to_string();
    assert_eq!(
        report,
        "\
error: `my::Bonus` is a type, and a line that is read at run time has no compiler to know it
       help: declare the line with `objective!` where the type is in scope
 --> 1:21
  |
1 | rl(adv = traj + my::Bonus(3)) + Extra
  |                     ^^^^^

error: `Extra` is a type, and a line that is read at run time has no compiler to know it
       help: declare the line with `objective!` where the type is in scope
 --> 1:33
  |
1 | rl(adv = traj + my::Bonus(3)) + Extra
  |                                 ^^^^^
"
    );
}

#[test]
fn warnings_refuse_nothing() {
    let line = Line::parse("rl(adv = traj) + -0.01 * entropy(1)").unwrap_or_else(|report| panic!("{report}"));
    assert!(line.warnings().to_string().contains("punishes the policy"), "{}", line.warnings());
}

#[test]
fn a_line_tells_the_numbers_that_it_writes_by_name() {
    let text =
        "dpo_prm(beta = 0.05) + rl(adv = x, clip = (0.2, 0.3)) + kl(0.1) where x = w * norm(reward, min = 1)";
    let line = Line::parse(text).expect("a line");
    assert_eq!(line.literals(), [("beta".to_owned(), 0.05), ("min".to_owned(), 1.0)]);
    assert_eq!(line.numbers().iter().map(|(name, _)| name).collect::<Vec<_>>(), ["w"]);
}
