//! Every operation on CUDA, in value and gradient, against the fused forms of the CPU, which other tests hold to the stock chain
//! and to formulas. Without a device these tests say so and pass.

use super::core::linear::sum_columns;
use super::memory::{fresh, view};
use super::{Products, here, probe, set_products};
use crate::batch::Legal;
use crate::kernels::testing::{Gradient, assert_close, random_on, run};
use crate::kernels::{Activation, AdamStep, Backend, Grid, Heads, Squares, Text, Vision};
use dfdx::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How far numbers of the two may be apart, relative to the largest of their list: products are summed in another order.
const TOLERANCE: f32 = 2e-5;

/// What an operation gave, by name.
type Found = Vec<(String, Vec<f32>)>;

/// Value first, then gradients.
fn named(found: &mut Found, what: &str, all: Vec<Vec<f32>>) {
    found.extend(all.into_iter().enumerate().map(|(i, numbers)| (format!("{what}, list {i}"), numbers)));
}

fn linear<D: Backend>(dev: &D, found: &mut Found) {
    for (rows, inputs, outputs) in [(1, 1, 1), (5, 33, 17), (70, 96, 64), (300, 5, 40)] {
        for activation in [Activation::Identity, Activation::Relu] {
            let what = format!("linear {rows} x {inputs} -> {outputs}, {activation:?}");
            let (x, w, b) = (
                random_on(dev, (rows, inputs), "x"),
                random_on(dev, (outputs, inputs), "w"),
                random_on(dev, (outputs,), "b"),
            );
            let y = D::linear(x.leaky_trace(), &w, &b, activation);
            named(found, &what, run(y, &[&x, &w, &b]));
            let y = D::linear_of(x, &w, &b, activation, OwnedTape::default());
            named(found, &format!("shown, {what}"), run(y, &[&w, &b]));
        }
    }
}

fn logprob<D: Backend>(dev: &D, found: &mut Found) {
    let picks: (&[u32], &[u32]) = (&[2, 0, 2, 2, 1, 0], &[3, 0, 3, 1, 4, 2]);
    for (columns, temperature) in [(5, 1.0), (5, 0.3), (70, 1.0)] {
        let logits = random_on(dev, (3, columns), "logits") * 4.0;
        let (logp, entropy, tape) = D::logprob(logits.leaky_trace(), picks, temperature, true);
        chosen(found, &format!("logprob of {columns} at {temperature}"), logp, entropy, tape, &[&logits]);
    }
    // More picks of a row than a warp has lanes, and no entropy.
    let (row, column): (Vec<u32>, Vec<u32>) = (0..100).map(|i| (u32::from(i % 9 == 0), i * 7 % 40)).unzip();
    let logits = random_on(dev, (3, 40), "logits");
    let (logp, entropy, tape) = D::logprob(logits.leaky_trace(), (&row, &column), 1.0, false);
    chosen(found, "logprob of many picks", logp, entropy, tape, &[&logits]);
}

/// Log-probabilities, entropies if there are any, and the gradients of a loss of both.
fn chosen<D: Backend>(
    found: &mut Found,
    what: &str,
    logp: Tensor<(usize,), f32, D>,
    entropy: Option<Tensor<(usize,), f32, D>>,
    tape: OwnedTape<f32, D>,
    parameters: &[&dyn Gradient<D>],
) {
    let (dev, n) = (logp.device().clone(), logp.shape().0);
    let mut numbers = vec![logp.as_vec()];
    let mut each = logp.retaped::<OwnedTape<_, _>>() * random_on(&dev, (n,), "a");
    if let Some(entropy) = entropy {
        numbers.push(entropy.as_vec());
        each = each + entropy.retaped::<OwnedTape<_, _>>() * random_on(&dev, (n,), "b");
    }
    let (loss, own) = each.sum::<Rank0, _>().split_tape();
    let gradients = loss.put_tape(own.merge(tape)).backward();
    named(found, what, numbers.into_iter().chain(parameters.iter().map(|p| p.of(&gradients))).collect());
}

fn scatter<D: Backend>(dev: &D, found: &mut Found) {
    let parts = [
        (dev.tensor_from_vec(vec![1.0, f32::INFINITY, 3.0], (3,)), &[4u32, 0, 2][..]),
        (dev.tensor_from_vec(vec![], (0,)), &[]),
        (dev.tensor_from_vec(vec![5.0], (1,)), &[1]),
    ];
    let whole = D::scatter(dev, 5, &parts).as_vec();
    assert_eq!(whole, [f32::INFINITY, 5.0, 3.0, 0.0, 1.0]);
    found.push(("scatter".into(), whole[1..].to_vec()));
}

fn adam<D: Backend>(dev: &D, found: &mut Found) {
    let step = AdamStep { clip: 0.3, decay: 0.99, betas: [0.9, 0.95], rate: 0.05, root: 2.0, eps: 1e-8 };
    let mut value = random_on(dev, (7, 5), "value");
    let (mut first, mut second) = (dev.zeros_like(&(35,)), dev.zeros_like(&(35,)));
    let mut squares = Squares::default();
    for number in 0..3 {
        let weights = random_on(dev, (7, 5), ["one", "two", "three"][number]);
        let mut gradients = (value.leaky_trace() * weights).sum::<Rank0, _>().backward();
        D::add_squares(&value, &mut gradients, &mut squares);
        D::adam(&mut value, &mut gradients, [&mut first, &mut second], &step);
    }
    // More than one block's share, and a twin that must stay what it is.
    let (mut long, mut moments) =
        (random_on(dev, (150_000,), "long"), [(); 2].map(|()| dev.zeros_like(&(150_000,))));
    let twin = long.clone();
    let mut gradients = long.leaky_trace().square().sum::<Rank0, _>().backward();
    let mut sum = Squares::default();
    D::add_squares(&long, &mut gradients, &mut sum);
    let [one, two] = &mut moments;
    D::adam(&mut long, &mut gradients, [one, two], &step);
    named(found, "long adam", vec![long.as_vec(), twin.as_vec(), vec![sum.root() as f32]]);
    // Without a gradient moments decay, and the parameter goes on.
    let mut none = (dev.zeros_like(&(1,)).leaky_trace() * 1.0).sum::<Rank0, _>().backward();
    D::adam(&mut value, &mut none, [&mut first, &mut second], &step);
    named(found, "adam", vec![value.as_vec(), first.as_vec(), second.as_vec(), vec![squares.root() as f32]]);
}

fn vision<D: Vision>(dev: &D, found: &mut Found) {
    let grid = Grid { height: 3, width: 4 };
    for (images, channels, outputs) in [(1, 1, 1), (3, 5, 7), (13, 8, 33)] {
        let x = random_on(dev, (images * grid.cells(), channels), "x");
        let (w, b) = (random_on(dev, (outputs, 9 * channels), "w"), random_on(dev, (outputs,), "b"));
        let y = D::conv3x3(x.leaky_trace(), &w, &b, grid, Activation::Relu);
        named(found, &format!("conv3x3 {channels} -> {outputs}"), run(y, &[&x, &w, &b]));
    }
    let tile = 2;
    let frames: Vec<u8> = (0..10 * grid.cells() * tile * tile * 3).map(|i| (i * 37 % 256) as u8).collect();
    let (w, b) = (random_on(dev, (6, tile * tile * 3), "w"), random_on(dev, (6,), "b"));
    let y = D::patch(&frames, grid, tile, &w, &b, OwnedTape::default());
    named(found, "patch", run(y, &[&w, &b]));
}

fn text<D: Text>(dev: &D, found: &mut Found) {
    let (rows, width, outputs) = (9, 16, 12);
    let table = random_on(dev, (11, width), "table");
    let picked = D::embed(table.leaky_trace(), &[3, 0, 10, 3, 7]);
    named(found, "embed", run(picked, &[&table]));
    // A row that is wanted often.
    let picked = D::embed(table.leaky_trace(), &[3, 0, 3, 3, 3, 1, 3, 3, 3, 3, 3]);
    named(found, "embed the same", run(picked, &[&table]));

    let x = random_on(dev, (rows, width), "x");
    let (gain, bias) = (random_on(dev, (width,), "gain"), random_on(dev, (width,), "bias"));
    named(found, "rms norm", run(D::norm(x.leaky_trace(), &gain, None, 1e-5), &[&x, &gain]));
    let y = D::norm(x.leaky_trace(), &gain, Some(&bias), 1e-5);
    named(found, "layer norm", run(y, &[&x, &gain, &bias]));

    let (wide, many) = (random_on(dev, (rows, 70), "wide"), random_on(dev, (70,), "many gains"));
    let y = D::norm(wide.leaky_trace(), &many, Some(&many), 1e-5);
    named(found, "wide norm", run(y, &[&wide, &many]));

    let maps = ["a", "b"].map(|name| random_on(dev, (outputs, width), name));
    let [a, b] = D::norm_linear(x.leaky_trace(), &gain, Some(&bias), 1e-5, [&maps[0], &maps[1]]);
    let both = D::swiglu(a, b);
    named(found, "norm_linear and swiglu", run(both, &[&x, &gain, &bias, &maps[0], &maps[1]]));
    let y = D::gelu(D::add_linear(
        random_on(dev, (rows, outputs), "onto").put_tape(OwnedTape::default()),
        x.leaky_trace(),
        &maps[0],
    ));
    named(found, "add_linear and gelu", run(y, &[&x, &maps[0]]));

    let positions = [0, 1, 2, 3, 0, 1, 2, 3, 4];
    named(found, "rotate", run(D::rotate(x.leaky_trace(), &positions, 8, 1e4), &[&x]));
    let heads = Heads { queries: 4, shared: 2, size: 4 };
    let (k, v) = (
        random_on(dev, (rows, heads.shared_width()), "k"),
        random_on(dev, (rows, heads.shared_width()), "v"),
    );
    let y = D::attention(x.leaky_trace(), k.leaky_trace(), v.leaky_trace(), &[4, 5], heads);
    named(found, "attention", run(y, &[&x, &k, &v]));
    // Several blocks of keys, none at all, and heads of every kernel and of none, among them some whose size nothing divides.
    for size in [7, 37, 40, 100, 200, 258] {
        let (lengths, heads) = ([1, 70, 0, 33], Heads { queries: 2, shared: 1, size });
        let of = |width, name| random_on(dev, (104, width), name) * 2.0;
        let [k, v] = ["long k", "long v"].map(|name| of(heads.shared_width(), name));
        let q = of(heads.width(), "long q");
        let y = D::attention(q.leaky_trace(), k.leaky_trace(), v.leaky_trace(), &lengths, heads);
        named(found, &format!("attention of {size}"), run(y, &[&q, &k, &v]));
    }

    let legal: Vec<Legal> = (0..rows as u32).map(|row| Legal::from_iter([row % 3, 4, 9])).collect();
    let picks: (&[u32], &[u32]) = (&[0, 1, 5, 5, 8], &[4, 9, 2, 9, 4]);
    let (logp, entropy, tape) = D::chosen(x.leaky_trace(), &table, &legal, picks, true);
    chosen(found, "chosen", logp, entropy, tape, &[&x, &table]);
    let many = random_on(dev, (70, width), "many");
    let legal: Vec<Legal> = (0..rows as u32)
        .map(|row| [Legal::ALL, Legal::from(row..row + 40)][row as usize % 2].clone())
        .collect();
    let picks: (&[u32], &[u32]) = (&[0, 1, 5, 5, 8], &[4, 9, 32, 44, 69]);
    let (logp, entropy, tape) = D::chosen(x.leaky_trace(), &many, &legal, picks, true);
    chosen(found, "chosen of many", logp, entropy, tape, &[&x, &many]);
    let (row, column): (Vec<u32>, Vec<u32>) =
        (0..100).map(|i| (2 * u32::from(i % 9 == 0), i * 7 % 70)).unzip();
    let (logp, entropy, tape) = D::chosen(x.leaky_trace(), &many, &legal, (&row, &column), false);
    chosen(found, "many chosen", logp, entropy, tape, &[&x, &many]);
}

/// All operations of a device.
fn all<D: Vision + Text>() -> Found {
    let (dev, mut found) = (D::here(), Vec::new());
    linear(&dev, &mut found);
    logprob(&dev, &mut found);
    scatter(&dev, &mut found);
    adam(&dev, &mut found);
    vision(&dev, &mut found);
    text(&dev, &mut found);
    found
}

#[test]
fn cuda_computes_what_the_cpu_does() {
    if let Err(reason) = probe() {
        eprintln!("not tested: {reason}");
        return;
    }
    let compare = |cuda: &Found, tolerance: f32| {
        for ((what, expected), (_, found)) in all::<Cpu>().iter().zip(cuda) {
            assert_close(what, found, expected, tolerance);
        }
    };
    let exact = all::<Cuda>();
    compare(&exact, TOLERANCE);
    // Numbers of ten bits: a product of some dozens of them.
    set_products(Products::Tf32);
    let rounded = all::<Cuda>();
    set_products(Products::F32);
    compare(&rounded, 4e-3);
    assert_ne!(exact, rounded, "products round");
}

#[test]
fn a_view_is_where_the_numbers_are() {
    if let Err(reason) = probe() {
        eprintln!("not tested: {reason}");
        return;
    }
    let numbers = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let x: Tensor<(usize, usize), f32, Cuda> = here().tensor_from_vec(numbers.clone(), (2, 3));
    let y = fresh((6,));
    // One row, summed.
    sum_columns(view(&x), None, 6, view(&y));
    assert_eq!(y.as_vec(), numbers);
    let refused = |what: &dyn Fn()| {
        let said = catch_unwind(AssertUnwindSafe(what)).expect_err("no flat view");
        assert!(said.downcast_ref::<String>().is_some_and(|said| said.contains("not contiguous")));
    };
    let turned = x.clone().permute::<(usize, usize), Axes2<1, 0>>();
    if cfg!(debug_assertions) {
        refused(&|| _ = view(&turned));
    }
    let wide = x.broadcast_like::<_, Axis<0>>(&(4, 2, 3));
    refused(&|| _ = view(&wide));
}
