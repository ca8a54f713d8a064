//! The forms of a policy loss that are no clip.

use super::super::Shape;
use super::{Shape as Extent, *};

const FORMS: [Shape; 7] = [
    Shape::LogProb,
    Shape::Cispo,
    Shape::Sapo { positive: 1.0, negative: 1.05 },
    Shape::GeometricMean,
    Shape::TotalVariation { most: 1.3 },
    Shape::BinaryKl { most: 1.3 },
    Shape::Gamma { positive: (2.0, 3.0), negative: (3.0, 2.0) },
];

#[test]
fn forms_follow_their_formulas() {
    let (mut losses, mut cut) = (0, [0; FORMS.len()]);
    for (seed, which) in (0..4).flat_map(|seed| SHAPES.map(|which| (seed, which))) {
        for (number, (ratio, reduce)) in
            RATIOS.iter().flat_map(|ratio| REDUCES.map(|reduce| (*ratio, reduce))).enumerate()
        {
            let sample = Sample::new(seed, which).shared(ratio);
            let bounds = [Bounds::Open, Bounds::Same(0.2, 0.3), Bounds::Same(0.05, 0.02), sample.band()]
                [number % 4]
                .clone();
            for (index, shape) in FORMS.into_iter().enumerate() {
                let form = Surrogate { shape, clip: bounds.clone(), dual: None, ratio, reduce };
                let kept = (number % 2 == 0).then_some(&sample.kept[..]);
                let flags = kept.map_or(vec![true; sample.part.tokens.len()], |kept| sample.part.pick(kept));
                if !flags.contains(&true) {
                    continue;
                }
                let (advantage, old) = (&sample.advantage, &sample.old);
                let columns = (&sample.part.pick(advantage)[..], &sample.part.pick(old)[..], &flags[..]);
                let metrics = hold!(
                    sample,
                    form,
                    |pass| surrogate(pass, &form, advantage, old, kept),
                    |live: &[f64], frozen: &[f64]| reference::surrogate(
                        &sample.part,
                        &form,
                        (live, frozen),
                        columns
                    )
                );
                let share = metrics.iter().find(|(name, _)| *name == "charts/clip_fraction");
                assert_eq!(share.is_some(), shape.has_bounds() && bounds != Bounds::Open);
                cut[index] += usize::from(share.is_some_and(|(_, share)| *share > 0.0));
                losses += 1;
            }
        }
    }
    assert!(losses > 1000, "{losses}");
    assert!(FORMS.iter().zip(cut).all(|(form, cut)| !form.has_bounds() || cut > 20), "{cut:?}");
}

/// Where the policy is the one that sampled, every form is the plain policy gradient.
#[test]
fn on_policy_all_forms_pull_alike() {
    let sample = Sample::new(3, Extent::Whole);
    let on_policy = sample.part.pick(&sample.old);
    let gradient = |shape| {
        let (ratio, reduce) = (RATIOS[0], REDUCES[0]);
        let form = Surrogate { shape, clip: Bounds::Same(0.2, 0.2), dual: None, ratio, reduce };
        let graph =
            |pass: &mut Pass<'_, f64, Tested>| surrogate(pass, &form, &sample.advantage, &sample.old, None);
        run::<f64>(&sample.part, &on_policy, graph).expect("a loss").1
    };
    let plain = gradient(Shape::LogProb);
    for shape in FORMS.into_iter().chain([Shape::Clip]) {
        for (slope, plain) in gradient(shape).iter().zip(&plain) {
            assert!(near(*slope, *plain, 1e-12, 1e-3), "{shape:?}: {slope}, expected {plain}");
        }
    }
}
