//! Looks for what is allowed in a batch and odd: each question is a function, asked after the result is there.

use super::schema::{Field, key};
use super::wanted::Wanted;
use super::{Assigned, Logged, Place, Remark};
use crate::batch::LevelId;
use crate::objective::AnyObjective;

/// What a remark may be about.
pub(super) struct Case<'a> {
    pub(super) objective: &'a dyn AnyObjective,
    pub(super) batch: &'a Logged,
    pub(super) found: &'a Assigned,
    pub(super) wanted: Wanted,
    /// Whether the result is the same if all episodes had ended.
    pub(super) ends_alike: &'a dyn Fn() -> bool,
}

/// All remarks, in this order.
pub(super) fn remarks(case: &Case<'_>) -> Vec<Remark> {
    let asked: [fn(&Case<'_>) -> Option<Remark>; 7] =
        [lone, silent, contrary, repeated, cut_off_alike, elsewhere, labelled];
    asked.iter().filter_map(|ask| ask(case)).chain(clamped(case.found)).collect()
}

fn place(batch: &Logged, level: LevelId, index: usize) -> Place {
    Place::of(&batch.layout, level, index)
}

/// The column that says whether an element gets any credit.
fn credit(found: &Assigned) -> Option<&[f64]> {
    found.advantage.as_ref().or(found.dloss_dlogp.as_ref()).map(Vec::as_slice)
}

fn group(number: usize) -> Place {
    Place { group: Some(number), ..Place::default() }
}

/// Groups of one trajectory that get no credit.
fn lone(case: &Case<'_>) -> Option<Remark> {
    let (layout, credit) = (&case.batch.layout, credit(case.found)?);
    let idle = |g: usize| {
        let steps = layout.trajs_of(g).flat_map(|traj| layout.steps_of(traj));
        steps.flat_map(|step| layout.tokens_of(step)).all(|token| credit[token] == 0.0)
    };
    let lone = (0..layout.groups()).filter(|g| layout.trajs_of(*g).len() == 1 && idle(*g)).map(group);
    let what = "a group of one trajectory has nothing that it is compared with, and no credit; rollouts of one prompt belong in one group";
    Remark::in_places(what, lone)
}

/// No token has credit.
fn silent(case: &Case<'_>) -> Option<Remark> {
    let (batch, layout) = (case.batch, &case.batch.layout);
    let none = credit(case.found).is_some_and(|x| !x.is_empty() && x.iter().all(|x| *x == 0.0));
    if !none {
        return None;
    }
    let equal = |outcome: &[f64]| {
        (0..layout.groups()).all(|g| outcome[layout.trajs_of(g)].windows(2).all(|two| two[0] == two[1]))
    };
    let why = if (0..layout.groups()).all(|g| layout.trajs_of(g).len() < 2) {
        "no group has two trajectories"
    } else if batch.table.whole::<f64>(Field::outcome).is_some_and(equal) {
        "the outcomes of each group are equal"
    } else {
        "no pool has enough entries, or all of each are equal"
    };
    Some(Remark::of_batch(format!("the credit of every token is 0: {why}")))
}

/// A success scored below a failure of its group.
fn contrary(case: &Case<'_>) -> Option<Remark> {
    let (batch, layout) = (case.batch, &case.batch.layout);
    let column = |field| batch.table.whole::<f64>(field);
    let (outcome, success) = (column(Field::outcome)?, column(Field::success)?);
    let below = (0..layout.groups()).flat_map(|g| {
        let failures = layout.trajs_of(g).filter(|traj| success[*traj] == 0.0).map(|traj| outcome[traj]);
        let best = failures.fold(f64::NEG_INFINITY, f64::max);
        layout.trajs_of(g).filter(move |traj| success[*traj] != 0.0 && outcome[*traj] < best)
    });
    let what = "a success has a lower outcome than a failure of its group: labels contradict outcomes";
    Remark::in_places(what, below.map(|traj| place(batch, LevelId::Traj, traj)))
}

/// Last steps that repeat an earlier one of their trajectory to the last digit, as rows do that fill up a batch.
fn repeated(case: &Case<'_>) -> Option<Remark> {
    let (batch, layout) = (case.batch, &case.batch.layout);
    if !batch.table.tells(LevelId::Token) {
        return None;
    }
    let same = |a: usize, b: usize| {
        let (one, other) = (layout.tokens_of(a), layout.tokens_of(b));
        one.len() == other.len()
            && batch.table.same(LevelId::Step, a, b)
            && one.zip(other).all(|(a, b)| batch.table.same(LevelId::Token, a, b))
    };
    let trailing = (0..layout.trajs()).flat_map(|traj| {
        let steps = layout.steps_of(traj);
        let fills = |step: &usize| {
            !layout.tokens_of(*step).is_empty() && (steps.start..*step).any(|before| same(*step, before))
        };
        let first = steps.clone().rev().take_while(fills).last().unwrap_or(steps.end);
        first..steps.end
    });
    let what = "the last steps of a trajectory repeat earlier ones exactly: rows that only fill a batch are to be dropped";
    Remark::in_places(what, trailing.map(|step| place(batch, LevelId::Step, step)))
}

/// Episodes that were cut off, of which the line knows nothing.
fn cut_off_alike(case: &Case<'_>) -> Option<Remark> {
    let (batch, after) = (case.batch, key::VALUE_AFTER);
    if !case.objective.demand().critic {
        return None;
    }
    let ended = batch.table.whole::<f64>(Field::ended).unwrap_or_default();
    let cut_off: Vec<usize> = (0..ended.len()).filter(|traj| ended[*traj] == 0.0).collect();
    if cut_off.is_empty() {
        let given = batch.finals.iter().position(Option::is_some)?;
        let what = format!("`{after}` has no effect: it is read where `done` is false");
        return Remark::in_places(what, [place(batch, LevelId::Traj, given)]);
    }
    let what = format!(
        "`done: false` and `{after}` have no effect in this line, which takes 0 for what follows: `gae(.., cut = value)` reads them"
    );
    let places = cut_off.into_iter().map(|traj| place(batch, LevelId::Traj, traj));
    (case.ends_alike)().then(|| Remark::in_places(what, places)).flatten()
}

/// Log-probabilities of the sampler's own under a name that is no field.
fn elsewhere(case: &Case<'_>) -> Option<Remark> {
    let key = case.batch.passed.iter().find(|(_, key)| super::names::others(Field::sampler).contains(key))?.1;
    let what = format!("`{key}` is passed over: `--map sampler={key}` makes it the reference `sampler`");
    (case.wanted == Wanted::All).then(|| Remark::of_batch(what))
}

/// Labels that were taken from outcomes, in a line that may read labels.
fn labelled(case: &Case<'_>) -> Option<Remark> {
    let demand = case.objective.demand();
    let read = demand.pairs
        || demand.trains_prm
        || demand.explicit_prm
        || case.objective.source().contains("success");
    let what = "the rows have no label: an outcome above 0 is taken for a success (`success` gives others)";
    (case.batch.labelled && read).then(|| Remark::of_batch(what))
}

/// What the graphs cut off, by the metric that counts it.
const CLAMPS: &[(&str, &str)] = &[
    ("charts/ratio_guarded", "a log-ratio beyond 700, of which `exp` overflows, was taken as 700"),
    ("charts/ratio_at_ceiling", "a log-ratio above 10 was taken as 10, without gradient, as GSPO has it"),
    ("charts/k3_cut_off", "a k3 above 10 was taken as 10, without gradient"),
];

fn clamped(found: &Assigned) -> impl Iterator<Item = Remark> {
    let metrics = found.metrics.iter();
    metrics.filter_map(|(name, times)| {
        let (_, what) = CLAMPS.iter().find(|(metric, _)| metric == name)?;
        Some(Remark { count: *times as usize, ..Remark::of_batch(*what) })
    })
}

/// Takes away metrics that are no number, and says which.
pub(super) fn numbers_alone(metrics: &mut Vec<(&'static str, f64)>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    metrics.retain(|(name, x)| {
        if !x.is_finite() {
            remarks.push(Remark::of_batch(format!("the metric `{name}` is left out: it overflows")));
        }
        x.is_finite()
    });
    remarks
}
