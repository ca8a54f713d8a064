//! Where the noise of a mean success comes from.

use super::Scores;

/// One source of noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Component {
    /// Its variance, estimated without bias, hence below zero at times where there is little of it.
    pub variance: f64,
    /// The standard error that it brings to the mean of all scores; zero where its variance is below.
    pub error: f64,
}

/// The variance of scores by what they vary over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Components {
    /// Runs: how much seeds differ over all levels, `σ²_s`, with `√(σ²_s / S)`. More seeds lower it, more levels do not.
    pub seeds: Component,
    /// Tasks: how much levels differ over all seeds, `σ²_l`, with `√(σ²_l / L)`. Objectives that are compared on the same
    /// levels share it.
    pub levels: Component,
    /// What is left, `σ²_e`, with `√(σ²_e / SL)`: chance in an episode, and which level suits which seed.
    pub rest: Component,
}

/// Variance components of `S` seeds × `L` levels with one score in each place, such as 1 where the level was solved: the
/// two-way random model `y_sl = μ + a_s + b_l + e_sl`, by its mean squares,
///
/// `σ²_e = MS_e`, `σ²_s = (MS_s − MS_e) / L`, `σ²_l = (MS_l − MS_e) / S`
///
/// (S. R. Searle, G. Casella and C. E. McCulloch, "Variance components", 1992, chapter 4; as a seed × item design, R. L.
/// Brennan, "Generalizability theory", 2001, § 2). Units: those of a score, squared for variances.
///
/// The standard deviation over seeds of a table measures `σ²_s + σ²_e / L`: all seeds share their test levels, so the
/// choice of these is not in it. None with fewer than two seeds or two levels.
#[must_use]
pub fn variance_components(scores: &Scores) -> Option<Components> {
    let (seeds, levels) = (scores.runs(), scores.tasks());
    if seeds < 2 || levels < 2 {
        return None;
    }
    let (s, l) = (seeds as f64, levels as f64);
    let of_seed: Vec<f64> = scores.values().chunks(levels).map(|run| run.iter().sum::<f64>() / l).collect();
    let of_level: Vec<f64> = (0..levels).map(|level| scores.task(level).sum::<f64>() / s).collect();
    let mean = of_seed.iter().sum::<f64>() / s;
    let squares = |means: &[f64]| means.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    let left = scores.values().iter().enumerate().map(|(place, score)| {
        let (seed, level) = (place / levels, place % levels);
        (score - of_seed[seed] - of_level[level] + mean).powi(2)
    });

    let rest = left.sum::<f64>() / ((s - 1.0) * (l - 1.0));
    let component = |variance: f64, n: f64| Component { variance, error: (variance.max(0.0) / n).sqrt() };
    Some(Components {
        seeds: component(squares(&of_seed) / (s - 1.0) - rest / l, s),
        levels: component(squares(&of_level) / (l - 1.0) - rest / s, l),
        rest: component(rest, s * l),
    })
}

#[cfg(test)]
mod tests {
    use super::super::Summary;
    use super::*;
    use proptest::prelude::*;

    fn of(tasks: usize, values: Vec<f64>) -> Option<Components> {
        variance_components(&Scores::new(tasks, values)?)
    }

    #[test]
    fn by_hand() {
        // Seeds 0 and 2, levels 0, 1 and 5, added up: nothing is left.
        let sum = of(3, vec![0.0, 1.0, 5.0, 2.0, 3.0, 7.0]).expect("a matrix");
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(sum.seeds.variance, 2.0);
        close(sum.levels.variance, 7.0);
        close(sum.rest.variance, 0.0);
        close(sum.seeds.error, 1.0);
        close(sum.levels.error, (7.0f64 / 3.0).sqrt());
        // Each seed solves another of two levels: all means are 1/2, all that is left is ± 1/2 in one degree of freedom.
        let crossed = of(2, vec![1.0, 0.0, 0.0, 1.0]).expect("a matrix");
        assert_eq!((crossed.rest.variance, crossed.rest.error), (1.0, 0.5));
        assert_eq!((crossed.seeds.variance, crossed.seeds.error), (-0.5, 0.0));
        assert_eq!((crossed.levels.variance, crossed.levels.error), (-0.5, 0.0));
    }

    #[test]
    fn what_has_no_components() {
        assert_eq!(of(1, vec![0.0, 1.0, 1.0]), None);
        assert_eq!(of(3, vec![0.0, 1.0, 1.0]), None);
        assert_eq!(of(0, vec![]), None);
    }

    proptest! {
        #[test]
        fn seeds_and_rest_are_the_spread_over_seeds(solved in prop::collection::vec(prop::bool::ANY, 24), levels in 2usize..9) {
            prop_assume!(24 % levels == 0);
            let solved: Vec<f64> = solved.into_iter().map(|solved| f64::from(u8::from(solved))).collect();
            let parts = of(levels, solved.clone()).expect("a matrix");
            let share = |run: &[f64]| run.iter().sum::<f64>() / levels as f64;
            let shares: Vec<f64> = solved.chunks(levels).map(share).collect();
            let sd = Summary::of(&shares).and_then(|summary| summary.sd).expect("two seeds");
            prop_assert!((sd.powi(2) - parts.seeds.variance - parts.rest.variance / levels as f64).abs() < 1e-12);
        }

        #[test]
        fn it_knows_neither_the_mean_nor_which_side_is_which(values in prop::collection::vec(-1f64..1.0, 12), shift in -3f64..3.0) {
            let plain = of(4, values.clone()).expect("a matrix");
            let moved = of(4, values.iter().map(|value| value + shift).collect()).expect("a matrix");
            let turned = (0..12).map(|i| values[i % 3 * 4 + i / 3]).collect();
            let turned = of(3, turned).expect("a matrix");
            let close = |a: Component, b: Component| (a.variance - b.variance).abs() < 1e-12;
            prop_assert!(close(plain.seeds, moved.seeds) && close(plain.levels, moved.levels) && close(plain.rest, moved.rest));
            prop_assert!(close(plain.seeds, turned.levels) && close(plain.levels, turned.seeds) && close(plain.rest, turned.rest));
        }
    }
}
