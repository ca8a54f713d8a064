//! The formulas of the papers as loops in `f64`, written down without the library.

use super::batch::{At, Batch, files, same};
use std::ops::Range;

/// The columns of a batch, and its elements of each level by group, trajectory and step.
pub struct Columns<'a> {
    pub batch: &'a Batch,
    pub layout: istar::batch::Layout,
}

impl<'a> Columns<'a> {
    pub fn new(batch: &'a Batch) -> Self {
        Columns { layout: batch.layout(), batch }
    }
    pub fn token(&self, key: &str) -> Vec<f64> {
        self.batch.get(At::Token, key)
    }
    pub fn step(&self, key: &str) -> Vec<f64> {
        self.batch.get(At::Step, key)
    }
    pub fn traj(&self, key: &str) -> Vec<f64> {
        self.batch.get(At::Traj, key)
    }
    pub fn trajs(&self) -> Vec<Range<usize>> {
        (0..self.layout.groups()).map(|group| self.layout.trajs_of(group)).collect()
    }
    /// The steps of each trajectory.
    pub fn steps(&self) -> Vec<Range<usize>> {
        (0..self.layout.trajs()).map(|traj| self.layout.steps_of(traj)).collect()
    }
    /// The tokens of each step.
    pub fn tokens(&self) -> Vec<Range<usize>> {
        (0..self.layout.steps()).map(|step| self.layout.tokens_of(step)).collect()
    }
    pub fn steps_of_groups(&self) -> Vec<Range<usize>> {
        within(&self.trajs(), &self.steps())
    }
    pub fn tokens_of_trajs(&self) -> Vec<Range<usize>> {
        within(&self.steps(), &self.tokens())
    }
    pub fn tokens_of_groups(&self) -> Vec<Range<usize>> {
        within(&self.steps_of_groups(), &self.tokens())
    }
    /// Per step, `beta` times the summed log-ratio of the PRM to a column.
    pub fn step_reward(&self, beta: f64, to: &str) -> Vec<f64> {
        sums(&self.token_reward(beta, to), &self.tokens())
    }
    pub fn token_reward(&self, beta: f64, to: &str) -> Vec<f64> {
        self.token("prm").iter().zip(self.token(to)).map(|(prm, to)| beta * (prm - to)).collect()
    }
    pub fn steps_from_trajs(&self, values: &[f64]) -> Vec<f64> {
        repeat(values, &self.steps())
    }
    pub fn tokens_from_steps(&self, values: &[f64]) -> Vec<f64> {
        repeat(values, &self.tokens())
    }
    pub fn tokens_from_trajs(&self, values: &[f64]) -> Vec<f64> {
        repeat(values, &self.tokens_of_trajs())
    }
    /// Per trajectory, what a pool function makes of the outcomes of its group.
    pub fn outcomes(&self, pool: fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
        pooled(&self.traj("outcome"), &self.trajs(), pool)
    }
}

fn within(outer: &[Range<usize>], inner: &[Range<usize>]) -> Vec<Range<usize>> {
    outer.iter().map(|range| inner[range.start].start..inner[range.end - 1].end).collect()
}

fn repeat(values: &[f64], elements: &[Range<usize>]) -> Vec<f64> {
    values.iter().zip(elements).flat_map(|(x, range)| vec![*x; range.len()]).collect()
}

pub fn sums(values: &[f64], units: &[Range<usize>]) -> Vec<f64> {
    units.iter().map(|range| values[range.clone()].iter().sum()).collect()
}

pub fn pooled(values: &[f64], pools: &[Range<usize>], pool: fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    pools.iter().flat_map(|range| pool(&values[range.clone()])).collect()
}

pub fn plus(a: &[f64], factor: f64, b: &[f64]) -> Vec<f64> {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| a + factor * b).collect()
}

pub fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// Against the mean; a pool of one gives 0, here and below.
pub fn centred(x: &[f64]) -> Vec<f64> {
    x.iter().map(|y| y - mean(x)).collect()
}

/// Against the mean, over the standard deviation.
pub fn scores(x: &[f64]) -> Vec<f64> {
    let squares: f64 = centred(x).iter().map(|y| y * y).sum();
    let std = (squares / (x.len() as f64 - 1.0)).sqrt();
    if x.len() < 2 { vec![0.0] } else { centred(x).iter().map(|y| y / (std + 1e-6)).collect() }
}

/// Against the mean of the others.
pub fn loo(x: &[f64]) -> Vec<f64> {
    let (sum, others) = (x.iter().sum::<f64>(), x.len() as f64 - 1.0);
    if x.len() < 2 { vec![0.0] } else { x.iter().map(|y| y - (sum - y) / others).collect() }
}

/// verl's masked whitening.
pub fn whiten(x: &[f64]) -> Vec<f64> {
    let n = x.len() as f64;
    let m = x.iter().sum::<f64>() / (n + 1e-8);
    let v = x.iter().map(|y| (y - m).powi(2)).sum::<f64>() / (n + 1e-8) * n / (n - 1.0);
    x.iter().map(|y| (y - m) / (v + 1e-8).sqrt()).collect()
}

#[derive(Clone, Copy, PartialEq)]
pub enum Ratio {
    Token,
    SumOfStep,
    MeanOfStep,
}

#[derive(Clone, Copy)]
pub enum Reduce {
    Tokens,
    Steps,
    Constant(f64),
}

#[derive(Clone, Copy)]
pub struct Form {
    pub clip: (f64, f64),
    pub dual: Option<f64>,
    pub ratio: Ratio,
    pub reduce: Reduce,
}

/// GRPO's.
pub const PLAIN: Form = Form { clip: (0.2, 0.2), dual: None, ratio: Ratio::Token, reduce: Reduce::Tokens };
/// iStar's, eq. 6.
pub const STEPWISE: Form = Form { ratio: Ratio::SumOfStep, reduce: Reduce::Steps, ..PLAIN };

/// The clipped surrogate and its slope in each log-probability; all steps of the batch have tokens.
pub fn surrogate(columns: &Columns<'_>, advantage: &[f64], form: Form, kept: &[bool]) -> (f64, Vec<f64>) {
    let logs = plus(&columns.token("logp"), -1.0, &columns.token("old"));
    let tokens = kept.iter().filter(|kept| **kept).count() as f64;
    let steps = columns.tokens().iter().filter(|step| kept[step.start]).count() as f64;
    let (mut loss, mut slopes) = (0.0, vec![0.0; logs.len()]);
    for step in columns.tokens() {
        let (sum, size) = (logs[step.clone()].iter().sum::<f64>(), step.len() as f64);
        for i in step.clone().filter(|i| kept[*i]) {
            let weight = match form.reduce {
                Reduce::Tokens => 1.0 / tokens,
                Reduce::Steps => 1.0 / (steps * size),
                Reduce::Constant(length) => 1.0 / length,
            };
            let log = match form.ratio {
                Ratio::Token => logs[i],
                Ratio::SumOfStep => sum,
                Ratio::MeanOfStep => sum / size,
            };
            let (a, r) = (advantage[i], log.exp());
            let free = -a * r;
            let clipped = -a * r.clamp(1.0 - form.clip.0, 1.0 + form.clip.1);
            let mut slope = if free >= clipped { free } else { 0.0 };
            let mut one = free.max(clipped);
            if let Some(most) = form.dual.map(|c| -c * a).filter(|most| a < 0.0 && *most < one) {
                (one, slope) = (most, 0.0);
            }
            loss += weight * one;
            // The sum's ratio moves with each log-probability of the step; the mean's is held but for the token's own.
            match form.ratio {
                Ratio::SumOfStep => step.clone().for_each(|j| slopes[j] += weight * slope),
                _ => slopes[i] += weight * slope,
            }
        }
    }
    (loss, slopes)
}

/// The mean over pairs of `-log sigmoid(score of the better - score of the worse)`, and its slope in each score.
pub fn preference(score: &[f64], pairs: &[(usize, usize)]) -> (f64, Vec<f64>) {
    let n = pairs.len() as f64;
    let (mut loss, mut slopes) = (0.0, vec![0.0; score.len()]);
    for (better, worse) in pairs {
        let margin = score[*better] - score[*worse];
        loss += (-margin).exp().ln_1p() / n;
        let pull = 1.0 / (1.0 + margin.exp()) / n;
        slopes[*better] -= pull;
        slopes[*worse] += pull;
    }
    (loss, slopes)
}

/// The loops above give what the files of given advantages expect: they may stand for them.
#[test]
fn the_surrogate_is_that_of_the_files() {
    for (case, ratio, reduce) in [
        ("ppo_clip_token_mean", Ratio::Token, Reduce::Tokens),
        ("ppo_clip_seq_mean_token_mean", Ratio::Token, Reduce::Steps),
        ("ppo_clip_seq_mean_token_sum_norm", Ratio::Token, Reduce::Constant(0.0)),
        ("gspo", Ratio::MeanOfStep, Reduce::Steps),
    ] {
        for file in files(case) {
            let columns = Columns::new(&file.batch);
            let reduce = match reduce {
                Reduce::Constant(_) => Reduce::Constant(file.expected("norm_len")[0]),
                reduce => reduce,
            };
            let clip = (file.number("clip_low"), file.number("clip_high"));
            let form = Form { clip, dual: file.params["dual_clip_c"].as_f64(), ratio, reduce };
            let advantage = columns.token("adv");
            let (loss, slopes) = surrogate(&columns, &advantage, form, &vec![true; advantage.len()]);
            same(&file.name, &[loss], &file.expected("loss"));
            same(&file.name, &slopes, &file.expected("dloss_dlogp"));
        }
    }
}

#[test]
fn the_preference_is_that_of_the_files() {
    for file in files("istar_paper_dpo") {
        let columns = Columns::new(&file.batch);
        let beta = file.number("beta");
        let score = sums(&columns.token_reward(beta, "old"), &columns.tokens_of_trajs());
        let success = columns.traj("success");
        let (good, bad): (Vec<usize>, Vec<usize>) = (0..score.len()).partition(|i| success[*i] > 0.0);
        let group = columns.layout.group_of_traj();
        let pairs: Vec<_> = good
            .iter()
            .flat_map(|a| bad.iter().map(move |b| (*a, *b)))
            .filter(|(a, b)| group[*a] == group[*b])
            .collect();
        let (loss, slopes) = preference(&score, &pairs);
        same(&file.name, &[loss], &file.expected("loss"));
        let slopes: Vec<f64> = columns.tokens_from_trajs(&slopes).iter().map(|slope| beta * slope).collect();
        same(&file.name, &slopes, &file.expected("dloss_dprm"));
    }
}
