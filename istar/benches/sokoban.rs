//! Steps and pictures per second on one core, 1024 rooms of 6x6 with two boxes under random actions.
//! `python3 benches/sokoban_numpy.py` measures the same work in vectorised numpy.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use istar::env::Transition;
use istar::env::sokoban::{Action, Canvas, Frame, LevelSpec, Levels, Rooms, Sokoban, Split};

const BATCH: usize = 1024;
const STEPS: usize = 64;

fn batch() -> Rooms {
    let levels = Levels::new(LevelSpec::default()).expect("a valid kind of level");
    let levels = levels.draw(Split::Train, 0, BATCH).expect("enough levels");
    Rooms::new(&levels, Sokoban::MAX_STEPS).expect("levels of one size")
}

/// Random moves for all steps, drawn beforehand: the simulator is measured, not the generator of numbers.
fn moves() -> Vec<Vec<Action>> {
    let mut state = 1u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Action::MOVES[(state >> 62) as usize]
    };
    (0..STEPS).map(|_| (0..BATCH).map(|_| draw()).collect()).collect()
}

fn sokoban(criterion: &mut Criterion) {
    let (start, moves) = (batch(), moves());
    let mut transitions = vec![Transition::default(); BATCH];
    let mut pixels = vec![0; start.bytes(Frame::TILE)];
    let mut group = criterion.benchmark_group("sokoban");
    group.throughput(Throughput::Elements((BATCH * STEPS) as u64));

    group.bench_function("step", |bencher| {
        let mut rooms = start.clone();
        bencher.iter(|| {
            for actions in &moves {
                rooms.step(actions, &mut transitions);
                black_box(&mut transitions);
            }
        });
    });
    group.bench_function("step and paint whole 48x48 frames", |bencher| {
        let mut rooms = start.clone();
        bencher.iter(|| {
            for actions in &moves {
                rooms.step(actions, &mut transitions);
                rooms.write_rgb(Frame::TILE, &mut pixels);
                black_box(&mut pixels);
            }
        });
    });
    group.bench_function("step and paint what changed in 48x48 frames", |bencher| {
        let mut rooms = start.clone();
        let mut canvas = Canvas::new(&rooms, Frame::TILE, &mut pixels);
        bencher.iter(|| {
            for actions in &moves {
                rooms.step(actions, &mut transitions);
                canvas.update(&rooms);
                black_box(canvas.pixels());
            }
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = sokoban
}
criterion_main!(benches);
