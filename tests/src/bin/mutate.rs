//! Mutated rollouts through the credit door, as many as one likes: `cargo run --release -p istar-tests --bin mutate -- 20000 [SEED]`.
//! Each of every format is credited or refused in one line; anything else is a panic, with the seed and the number.

use istar_tests::rollouts::{files, mutate};
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let (count, seed) = match (numbers.next(), numbers.next()) {
        (Some(Ok(count)), None) => (count, 0),
        (Some(Ok(count)), Some(Ok(seed))) => (count, seed),
        _ => {
            eprintln!("error: how many mutations of each format, and perhaps a seed: mutate 20000 7");
            return ExitCode::from(2);
        }
    };
    let fates = mutate(count, seed);
    let said = writeln!(
        std::io::stdout(),
        "{count} mutations of {} files each: {} credited, {} refused",
        files().len(),
        fates.credited,
        fates.refused
    );
    if said.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
