//! Fused operations against the stock dfdx chains, on as many threads. Whole training steps are in `steps.rs`.
//!
//! `cargo bench -p istar --bench kernels`; `ISTAR_THREADS=2` for two threads.
#![allow(missing_docs)] // criterion's macros emit undocumented functions

mod rooms;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use dfdx::prelude::*;
use istar::{
    kernels::{Activation, Backend, Grid, Vision, conv3x3, linear, logprob, patch, set_threads},
    policy::init,
};
use rooms::Room;

const FRAMES: usize = 512;
const GRID: Grid = Grid { height: 6, width: 6 };
const CELLS: usize = FRAMES * 36;

fn tensor<S: Shape>(shape: S, name: &str) -> Tensor<S, f32, Cpu> {
    init::uniform(&Cpu::default(), shape, 64, 1.0, 1, name)
}

/// Forward and backward of one operation, in both forms.
fn compare<S: Shape>(
    criterion: &mut Criterion,
    name: &str,
    fused: impl Fn() -> Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>,
    stock: impl Fn() -> Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>,
) {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10);
    group.bench_function("fused", |b| b.iter(|| black_box(fused().sum::<Rank0, _>().backward())));
    group.bench_function("stock", |b| b.iter(|| black_box(stock().sum::<Rank0, _>().backward())));
    group.finish();
}

fn operations(criterion: &mut Criterion) {
    let threads = std::env::var("ISTAR_THREADS").map_or(1, |n| n.parse().expect("ISTAR_THREADS is a number"));
    set_threads(threads);
    // The stock chain takes every thread of rayon's.
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .expect("the first to ask for threads");

    for (rows, inputs, outputs) in [
        (FRAMES, 2304, 128),
        (1024, 300, 256),
        (1024, 256, 256),
        (64, 128, 512),
        (FRAMES, 128, 4),
        (8, 64, 4),
    ] {
        let x = tensor((rows, inputs), "x");
        let (w, b) = (tensor((outputs, inputs), "w"), tensor((outputs,), "b"));
        compare(
            criterion,
            &format!("linear {rows}x{inputs}->{outputs}"),
            || Cpu::linear(x.leaky_trace(), &w, &b, Activation::Relu),
            || linear::stock(x.leaky_trace(), &w, &b, Activation::Relu),
        );
    }

    let x = tensor((CELLS, Const::<32>), "x");
    let (w, b) = (tensor((Const::<64>, Const::<288>), "w"), tensor((Const::<64>,), "b"));
    compare(
        criterion,
        "conv3x3 512x6x6x32->64",
        || Cpu::conv3x3(x.leaky_trace(), &w, &b, GRID, Activation::Relu),
        || conv3x3::stock(x.leaky_trace(), &w, &b, GRID, Activation::Relu),
    );

    let frames: Vec<u8> = (0..FRAMES as u32).flat_map(|number| Room::new(number).0).collect();
    let (w, b) = (tensor((Const::<32>, 192), "w"), tensor((Const::<32>,), "b"));
    compare(
        criterion,
        "patch 512x48x48->32",
        || Cpu::patch(&frames, GRID, 8, &w, &b, OwnedTape::default()),
        || patch::stock(&frames, GRID, 8, &w, &b, OwnedTape::default()),
    );

    let logits = tensor((FRAMES, Const::<4>), "logits");
    let observation: Vec<u32> = (0..4096).map(|row| row % 512).collect();
    let token: Vec<u32> = (0..4096).map(|row| row * 7 % 4).collect();
    let picks = (&observation[..], &token[..]);
    compare(
        criterion,
        "logprob 4096 of 512x4",
        || {
            let (logp, entropy, tape) = Cpu::logprob(logits.leaky_trace(), picks, 1.0, true);
            logp.put_tape(tape) + entropy.expect("asked for")
        },
        || {
            let (logp, entropy, tape) = logprob::stock(logits.leaky_trace(), picks, 1.0, true);
            logp.put_tape(tape) + entropy.expect("asked for")
        },
    );
}

criterion_group!(benches, operations);
criterion_main!(benches);
