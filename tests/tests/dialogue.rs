//! Social dialogue against the files of others: SOTOPIA's scenarios, and how people judged in CaSiNo.

use istar::env::Env;
use istar::env::dialogue::{Baseline, Dialogue, Dimension, Family, NoisyJudge, Scenes, Scores, Temperament};
use istar_tests::shared;
use serde_json::Value;
use std::collections::BTreeMap;

#[test]
fn scenarios_of_sotopia_whose_goals_are_numbers_are_played() {
    let Some(folder) = shared("data/sotopia") else { return };
    let scenes = Scenes::read(&folder).expect("profiles");
    let mut families: BTreeMap<&str, usize> = BTreeMap::new();
    for scenario in scenes.scenarios() {
        *families.entry(scenario.family.name()).or_default() += 1;
        assert!(!scenario.setting.contains("<p"), "{}", scenario.setting);
        match scenario.family {
            Family::Acquaintance => {
                let mutual = (0..scenario.names.len()).filter(|name| scenario.is_mutual(*name)).count();
                assert_eq!(mutual, 1, "{}", scenario.name);
            }
            _ => assert!((0..2).all(|side| scenario.parties[side].values.len() == scenario.topics.len())),
        }
    }
    assert!(families.contains_key("bargain") && families.contains_key("price"), "{families:?}");
    assert!(families.contains_key("acquaintance"), "{families:?}");
    assert!(scenes.left_out().iter().all(|(_, reason)| !reason.is_empty()));
    // Books 5, hats 3, the ball 2, of three, two and one.
    let divided =
        scenes.scenarios().iter().find(|scenario| scenario.name.ends_with("01H7VFHP3DPGRXH1Y500VQKFZA"));
    let divided = divided.expect("in the files");
    assert_eq!(
        (&divided.sizes, &divided.topics),
        (&vec![3, 2, 1], &vec!["books".into(), "hats".into(), "ball".into()])
    );
    assert_eq!(
        [0, 1].map(|side: usize| divided.parties[side].values.clone()),
        [vec![5, 3, 2], vec![2, 5, 3]]
    );
    let env = Dialogue::new(&scenes, NoisyJudge::NOISE);
    let tasks: Vec<_> = [istar::env::dialogue::Split::Train, istar::env::dialogue::Split::Test]
        .into_iter()
        .flat_map(|split| scenes.draw(split, &[Temperament::Conceder], 0, 100))
        .collect();
    let [expert, _, random] =
        Baseline::ALL.map(|who| who.play(&env, &tasks, 0.2, 0).expect("it cannot fail"));
    assert!(expert.goal > random.goal + 2.0, "{expert:?} {random:?}");
    let mut env = env;
    env.reset(&tasks[0]).expect("it cannot fail");
    assert!(env.seat().text().contains("You are "));
}

/// Pearson's correlation.
fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
    let (of_x, of_y) = (mean(x), mean(y));
    let sum = |a: &[f64], of_a: f64, b: &[f64], of_b: f64| -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - of_a) * (b - of_b)).sum()
    };
    sum(x, of_x, y, of_y) / (sum(x, of_x, x, of_x) * sum(y, of_y, y, of_y)).sqrt()
}

#[test]
fn the_judge_of_casino_agrees_with_points_as_its_people_did() {
    let Some(file) = shared("data/casino/casino_train.json") else { return };
    let text = std::fs::read_to_string(file).expect("readable data");
    let dialogues: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let levels = ["Extremely dis", "Slightly dis", "Undecided", "Slightly ", "Extremely "];
    let level = |value: &Value| {
        let said = value.as_str().expect("a text");
        levels.iter().position(|level| said.starts_with(level)).expect("a level") as f64
    };
    let (mut points, mut people, mut judged) = (vec![], [vec![], vec![]], [vec![], vec![]]);
    let judge = NoisyJudge::casino();
    for (draw, dialogue) in (0..).zip(&dialogues) {
        let persons = dialogue["participant_info"].as_object().expect("two people");
        for (side, person) in (0..).zip(persons.values()) {
            let outcomes = &person["outcomes"];
            let scored = outcomes["points_scored"].as_f64().expect("a number");
            points.push(scored);
            people[0].push(level(&outcomes["satisfaction"]));
            people[1].push(level(&outcomes["opponent_likeness"]));
            let truth = Scores::of(|d| d.range().0 + (d.range().1 - d.range().0) * scored / 36.0);
            let said = judge.read(&truth, 14, 0.0, 2 * draw + side);
            judged[0].push(said.get(Dimension::Goal));
            judged[1].push(said.get(Dimension::Relationship));
        }
    }
    for (people, judged) in people.iter().zip(&judged) {
        let [theirs, ours] = [people, judged].map(|seen| correlation(&points, seen));
        assert!((theirs - ours).abs() < 0.06, "{theirs} and {ours}");
    }
}
