//! What is learnt from outcomes: preferences, labels, weights.

use super::*;
use proptest::prelude::*;

/// Plain DPO.
const fn plain(beta: f64, over: Over) -> Preference {
    Preference { beta, over, link: Link::DPO, alpha: 1.0 }
}

const LINKS: [Link; 14] = [
    Link::DPO,
    Link::Sigmoid { smooth: 0.1, margin: 0.0 },
    Link::Sigmoid { smooth: 0.0, margin: 0.8 },
    Link::Robust { smooth: 0.2 },
    Link::Hinge { margin: 0.0 },
    Link::Hinge { margin: 0.3 },
    Link::Ipo,
    Link::Exo { smooth: 0.01 },
    Link::Nca,
    Link::Bco,
    Link::Sppo,
    Link::ApoZero,
    Link::ApoDown,
    Link::Discopop { tau: 0.5 },
];

#[test]
fn links_follow_their_formulas() {
    let mut losses = 0;
    for (seed, shape) in (0..10).flat_map(|seed| SHAPES.map(|shape| (seed, shape))) {
        let sample = Sample::new(seed, shape);
        let column = sample.part.pick(&sample.reference);
        let ones = vec![1.0; sample.layout.steps()];
        // The log-odds are those of probabilities, so of likelihoods without a reference.
        let none = vec![0.0; sample.layout.tokens()];
        let odds = (Link::Odds, 1.0, Over::Tokens, &none, sample.part.pick(&none));
        let links = LINKS.iter().enumerate().map(|(index, link)| {
            let (over, alpha) =
                ([Over::Sum, Over::Mean, Over::Tokens][index % 3], [1.0, 0.5, 0.0, 1.5][index % 4]);
            (*link, alpha, over, &sample.reference, column.clone())
        });
        for (link, alpha, over, reference, column) in links.chain([odds]) {
            let form = Preference { beta: 0.7, over, link, alpha };
            let graph =
                |pass: &mut Pass<'_, f64, Tested>| preference(pass, &form, &sample.pairs, reference, None);
            // A trajectory without tokens has likelihood 1, and no odds.
            let empty = |part: &Part| {
                (0..part.trajs.len()).any(|traj| !part.traj_of_token().contains(&(traj as u32)))
            };
            if run::<f64>(&sample.part, &sample.logp, graph).is_none()
                || (link == Link::Odds && empty(&sample.part))
            {
                continue;
            }
            hold!(
                sample,
                form,
                |pass| preference(pass, &form, &sample.pairs, reference, None),
                |live: &[f64], _: &[f64]| reference::preference(
                    &sample.part,
                    &form,
                    &sample.pairs,
                    (live, &column),
                    &ones
                )
            );
            losses += 1;
        }
    }
    assert!(losses > 100, "{losses}");
}

/// However far scores lie, what a pair costs is a number, and so are its slopes.
#[test]
fn costs_stay_numbers() {
    for link in LINKS.into_iter().chain([Link::Odds]) {
        for (better, worse) in [(0.0, 0.0), (0.0, -1e4), (-1e4, 0.0), (-1e4, -1e4), (-1e-300, 0.0)] {
            let cost = link.cost(1.0, better, worse);
            assert!([cost.loss, cost.better, cost.worse].iter().all(|x| x.is_finite()), "{link:?}: {cost:?}");
        }
    }
}

#[test]
fn preference_follows_its_formula() {
    let mut losses = 0;
    for seed in 0..40 {
        for shape in SHAPES {
            let sample = Sample::new(seed, shape);
            let placed = |traj: &u32| sample.part.trajs.contains(traj);
            let tokens = |traj: &u32| {
                let position = sample.part.trajs.iter().position(|t| t == traj).expect("a place");
                reference::nested(&sample.part)[position].concat().len()
            };
            let common = |a: &u32, b: &u32| -> usize {
                let nested = reference::nested(&sample.part);
                let steps =
                    |traj| &nested[sample.part.trajs.iter().position(|t| t == traj).expect("a place")];
                let n = steps(a).len().min(steps(b).len());
                [a, b].map(|traj| steps(traj)[..n].concat().len()).iter().sum()
            };
            let pairs: Vec<_> = sample.pairs.iter().filter(|(a, b)| placed(a) && placed(b)).collect();
            for over in [Over::Sum, Over::Mean, Over::Tokens, Over::Common] {
                for weight in [None, Some(&sample.weight[..])] {
                    let form = plain(0.7, over);
                    let counted = |pair: &&(u32, u32)| match over {
                        Over::Common => common(&pair.0, &pair.1),
                        _ => tokens(&pair.0) + tokens(&pair.1),
                    };
                    if pairs.iter().all(|pair| counted(pair) == 0) {
                        let graph = |pass: &mut Pass<'_, f64, Tested>| {
                            preference(pass, &form, &sample.pairs, &sample.reference, weight)
                        };
                        assert!(run::<f64>(&sample.part, &sample.logp, graph).is_none());
                        continue;
                    }
                    let column = sample.part.pick(&sample.reference);
                    let ones = vec![1.0; sample.layout.steps()];
                    let metrics = hold!(
                        sample,
                        form,
                        |pass| preference(pass, &form, &sample.pairs, &sample.reference, weight),
                        |live: &[f64], _: &[f64]| reference::preference(
                            &sample.part,
                            &form,
                            &sample.pairs,
                            (live, &column),
                            weight.unwrap_or(&ones)
                        )
                    );
                    assert!(metrics.contains(&("charts/policy_pairs", pairs.len() as f64)), "{metrics:?}");
                    losses += 1;
                }
            }
        }
    }
    assert!(losses > 100, "{losses}");
}

#[test]
fn preference_moves_from_equal_scores() {
    let layout = Layout::new(vec![0, 2], vec![0, 1, 3], vec![0, 2, 3, 3]);
    let part = Part::whole(&layout);
    let logp = [-1.0, -2.0, -3.0];
    let form = plain(0.5, Over::Sum);
    let graph = |pass: &mut Pass<'_, f32, Tested>| preference(pass, &form, &[(0, 1)], &logp, None);
    let (value, gradient, metrics) = run::<f32>(&part, &logp, graph).expect("a loss");
    assert!(near(value, 2f64.ln(), 1e-6, 1.0), "{value}");
    assert_eq!(gradient, [-0.25, -0.25, 0.25]);
    assert!(metrics.contains(&("charts/policy_pair_accuracy", 0.5)));
}

#[test]
fn preference_is_finite_far_out() {
    let layout = Layout::new(vec![0, 2], vec![0, 1, 2], vec![0, 1, 2]);
    let part = Part::whole(&layout);
    let form = plain(1.0, Over::Sum);
    for (logp, expected, slope) in [([-500.0, 0.0], 500.0, -1.0), ([0.0, -500.0], 0.0, 0.0)] {
        let graph = |pass: &mut Pass<'_, f32, Tested>| preference(pass, &form, &[(0, 1)], &[0.0, 0.0], None);
        let (value, gradient, _) = run::<f32>(&part, &logp, graph).expect("a loss");
        assert!(
            near(value, expected, 1e-6, 1.0) && near(gradient[0], slope, 1e-6, 1.0),
            "{value} {gradient:?}"
        );
    }
}

/// Trajectories of these many steps of one token each, in one group.
fn lengths(steps: &[usize]) -> Layout {
    let tokens = std::iter::repeat_n(1, steps.iter().sum());
    Layout::from_lengths([steps.len()], steps.iter().copied(), tokens)
}

#[test]
fn each_phase_has_names_of_its_own() {
    let layout = lengths(&[3, 1, 2]);
    let part = Part::whole(&layout);
    let form = plain(1.0, Over::Sum);
    let logp = [0.5, 0.0, 0.0, 1.0, -1.0, 0.0];
    for (phase, expected) in [
        (Phase::Reward, ["losses/prm", "charts/pair_accuracy", "charts/length_accuracy", "charts/pairs"]),
        (
            Phase::Policy,
            [
                "losses/dpo",
                "charts/policy_pair_accuracy",
                "charts/policy_length_accuracy",
                "charts/policy_pairs",
            ],
        ),
    ] {
        let graph = |pass: &mut Pass<'_, f64, Tested>| {
            pass.phase = phase;
            preference(pass, &form, &[(1, 0), (0, 2), (2, 1)], &[0.0; 6], None)
        };
        let (_, _, metrics) = run::<f64>(&part, &logp, graph).expect("a loss");
        assert_eq!(metrics.iter().map(|(name, _)| *name).collect::<Vec<_>>(), expected);
        let [_, (_, accuracy), (_, shorter), (_, pairs)] = metrics[..] else { panic!("four numbers") };
        // scores 0.5, 1, -1; lengths 3, 1, 2
        assert!(near(accuracy, 2.0 / 3.0, 1e-12, 1.0) && near(shorter, 1.0 / 3.0, 1e-12, 1.0));
        assert_eq!(pairs, 3.0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What length alone could teach: the same number on every step. It cancels in each pair of common steps, however
    /// long the trajectories are, and it does not in a pair of sums.
    #[test]
    fn length_cannot_fool_common_steps(
        steps in prop::collection::vec(prop_oneof![0..6usize, 100..3000usize], 2..5),
        shift in prop_oneof![-2.0..-0.1f64, 0.1..2.0f64],
        seed in 0..1000u64,
    ) {
        let layout = lengths(&steps);
        let part = Part::whole(&layout);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let n = layout.tokens();
        let logp: Vec<f64> = (0..n).map(|_| rng.random_range(-3.0..0.0)).collect();
        let reference: Vec<f64> = logp.iter().map(|l| l + rng.random_range(-0.01..0.01)).collect();
        let moved: Vec<f64> = logp.iter().map(|l| l + shift).collect();
        let pairs: Vec<(u32, u32)> = (1..steps.len() as u32).map(|other| (0, other)).collect();
        let loss = |over, logp: &[f64]| {
            let form = plain(0.05, over);
            run::<f64>(&part, logp, |pass| preference(pass, &form, &pairs, &reference, None))
        };
        if let (Some(before), Some(after)) = (loss(Over::Common, &logp), loss(Over::Common, &moved)) {
            prop_assert!((before.0 - after.0).abs() < 1e-9, "{} {}", before.0, after.0);
            prop_assert!(before.0.is_finite());
            let drift = before.1.iter().zip(&after.1).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            prop_assert!(drift < 1e-9, "{drift}");
        }
        // a step longer on one side than on the other is enough for the sum
        let longer = steps[1..].iter().all(|other| *other > steps[0]);
        if let (true, Some(before), Some(after)) =
            (longer, loss(Over::Sum, &logp), loss(Over::Sum, &moved))
        {
            prop_assert!((before.0 - after.0).signum() == -shift.signum());
        }
    }
}

#[test]
fn cross_entropy_follows_its_formula() {
    let mut losses = 0;
    for seed in 0..30 {
        for shape in SHAPES {
            let sample = Sample::new(seed, shape);
            let label: Vec<f64> =
                (0..sample.layout.trajs()).map(|traj| f64::from(u8::from(traj % 3 == 0))).collect();
            let column = sample.part.pick(&sample.reference);
            for per in [Labelled::Traj, Labelled::Step] {
                let form = (0.7, per);
                if sample.part.tokens.is_empty() {
                    let graph = |pass: &mut Pass<'_, f64, Tested>| {
                        cross_entropy(pass, form, &label, &sample.pairs, &sample.reference)
                    };
                    assert!(run::<f64>(&sample.part, &sample.logp, graph).is_none());
                    continue;
                }
                hold!(
                    sample,
                    form,
                    |pass| cross_entropy(pass, form, &label, &sample.pairs, &sample.reference),
                    |live: &[f64], _: &[f64]| reference::cross_entropy(
                        &sample.part,
                        form,
                        &label,
                        live,
                        &column
                    )
                );
                losses += 1;
            }
        }
    }
    assert!(losses > 100, "{losses}");
}

#[test]
fn cross_entropy_says_how_it_ranks() {
    let layout = lengths(&[3, 1, 2]);
    let part = Part::whole(&layout);
    // scores 0.5, 1, -1; of a success, a failure, a failure
    let logp = [0.5, 0.0, 0.0, 1.0, -1.0, 0.0];
    let graph = |pass: &mut Pass<'_, f64, Tested>| {
        cross_entropy(pass, (1.0, Labelled::Traj), &[1.0, 0.0, 0.0], &[(0, 1), (0, 2)], &[0.0; 6])
    };
    let (_, _, metrics) = run::<f64>(&part, &logp, graph).expect("a loss");
    let expected = [
        ("charts/label_accuracy", 2.0 / 3.0),
        ("charts/pair_accuracy", 0.5),
        ("charts/length_accuracy", 0.0),
        ("charts/pairs", 2.0),
    ];
    assert_eq!(metrics[1..], expected);
}

#[test]
fn regression_follows_its_formula() {
    for seed in 0..20 {
        for shape in SHAPES {
            let sample = Sample::new(seed, shape);
            let weight: Vec<f64> = (0..sample.layout.trajs()).map(|traj| 0.5 + traj as f64).collect();
            if sample.part.tokens.is_empty() {
                let graph = |pass: &mut Pass<'_, f64, Tested>| regression(pass, &weight);
                assert!(run::<f64>(&sample.part, &sample.logp, graph).is_none());
                continue;
            }
            hold!(sample, "regression", |pass| regression(pass, &weight), |live: &[f64], _: &[f64]| {
                reference::regression(&sample.part, &weight, live)
            });
        }
    }
}
