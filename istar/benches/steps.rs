//! Training steps of the policies, and tokens that a decoder says, so many times over: what
//! `istar/benches/throughput/compare.py` runs in turn with `torch_steps.py`, which does the same work in PyTorch.
//!
//! `cargo bench -p istar --bench steps -- --what text --threads 1 --iterations 20` prints one JSON line. A training step is
//! a forward pass, a backward pass and a step of Adam; two more iterations warm up and are not counted.
//!
//! `pixels` and `mlp` take a `--batch` of another size than 512 and 1024, and a `--device`; `cuda` needs the feature of this name. A step ends when
//! the host has read the norm of its gradient.
//!
//! `rollout-textcraft` needs the feature `tokenizers`: 64 episodes of the world `textcraft-text`, 8 tasks in groups of 8, by the library's
//! own sampler, with what the world does in its steps. `--streams FILE` writes what was read and said, for a peer to go through, and
//! measures nothing.

#[cfg(feature = "tokenizers")]
mod crafting;
mod rooms;

use std::hint::black_box;
use std::time::Instant;

use dfdx::prelude::*;
use istar::batch::{History, Layout};
use istar::kernels::cuda::{Products, set_products};
use istar::kernels::{Backend, Vision, set_threads};
use istar::policy::gpt::{Config, Gpt, GptPolicy};
use istar::policy::{Ask, Asked, Dense, Floats, Model, PixelPolicy, Policy, Relu, Session};
use istar::trainer::adam::{Adam, AdamConfig};
use rooms::Room;

/// As the jobs have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const WARM_UP: usize = 2;
/// Of a rollout.
const EPISODES: usize = 64;
const USAGE: &str = "steps --what pixels|mlp|text|text-large|rollout|rollout-groups|rollout-textcraft [--threads N] [--iterations N] [--streams FILE] [--device cpu|cuda|cuda-tf32] [--batch N]";

/// A decoder of GPT-2's kind: layer norms, learned positions, gelu, tied words.
fn gpt(layers: usize, width: usize, context: usize) -> Config {
    Config { layers, width, hidden: 4 * width, ..Config::gpt(512, context) }
}

/// One element per episode: a token of the 512 that looks random.
fn token(i: usize) -> u32 {
    (i as u32).wrapping_mul(0x9e37_79b9) >> 23
}

/// Trains on one batch again and again: `episodes` of one step of `length` tokens, all seen anew where `observations` has as
/// many, nothing to be seen where it has one.
fn train<D: Backend, P: Model<D>>(
    mut policy: P,
    observations: &[P::Observation],
    (episodes, length): (usize, usize),
    actions: u32,
    iterations: usize,
) -> f64 {
    let layout = Layout::from_lengths([episodes], vec![1; episodes], vec![length; episodes]);
    let tokens = episodes * length;
    let observation: Vec<u32> = (0..tokens).map(|i| (i % observations.len()) as u32).collect();
    let token: Vec<u32> = (0..tokens).map(|i| token(i) % actions).collect();
    let asked = Asked::all(History::new(&layout, observations, &observation, &token));
    let mut adam = Adam::new(AdamConfig::default(), &policy);
    timed(iterations, || {
        let read = policy.read(&asked, false, OwnedTape::default());
        let mut gradients = (-read.logp.put_tape(read.tape)).mean::<Rank0, _>().backward();
        assert!(adam.step(&mut policy, &mut gradients).finite());
    })
}

/// A step of the network of pixels, on distinct frames.
fn pixels<D: Vision>(batch: usize, iterations: usize) -> f64 {
    let rooms: Vec<Room> = (0..batch as u32).map(Room::new).collect();
    let policy = PixelPolicy::<Room, D>::new(&D::here(), (6, 6), 8, 1);
    train(policy, &rooms, (batch, 1), 4, iterations)
}

/// A step of a network of affine maps, on distinct rows.
fn mlp<D: Backend>(batch: usize, iterations: usize) -> f64 {
    let row = |i: usize| Floats::<300>(std::array::from_fn(|j| token(i * 300 + j) as f32 / 512.0));
    let rows: Vec<_> = (0..batch).map(row).collect();
    let policy = Dense::<Floats<300>, (Relu<256>, Relu<256>), D>::new(&D::here(), 4, 1);
    train(policy, &rows, (batch, 1), 4, iterations)
}

/// 64 episodes that begin with a prompt, one for each group of eight, and go on with tokens drawn one by one; the network is
/// read anew in each iteration, as in each rollout of a training run.
fn speak(policy: &GptPolicy<Vec<u32>>, prompt: usize, said: usize, iterations: usize) -> f64 {
    timed(iterations, || {
        let mut session = policy.session();
        let mut memory = vec![Default::default(); EPISODES];
        for at in 0..said {
            let asks = memory.iter_mut().enumerate().map(|(episode, memory)| Ask {
                observation: match at {
                    0 => (0..prompt).map(|i| token(episode / 8 * prompt + i)).collect(),
                    _ => Vec::new(),
                },
                legal: Default::default(),
                uniform: f64::from(token(at * EPISODES + episode)) / 512.0,
                about: &[],
                memory,
            });
            black_box(session.draw(asks.collect(), 1.0));
        }
    })
}

/// The seconds that so many iterations take.
fn timed(iterations: usize, mut iteration: impl FnMut()) -> f64 {
    (0..WARM_UP).for_each(|_| iteration());
    let start = Instant::now();
    (0..iterations).for_each(|_| iteration());
    start.elapsed().as_secs_f64()
}

fn text(config: Config) -> GptPolicy<Vec<u32>> {
    let net = Gpt::new(&Cpu::default(), config, 1).expect("sizes that go together");
    let mut policy = GptPolicy::new(net, 0);
    policy.chunk = 64;
    policy
}

/// [`pixels`] or [`mlp`] on CUDA.
#[cfg(feature = "cuda")]
fn on_cuda(of_pixels: bool, batch: usize, iterations: usize) -> f64 {
    if let Err(reason) = istar::kernels::cuda::probe() {
        panic!("--device cuda: {reason}");
    }
    if of_pixels { pixels::<Cuda>(batch, iterations) } else { mlp::<Cuda>(batch, iterations) }
}

#[cfg(not(feature = "cuda"))]
fn on_cuda(_: bool, _: usize, _: usize) -> f64 {
    panic!("--device cuda: build with `--features cuda`");
}

fn main() {
    let mut given: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let mut take = |name: &str| {
        let at = given.iter().position(|argument| argument == name)?;
        let value = given.get(at + 1).cloned().unwrap_or_else(|| panic!("{name} without a value: {USAGE}"));
        given.drain(at..at + 2);
        Some(value)
    };
    // `cargo bench` of the whole package runs this without arguments.
    let Some(what) = take("--what") else {
        eprintln!("{USAGE}");
        return;
    };
    let number = |value: Option<String>, or: usize| value.map_or(or, |n| n.parse().expect(USAGE));
    let (threads, iterations) = (number(take("--threads"), 1), number(take("--iterations"), 20));
    set_threads(threads);
    let batch = take("--batch").map(|batch| batch.parse().expect(USAGE));
    let cuda = match take("--device").as_deref() {
        None | Some("cpu") => false,
        Some("cuda") => true,
        Some("cuda-tf32") => {
            set_products(Products::Tf32);
            true
        }
        Some(_) => panic!("{USAGE}"),
    };
    assert!(what == "pixels" || what == "mlp" || !cuda && batch.is_none(), "{USAGE}");
    let nothing = [Vec::new()];
    #[cfg(feature = "tokenizers")]
    if what == "rollout-textcraft" {
        return craft(iterations, take("--streams"));
    }
    // What is counted in one iteration, and the seconds that all take.
    let (count, seconds) = match what.as_str() {
        "pixels" if cuda => (1, on_cuda(true, batch.unwrap_or(512), iterations)),
        "mlp" if cuda => (1, on_cuda(false, batch.unwrap_or(1024), iterations)),
        "pixels" => (1, pixels::<Cpu>(batch.unwrap_or(512), iterations)),
        "mlp" => (1, mlp::<Cpu>(batch.unwrap_or(1024), iterations)),
        "text" => (1, train(text(gpt(2, 128, 64)), &nothing, (32, 64), 512, iterations)),
        "text-large" => (1, train(text(gpt(4, 256, 256)), &nothing, (8, 256), 512, iterations)),
        "rollout" => (EPISODES * 64, speak(&text(gpt(2, 128, 64)), 0, 64, iterations)),
        "rollout-groups" => (EPISODES * 33, speak(&text(gpt(2, 128, 64)), 31, 33, iterations)),
        other => panic!("`{other}` is nothing to measure: {USAGE}"),
    };
    print(
        &serde_json::json!({"what": what, "iterations": iterations, "count": count * iterations, "seconds": seconds}),
    );
}

#[expect(clippy::print_stdout, reason = "the result of a benchmark")]
fn print(line: &serde_json::Value) {
    println!("{line}");
}

/// `rollout-textcraft`, whose line says too how many of the tokens were said.
#[cfg(feature = "tokenizers")]
fn craft(iterations: usize, streams: Option<String>) {
    let crafting = crafting::Crafting::new();
    if let Some(file) = streams {
        std::fs::write(&file, crafting.streams().to_string())
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        return;
    }
    let (count, said) = crafting.tokens();
    let seconds = timed(iterations, || drop(black_box(crafting.roll())));
    print(&serde_json::json!({
        "what": "rollout-textcraft", "iterations": iterations, "count": count * iterations, "said": said * iterations, "seconds": seconds,
    }));
}
