//! Random texts through the front end of the language, on every core: `front_end 100000000 [FIRST]`.

#![expect(clippy::print_stdout, reason = "a program talks")]

use istar_tests::front_end::texts;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// Texts that a thread takes at once.
const PART: u64 = 10_000;

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let (count, first) = (numbers.next(), numbers.next().unwrap_or(Ok(0)));
    let (Some(Ok(count)), Ok(first)) = (count, first) else {
        eprintln!("error: a count is wanted, such as 100000000, and perhaps the number of the first text");
        std::process::exit(2);
    };
    let (next, taken) = (AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZeroUsize::get) {
            scope.spawn(|| {
                loop {
                    let from = next.fetch_add(PART, Ordering::Relaxed);
                    if from >= count {
                        return;
                    }
                    let part = first + from..first + (from + PART).min(count);
                    taken.fetch_add(texts(part), Ordering::Relaxed);
                }
            });
        }
    });
    println!("{count} texts from number {first}: {} were objectives, no panic", taken.into_inner());
}
