//! A line that is read at run time is what the compiler makes of it: in words, and bit for bit in numbers.

#[path = "line/batch.rs"]
mod batch;
#[path = "line/draw.rs"]
mod draw;
#[path = "line/generate.rs"]
mod generate;

/// Declares lines, and a function that gives all of them.
macro_rules! lines {
    ($($name:ident { $($line:tt)* })*) => {
        $(objective! { $($line)* })*

        pub fn all() -> Vec<Box<dyn AnyObjective>> {
            vec![$(Box::new($name::default())),*]
        }
    };
}

// What is legal and probably not meant is compared as well.
#[allow(deprecated)]
mod lines {
    use istar::objective;
    use istar::objective::AnyObjective;

    include!("line/lines.rs");
}

use batch::{Full, between};
use draw::Draw;
use istar::Line;
use istar::batch::LevelId;
use istar::credit::Credit;
use istar::graph::Phase;
use istar::objective::{AnyObjective, Evaluated, Leaf};
use istar::recipes;
use istar_tests::declared;

/// Every number of it by its bits.
fn bits(found: &Evaluated) -> Vec<Vec<u64>> {
    let one = |x: Option<f64>| x.map(f64::to_bits).into_iter().collect::<Vec<_>>();
    let all = |x: &[f64]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    let metrics: Vec<f64> = found.metrics.iter().map(|(_, value)| *value).collect();
    vec![
        one(found.loss),
        all(&found.shares),
        all(&found.slope),
        all(found.advantage.as_deref().unwrap_or_default()),
        all(&metrics),
    ]
}

/// Reads the line of an objective and compares the two on batches in which nothing is missing.
fn same(typed: &dyn AnyObjective, batches: u64) {
    let text = declared(typed);
    let line = Line::parse(&text).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(line.explain(), typed.explain());
    assert_eq!((line.name(), line.source()), (typed.name(), typed.source()));
    assert_eq!((line.demand(), line.credit_level()), (typed.demand(), typed.credit_level()), "{text}");
    assert_eq!((line.terms(), line.validate()), (typed.terms(), typed.validate()), "{text}");
    for iteration in [0, 7] {
        assert_eq!(line.plan(iteration), typed.plan(iteration), "{text}");
    }
    if typed.validate().is_err() {
        return;
    }
    for seed in 0..batches {
        on_a_batch(typed, seed, |cx, leaf| {
            let (a, b) = (line.evaluate(cx, leaf), typed.evaluate(cx, leaf));
            apart(&Line::of(typed).expect("without types of anyone's own"), cx, leaf);
            assert_eq!(bits(&a), bits(&b), "{text}\nseed {seed}, {:?}", leaf.phase);
        });
    }
}

/// A batch in which nothing is missing, and a leaf for each phase.
fn on_a_batch(objective: &dyn AnyObjective, seed: u64, mut run: impl FnMut(&Credit<'_>, &Leaf<'_>)) {
    let (batch, draw, plan) = (Full::new(seed), &mut Draw(seed + 1000), objective.plan(0));
    let level = plan.critic.as_ref().map_or(LevelId::Step, |critic| critic.level);
    let heads = plan.critic.as_ref().map_or(1, |critic| critic.heads.len());
    let layout = batch.layout();
    let numbers = objective.numbers();
    let cx = Credit { batch: batch.columns(level), at: numbers.scope(seed) };
    let elements = if level == LevelId::Token { layout.tokens() } else { layout.steps() };
    let reward = if objective.demand().explicit_prm { layout.steps() } else { layout.tokens() };
    for (phase, size) in
        [(Phase::Reward, reward), (Phase::Policy, layout.tokens()), (Phase::Value, heads * elements)]
    {
        let mut column = |size: usize| (0..size).map(|_| between(draw, -3.0, -0.1)).collect::<Vec<_>>();
        let (values, entropy, shown) = (column(size), column(size), column(5));
        let leaf = Leaf {
            entropy: (phase == Phase::Policy).then_some(&*entropy),
            demonstration: (phase == Phase::Policy).then_some(&*shown),
            ..Leaf::new(phase, &values)
        };
        run(&cx, &leaf);
    }
}

/// The summands of a line add up to it: those of its advantage, those of its loss.
fn apart(line: &Line, cx: &Credit<'_>, leaf: &Leaf<'_>) {
    let add = |sums: &mut [f64], sizes: &mut [f64], part: &[f64]| {
        for ((sum, size), x) in sums.iter_mut().zip(sizes).zip(part) {
            *sum += x;
            *size += x.abs();
        }
    };
    let same = |(sums, sizes): (&[f64], &[f64]), whole: &[f64]| {
        for ((sum, size), x) in sums.iter().zip(sizes).zip(whole) {
            assert!((sum - x).abs() <= 1e-12 * size || !x.is_finite() || !size.is_finite(), "{sum}, and {x}");
        }
    };
    let whole = line.evaluate(cx, leaf);
    let (mut sums, mut sizes) = (vec![0.0; whole.slope.len()], vec![0.0; whole.slope.len()]);
    for part in line.losses() {
        add(&mut sums, &mut sizes, &part.line.evaluate(cx, leaf).slope);
    }
    same((&sums, &sizes), &whole.slope);
    if let Some(advantage) = whole.advantage.filter(|_| leaf.phase == Phase::Policy) {
        let parts = line.advantages();
        assert!(!parts.is_empty());
        let (mut sums, mut sizes) = (vec![0.0; advantage.len()], vec![0.0; advantage.len()]);
        for part in &parts {
            let found = part.line.evaluate(cx, leaf).advantage.expect("each has one");
            add(&mut sums, &mut sizes, &found);
        }
        same((&sums, &sizes), &advantage);
    }
}

/// What passes the checks of the language has numbers: many more lines than are compiled.
#[test]
fn more_random_lines() {
    let lines = generate::lines(1000);
    for text in &lines {
        let told = std::panic::catch_unwind(|| {
            let line = Line::parse(text).unwrap_or_else(|report| panic!("{report}"));
            if line.validate().is_ok() {
                on_a_batch(&line, 3, |cx, leaf| apart(&line, cx, leaf));
            }
        });
        assert!(told.is_ok(), "{text}");
    }
}

#[test]
fn every_recipe() {
    for recipe in recipes::all() {
        same(&*recipe.objective, 8);
    }
}

#[test]
fn random_lines() {
    for typed in lines::all() {
        same(&*typed, 8);
    }
}
