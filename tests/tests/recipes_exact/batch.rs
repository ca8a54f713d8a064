//! A batch as JSON that can be read and rewritten column by column, and the reference files that hold one.

use istar::batch::Layout;
use istar::logged::{Assigned, Logged, assign};
use istar::objective::AnyObjective;
use serde_json::{Value, json};
use std::fs;

/// The largest differences that double precision explains.
const ABSOLUTE: f64 = 1e-9;
const RELATIVE: f64 = 1e-9;

/// What holds a column.
#[derive(Clone, Copy)]
pub enum At {
    Traj,
    Step,
    Token,
}

#[derive(Clone)]
pub struct Batch(pub Value);

impl Batch {
    fn parts(&self, at: At) -> Vec<&Value> {
        fn below<'a>(of: Vec<&'a Value>, key: &str) -> Vec<&'a Value> {
            of.into_iter().flat_map(|x| x[key].as_array().expect("a list")).collect()
        }
        let trajs = below(self.0["groups"].as_array().expect("groups").iter().collect(), "trajectories");
        match at {
            At::Traj => trajs,
            At::Step => below(trajs, "steps"),
            At::Token => below(below(trajs, "steps"), "tokens"),
        }
    }

    fn parts_mut(&mut self, at: At) -> Vec<&mut Value> {
        fn below<'a>(of: Vec<&'a mut Value>, key: &str) -> Vec<&'a mut Value> {
            of.into_iter().flat_map(|x| x[key].as_array_mut().expect("a list")).collect()
        }
        let groups = self.0["groups"].as_array_mut().expect("groups").iter_mut().collect();
        let trajs = below(groups, "trajectories");
        match at {
            At::Traj => trajs,
            At::Step => below(trajs, "steps"),
            At::Token => below(below(trajs, "steps"), "tokens"),
        }
    }

    /// A column of numbers, also one of no name of the format; a flag is 1 or 0.
    pub fn get(&self, at: At, key: &str) -> Vec<f64> {
        let number = |x: &Value| x.as_bool().map(|yes| f64::from(u8::from(yes))).or_else(|| x.as_f64());
        let there = |x: &Value| number(&x[key]).or_else(|| number(&x["columns"][key]));
        self.parts(at).iter().map(|x| there(x).unwrap_or_else(|| panic!("{key}: {x}"))).collect()
    }

    pub fn words(&self, at: At, key: &str) -> Vec<String> {
        self.parts(at).iter().map(|x| x[key].as_str().expect("a word").to_owned()).collect()
    }

    /// Makes a column what these values say.
    pub fn set<T: Into<Value>>(&mut self, at: At, key: &str, values: impl IntoIterator<Item = T>) {
        let mut values = values.into_iter();
        for part in self.parts_mut(at) {
            part[key] = values.next().expect("one for each").into();
        }
        assert!(values.next().is_none(), "{key}: one for each");
    }

    /// Adds a column of a name that the format has not.
    pub fn name(&mut self, at: At, key: &str, values: impl IntoIterator<Item = f64>) {
        let mut values = values.into_iter();
        for part in self.parts_mut(at) {
            part["columns"][key] = values.next().expect("one for each").into();
        }
    }

    /// The same batch with every step a trajectory of its own: what a source calls a row. The penalty of a step that
    /// could not be parsed is part of its score.
    pub fn rows(&self, penalty: f64) -> Batch {
        let mut batch = self.clone();
        for group in batch.0["groups"].as_array_mut().expect("groups") {
            let mut rows = Vec::new();
            for traj in group["trajectories"].as_array().expect("a list") {
                for step in traj["steps"].as_array().expect("a list") {
                    let invalid = f64::from(u8::from(step["valid"] == json!(false)));
                    let outcome = traj["outcome"].as_f64().expect("a number") - penalty * invalid;
                    rows.push(json!({"outcome": outcome, "success": traj["success"], "steps": [step]}));
                }
            }
            group["trajectories"] = rows.into();
        }
        batch
    }

    pub fn layout(&self) -> Layout {
        let groups = self.0["groups"].as_array().expect("groups").iter();
        let size = |x: &Value, key: &str| x[key].as_array().expect("a list").len();
        Layout::from_lengths(
            groups.map(|group| size(group, "trajectories")),
            self.parts(At::Traj).iter().map(|traj| size(traj, "steps")),
            self.parts(At::Step).iter().map(|step| size(step, "tokens")),
        )
    }

    /// Whether a group has one trajectory: a recipe gives it 0, released code its outcome.
    pub fn lone(&self) -> bool {
        let layout = self.layout();
        (0..layout.groups()).any(|group| layout.trajs_of(group).len() == 1)
    }

    pub fn credit(&self, objective: &dyn AnyObjective) -> Assigned {
        let batch = Logged::read(self.0.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        assign(objective, &batch).unwrap_or_else(|error| panic!("{error}"))
    }
}

/// One batch for one case.
pub struct File {
    pub name: String,
    pub params: Value,
    pub batch: Batch,
    pub expect: Value,
}

/// The files of a case; none where reference data are absent.
pub fn files(case: &str) -> Vec<File> {
    let Some(folder) = istar_tests::shared("goldens/credit") else { return Vec::new() };
    let paths = (0..).map(|k| folder.join(format!("{case}_{k}.json"))).take_while(|path| path.exists());
    let read = |path: std::path::PathBuf| {
        let mut file: Value = serde_json::from_slice(&fs::read(&path).expect("readable")).expect("JSON");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let [params, batch, expect] = ["params", "batch", "expect"].map(|key| file[key].take());
        File { name, params, batch: Batch(batch), expect }
    };
    let files: Vec<File> = paths.map(read).collect();
    assert!(!files.is_empty(), "no file of {case}");
    files
}

impl File {
    /// A number of the case.
    pub fn number(&self, key: &str) -> f64 {
        self.params[key].as_f64().unwrap_or_else(|| panic!("{}: {key}", self.name))
    }

    /// What must come out, in batch order.
    pub fn expected(&self, key: &str) -> Vec<f64> {
        fn flatten(value: &Value, into: &mut Vec<f64>) {
            match value {
                Value::Array(values) => values.iter().for_each(|value| flatten(value, into)),
                value => into.push(value.as_f64().expect("a number")),
            }
        }
        let mut flat = Vec::new();
        flatten(self.expect.get(key).unwrap_or_else(|| panic!("{} expects no {key}", self.name)), &mut flat);
        flat
    }
}

/// A term of the loss by its name.
pub fn term(assigned: &Assigned, name: &str) -> f64 {
    assigned.terms.iter().find(|term| term.0 == name).unwrap_or_else(|| panic!("no term {name}")).1
}

pub fn same(what: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{what}: length");
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= ABSOLUTE + RELATIVE * b.abs(), "{what}[{i}] is {a}, expected {b}");
    }
}
