//! What composing costs: the same updates of GRPO, once through an objective of the language, once written by hand in
//! dfdx. Both must execute the same number of instructions, within one per cent.
//!
//! ```sh
//! cargo build --release -p istar-tests --bin cost
//! for way in macro hand; do
//!     RAYON_NUM_THREADS=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null target/release/cost $way 8
//! done
//! ```
//!
//! Callgrind prints the instructions as `Collected`. The program prints the last loss and a sum over the parameters,
//! which agree to rounding. Both ways log the same numbers: the loss, the clipped share, the drift from the old policy.

use std::error::Error;
use std::io::Write;

use dfdx::prelude::*;
use istar::batch::{Columns, History, Layout, Legal, Part, Scope};
use istar::credit::Credit;
use istar::graph::{Flat, Pass, Phase, Rank0Loss};
use istar::objective::{Objective, Term};
use istar::policy::{Asked, Model, Parameters, PixelPolicy, Pixels};
use istar::recipes::Grpo;
use istar::trainer::adam::{Adam, AdamConfig};

const GROUPS: u32 = 16;
const TRAJS: u32 = 8;
const STEPS: u32 = 16;
const MINI_BATCHES: u64 = 4;
const SIDE: usize = 6;
const TILE: usize = 8;

type Graph = <Grpo as Objective>::Graph;
type Log = Vec<(&'static str, f64)>;

/// Numbers that look random: the finaliser of SplitMix64.
fn mix(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// A room of tiles of seven colours.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Room(u64);

impl Pixels for Room {
    fn cells(&self) -> (usize, usize) {
        (SIDE, SIDE)
    }
    fn write_rgb(&self, tile: usize, out: &mut [u8]) {
        for (i, byte) in out.iter_mut().enumerate() {
            let (row, column) = (i / 3 / (SIDE * tile), i / 3 % (SIDE * tile));
            let cell = row / tile * SIDE + column / tile;
            let kind = mix(self.0 * 100 + cell as u64) % 7;
            *byte = (30 * kind + 10 * (i as u64 % 3)) as u8;
        }
    }
}

/// One batch: a token a step, as in Sokoban.
struct Experience {
    layout: Layout,
    /// Per token.
    rooms: Vec<Room>,
    observation: Vec<u32>,
    token: Vec<u32>,
    old: Vec<f64>,
    outcome: Vec<f64>,
}

impl Experience {
    fn new(policy: &PixelPolicy<Room, Cpu>) -> Self {
        let (trajs, steps) = (GROUPS * TRAJS, GROUPS * TRAJS * STEPS);
        let offsets = |units: u32, each: u32| (0..=units).map(|i| i * each).collect();
        let rooms: Vec<Room> = (0..u64::from(steps)).map(|i| Room(mix(i))).collect();
        let token: Vec<u32> = (0..u64::from(steps)).map(|i| (mix(i + 7) % 4) as u32).collect();
        let distribution = policy.distribution(&rooms, &vec![Legal::ALL; rooms.len()]);
        let old = token.iter().enumerate().map(|(i, token)| f64::from(distribution[4 * i + *token as usize]));
        Experience {
            layout: Layout::new(offsets(GROUPS, TRAJS), offsets(trajs, STEPS), offsets(steps, 1)),
            old: old.collect(),
            outcome: (0..u64::from(trajs)).map(|i| (mix(i + 99) % 11) as f64).collect(),
            observation: (0..steps).collect(),
            rooms,
            token,
        }
    }

    fn history(&self) -> History<'_, Room> {
        let Experience { layout, rooms, observation, token, .. } = self;
        History::new(layout, rooms, observation, token)
    }

    fn columns(&self) -> Columns<'_> {
        Columns::of_outcomes(&self.layout, &self.old, &self.outcome, &self.outcome)
    }
}

/// Updates of the network by mini-batch; `loss` sees the log-probabilities of the mini-batch, as a leaf.
fn train(
    policy: &mut PixelPolicy<Room, Cpu>,
    batch: &Experience,
    updates: u64,
    mut loss: impl FnMut(&Part, &Flat<f32, Cpu>, &mut Log) -> Rank0Loss<f32, Cpu>,
) -> Log {
    let mut adam = Adam::new(AdamConfig::default(), policy);
    let mut log = Log::new();
    for update in 0..updates {
        let steps = (0..batch.layout.steps() as u32)
            .filter(|step| mix(u64::from(*step)) % MINI_BATCHES == update % MINI_BATCHES)
            .collect();
        let part = Part::of_steps(&batch.layout, steps);
        let asked = Asked::part(batch.history(), part.tokens.clone(), part.pick(&batch.token));
        let readout = policy.read(&asked, false, OwnedTape::default());
        log.clear();
        let (value, tape) = loss(&part, &readout.logp, &mut log).split_tape();
        let mut gradients = value.put_tape(tape.merge(readout.tape)).backward();
        let step = adam.step(policy, &mut gradients);
        assert!(step.finite(), "the gradient is finite");
    }
    log
}

/// Through the language.
fn composed(policy: &mut PixelPolicy<Room, Cpu>, batch: &Experience, updates: u64) -> Log {
    let device = Cpu::default();
    let values = Grpo.values();
    let at = Scope::new(&values, &[]);
    let prepared = Graph::prepare(&Credit { batch: batch.columns(), at }, Phase::Policy);
    train(policy, batch, updates, |part, logp, metrics| {
        let mut pass = Pass {
            device: &device,
            phase: Phase::Policy,
            at,
            part,
            logp: logp.clone(),
            entropy: None,
            demonstration: None,
            metrics,
        };
        Graph::loss(&prepared, &mut pass).expect("GRPO trains the policy on every mini-batch")
    })
}

/// By hand.
fn by_hand(policy: &mut PixelPolicy<Room, Cpu>, batch: &Experience, updates: u64) -> Log {
    let device = Cpu::default();
    let mut advantage = Vec::new();
    for group in batch.outcome.chunks(TRAJS as usize) {
        let n = group.len() as f64;
        let mean = group.iter().sum::<f64>() / n;
        let std = (group.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        for outcome in group {
            advantage.extend([(outcome - mean) / (std + 1e-6); STEPS as usize]);
        }
    }
    train(policy, batch, updates, |part, logp, metrics| {
        let (advantage, old) = (part.pick(&advantage), part.pick(&batch.old));
        let n = old.len();
        let column = |numbers: &[f64]| {
            device.tensor_from_vec(numbers.iter().map(|x| *x as f32).collect::<Vec<_>>(), (n,))
        };
        let ratio = (logp.leaky_trace() - column(&old)).exp();
        let weights = column(&advantage);
        let clipped = ratio.retaped::<OwnedTape<f32, Cpu>>().clamp(0.8, 1.2) * weights.clone();
        let loss = -(ratio * weights).minimum(clipped).mean::<Rank0, _>();

        let logs = logp.as_vec().into_iter().zip(&old).map(|(new, old)| f64::from(new) - old);
        let (mut clips, mut drift) = (0.0, 0.0);
        for (log, a) in logs.zip(&advantage) {
            let ratio = log.exp();
            clips += f64::from(u8::from(ratio * a > ratio.clamp(0.8, 1.2) * a));
            drift += ratio - 1.0 - log;
        }
        metrics.push(("losses/policy", f64::from(loss.array())));
        metrics.push(("charts/clip_fraction", clips / n as f64));
        metrics.push(("charts/approx_kl", drift / n as f64));
        loss
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let usage = "usage: cost macro|hand [updates]";
    let way = match arguments.get(1).map(String::as_str) {
        Some("macro") => composed,
        Some("hand") => by_hand,
        _ => return Err(usage.into()),
    };
    let updates = arguments.get(2).map_or(Ok(8), |n| n.parse())?;
    let mut policy = PixelPolicy::new(&Cpu::default(), (SIDE, SIDE), TILE, 1);
    let batch = Experience::new(&policy);
    let log = way(&mut policy, &batch, updates);
    let sum: f64 = policy.parameters().iter().flat_map(|(_, p)| p.values()).map(|x| f64::from(x).abs()).sum();
    writeln!(std::io::stdout(), "{log:?} parameters {sum}")?;
    Ok(())
}
