//! Padded rows in: the batch is the nested one that they stand for, and results stand where the rows stood.

use super::properties::batches;
use super::*;
use crate::Line;
use crate::logged::{Cells, Column, Given, Padded, Step, advantage};
use crate::objective;
use crate::objective::AnyObjective;
use crate::recipes;
use proptest::prelude::*;

/// Rows of groups as arrays, in an order of their own: a trajectory a row, a step a run with a gap behind it.
struct Rows {
    length: usize,
    uid: Vec<u32>,
    outcome: Vec<f64>,
    mask: Vec<bool>,
    /// Per field of [`Token`], its cells.
    tokens: [Vec<f64>; 4],
    /// Per step, in the order of the rows.
    state: Vec<u32>,
    reward: Vec<f64>,
}

fn rows(groups: &[Vec<Traj>]) -> Rows {
    let width = |traj: &Traj| traj.steps.iter().map(|(_, tokens)| tokens.len() + 1).sum::<usize>();
    let all: Vec<(usize, &Traj)> =
        groups.iter().enumerate().flat_map(|(g, trajs)| trajs.iter().map(move |traj| (g, traj))).collect();
    let length = all.iter().map(|(_, traj)| width(traj)).max().unwrap_or(0);
    let cells = all.len() * length;
    let mut rows = Rows {
        length,
        uid: all.iter().map(|(g, _)| *g as u32).collect(),
        outcome: all.iter().map(|(_, traj)| traj.outcome).collect(),
        mask: vec![false; cells],
        tokens: std::array::from_fn(|_| vec![f64::NAN; cells]),
        state: Vec::new(),
        reward: Vec::new(),
    };
    for (row, (_, traj)) in all.iter().enumerate() {
        let mut place = row * length;
        for (state, tokens) in &traj.steps {
            rows.state.push(u32::from(*state));
            rows.reward.push(f64::from(*state) / 100.0);
            for token in tokens {
                rows.mask[place] = true;
                (0..4).for_each(|i| rows.tokens[i][place] = token[i]);
                place += 1;
            }
            place += 1;
        }
    }
    rows
}

/// Groups without those of no trajectory, and steps without those of no token: rows have none.
fn of_rows(mut groups: Vec<Vec<Traj>>) -> Vec<Vec<Traj>> {
    groups.iter_mut().flatten().for_each(|traj| traj.steps.retain(|(_, tokens)| !tokens.is_empty()));
    groups.retain(|group| !group.is_empty());
    groups
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_are_the_batch_that_they_stand_for(groups in batches()) {
        let groups = of_rows(groups);
        let rows = rows(&groups);
        let names = ["old", "logp", "ref", "prm"];
        let mut padded = Padded::new(rows.uid.len(), rows.length, Cells::Flags(&rows.mask), &rows.uid)
            .per_row("outcome", &rows.outcome)
            .per_step("state", &rows.state)
            .per_step("reward", &rows.reward);
        for (name, cells) in names.iter().zip(&rows.tokens) {
            padded = padded.per_token(name, Cells::F64(cells));
        }
        let (batch, runs) = padded.read().expect("good rows");
        let nested = Logged::read(&text(&groups)).expect("a good batch");
        prop_assert_eq!(batch.layout(), nested.layout());
        for line in ["rl(adv = traj + norm(to_go(reward))) + kl(0.1)", "dpo_prm(0.1, ref = init) + rl(adv = anchor(0.9) + step)"] {
            let line = Line::parse(line).expect("a line");
            let [found, expected] = [&batch, &nested].map(|batch| assign(&line, batch));
            let same = |found: &Assigned| (found.loss, found.advantage.clone(), found.dloss_dlogp.clone(), found.dloss_dprm.clone());
            prop_assert_eq!(found.as_ref().map(same), expected.as_ref().map(same));
            if let Ok(Assigned { advantage: Some(advantage), .. }) = found {
                // There and back again.
                let mut cells = vec![f64::NAN; rows.mask.len()];
                runs.spread(&advantage, &mut cells, |x| x);
                prop_assert_eq!(runs.gather(&Cells::F64(&cells)), advantage);
                prop_assert!(cells.iter().zip(&rows.mask).all(|(x, there)| x.is_nan() != *there));
            }
        }
    }
}

#[test]
fn rows_of_groups_and_trajectories_come_together() {
    // Two groups, whose rows alternate; the first has one trajectory of two rows.
    let mask = [1u8; 8];
    let old: Vec<f32> = (0..8).map(|i| -0.1 - i as f32).collect();
    let (batch, runs) = Padded::new(4, 2, Cells::U8(&mask), &[5, 3, 5, 3])
        .trajectories(&[0, 0, 0, 1])
        .step(Step::Row)
        .per_row("outcome", &[1.0, 2.0, 9.0, 3.0])
        .per_row("state", Column::Texts(&["a", "b", "a", "c"]))
        .per_token("old", Cells::F32(&old))
        .read()
        .expect("good rows");
    assert_eq!(batch.layout(), &crate::batch::Layout::from_lengths([1, 2], [2, 1, 1], [2, 2, 2, 2]));
    assert_eq!(batch.columns().outcome, [1.0, 2.0, 3.0], "the first row's");
    assert_eq!(batch.columns().state, Some(&[0, 0, 0, 1][..]), "numbers of their own in each group");
    assert!(batch.remarks[0].to_string().contains("rows of one trajectory differ in `outcome`"));
    let order: Vec<f64> = [0, 1, 4, 5, 2, 3, 6, 7].map(|i| f64::from(old[i])).to_vec();
    assert_eq!(batch.columns().old, order);
    assert_eq!(
        [0, 3, 4, 7].map(|token| runs.cell(token)),
        [Some((0, 0)), Some((2, 1)), Some((1, 0)), Some((3, 1))]
    );
    assert_eq!(runs.cell(8), None);
}

#[test]
fn what_is_wrong_with_rows() {
    let (mask, uid) = ([1.0, 0.0, 1.0, 1.0], [0, 0]);
    let rows = || Padded::new(2, 2, Cells::F64(&mask), &uid);
    let refused = |padded: Padded<'_>, said: &str| {
        assert_eq!(padded.read().expect_err(said).to_string(), said);
    };
    refused(
        Padded::new(2, 2, Cells::F64(&[1.0, 0.0, 0.5, 1.0]), &uid),
        "row 1, token 0: `mask` is 0.5, expected 0 or 1",
    );
    refused(Padded::new(2, 3, Cells::F64(&mask), &uid), "`mask` has 4 cells, expected 6");
    refused(Padded::new(2, 2, Cells::F64(&mask), &[0]), "`uid` has 1 entries, expected 2");
    refused(
        rows().per_token("old", Cells::F64(&[-1.0, f64::NAN, -1.0, f64::INFINITY])),
        "row 1, token 1: `old` is inf, expected a finite number",
    );
    refused(rows().per_row("outcome", &[0.0, f64::NAN]), "row 1: `outcome` is NaN, expected a finite number");
    refused(rows().per_row("success", &[0.0, 2.0]), "row 1: `success` is 2, expected true or false");
    refused(rows().per_row("outcom", &[0.0, 2.0]), "`outcom` is no field (did you mean \"outcome\"?)");
    refused(
        rows().per_token("old_log_probs", Cells::F64(&mask)),
        "`old_log_probs` is no field (here it is `old`)",
    );
    refused(rows().per_step("reward", &[0.0]), "row 0: `reward` has 1 entries, and there are 2 steps");
    refused(
        rows().per_token("turn", Cells::F64(&[0.0, 0.0, 0.5, 0.5])),
        "row 1: `turn` is 0.5, expected a whole number from 0 up",
    );
    let twice = rows().per_row("outcome", &[0.0, 1.0]).per_row("outcome", &[0.0, 1.0]);
    refused(twice, "`outcome` stands twice");
    let both = rows().step(Step::Row).per_row("turn", &[0u32, 0]).per_row("segment_start", &[true, true]);
    refused(both, "`turn` stands beside `segment_start`: give the one that says where segments begin");
}

#[test]
fn labels_are_taken_from_outcomes_where_there_are_none() {
    let rows = || Padded::new(2, 1, Cells::U8(&[1, 1]), &[0, 0]).per_row("outcome", &[3.0, -1.0]);
    let said = |batch: &Logged, line: &str| -> Vec<String> {
        let found = advantage(&Line::parse(line).expect("a line"), batch).expect("all is there");
        found.remarks.iter().map(ToString::to_string).filter(|remark| remark.contains("no label")).collect()
    };
    let (batch, _) = rows().read().expect("good rows");
    assert_eq!(batch.columns().success, [1.0, 0.0]);
    assert_eq!(said(&batch, "rl(adv = norm(success))").len(), 1);
    assert!(said(&batch, "rl(adv = traj)").is_empty());
    let (batch, _) = rows().per_row("success", &[false, true]).read().expect("good rows");
    assert_eq!(batch.columns().success, [0.0, 1.0]);
    assert!(said(&batch, "rl(adv = norm(success))").is_empty());
}

/// Where a line says that its advantage does not see `old`, it does not.
#[test]
fn who_does_not_read_old_does_not() {
    let read = |low: f64| {
        let token = |i: i32| json!({"old": low * f64::from(i), "logp": -0.3, "ref": -0.2 * f64::from(i), "prm": -0.4, "value": 0.1});
        let step = |i: i32| json!({"state": i % 2, "reward": i, "valid": i != 1, "tokens": [token(i), token(i + 1)]});
        let traj = |i: i32| json!({"outcome": i, "success": i > 1, "steps": [step(i), step(i + 1)]});
        let batch = json!({"groups": [{"trajectories": [traj(1), traj(2), traj(3)]}]});
        Logged::read(batch.to_string().as_bytes()).expect("a good batch")
    };
    let (one, other, mut none) = (read(-0.1), read(-0.7), 0);
    for recipe in recipes::all() {
        let (name, numbers) = (recipe.objective.name().to_owned(), recipe.objective.numbers());
        let mut line = Line::parse(recipe.objective.source()).expect("a recipe is a line");
        for (name, value) in numbers.iter() {
            line.set(name, value).expect("its number");
        }
        let [a, b] = [&one, &other].map(|batch| advantage(&line, batch).map(|found| found.advantage));
        if !line.may_read_old() {
            none += 1;
            assert_eq!(a, b, "{name}");
        }
    }
    assert!(none > 10, "{none} lines read no `old`");
    assert!(!Line::parse("rl(adv = traj) + kl(0.1)").expect("a line").may_read_old());
    for line in [
        "rl(adv = sum(log_ratio(prm, old), per = traj)) + dpo_prm(0.1)",
        "dar(0.1, 0.5, adv = traj)",
        "rl(adv = traj) + kl(0.1, ref = old)",
    ] {
        assert!(Line::parse(line).expect("a line").may_read_old(), "{line}");
    }
}

/// A line with its credit given is the line where it acts on the policy.
#[test]
fn a_line_with_its_credit_given() {
    let groups = json!({"groups": [{"trajectories": [
        {"outcome": 1, "success": true, "steps": [{"tokens": [{"old": -0.5, "logp": -0.4, "ref": -0.3, "prm": -0.2, "adv": 0.7}]}]},
        {"outcome": 0, "success": false, "steps": [{"tokens": [{"old": -0.7, "logp": -0.6, "ref": -0.9, "prm": -0.3, "adv": -0.7}]}]}]}]});
    let batch = Logged::read(groups.to_string().as_bytes()).expect("a good batch");
    let line =
        Line::parse("dpo_prm(0.1) + 0.5 * rl(adv = traj + step, clip = 0.1) + kl(0.2)").expect("a line");
    let given = line.with_advantage::<Given>();
    assert_eq!(given.terms(), ["rl", "kl"]);
    let found = assign(&given, &batch).expect("all is there");
    assert_eq!((&found.advantage, &found.dloss_dprm), (&Some(vec![0.7, -0.7]), &None));
    let own =
        assign(&objective!(< 0.5 * rl(adv = Given, clip = 0.1) + kl(0.2) >), &batch).expect("all is there");
    assert_eq!((found.loss, found.dloss_dlogp), (own.loss, own.dloss_dlogp));
    assert_eq!(Line::parse("dpo_prm(0.1)").expect("a line").with_advantage::<Given>().terms(), ["dpo_prm"]);
}

#[test]
fn what_stands_by_name_is_what_a_log_has() {
    let list = json!({"turns": [{"items": [{"weight": 1.0}]}]});
    let step = |s: f64, low: f64, done: bool, k: [f64; 2]| {
        let token = |k: f64| json!({"old": -0.5, "columns": {"k": k}});
        json!({"columns": {"s": s}, "values": {"high": 1.0 - low, "low": low}, "turn": 0, "items": [done],
               "tokens": [token(k[0]), token(k[1])]})
    };
    let traj = |outcome: f64, steps: [Value; 1]| {
        json!({"outcome": outcome, "success": outcome > 0.0, "value_after": {"high": outcome, "low": 0.5},
               "columns": {"t": -outcome}, "steps": steps})
    };
    let groups = json!({"groups": [{"checklist": list, "trajectories": [
        traj(1.0, [step(0.1, 0.3, true, [1.0, 2.0])]), traj(0.0, [step(0.2, 0.4, false, [3.0, 4.0])])]}]});
    let expected = Logged::read(groups.to_string().as_bytes()).expect("a good batch");
    let (lists, items) = ([list.clone(), list], [json!([true]), json!([false])]);
    let rows = || {
        Padded::new(2, 2, Cells::U8(&[1; 4]), &[0, 0])
            .per_row("outcome", &[1.0, 0.0])
            .per_row("success", &[true, false])
            .per_row("value_after", Column::Heads(&[("high", &[1.0, 0.0]), ("low", &[0.5, 0.5])]))
            .per_token("old", Cells::F64(&[-0.5; 4]))
            .per_step("turn", &[0u32, 0])
            .per_step("items", Column::Json(&items))
            .own_per_token("k", Cells::F64(&[1.0, 2.0, 3.0, 4.0]))
            .own_per_row("t", &[-1.0, 0.0])
            .own_per_step("s", &[0.1, 0.2])
            .checklists(&lists)
    };
    let heads = rows().head_per_step("low", &[0.3, 0.4]).head_per_step("high", &[0.7, 0.6]);
    let mut found = heads.read().expect("good rows").0;
    // Without a prompt there is none, and columns of one's own have no order.
    found.prompts.clone_from(&expected.prompts);
    assert_eq!(found, expected);
    let firsts = rows().head_per_token("low", Cells::F64(&[0.3, 9.0, 0.4, 9.0]));
    assert_eq!(firsts.read().expect("good rows").0.values.head("low"), Some(&[0.3, 0.4][..]));
    let row = rows().head_per_row("low", &[0.3, 0.4]).read().expect_err("rows are no steps");
    assert!(row.to_string().contains("step = \"row\""), "{row}");
    let twice = rows().own_per_token("k", Cells::F64(&[0.0; 4])).read().expect_err("twice");
    assert_eq!(twice.to_string(), "the column `k` stands twice");
    let nan = rows().own_per_token("other", Cells::F64(&[0.0, 0.0, f64::NAN, 0.0])).read().expect_err("NaN");
    assert_eq!(nan.to_string(), "row 1, token 0: `other` is NaN, expected a finite number");
}
