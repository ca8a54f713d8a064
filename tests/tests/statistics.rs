//! The statistics of a table against rliable, scipy and statsmodels; `fixtures/statistics/make.py` writes their numbers.

use istar::statistics::*;
use serde::Deserialize;

const TOLERANCE: f64 = 1e-6;

#[derive(Deserialize)]
struct Expected {
    scored: Vec<Scored>,
    compared: Vec<Compared>,
    paired: Vec<Paired>,
    holm: Vec<Corrected>,
    components: Vec<Varied>,
}

#[derive(Deserialize)]
struct Matrix {
    tasks: usize,
    values: Vec<f64>,
}

/// Statistics with their intervals, and the runs behind these: resample by resample, sample by sample.
#[derive(Deserialize)]
struct Interval {
    values: Vec<f64>,
    intervals: Vec<[f64; 2]>,
    drawn: Vec<Vec<Vec<usize>>>,
}

#[derive(Deserialize)]
struct Scored {
    scores: Matrix,
    taus: Vec<f64>,
    profile: Vec<f64>,
    #[serde(flatten)]
    interval: Interval,
}

#[derive(Deserialize)]
struct Compared {
    x: Matrix,
    y: Matrix,
    #[serde(flatten)]
    interval: Interval,
}

#[derive(Deserialize)]
struct Paired {
    differences: Vec<f64>,
    /// None where there are too many signs for scipy.
    sign_flip: Option<f64>,
    t: f64,
    t_p: f64,
    wilcoxon: f64,
}

#[derive(Deserialize)]
struct Corrected {
    p: Vec<f64>,
    adjusted: Vec<f64>,
}

#[derive(Deserialize)]
struct Varied {
    scores: Matrix,
    runs: f64,
    tasks: f64,
    rest: f64,
}

fn expected() -> Expected {
    serde_json::from_str(include_str!("../fixtures/statistics/expected.json")).expect("the fixture")
}

impl Matrix {
    fn scores(self) -> Scores {
        Scores::new(self.tasks, self.values).expect("a matrix")
    }
}

impl Interval {
    fn holds<const N: usize>(
        &self,
        place: usize,
        samples: [&Scores; N],
        statistic: impl Fn([&Scores; N]) -> Option<f64> + Sync,
    ) {
        let picks = |resample: usize| std::array::from_fn(|sample| self.drawn[resample][sample].clone());
        let ours = bootstrap_of_picks(samples, statistic, self.drawn.len(), picks).expect("an interval");
        let [low, high] = self.intervals[place];
        all_close(&[ours.value, ours.low, ours.high], &[self.values[place], low, high]);
    }
}

fn all_close(ours: &[f64], theirs: &[f64]) {
    assert_eq!(ours.len(), theirs.len());
    assert!(ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() < TOLERANCE), "{ours:?} {theirs:?}");
}

#[test]
fn aggregates_with_their_intervals() {
    for case in expected().scored {
        let scores = case.scores.scores();
        all_close(&performance_profile(&scores, &case.taus), &case.profile);
        let statistics: [fn(&Scores) -> f64; 5] = [
            mean,
            median,
            interquartile_mean,
            |scores| optimality_gap(scores, 1.0),
            |scores| optimality_gap(scores, 0.6),
        ];
        assert_eq!(case.interval.values.len(), statistics.len());
        for (place, statistic) in statistics.into_iter().enumerate() {
            case.interval.holds(place, [&scores], |[scores]| Some(statistic(scores)));
        }
    }
}

#[test]
fn the_probability_of_improvement_with_its_interval() {
    for case in expected().compared {
        let (x, y) = (case.x.scores(), case.y.scores());
        case.interval.holds(0, [&x, &y], |[x, y]| probability_of_improvement(x, y));
    }
}

#[test]
fn paired_tests() {
    for case in expected().paired {
        let t = paired_t(&case.differences).expect("they have spread");
        let rank = signed_rank(&case.differences).expect("differences");
        all_close(&[t.t, t.p, rank.p], &[case.t, case.t_p, case.wilcoxon]);
        if let Some(theirs) = case.sign_flip {
            all_close(&[sign_flip(&case.differences, 0, 0).expect("differences")], &[theirs]);
        }
    }
}

#[test]
fn the_correction_for_many_tests() {
    for case in expected().holm {
        all_close(&holm(&case.p).expect("p-values"), &case.adjusted);
    }
}

#[test]
fn components_of_variance() {
    for case in expected().components {
        let ours = variance_components(&case.scores.scores()).expect("seeds and levels");
        let ours = [ours.seeds, ours.levels, ours.rest].map(|component| component.variance);
        all_close(&ours, &[case.runs, case.tasks, case.rest]);
    }
}
