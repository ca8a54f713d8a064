//! Every recipe trains: three small iterations on rooms of one box, finite numbers, parameters that move.

use dfdx::prelude::Cpu;
use istar::ablations;
use istar::env::relay::Relay;
use istar::env::sokoban::{Frame, LevelSpec, Levels, Room, Sokoban, Split};
use istar::env::{Demonstrate, Env, EnvError, Offers, StepReward, Subgoals, Transition};
use istar::logged::{Logged, assign};
use istar::objective::{Objective, demand_of};
use istar::policy::{Parameters, PixelPolicy};
use istar::recipes::{self, open};
use istar::rollout::Sampling;
use istar::table::{Ablation, Visitor};
use istar::trainer::adam::AdamConfig;
use istar::trainer::{Settings, Trainer, WarmStart};
use istar::worlds::{OpenQuestions, VisualSokoban};
use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::OnceLock;

type Net = PixelPolicy<Frame, Cpu>;

const SEED: u64 = 1;
const GROUPS: usize = 3;

/// Rooms, and a policy that solves some of them and fails others, so that preferences have pairs.
fn start() -> &'static (Vec<Room>, Net) {
    static START: OnceLock<(Vec<Room>, Net)> = OnceLock::new();
    START.get_or_init(|| {
        let levels = Levels::new(LevelSpec { size: 5, boxes: 1, depth: 10 }).expect("such rooms exist");
        let levels = levels.draw(Split::Train, SEED, 32).expect("so many differ");
        let warm = WarmStart { steps: 60, tasks: 32, adam: AdamConfig { lr: 1e-3, ..AdamConfig::default() } };
        let mut endless = levels.iter().cycle();
        let next = |_: &mut _| *endless.next().expect("there are levels");
        let net = Net::new(&Cpu::default(), (5, 5), Frame::TILE, SEED);
        let net = warm.run::<_, _, Cpu>(net, &Sokoban::default(), next, Sokoban::demonstrate, SEED);
        (levels, net.expect("finite numbers"))
    })
}

/// Trains every row that it is shown, and keeps what was logged.
struct Smoke<E> {
    env: E,
    iterations: usize,
    rows: Vec<(&'static str, Vec<&'static str>)>,
}

fn bits(net: &Net) -> Vec<u32> {
    let parameters = Parameters::<Cpu>::parameters(net);
    parameters.iter().flat_map(|(_, array)| array.values()).map(f32::to_bits).collect()
}

impl<E: Env<Task = Room, Observation = Frame>> Visitor<E> for Smoke<E> {
    fn row<O: Objective>(&mut self, name: &'static str, objective: O)
    where
        E: Offers<O>,
    {
        let settings = Settings {
            sampling: Sampling { per_group: 6, ..Sampling::default() },
            minibatch: 64,
            ..Settings::default()
        };
        let (levels, net) = start();
        let mut trainer = Trainer::<O, Net, Cpu>::new(objective, net.clone(), settings, SEED)
            .unwrap_or_else(|problem| panic!("{name}: {problem}"));
        let mut logged = Vec::new();
        for iteration in 0..self.iterations {
            let tasks: Vec<Room> =
                levels.iter().copied().cycle().skip(iteration * GROUPS).take(GROUPS).collect();
            let metrics = trainer.iterate(&self.env, &tasks).unwrap_or_else(|stop| panic!("{name}: {stop}"));
            for (metric, value) in metrics {
                assert!(value.is_finite(), "{name}: {metric} is {value}");
                logged.push(metric);
            }
        }
        let logged = |metric: &str| logged.iter().any(|found| found == metric);
        let demand = demand_of::<O>();
        if demand.trains_policy {
            assert!(logged("charts/grad_norm"), "{name}: no update of the policy");
            assert!(bits(&trainer.nets.policy.net) != bits(net), "{name}: the policy did not move");
        }
        if demand.trains_prm && logged("charts/pairs") {
            for metric in ["losses/prm", "charts/pair_accuracy", "charts/length_accuracy"] {
                assert!(logged(metric), "{name} does not log {metric}");
            }
        }
        let measured = [
            "losses/policy",
            "losses/prm",
            "losses/dpo",
            "losses/dar",
            "charts/pairs",
            "charts/policy_pairs",
        ];
        self.rows.push((name, measured.into_iter().filter(|metric| logged(metric)).collect()));
    }
}

/// What the rows of a table logged.
fn train<A: Ablation<E>, E: Env<Task = Room, Observation = Frame>>(
    env: E,
    iterations: usize,
) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut smoke = Smoke { env, iterations, rows: Vec::new() };
    A::rows(&mut smoke);
    smoke.rows
}

fn of<'a>(rows: &'a [(&str, Vec<&'static str>)], name: &str) -> &'a [&'static str] {
    &rows.iter().find(|row| row.0 == name).unwrap_or_else(|| panic!("no row {name}")).1
}

ablations! {
    /// Lines that a single-agent Sokoban offers all that they need for.
    Lines {
        "Dr. GRPO" = recipes::DrGrpo,
        "REINFORCE++" = recipes::ReinforcePlusPlus,
        "REINFORCE++ baseline" = recipes::ReinforcePlusPlusBaseline,
        "GSPO" = recipes::Gspo,
        "DAPO" = recipes::Dapo,
        "GiGPO centred" = recipes::GiGpoCentred,
        "HGPO" = recipes::Hgpo,
        "iStar (released code)" = recipes::IStarReleased,
        "iStar token level" = recipes::IStarToken,
        "PRIME" = recipes::Prime,
        "PRIME (paper)" = recipes::PrimePaper,
        "PRIME (released recipe)" = recipes::PrimeRecipe,
        "ETO" = recipes::Eto,
        "DMPO" = recipes::Dmpo,
        "DAR" = recipes::Dar,
        "PPO" = recipes::Ppo,
        "GiGPO, states alike" = recipes::GiGpoSimilar,
        "CM2, by trajectory" = recipes::Cm2Traj,
        "CM2, by turn" = recipes::Cm2Turn,
        "CM2, by step" = recipes::Cm2Step,
        "AgentPRM-MC" = recipes::AgentPrmMc,
        "AgentPRM-MC (released)" = recipes::AgentPrmMcReleased,
        "AgentPRM" = recipes::AgentPrm,
        "VinePPO" = recipes::VinePpo,
        "CISPO" = recipes::Cispo,
        "SAPO" = recipes::Sapo,
        "GMPO" = recipes::Gmpo,
        "GSPO, by trajectory" = recipes::GspoTrajectory,
        "MaxRL" = recipes::MaxRl,
        "GRPO with TIS" = recipes::GrpoTis,
        "GRPO, rows (verl-agent)" = recipes::GrpoRows,
        "GAGPO" = recipes::Gagpo,
        "G2PO" = recipes::G2po,
    }
}

ablations! {
    /// Lines that a page or a doc comment gives beside a recipe's own.
    Beside {
        "iStar merged rewards, RLOO" = dpo_prm(0.05, net = separate, ref = old, pairs = success, read = before)
            + rl(adv = norm(outcome + sum(implicit, per = step), center = loo, scale = none), ratio = sum(step), reduce = mean(step)),
        "iStar env step rewards, RLOO" =
            rl(adv = loo + norm(reward, center = loo, scale = none), ratio = sum(step), reduce = mean(step)),
        "iStar token level, RLOO" = dpo_prm(0.05, net = separate, ref = old, pairs = success, read = before)
            + rl(adv = loo + token(center = loo, scale = none), reduce = mean(step)),
        "RLOO, lone trajectories" = rl(adv = loo(min = 1)),
        "RLOO, every row" = rl(adv = loo(count = step)),
        "GiGPO, lone trajectories" = rl(adv = traj(min = 1) + anchor(0.95, scale = std)),
        "AgentPRM-MC, visits" = mc_prm(0, 0.95) + rl(adv = traj + diff(q)),
        "AgentPRM-MC (released), visits" = mc_prm(0, 0.95, target = absolute)
            + rl(adv = traj + norm(q, within = state, scale = none)),
        "CM2, by trajectory (paper)" =
            rl(adv = norm(judged * sum(checklist(weigh = traj), per = traj), scale = none)),
        "CM2, by turn (paper)" =
            rl(adv = norm(sum(checklist, per = segment), within = turn, scale = none, where = judged)),
        "CM2, by step (paper)" = rl(adv = mean(
            norm(checklist(form = backfill), within = item, scale = none, count = first(traj), where = judged),
            per = step
        )),
    }
}

/// What plans: `tests/roles.rs` trains these on a Sokoban whose steps decide, name a subgoal and move.
const PLANNED: [&str; 3] = ["HiPer", "HiPerPaper", "HiPerIStar"];

/// What reads columns that no world has: `tests/recipes_exact` holds these to formulas on logs.
const LOGGED: [&str; 2] = ["Gdpo", "GrpoSdpo"];

#[test]
fn no_recipe_is_left_out() {
    struct Names(BTreeSet<String>);
    impl Visitor<Sokoban> for Names {
        fn row<O: Objective>(&mut self, _: &'static str, _: O)
        where
            Sokoban: Offers<O>,
        {
            self.0.insert(O::NAME.to_owned());
        }
    }
    let mut trained = Names(PLANNED.iter().chain(&LOGGED).map(|name| (*name).to_owned()).collect());
    VisualSokoban::rows(&mut trained);
    Lines::rows(&mut trained);
    let all = recipes::all().into_iter().map(|recipe| recipe.objective.name().to_owned()).collect();
    assert_eq!(trained.0, all);
}

#[test]
fn every_line_trains() {
    train::<VisualSokoban, Sokoban>(Sokoban::default(), 3);
    let rows = train::<Lines, Sokoban>(Sokoban::default(), 3);
    assert_eq!(of(&rows, "GSPO"), ["losses/policy"]);
    // it is read and never trained
    assert_eq!(of(&rows, "iStar (released code)"), ["losses/policy"]);
    assert_eq!(of(&rows, "iStar token level"), ["losses/policy", "losses/prm", "charts/pairs"]);
    assert_eq!(of(&rows, "PRIME"), ["losses/policy", "losses/prm", "charts/pairs"]);
    assert_eq!(of(&rows, "ETO"), ["losses/dpo", "charts/policy_pairs"]);
    assert_eq!(of(&rows, "DMPO"), ["losses/dpo", "charts/policy_pairs"]);
    assert_eq!(of(&rows, "DAR"), ["losses/dar"]);
}

#[test]
fn the_lines_beside_train() {
    assert_eq!(train::<Beside, Sokoban>(Sokoban::default(), 2).len(), 11);
}

/// The paper's leave-one-out, written out: a token's reward against the mean of the others' token means.
#[test]
fn prime_of_the_paper_leaves_one_out_exactly() {
    let batch = r#"{"groups": [{"trajectories": [
        {"outcome": 1, "success": true, "steps": [{"tokens": [
            {"old": -1, "logp": -1, "ref": -0.5, "prm": -0.3}, {"old": -1, "logp": -1, "ref": -0.9, "prm": -1.7}]}]},
        {"outcome": 0, "success": false, "steps": [{"tokens": [{"old": -1, "logp": -1, "ref": -1.1, "prm": -0.2}]}]},
        {"outcome": 0, "success": false, "steps": [{"tokens": [
            {"old": -1, "logp": -1, "ref": -0.4, "prm": -0.6}, {"old": -1, "logp": -1, "ref": -0.8, "prm": -0.1}]}]}]}]}"#;
    let batch = Logged::read(batch.as_bytes()).expect("a batch");
    let found = assign(&recipes::PrimePaper::default(), &batch).expect("all fields are there").advantage;
    let rewards = [vec![0.2, -0.8], vec![0.9], vec![-0.2, 0.7]]
        .map(|r| r.into_iter().map(|x: f64| 0.05 * x).collect::<Vec<_>>());
    let labels = [1.0, 0.0, 0.0];
    let means = rewards.clone().map(|r| r.iter().sum::<f64>() / r.len() as f64);
    let others = |of: &[f64; 3], i: usize| (of.iter().sum::<f64>() - of[i]) / 2.0;
    let mut to_go = Vec::new();
    for (i, rewards) in rewards.iter().enumerate() {
        for k in 0..rewards.len() {
            let process: f64 = rewards[k..].iter().map(|r| r - others(&means, i)).sum();
            to_go.push(process + labels[i] - others(&labels, i));
        }
    }
    let n = to_go.len() as f64;
    let mean = to_go.iter().sum::<f64>() / n;
    let variance = to_go.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let expected = to_go.iter().map(|x| (x - mean) / (variance + 1e-8).sqrt());
    let found = found.expect("it has an advantage");
    assert_eq!(found.len(), to_go.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }
}

#[test]
fn open_questions_train() {
    let rows = train::<OpenQuestions, Sokoban>(Sokoban::default(), 3);
    for (name, logged) in rows {
        assert_eq!(logged, ["losses/policy", "losses/prm", "charts/pairs"], "{name}");
    }
}

#[test]
fn open_questions_train_on_long_episodes() {
    let rows = train::<OpenQuestions, Sokoban>(Sokoban::new(120), 1);
    for (name, logged) in rows {
        assert_eq!(logged, ["losses/policy", "losses/prm", "charts/pairs"], "{name}");
    }
}

ablations! {
    ByAgent {
        "credit by agent" = open::PerAgent,
        "GiGPO" = recipes::GiGpo,
    }
}

#[test]
fn a_preference_is_split_over_agents() {
    let agents = NonZeroU32::new(3).expect("three agents");
    let rows = train::<ByAgent, Relay<Sokoban>>(Relay::new(Sokoban::default(), agents), 3);
    assert_eq!(of(&rows, "credit by agent"), ["losses/policy", "losses/prm", "charts/pairs"]);
}

/// A room in which every fourth step begins a segment.
#[derive(Clone)]
struct Legs(Sokoban);

impl Env for Legs {
    type Task = Room;
    type Observation = Frame;

    fn reset(&mut self, task: &Room) -> Result<(), EnvError> {
        self.0.reset(task);
        Ok(())
    }

    fn observe(&self) -> Frame {
        self.0.observe()
    }

    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        Ok(self.0.step(tokens))
    }
}

impl StepReward for Legs {}

impl Subgoals for Legs {
    fn segment(&self) -> u32 {
        self.0.steps() / 4
    }
}

ablations! {
    BySegment {
        "credit by segment" = open::Segments,
    }
}

#[test]
fn credit_goes_to_segments() {
    let rows = train::<BySegment, Legs>(Legs(Sokoban::new(120)), 2);
    assert_eq!(of(&rows, "credit by segment"), ["losses/policy", "losses/prm", "charts/pairs"]);
}
