//! Training by the library's API: a warm start, a few iterations on small rooms, a look at the metrics.
//!
//! `cargo run --release --example 03_train`, or with another number of iterations than 80 behind `--`.

#![expect(clippy::print_stdout, reason = "an example talks")]

use dfdx::prelude::Cpu;
use istar::env::Demonstrate;
use istar::env::sokoban::{Frame, LevelSpec, Levels, Room, Sokoban, Split};
use istar::objective;
use istar::policy::PixelPolicy;
use istar::rollout::Sampling;
use istar::table::evaluate;
use istar::trainer::adam::AdamConfig;
use istar::trainer::{Settings, Trainer, WarmStart};
use std::error::Error;

objective! {
    /// Outcome against the group, and a little entropy to keep exploring.
    pub Small<bonus = 0.01> = rl(adv = traj) + entropy(bonus)
}

type Net = PixelPolicy<Frame, Cpu>;

const SEED: u64 = 0;
const GROUPS: usize = 16;
const UNSEEN: usize = 24;

fn main() -> Result<(), Box<dyn Error>> {
    let iterations: usize = std::env::args().nth(1).map_or(Ok(80), |number| number.parse())?;
    let spec = LevelSpec { size: 5, boxes: 1, depth: 10 };
    let levels: Vec<Room> = Levels::new(spec)?.draw(Split::Train, SEED, 200)?;
    let unseen: Vec<Room> = Levels::new(spec)?.draw(Split::Test, SEED, UNSEEN)?;
    println!("one of {} levels:\n{}\n", levels.len(), levels[0].rows().join("\n"));

    // Imitate shortest solutions for a moment, so that some episodes succeed.
    let env = Sokoban::default();
    let warm = WarmStart { steps: 30, tasks: 64, adam: AdamConfig { lr: 1e-3, ..AdamConfig::default() } };
    let mut endless = levels.iter().cycle();
    let mut next = || *endless.next().expect("there are levels");
    let net = Net::new(&Cpu::default(), (spec.size, spec.size), Frame::TILE, SEED);
    let net = warm.run::<_, _, Cpu>(net, &env, |_| next(), Sokoban::demonstrate, SEED)?;

    let settings = Settings {
        sampling: Sampling { per_group: 8, ..Sampling::default() },
        minibatch: 64,
        policy: AdamConfig { lr: 3e-4, ..AdamConfig::default() },
        ..Settings::default()
    };
    let mut trainer = Trainer::<Small, Net, Cpu>::new(Small::default(), net, settings, SEED)?;
    // On levels that are never trained on, one episode each.
    let measure = |trainer: &Trainer<Small, Net, Cpu>| evaluate(trainer, &env, &unseen, 1.0);
    let start = measure(&trainer)?.success;
    println!("iteration  success  outcome  entropy  clipped  env steps");
    for iteration in 1..=iterations {
        let tasks: Vec<Room> = (0..GROUPS).map(|_| next()).collect();
        let metrics = trainer.iterate(&env, &tasks)?;
        if iteration % 10 == 0 {
            println!(
                "{iteration:>9}{:>9.2}{:>9.2}{:>9.2}{:>9.2}{:>11}",
                metrics["charts/success"],
                metrics["charts/outcome"],
                metrics["charts/entropy"],
                metrics["charts/clip_fraction"],
                trainer.env_steps,
            );
        }
        // Said once, if ever: the policy has fallen silent before it learnt.
        if let Some(remark) = &trainer.remark {
            println!("remark: {remark}");
        }
    }
    let last = measure(&trainer)?.success;
    println!(
        "of {} other levels: {:.0} % solved at the start, {:.0} % now",
        unseen.len(),
        100.0 * start,
        100.0 * last
    );

    // Everything a trainer is, as named arrays: what a checkpoint holds.
    let arrays = trainer.export();
    let mut again = Trainer::<Small, Net, Cpu>::new(
        Small::default(),
        trainer.nets.policy.net.clone(),
        settings,
        SEED + 1,
    )?;
    again.import(&arrays)?;
    assert_eq!((again.seed, again.iteration, again.env_steps), (SEED, trainer.iteration, trainer.env_steps));
    println!("\nexported and imported: a resumed run goes on as this one would");
    Ok(())
}
