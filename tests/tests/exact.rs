//! `exact`, the exact credit of a step: against the distance itself, in every environment that is searched, and from a log.

use dfdx::prelude::Cpu;
use istar::batch::Scope;
use istar::credit::Credit;
use istar::env::relay::Relay;
use istar::env::sokoban::{LevelSpec, Levels, Planned, Room, Sokoban, Split};
use istar::env::{Env, ExactCredit, Offers};
use istar::logged::{Logged, assign};
use istar::objective;
use istar::objective::signal::Exact;
use istar::objective::{Signal, demand_of, explain};
use istar::policy::{PixelPolicy, Pixels};
use istar::rollout::{Sampling, sample};
use istar::trainer::{Settings, Trainer};
use std::num::NonZeroU32;

objective! {
    /// Outcome against the group, and beside it what each step was worth, with its tails cut.
    pub Ceiling<lambda = 1.0> = rl(adv = traj + lambda * norm(clip(exact, -1, 1)))
}

fn levels() -> Vec<Room> {
    let levels = Levels::new(LevelSpec { size: 6, boxes: 2, depth: 30 }).expect("in range");
    levels.draw(Split::Train, 3, 4).expect("there are many")
}

/// Samples under a policy that knows nothing, and compares the signal with the costs before and after every step.
fn compare<E>(env: &E, tokens: usize)
where
    E: ExactCredit + Env<Task = Room> + Offers<Ceiling>,
    E::Observation: Pixels,
{
    let (levels, per_group) = (levels(), 4);
    let net = PixelPolicy::with_actions(&Cpu::default(), (6, 6), 8, tokens, 7);
    let mut searches: Vec<E::Search> = levels.iter().map(E::search).collect();
    let mut costs = vec![Vec::new(); levels.len() * per_group];
    let mut watch =
        |episode: usize, env: &E| costs[episode].push(env.cost(&mut searches[episode / per_group]));
    let sampling = Sampling { per_group, ..Sampling::default() };
    let rollout =
        sample::<Ceiling, E, _, Cpu>(env, &levels, &net, &sampling, (5, "test", 0), Some(&mut watch));
    let batch = rollout.expect("Sokoban cannot fail").batch;
    let found = Exact::eval(&Credit { batch: batch.columns(), at: Scope::new(&[], &[]) });
    let expected: Vec<f64> =
        costs.iter().flat_map(|costs| costs.windows(2).map(|pair| pair[0] - pair[1])).collect();
    assert_eq!(found, expected);
    assert!(found.contains(&1.0) && found.contains(&-1.0), "steps forth and back: {found:?}");
    assert!(found.iter().any(|exact| *exact < -2.0), "and into dead ends: {found:?}");
}

#[test]
fn it_is_by_how_much_the_distance_gets_shorter() {
    compare(&Sokoban::new(20), 4);
    compare(&Planned::new(20), Planned::tokens(2));
    compare(&Relay::new(Sokoban::new(20), NonZeroU32::new(2).expect("two")), 4);
}

#[test]
fn what_it_asks_for_is_said_and_it_trains() {
    let demand = demand_of::<Ceiling>();
    assert!(demand.exact_credit && !demand.reads_prm);
    assert!(explain::<Ceiling>().contains("exact_credit"), "{}", explain::<Ceiling>());
    let net = PixelPolicy::with_actions(&Cpu::default(), (6, 6), 8, 4, 7);
    let mut trainer =
        Trainer::<Ceiling, _, Cpu>::new(Ceiling::default(), net, Settings::default(), 5).expect("in range");
    let before = trainer.export();
    trainer.iterate(&Sokoban::new(8), &levels()).expect("finite");
    assert!(trainer.export() != before);
}

#[test]
fn a_log_says_how_near_success_is() {
    let batch = |steps: [[f64; 2]; 2]| {
        let trajectory = |nearer: &[f64; 2]| {
            let step =
                |nearer: &f64| format!(r#"{{"nearer": {nearer}, "tokens": [{{"old": -1, "logp": -1}}]}}"#);
            let steps: Vec<String> = nearer.iter().map(step).collect();
            format!(r#"{{"outcome": 1, "success": true, "steps": [{}]}}"#, steps.join(", "))
        };
        let trajectories: Vec<String> = steps.iter().map(trajectory).collect();
        format!(r#"{{"groups": [{{"trajectories": [{}]}}]}}"#, trajectories.join(", "))
    };
    objective! { Plain = rl(adv = norm(exact, scale = none)) }
    let whole = batch([[1.0, 2.0], [-1.0, 0.0]]);
    let logged = Logged::read(whole.as_bytes()).expect("a whole batch");
    // Exact credit 1, 1 and -1, 1; their mean is 0.5.
    let found = assign(&Plain, &logged).expect("all is there").advantage.expect("there is one");
    assert_eq!(found, [0.5, 0.5, -1.5, 0.5]);
    let gap = Logged::read(whole.replace("\"nearer\": 2, ", "").as_bytes()).expect("it reads");
    let refused = assign(&Plain, &gap).expect_err("a step lacks it").to_string();
    assert!(refused.contains("nearer") && refused.contains("step 1"), "{refused}");
}
