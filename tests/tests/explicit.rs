//! Explicit PRMs and continuations in a running trainer.

use dfdx::prelude::Cpu;
use istar::credit::{Label, monte_carlo};
use istar::env::sokoban::{Frame, LevelSpec, Levels, Room, Sokoban, Split};
use istar::env::{Env, EnvError, Offers, Restore, Transition};
use istar::kernels::set_threads;
use istar::need::bit::Absent;
use istar::objective;
use istar::objective::{NeedsOf, Objective, Plan, demand_of, explain, validate};
use istar::policy::{Parameters, PixelPolicy};
use istar::recipes::*;
use istar::rollout::{Rollout, Sampling};
use istar::trainer::adam::AdamConfig;
use istar::trainer::{Settings, Trainer};
use std::collections::BTreeMap;

type Of<O> = Trainer<O, PixelPolicy<Frame, Cpu>, Cpu>;

objective! { Vine<rollouts = 3> = rl(adv = to_go(reward) - mc(rollouts)) }
objective! { Fresh<rollouts = 2, gamma = 0.9> = mc_prm(rollouts, gamma) + rl(adv = traj + diff(q)) }
objective! { Visits<gamma = 0.95> = mc_prm(0, gamma) + rl(adv = traj + diff(q)) }
objective! { Before<gamma = 0.9> = mc_prm(0, gamma, read = before) + rl(adv = norm(q)) }
objective! { Both = mc_prm(2, 0.9) + rl(adv = mc(2, 0.5) + diff(q)) }

fn levels(n: usize) -> Vec<Room> {
    let levels = Levels::new(LevelSpec { size: 6, boxes: 1, depth: 30 }).expect("in range");
    levels.draw(Split::Train, 3, n).expect("there are many")
}

fn settings() -> Settings {
    let sampling = Sampling { per_group: 4, ..Sampling::default() };
    Settings { sampling, minibatch: 16, ..Settings::default() }
}

fn with<O: Objective + Default>(settings: Settings) -> Of<O> {
    let policy = PixelPolicy::new(&Cpu::default(), (6, 6), 8, 7);
    Trainer::new(O::default(), policy, settings, 5).expect("defaults are in range")
}

fn trainer<O: Objective + Default>() -> Of<O> {
    with(settings())
}

fn train<O: Objective>(trainer: &mut Of<O>, iterations: usize) -> Vec<BTreeMap<String, f64>>
where
    Sokoban: Offers<O>,
{
    (0..iterations).map(|_| trainer.iterate(&Sokoban::new(8), &levels(3)).expect("finite")).collect()
}

fn sampled<O: Objective + Default>() -> Rollout<NeedsOf<O>, Frame>
where
    Sokoban: Offers<O>,
{
    trainer::<O>()
        .sample(&Sokoban::new(8), &levels(3), &settings().sampling, "rollout", None)
        .expect("none is lost")
}

#[test]
fn every_recipe_trains_and_moves_its_prm() {
    fn smoke<O: Objective + Default>()
    where
        Sokoban: Offers<O>,
    {
        let mut trainer: Of<O> = trainer();
        let policy: Vec<f32> =
            trainer.nets.policy.net.parameters().iter().flat_map(|p| p.1.values()).collect();
        let metrics = train(&mut trainer, 3);
        let moved: Vec<f32> =
            trainer.nets.policy.net.parameters().iter().flat_map(|p| p.1.values()).collect();
        assert_ne!(policy, moved, "{}", O::NAME);
        assert!(metrics.iter().all(|m| m.values().all(|x| x.is_finite())), "{}: {metrics:?}", O::NAME);
        if demand_of::<O>().explicit_prm {
            assert!(
                metrics.iter().all(|m| m["losses/prm"] >= 0.0 && m["charts/prm_grad_norm"] > 0.0),
                "{}",
                O::NAME
            );
        }
    }
    smoke::<AgentPrmMc>();
    smoke::<AgentPrmMcReleased>();
    smoke::<AgentPrm>();
    smoke::<VinePpo>();
    smoke::<Vine>();
    smoke::<Fresh>();
    smoke::<Visits>();
    smoke::<Before>();
    smoke::<Both>();
}

#[test]
fn a_prm_learns_what_its_labels_say() {
    let prm = AdamConfig { lr: 1e-3, ..AdamConfig::default() };
    let mut trainer: Of<Visits> = with(Settings { prm, prm_steps: 100, ..settings() });
    let sampling = Sampling { per_group: 8, ..settings().sampling };
    let batch = trainer
        .sample(&Sokoban::default(), &levels(4), &sampling, "rollout", None)
        .expect("none is lost")
        .batch;
    assert!(batch.success.contains(&1.0) && batch.success.contains(&0.0), "something to tell apart");
    trainer.learn(batch.clone(), None).expect("finite");
    let batch = trainer.read_references(batch, &Plan::default());
    let batch = trainer.score(batch);
    let labels = monte_carlo(&batch.layout, &batch.success, None, Label::ToGo, 0.95);
    let mean = |column: &[f64]| column.iter().sum::<f64>() / column.len() as f64;
    let (q, label) = (mean(&batch.q), mean(&labels));
    let covariance: Vec<f64> = batch.q.iter().zip(&labels).map(|(x, y)| (x - q) * (y - label)).collect();
    let square = |column: &[f64], m: f64| mean(&column.iter().map(|x| (x - m).powi(2)).collect::<Vec<_>>());
    let correlation = mean(&covariance) / (square(&batch.q, q) * square(&labels, label)).sqrt();
    // a reading has no memory, so what passes through one state by chance stays unexplained
    assert!(correlation > 0.6 && (q - label).abs() < 0.05, "{correlation} {q} {label}");
}

#[test]
fn threads_do_not_show() {
    let run = |threads| {
        set_threads(threads);
        let rollout = sampled::<Both>();
        let mut trainer: Of<Both> = trainer();
        let metrics = train(&mut trainer, 2);
        set_threads(1);
        (rollout.batch.continued, rollout.batch.outcome, metrics, trainer.export())
    };
    let one = run(1);
    assert!(one == run(2) && one == run(3), "the same bits");
}

#[test]
fn continuations_change_nothing_else_in_a_batch() {
    let (with, without) = (sampled::<Vine>(), sampled::<Grpo>());
    assert_eq!(with.batch.token, without.batch.token);
    assert_eq!(with.batch.old, without.batch.old);
    assert_eq!(with.batch.observations, without.batch.observations);
    assert_eq!((with.rewards, with.entropy), (without.rewards, without.entropy));
    let _: Absent = without.batch.continued;
}

#[test]
fn continuations_end_as_the_budget_says_and_are_counted() {
    let Rollout { batch, .. } = sampled::<Vine>();
    let layout = &batch.layout;
    let mut steps = 0;
    for traj in 0..layout.trajs() {
        for (t, step) in layout.steps_of(traj).enumerate() {
            assert_eq!(batch.continued.before(step).len(), 3);
            for one in batch.continued.before(step) {
                let length = batch.continued.rewards(one).len();
                assert!(length >= 1 && t + length <= 8, "a budget of 8 steps");
                assert!(
                    batch.continued.success(one) == 1.0 || t + length == 8,
                    "an end before the budget is success"
                );
                steps += length as u64;
            }
        }
    }
    assert_eq!(batch.continued.env_steps(), steps);
    let mut trainer: Of<Vine> = trainer();
    let metrics = train(&mut trainer, 1);
    assert_eq!(metrics[0]["charts/continuation_steps"], steps as f64);
    assert_eq!(trainer.env_steps, layout.steps() as u64 + steps);
}

/// From one state the continuations differ, as each has a stream of its own.
#[test]
fn continuations_are_fresh() {
    let Rollout { batch, .. } = sampled::<Vine>();
    let differ = |step: &usize| {
        let mut walks = batch.continued.before(*step).map(|one| batch.continued.rewards(one));
        let first = walks.next();
        walks.any(|walk| Some(walk) != first)
    };
    let steps = batch.layout.steps();
    let differing = (0..steps).filter(differ).count();
    assert!(differing > steps / 10, "{differing} of {steps}");
}

#[test]
fn a_trainer_goes_on_from_its_export_bit_by_bit() {
    let mut through: Of<Fresh> = trainer();
    train(&mut through, 1);
    let half = through.export();
    train(&mut through, 2);
    let mut resumed: Of<Fresh> =
        Trainer::new(Fresh::default(), PixelPolicy::new(&Cpu::default(), (6, 6), 8, 99), settings(), 0)
            .expect("in range");
    resumed.import(&half).expect("the same shapes");
    train(&mut resumed, 2);
    assert!(resumed.export() == through.export(), "the same bits");
}

#[test]
fn weight_zero_reads_the_prm_and_never_moves_it() {
    objective! { Frozen = 0 * mc_prm(0, 0.9) + rl(adv = norm(q)) }
    let mut trainer: Of<Frozen> = trainer();
    let before: Vec<f32> = trainer.nets.explicit.net.parameters().iter().flat_map(|p| p.1.values()).collect();
    train(&mut trainer, 2);
    let after: Vec<f32> = trainer.nets.explicit.net.parameters().iter().flat_map(|p| p.1.values()).collect();
    assert_eq!(before, after);
    assert_eq!(trainer.nets.explicit.adam.steps, 0);
}

/// It talks to somebody who remembers: it cannot go back.
#[derive(Clone)]
struct Dialogue(u32);

impl Env for Dialogue {
    type Task = ();
    type Observation = u32;
    fn reset(&mut self, _: &()) -> Result<(), EnvError> {
        self.0 = 0;
        Ok(())
    }
    fn observe(&self) -> u32 {
        self.0
    }
    fn step(&mut self, _: &[u32]) -> Result<Transition, EnvError> {
        self.0 += 1;
        Ok(Transition { ended: self.0 == 4, ..Transition::default() })
    }
}

#[test]
fn without_rollouts_nothing_is_asked_of_an_environment() {
    fn offers<O: Objective, E: Offers<O>>() {}
    fn restores<E: Restore>() {}
    offers::<Visits, Dialogue>();
    offers::<AgentPrm, Dialogue>();
    offers::<Fresh, Sokoban>();
    restores::<Sokoban>();
    assert!(!demand_of::<Visits>().continuations && !demand_of::<Before>().continuations);
    assert!(demand_of::<AgentPrmMc>().continuations && demand_of::<AgentPrmMcReleased>().continuations);
    assert!(demand_of::<Fresh>().continuations && demand_of::<Vine>().continuations);
}

#[test]
fn explanations_name_the_stages() {
    let last = |text: String| text.trim_end().lines().last().map(str::trim).map(str::to_owned);
    let order = |text| last(text).expect("an order");
    assert_eq!(
        order(explain::<Fresh>()),
        "rollout, continuations, train PRM (phase A), read PRM, train policy (phase B)"
    );
    assert_eq!(order(explain::<Before>()), "rollout, read PRM, train PRM (phase A), train policy (phase B)");
    assert_eq!(order(explain::<Vine>()), "rollout, continuations, train policy (phase B)");
    assert!(explain::<Fresh>().contains("mc_prm(rollouts, gamma)\n"));
    assert!(explain::<Before>().contains("mc_prm(0, gamma, read = before)\n"));
    assert!(explain::<Both>().contains("rl(adv = mc(2, 0.5) + diff(q))\n"));
}

#[test]
fn numbers_that_do_not_fit_are_refused() {
    objective! { Clash<a = 2, b = 3> = mc_prm(a, 0.9) + rl(adv = mc(b) + diff(q)) }
    let refused = |objective: Clash| validate(&objective).err().map(|e| e.problems);
    let two = "two rules for `rollouts`: an objective keeps one, give all its uses the same rule".to_owned();
    assert_eq!(refused(Clash::default()), Some(vec![two]));
    assert_eq!(refused(Clash { a: 3.0, b: 3.0 }), None);
    assert_eq!(refused(Clash { a: 0.0, b: 3.0 }), None, "own trajectories beside continuations for `mc`");
    let whole = |least, found| format!("`rollouts` must be a whole number, {least} or above, found {found}");
    assert_eq!(refused(Clash { a: 0.5, b: 3.0 }), Some(vec![whole(0, "0.5 for `a` in `mc_prm`")]));
    assert_eq!(refused(Clash { a: 3.0, b: 0.0 }), Some(vec![whole(1, "0 for `b` in `rl`")]));
}
