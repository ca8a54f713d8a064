//! Reference values of advantages, losses and gradients: one file is one batch for one case.

use istar::batch::{Checklist, Columns, Item, Layout, Role};
use serde::Deserialize;
use serde_json::{Map, Value};

/// One golden file, its batch as columns.
#[derive(Clone, Debug)]
pub struct Golden {
    /// File name.
    pub name: String,
    /// The numbers and choices of the case.
    pub params: Map<String, Value>,
    /// Groups, trajectories, steps, tokens.
    pub layout: Layout,
    /// Per token: the policy that produced the batch.
    pub old: Vec<f64>,
    /// Per token: the current policy.
    pub logp: Vec<f64>,
    /// Per token: the frozen reference.
    pub init: Vec<f64>,
    /// Per token: the process-reward model.
    pub prm: Vec<f64>,
    /// Per token: the critic's estimate.
    pub value: Vec<f64>,
    /// Per token: a given advantage; empty where the case has none.
    pub adv: Vec<f64>,
    /// Per token: the critic's current prediction; empty where the case has none.
    pub vpred: Vec<f64>,
    /// Per token: the critic's target; empty where the case has none.
    pub ret: Vec<f64>,
    /// Per trajectory.
    pub outcome: Vec<f64>,
    /// Per trajectory, 1 or 0.
    pub success: Vec<f64>,
    /// Per step.
    pub reward: Vec<f64>,
    /// Per step, 1 or 0.
    pub invalid: Vec<f64>,
    /// Per step, a label inside the group.
    pub state: Vec<u32>,
    /// The checklists; without items where the case has none.
    pub checklist: Checklist,
    /// Per step, its turn; 0 where the case has none.
    pub turn: Vec<u32>,
    /// Per trajectory, 1 or 0; 1 where the case has none.
    pub judged: Vec<f64>,
    /// Per token, what it is for; empty where the case has none, as all that follows.
    pub role: Vec<Role>,
    /// Per step, its segment inside the trajectory.
    pub segment: Vec<u32>,
    /// Per step, 1 where the decision said SWITCH.
    pub switch: Vec<f64>,
    /// Per step, the probability of SWITCH.
    pub p_switch: Vec<f64>,
    /// Per head of the critic (low, high, term), its estimate at each step.
    pub heads: Vec<Vec<f64>>,
    /// Per trajectory, 1 where the last step ended the episode.
    pub ended: Vec<f64>,
    /// What must come out.
    pub expect: Map<String, Value>,
}

#[derive(Deserialize)]
struct File {
    params: Map<String, Value>,
    batch: Batch,
    expect: Map<String, Value>,
}
#[derive(Deserialize)]
struct Batch {
    groups: Vec<Group>,
}
#[derive(Deserialize)]
struct Group {
    trajectories: Vec<Trajectory>,
    #[serde(default)]
    checklist: Turns,
}
#[derive(Deserialize, Default)]
struct Turns {
    turns: Vec<Turn>,
}
#[derive(Deserialize)]
struct Turn {
    items: Vec<Item>,
}
#[derive(Deserialize)]
struct Trajectory {
    outcome: f64,
    success: bool,
    judge_ok: Option<bool>,
    done: Option<bool>,
    steps: Vec<Step>,
}
#[derive(Deserialize)]
struct Step {
    state: String,
    reward: f64,
    valid: bool,
    #[serde(default)]
    turn: u32,
    #[serde(default)]
    items: Vec<bool>,
    segment_start: Option<bool>,
    switch: Option<bool>,
    p_switch: Option<f64>,
    values: Option<Values>,
    tokens: Vec<Token>,
}
#[derive(Deserialize)]
struct Values {
    low: f64,
    high: f64,
    term: f64,
}
#[derive(Deserialize)]
struct Token {
    role: Option<Role>,
    old: f64,
    logp: f64,
    #[serde(rename = "ref")]
    init: f64,
    prm: f64,
    value: f64,
    adv: Option<f64>,
    vpred: Option<f64>,
    ret: Option<f64>,
}

impl Golden {
    /// All files of a case; none where the reference data are absent.
    ///
    /// # Panics
    /// If a file cannot be read, or the folder is there and has no file of the case.
    pub fn all(case: &str) -> Vec<Golden> {
        let Some(folder) = crate::shared("goldens/credit") else { return Vec::new() };
        let files: Vec<_> =
            (0..).map(|k| folder.join(format!("{case}_{k}.json"))).take_while(|path| path.exists()).collect();
        assert!(!files.is_empty(), "no golden file of {case}");
        let read = |path: &std::path::PathBuf| {
            let text = std::fs::read_to_string(path).expect("a golden file can be read");
            let file = serde_json::from_str(&text).expect("a golden file follows its schema");
            Golden::new(path.file_name().expect("a file has a name").to_string_lossy().into_owned(), file)
        };
        files.iter().map(read).collect()
    }

    fn new(name: String, file: File) -> Golden {
        let groups = &file.batch.groups;
        let trajectories: Vec<&Trajectory> = groups.iter().flat_map(|group| &group.trajectories).collect();
        let steps: Vec<&Step> = trajectories.iter().flat_map(|trajectory| &trajectory.steps).collect();
        let tokens: Vec<&Token> = steps.iter().flat_map(|step| &step.tokens).collect();
        let column = |read: fn(&Token) -> f64| tokens.iter().map(|token| read(token)).collect();
        let extra = |read: fn(&Token) -> Option<f64>| tokens.iter().filter_map(|token| read(token)).collect();
        let flag = |flag: bool| f64::from(u8::from(flag));
        let head = |read: fn(&Values) -> f64| -> Vec<f64> {
            steps.iter().filter_map(|step| step.values.as_ref()).map(read).collect()
        };
        let segment = |trajectory: &&Trajectory| {
            let starts = trajectory.steps.iter().skip(1).filter_map(|step| step.segment_start);
            let first = trajectory.steps.first().filter(|step| step.segment_start.is_some()).map(|_| 0);
            first
                .into_iter()
                .chain(starts.scan(0, |segment, start| {
                    *segment += u32::from(start);
                    Some(*segment)
                }))
                .collect::<Vec<u32>>()
        };
        let labels: Vec<&str> = {
            let mut labels: Vec<&str> = steps.iter().map(|step| step.state.as_str()).collect();
            labels.sort_unstable();
            labels.dedup();
            labels
        };
        let label =
            |step: &&Step| labels.binary_search(&step.state.as_str()).expect("every label is listed") as u32;
        let layout = Layout::from_lengths(
            groups.iter().map(|group| group.trajectories.len()),
            trajectories.iter().map(|trajectory| trajectory.steps.len()),
            steps.iter().map(|step| step.tokens.len()),
        );
        let turns =
            |group: &Group| group.checklist.turns.iter().map(|turn| turn.items.clone()).collect::<Vec<_>>();
        let turn: Vec<u32> = steps.iter().map(|step| step.turn).collect();
        let answers: Vec<Vec<bool>> = steps.iter().map(|step| step.items.clone()).collect();
        let lists = groups.iter().map(turns).collect();
        let truth = |yes| f64::from(u8::from(yes));
        Golden {
            checklist: Checklist::new(&layout, lists, turn.clone(), &answers),
            layout,
            turn,
            judged: trajectories.iter().map(|trajectory| truth(trajectory.judge_ok != Some(false))).collect(),
            old: column(|token| token.old),
            logp: column(|token| token.logp),
            init: column(|token| token.init),
            prm: column(|token| token.prm),
            value: column(|token| token.value),
            adv: extra(|token| token.adv),
            vpred: extra(|token| token.vpred),
            ret: extra(|token| token.ret),
            outcome: trajectories.iter().map(|trajectory| trajectory.outcome).collect(),
            success: trajectories.iter().map(|trajectory| truth(trajectory.success)).collect(),
            reward: steps.iter().map(|step| step.reward).collect(),
            invalid: steps.iter().map(|step| truth(!step.valid)).collect(),
            state: steps.iter().map(label).collect(),
            role: tokens.iter().filter_map(|token| token.role).collect(),
            segment: trajectories.iter().flat_map(segment).collect(),
            switch: steps.iter().filter_map(|step| step.switch).map(flag).collect(),
            p_switch: steps.iter().filter_map(|step| step.p_switch).collect(),
            heads: vec![head(|v| v.low), head(|v| v.high), head(|v| v.term)],
            ended: trajectories.iter().filter_map(|trajectory| trajectory.done).map(flag).collect(),
            name,
            params: file.params,
            expect: file.expect,
        }
    }

    /// The batch as an objective sees it.
    pub fn columns(&self) -> Columns<'_> {
        fn there<T>(column: &[T]) -> Option<&[T]> {
            Some(column).filter(|column| !column.is_empty())
        }
        Columns {
            reward: Some(&self.reward),
            invalid: Some(&self.invalid),
            state: Some(&self.state),
            checklist: Some(&self.checklist),
            judged: Some(&self.judged),
            init: Some(&self.init),
            prm: Some(&self.prm),
            role: there(&self.role),
            segment: Some(there(&self.segment).unwrap_or(&self.turn)),
            switch: there(&self.switch),
            p_switch: there(&self.p_switch),
            ended: there(&self.ended),
            ..Columns::of_outcomes(&self.layout, &self.old, &self.outcome, &self.success)
        }
    }

    /// A number of the case; NaN, which spoils whatever reads it, if the case has none.
    pub fn number(&self, name: &str) -> f64 {
        self.params.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN)
    }

    /// A choice of the case; empty if the case has none.
    pub fn text(&self, name: &str) -> &str {
        self.params.get(name).and_then(Value::as_str).unwrap_or("")
    }

    /// What must come out, flat in batch order; a scalar is a list of one.
    ///
    /// # Panics
    /// If the file does not have it.
    pub fn expected(&self, key: &str) -> Vec<f64> {
        fn flatten(value: &Value, into: &mut Vec<f64>) {
            match value {
                Value::Array(values) => values.iter().for_each(|value| flatten(value, into)),
                value => into.push(value.as_f64().expect("an expected value is a number")),
            }
        }
        let mut flat = Vec::new();
        flatten(self.expect.get(key).unwrap_or_else(|| panic!("{} expects no {key}", self.name)), &mut flat);
        flat
    }

    /// Holds what was found to what is expected: `|a - b| <= absolute + relative |b|`.
    ///
    /// # Panics
    /// If they differ by more, or in length.
    pub fn compare(&self, key: &str, found: &[f64], absolute: f64, relative: f64) {
        let expected = self.expected(key);
        assert_eq!(found.len(), expected.len(), "{}: length of {key}", self.name);
        for (i, (a, b)) in found.iter().zip(expected).enumerate() {
            let near = (a - b).abs() <= absolute + relative * b.abs();
            assert!(near, "{}: {key}[{i}] is {a}, expected {b}", self.name);
        }
    }
}
