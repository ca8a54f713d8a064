//! Objectives that are no type of their own: the door takes whatever keeps the contract of the object.

use super::*;
use crate::batch::LevelId;
use crate::credit::Credit;
use crate::need::demand::Demand;
use crate::objective::{AnyObjective, Evaluated, Leaf, Numbers, OutOfRange, Plan, UnknownNumber};
use crate::recipes::{self, GiGpo, Grpo, IStarPaper};

/// Half of another objective's loss, with a name and a number that are made at run time.
#[derive(Clone)]
struct Half {
    name: String,
    scale: (String, f64),
    of: Box<dyn AnyObjective>,
}

impl AnyObjective for Half {
    fn name(&self) -> &str {
        &self.name
    }
    fn source(&self) -> &str {
        self.of.source()
    }
    fn numbers(&self) -> Numbers<'_> {
        Numbers::new(self.of.numbers().iter().chain([(&*self.scale.0, self.scale.1)]))
    }
    fn defaults(&self) -> Vec<Option<f64>> {
        self.of.defaults().into_iter().chain([Some(0.5)]).collect()
    }
    fn set(&mut self, name: &str, value: f64) -> Result<(), UnknownNumber> {
        if name == self.scale.0 {
            self.scale.1 = value;
            return Ok(());
        }
        self.of.set(name, value)
    }
    fn demand(&self) -> Demand {
        self.of.demand()
    }
    fn credit_level(&self) -> Option<LevelId> {
        self.of.credit_level()
    }
    fn plan(&self, iteration: u64) -> Plan {
        self.of.plan(iteration)
    }
    fn terms(&self) -> Vec<String> {
        self.of.terms()
    }
    fn explain(&self) -> String {
        self.of.explain()
    }
    fn validate(&self) -> Result<(), OutOfRange> {
        self.of.validate().map_err(|wrong| OutOfRange { objective: self.name.clone(), ..wrong })
    }
    fn evaluate(&self, cx: &Credit<'_>, leaf: &Leaf<'_>) -> Evaluated {
        let found = self.of.evaluate(cx, leaf);
        let half = |column: Vec<f64>| column.into_iter().map(|x| self.scale.1 * x).collect();
        let loss = found.loss.map(|loss| self.scale.1 * loss);
        Evaluated { loss, shares: half(found.shares), slope: half(found.slope), ..found }
    }
    fn boxed(&self) -> Box<dyn AnyObjective> {
        Box::new(self.clone())
    }
}

fn half(of: impl AnyObjective + 'static) -> Half {
    Half { name: format!("half of {}", of.name()), scale: ("scale".to_owned(), 0.5), of: Box::new(of) }
}

fn fixture() -> Vec<u8> {
    let traj = |outcome, n| Traj {
        outcome,
        steps: (0..n).map(|i| (i, vec![[-1.0, -0.9 - f64::from(i) / 10.0, -1.1, -0.7]])).collect(),
    };
    text(&[vec![traj(1.0, 2), traj(0.0, 3)]])
}

#[test]
fn what_is_no_type_gets_credit_too() {
    let text = fixture();
    let batch = Logged::read(&text).expect("a good batch");
    let whole = assign(&IStarPaper::default(), &batch).expect("it has all");
    let found = assign(&half(IStarPaper::default()), &batch).expect("it has all");
    assert_eq!(found.loss, 0.5 * whole.loss);
    assert_eq!(found.advantage, whole.advantage);
    let slopes = |credit: Assigned| credit.dloss_dlogp.expect("it trains the policy");
    assert_eq!(slopes(found), slopes(whole).iter().map(|x| 0.5 * x).collect::<Vec<f64>>());
    // what is refused is refused under its own name
    let bare = Logged::read(&String::from_utf8(text).expect("text").replace("state", "place").into_bytes());
    let error = assign(&half(GiGpo::default()), &bare.expect("a good batch")).expect_err("no states");
    assert!(error.to_string().ends_with("`state` is missing: `half of GiGpo` compares states"), "{error}");
    let mut wrong: Box<dyn AnyObjective> = Box::new(half(IStarPaper::default()));
    wrong.set("beta", -1.0).expect("it has one");
    let error = assign(&*wrong, &batch).expect_err("out of range").to_string();
    assert_eq!(error, "objective `half of IStarPaper`: `beta` must be above 0, found -1 in `dpo_prm`");
    assert_eq!(format!("{wrong:?}"), "half of IStarPaper { beta: -1.0, lambda: 1.0, scale: 0.5 }");
}

#[test]
fn a_copy_is_a_copy_and_numbers_are_found_by_name() {
    let mut one: Box<dyn AnyObjective> = Box::new(IStarPaper::default());
    let other = one.clone();
    one.set("lambda", 3.0).expect("it has one");
    assert_eq!(one.numbers().scope(0).params, [0.05, 3.0]);
    assert_eq!(other.numbers().scope(0).params, [0.05, 1.0]);
    assert_eq!(other.defaults(), [Some(0.05), Some(1.0)]);
    let error = one.set("lamda", 3.0).expect_err("it has none").to_string();
    assert_eq!(error, "IStarPaper has no hyper-parameter `lamda`; it has `beta`, `lambda`");
    let mut none = Grpo;
    let error = none.set("beta", 1.0).expect_err("it has none").to_string();
    assert_eq!(error, "Grpo has no hyper-parameter `beta`; it has none");
}

/// By name, title and name in files; a title that is another's name in other letters would hide it.
#[test]
fn every_recipe_is_found_by_each_of_its_names() {
    for recipe in recipes::all() {
        let name = recipe.objective.name();
        for called in [name, recipe.title, &crate::slug::slug(recipe.title), &name.to_uppercase()] {
            assert_eq!(recipes::find(called).expect("it is there").title, recipe.title, "{called}");
        }
    }
}
