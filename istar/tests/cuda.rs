//! Training on CUDA, step by step beside the same on the CPU: the same seed samples the same episodes, and after so many updates
//! the parameters are where they are on the CPU, within a tolerance. Without a device the tests say so and pass; with
//! `ISTAR_CUDA_WANTED` set they fail.

use istar::env::Offers;
use istar::env::sokoban::Sokoban;
use istar::kernels::Place;
use istar::objective;
use istar::objective::Objective;
use istar::policy::Parameters;
use istar::policy::weights::Arrays;
use istar::rollout::Sampling;
use istar::table::{Ablation, Schedule, Stage, TrainerOf, Visitor};
use istar::trainer::adam::AdamConfig;
use istar::trainer::{Settings, Trainer, WarmStart};
use istar::worlds::{self, OnCuda, Preset, Recipes, SokobanRecipes, SokobanWorld, Visit, World};
use std::collections::BTreeMap;
use std::time::Instant;

/// How far a tensor of parameters may be from where it is on the CPU, in the mean of squares, relative to how far a parameter can have
/// come. Single ones go their own way: where a gradient is nothing but rounding, Adam makes whole steps of it.
const TOLERANCE: f64 = 0.02;
/// How far a metric may be from the CPU's, relative to it or to 1.
const METRICS: f64 = 1e-2;
/// Iterations of a recipe; each has 120 steps, less what is solved, in mini-batches of 32.
const ITERATIONS: u64 = 5;

fn device() -> bool {
    match Place::cuda() {
        Ok(_) => true,
        Err(reason) if std::env::var_os("ISTAR_CUDA_WANTED").is_none() => {
            eprintln!("not tested: {reason}");
            false
        }
        Err(reason) => panic!("{reason}"),
    }
}

/// Rooms of 5×5, and schedules that are quickly over.
fn small() -> (SokobanWorld, Schedule) {
    let (world, schedule) = SokobanWorld::one_box(Preset::Smoke);
    let world = SokobanWorld { size: 5, depth: 10, train: 32, validation: 2, test: 2, ..world };
    let sampling = Sampling { per_group: 4, ..Sampling::default() };
    let policy = AdamConfig { lr: 1e-3, ..AdamConfig::default() };
    let settings = Settings { sampling, minibatch: 32, epochs: 1, policy, ..Settings::default() };
    let warm = WarmStart { steps: 4, tasks: 8, adam: policy };
    (world, Schedule { groups: 2, iterations: ITERATIONS, warm_start: Some(warm), settings, ..schedule })
}

/// A trainer after its first iteration on the CPU, from which both go on: until then a PRM equals its reference, and what a line makes of
/// their difference is zero on the CPU and noise of rounding on CUDA.
fn begun<O, W>(objective: O, (world, schedule): (W, Schedule)) -> Arrays
where
    O: Objective,
    W: World<Env: Offers<O>>,
{
    let stage = Stage::of(world).unwrap_or_else(|error| panic!("{error}"));
    let mut trainer = trainer(objective, &stage, &schedule);
    trainer
        .iterate(&stage.env, &stage.batch(3, 0, schedule.groups))
        .unwrap_or_else(|error| panic!("{error}"));
    trainer.export()
}

fn trainer<O: Objective, W: World>(objective: O, stage: &Stage<W>, schedule: &Schedule) -> TrainerOf<O, W> {
    let policy = stage.world.policy(3);
    Trainer::new(objective, policy, schedule.settings, 3).unwrap_or_else(|error| panic!("{error}"))
}

/// What training came to: the metrics of every iteration, and the parameters at the end.
type Trained = (Vec<BTreeMap<String, f64>>, Vec<(String, Vec<f32>)>);

fn trained<O, W>(objective: O, (world, schedule): (W, Schedule), begun: &Arrays) -> Trained
where
    O: Objective,
    W: World<Env: Offers<O>>,
{
    let stage = Stage::of(world).unwrap_or_else(|error| panic!("{error}"));
    let mut trainer = trainer(objective, &stage, &schedule);
    trainer.import(begun).unwrap_or_else(|error| panic!("{error}"));
    let metrics = (1..=schedule.iterations).map(|iteration| {
        let tasks = stage.batch(3, iteration, schedule.groups);
        trainer.iterate(&stage.env, &tasks).unwrap_or_else(|error| panic!("{error}"))
    });
    let metrics = metrics.collect();
    let policy = trainer.nets.policy.net.parameters().into_iter().map(|(name, of)| (name, of.values()));
    let parameters = policy.collect();
    (metrics, parameters)
}

/// Asserts that two trainings came to the same.
fn assert_same(what: &str, (cpu, there): (&Trained, &Trained), rate: f64) {
    for (number, (expected, found)) in cpu.0.iter().zip(&there.0).enumerate() {
        // How many differences have the right sign: of two networks that are still equal they have any.
        for (name, expected) in expected.iter().filter(|(name, _)| !name.contains("accuracy")) {
            let found = found.get(name).unwrap_or_else(|| panic!("{what}: no {name} on CUDA"));
            let near = (found - expected).abs() <= METRICS * expected.abs().max(1.0) || found == expected;
            assert!(
                near || found.is_nan() && expected.is_nan(),
                "{what}, iteration {number}, {name}: {found}, on the CPU {expected}"
            );
        }
    }
    for ((name, expected), (_, found)) in cpu.1.iter().zip(&there.1) {
        let squares = found.iter().zip(expected).map(|(found, expected)| f64::from(found - expected).powi(2));
        let apart = (squares.sum::<f64>() / expected.len() as f64).sqrt();
        assert!(apart <= TOLERANCE * rate, "{what}, {name}: {apart:e} from the CPU's, of a way of {rate:e}");
    }
}

#[test]
fn twenty_steps_of_every_recipe_go_where_they_go_on_the_cpu() {
    struct Train(usize);
    impl Visitor<Sokoban> for Train {
        fn row<O: Objective>(&mut self, name: &'static str, objective: O)
        where
            Sokoban: Offers<O>,
        {
            let (world, schedule) = small();
            let rate = schedule.settings.policy.lr * (4 * schedule.iterations) as f64;
            let clock = Instant::now();
            let begun = begun(objective.clone(), (world, schedule));
            let cpu = trained(objective.clone(), (world, schedule), &begun);
            let there = trained(objective, OnCuda::of((world, schedule)), &begun);
            eprintln!("{name}: {:.1} s", clock.elapsed().as_secs_f64());
            assert_same(name, (&cpu, &there), rate);
            self.0 += 1;
        }
    }
    if !device() {
        return;
    }
    let mut train = Train(0);
    SokobanRecipes::rows(&mut train);
    eprintln!("{} recipes", train.0);
    assert!(train.0 > 20);
}

#[test]
fn a_policy_of_every_kind_goes_where_it_goes_on_the_cpu() {
    /// Goes on from what the CPU began, if it has.
    struct Train<'a>(Option<&'a Arrays>);
    impl Visit for Train<'_> {
        type Output = (Arrays, Trained, f64);
        fn world<W: World, A: Ablation<W::Env>, R: Recipes<W::Env>>(
            self,
            make: fn(Preset) -> (W, Schedule),
        ) -> Self::Output {
            let (world, schedule) = make(Preset::Smoke);
            let schedule = Schedule { iterations: 2, groups: 2, ..schedule };
            let rate = schedule.settings.policy.lr * 16.0;
            let line = objective!(<
                dpo_prm(0.05, net = separate, ref = old, pairs = success, read = before)
                    + rl(adv = traj + 1.0 * step, ratio = sum(step), reduce = mean(step)) + entropy(0.01)
            >);
            let begun = self.0.cloned().unwrap_or_else(|| begun(line, make(Preset::Smoke)));
            let trained = trained(line, (world, schedule), &begun);
            (begun, trained, rate)
        }
    }
    if !device() {
        return;
    }
    let place = Place::cuda().expect("there is one");
    for name in ["planned", "webshop", "textcraft-text"] {
        let train = |place, begun| worlds::visit_on(place, name, Train(begun)).expect("a world of the list");
        let (begun, cpu, rate) = train(Place::Cpu, None);
        let (_, there, _) = train(place, Some(&begun));
        assert_same(name, (&cpu, &there), rate);
    }
}
