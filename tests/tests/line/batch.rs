//! Batches of random numbers in which nothing is missing.

use super::draw::Draw;
use istar::batch::{Checklist, Columns, Continued, Item, Layout, LevelId, OwnColumns, Role};
use istar::need::own::{OwnColumn, OwnList};

/// No objective has a critic with more heads.
const HEADS: usize = 4;

/// A number between these two.
pub fn between(draw: &mut Draw, low: f64, high: f64) -> f64 {
    low + (high - low) * (draw.next() >> 11) as f64 / (1u64 << 53) as f64
}

/// Log-probabilities of a policy that is like another.
fn others_near(old: &[f64], draw: &mut Draw) -> Vec<f64> {
    old.iter().map(|old| (old + between(draw, -0.4, 0.4)).min(-1e-3)).collect()
}

/// The column `extra`, at each of its levels, and those that recipes read.
const OWN: [OwnColumn; 6] = [
    OwnColumn { name: "extra", level: LevelId::Traj },
    OwnColumn { name: "extra", level: LevelId::Step },
    OwnColumn { name: "extra", level: LevelId::Token },
    OwnColumn { name: "correct", level: LevelId::Traj },
    OwnColumn { name: "format", level: LevelId::Traj },
    OwnColumn { name: "feedback", level: LevelId::Token },
];

/// Every column.
pub struct Full {
    layout: Layout,
    token: Vec<u32>,
    own: OwnColumns,
    per_token: [Vec<f64>; 7],
    per_step: [Vec<f64>; 6],
    per_traj: [Vec<f64>; 4],
    role: Vec<Role>,
    label: Vec<u32>,
    segment: Vec<u32>,
    text: Vec<String>,
    checklist: Checklist,
    continued: Continued,
    values: [Vec<Vec<f64>>; 2],
    finals: Vec<Vec<f64>>,
}

impl Full {
    pub fn new(seed: u64) -> Full {
        let draw = &mut Draw(seed);
        let mut lengths = |count: usize, low: usize, high: usize| -> Vec<usize> {
            (0..count).map(|_| low + draw.below(high - low + 1)).collect()
        };
        let groups = lengths(2, 1, 4);
        let trajs = lengths(groups.iter().sum(), 1, 4);
        let steps = lengths(trajs.iter().sum(), 0, 3);
        let layout = Layout::from_lengths(groups, trajs.iter().copied(), steps.iter().copied());
        let column = |draw: &mut Draw, count: usize, low: f64, high: f64| -> Vec<f64> {
            (0..count).map(|_| between(draw, low, high)).collect()
        };
        let flags = |draw: &mut Draw, count: usize| -> Vec<f64> {
            (0..count).map(|_| f64::from(u8::from(draw.one_in(2)))).collect()
        };
        let (t, s, n) = (layout.tokens(), layout.steps(), layout.trajs());
        let old = column(draw, t, -3.0, -0.1);
        let others: [Vec<f64>; 5] = std::array::from_fn(|_| others_near(&old, draw));
        let [init, snapshot, ema, prm, sampler] = others;
        let success = flags(draw, n);
        let outcome = success
            .iter()
            .map(|success| 10.0 * success + if draw.one_in(4) { between(draw, -1.0, 1.0) } else { 0.0 });
        let outcome = outcome.collect();
        let roles = [Role::Switch, Role::Subgoal, Role::Action, Role::Other];
        let label: Vec<u32> = (0..s).map(|_| draw.below(3) as u32).collect();
        let segment: Vec<u32> =
            trajs.iter().flat_map(|steps| (0..*steps).map(|step| (step / 2) as u32)).collect();
        let item = |weight, deps: &[u32]| Item { weight, deps: deps.to_vec() };
        let list = vec![
            vec![item(0.25, &[]), item(0.75, &[])],
            vec![item(0.5, &[]), item(0.2, &[0]), item(0.3, &[0, 1])],
        ];
        let answers: Vec<Vec<bool>> = (0..s).map(|_| (0..3).map(|_| draw.one_in(2)).collect()).collect();
        let lists = (0..layout.groups()).map(|_| list.clone()).collect();
        let each = (0..2 * s).map(|_| {
            let rewards = (0..draw.below(3)).map(|_| between(draw, -1.0, 1.0)).collect();
            (rewards, f64::from(u8::from(draw.one_in(2))))
        });
        let continued = Continued::new(2, each.collect::<Vec<_>>());
        let own = OwnColumns::new(&OwnList::Read(&OWN), |column| match column.level {
            LevelId::Token => others_near(&old, draw),
            level => {
                (0..layout.len(level).expect("a level of the layout")).map(|_| draw.below(3) as f64).collect()
            }
        });
        Full {
            token: (0..t).map(|_| draw.below(2) as u32).collect(),
            own,
            role: (0..t).map(|_| *draw.pick(&roles)).collect(),
            text: label.iter().map(|label| format!("state {label}")).collect(),
            checklist: Checklist::new(&layout, lists, segment.clone(), &answers),
            continued,
            per_step: [
                column(draw, s, -1.0, 1.0),
                flags(draw, s),
                flags(draw, s),
                column(draw, s, 0.0, 1.0),
                column(draw, s, 0.05, 0.95),
                column(draw, s, 0.0, 9.0),
            ],
            per_traj: [outcome, success, flags(draw, n), flags(draw, n)],
            values: [s, t].map(|size| (0..HEADS).map(|_| column(draw, size, -2.0, 2.0)).collect()),
            finals: (0..HEADS).map(|_| column(draw, n, -2.0, 2.0)).collect(),
            per_token: [old, init, snapshot, ema, prm, sampler, column(draw, t, 0.0, 1.5)],
            label,
            segment,
            layout,
        }
    }

    /// Its columns, with the estimates of a critic per this level.
    pub fn columns(&self, level: LevelId) -> Columns<'_> {
        let [old, init, snapshot, ema, prm, sampler, old_entropy] = &self.per_token;
        let [reward, invalid, switch, p_switch, q, nearer] = &self.per_step;
        let [outcome, success, judged, ended] = &self.per_traj;
        Columns {
            token: Some(&self.token),
            own: Some(&self.own),
            reward: Some(reward),
            invalid: Some(invalid),
            judged: Some(judged),
            role: Some(&self.role),
            switch: Some(switch),
            p_switch: Some(p_switch),
            state: Some(&self.label),
            text: Some(&self.text),
            segment: Some(&self.segment),
            agent: Some(&self.label),
            tag: Some(&self.label),
            nearer: Some(nearer),
            init: Some(init),
            snapshot: Some(snapshot),
            ema: Some(ema),
            prm: Some(prm),
            sampler: Some(sampler),
            old_entropy: Some(old_entropy),
            q: Some(q),
            value: Some(&self.values[usize::from(level == LevelId::Token)]),
            final_value: Some(&self.finals),
            continued: Some(&self.continued),
            ended: Some(ended),
            checklist: Some(&self.checklist),
            ..Columns::of_outcomes(&self.layout, old, outcome, success)
        }
    }

    pub fn layout(&self) -> &Layout {
        &self.layout
    }
}
