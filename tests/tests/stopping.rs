//! A baseline that knows when a trajectory stops is biased, and the form that the compiler proposes is not: on a process so small that
//! every pair of trajectories can be counted.
//!
//! At each of three turns the policy stops or goes on, at the third it has to stop; stopping brings 1, going on nothing. So every
//! trajectory returns 1, and no policy is better than another: the expected gradient is 0.

use istar::Line;
use istar::batch::{Columns, Layout};
use istar::credit::Credit;
use istar::graph::Phase;
use istar::objective::{AnyObjective, Leaf};

/// How probable it is to stop at the first turn, and at the second.
const STOPS: [f64; 2] = [0.3, 0.6];

/// How probable a trajectory of so many turns is.
fn chance(turns: usize) -> f64 {
    let goes_on: f64 = STOPS[..turns - 1].iter().map(|stops| 1.0 - stops).product();
    goes_on * STOPS.get(turns - 1).unwrap_or(&1.0)
}

/// The derivative of the log-probability of what was done at a turn, by the logit of stopping there.
fn score(turns: usize, turn: usize) -> f64 {
    if turn + 1 == turns { 1.0 - STOPS[turn] } else { -STOPS[turn] }
}

/// Per trajectory and turn, the advantage that a line gives a group of two trajectories.
fn advantages(line: &Line, turns: [usize; 2]) -> [Vec<f64>; 2] {
    let all = turns.iter().sum();
    let layout = Layout::from_lengths([2], turns, std::iter::repeat_n(1, all));
    let reward: Vec<f64> =
        turns.iter().flat_map(|turns| (1..=*turns).map(|turn| f64::from(u8::from(turn == *turns)))).collect();
    let segment: Vec<u32> = turns.iter().flat_map(|turns| 0..*turns as u32).collect();
    let (old, one) = (vec![-0.5; all], [1.0, 1.0]);
    let columns = Columns {
        reward: Some(&reward),
        segment: Some(&segment),
        ..Columns::of_outcomes(&layout, &old, &one, &one)
    };
    let numbers = line.numbers();
    let cx = Credit { batch: columns, at: numbers.scope(0) };
    let found = line.evaluate(&cx, &Leaf::new(Phase::Policy, &old)).advantage.expect("it has one");
    let (first, second) = found.split_at(turns[0]);
    [first.to_vec(), second.to_vec()]
}

/// The expected policy gradient, by the logit of stopping at the first turn and at the second.
fn gradient(line: &str) -> [f64; 2] {
    let line = Line::parse(line).unwrap_or_else(|report| panic!("{report}"));
    let mut gradient = [0.0; 2];
    for (a, b) in (1..=3).flat_map(|a| (1..=3).map(move |b| (a, b))) {
        for (turns, advantage) in [a, b].into_iter().zip(advantages(&line, [a, b])) {
            for turn in 0..turns.min(2) {
                gradient[turn] += chance(a) * chance(b) * advantage[turn] * score(turns, turn);
            }
        }
    }
    gradient
}

#[test]
fn the_form_that_is_warned_of_is_biased() {
    for line in [
        "rl(adv = to_go(norm(reward, within = turn, scale = none)))",
        "rl(adv = to_go(norm(reward, within = turn)))",
        "rl(adv = sum(norm(reward, within = turn, scale = none), per = traj))",
    ] {
        let [first, _] = gradient(line);
        assert!(first > 0.02, "{line} pays for stopping early: {first}");
        let warnings = Line::parse(line).expect("it is legal").warnings().to_string();
        assert!(warnings.contains("accumulate first"), "{line}: {warnings}");
    }
}

#[test]
fn the_form_that_is_proposed_is_not() {
    for line in [
        "rl(adv = norm(to_go(reward), within = turn, scale = none))",
        "rl(adv = norm(to_go(reward), within = turn))",
        "rl(adv = traj)",
    ] {
        assert!(gradient(line).iter().all(|slope| slope.abs() < 1e-12), "{line}: {:?}", gradient(line));
        assert_eq!(Line::parse(line).expect("it is legal").warnings().to_string(), "");
    }
}
