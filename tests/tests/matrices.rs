//! The matrices of the field, drawn from the demand of each recipe and the traits of each environment.

use istar::batch::{LevelId, Role, Turns};
use istar::env::relay::Relay;
use istar::env::sokoban::{Planned, Sokoban};
use istar::env::{
    Checklist, Env, EnvError, Restore, Roles, StateKey, StateText, StepReward, Subgoals, Transition, missing,
};
use istar::need::demand::Demand;
use istar::objective::{Plan, demand_of, explain};
use istar::recipes;
use istar::{objective, offered};
use istar_tests::book::generated;
use std::fmt::Write;

const PAGE: &str = "docs/src/matrices.md";

/// Kinds of environment that are not in the house, each by what one of its kind can offer.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident: $($offers:ident)*;)*) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        struct $name;
        impl Env for $name {
            type Task = ();
            type Observation = ();
            fn reset(&mut self, (): &()) -> Result<(), EnvError> {
                Ok(())
            }
            fn observe(&self) {}
            fn step(&mut self, _: &[u32]) -> Result<Transition, EnvError> {
                Ok(Transition::default())
            }
        }
        $(kinds!(@$offers $name);)*
    )*};
    (@StepReward $name:ident) => { impl StepReward for $name {} };
    (@StateKey $name:ident) => {
        impl StateKey for $name {
            type Key = ();
            fn state_key(&self) {}
        }
    };
    (@StateText $name:ident) => {
        impl StateText for $name {
            fn state_text(&self) -> String {
                String::new()
            }
        }
    };
    (@Restore $name:ident) => {
        impl Restore for $name {
            type State = ();
            fn save(&self) {}
            fn restore(&mut self, (): &()) {}
        }
    };
    (@Subgoals $name:ident) => {
        impl Subgoals for $name {
            fn segment(&self) -> u32 {
                0
            }
        }
    };
    (@Roles $name:ident) => {
        impl Roles for $name {
            fn switch(&self) -> &[u32] {
                &[0]
            }
            fn role(&self, _: &[u32]) -> Role {
                Role::Action
            }
        }
    };
    (@Checklist $name:ident) => {
        impl Checklist for $name {
            fn checklist(&self) -> Turns {
                Turns::default()
            }
            fn turn(&self) -> u32 {
                0
            }
            fn satisfied(&self, _: u32) -> Option<Vec<bool>> {
                None
            }
        }
    };
}

kinds! {
    /// A shop in text: pages recur and can be reopened; what is bought is judged by rule at the end.
    Shop: StateKey StateText Restore Subgoals Roles Checklist;
    /// A dialogue with a partner whose mind cannot be reset, judged by a model; what the partner says divides it into turns.
    Dialogue: Subgoals Checklist;
    /// A world in text with a score for each step.
    TextWorld: StepReward StateKey StateText Restore Subgoals Roles Checklist;
}

/// One recipe: what it demands, how fine its credit is, what the trainer sets up for it.
struct Recipe {
    title: &'static str,
    name: String,
    demand: Demand,
    credit: Option<LevelId>,
    plan: Plan,
}

fn all() -> Vec<Recipe> {
    let read = |recipes::Recipe { title, objective }: recipes::Recipe| Recipe {
        title,
        name: objective.name().to_owned(),
        demand: objective.demand(),
        credit: objective.credit_level(),
        plan: objective.plan(0),
    };
    recipes::all().into_iter().map(read).collect()
}

impl Recipe {
    fn link(&self) -> String {
        format!("[{}](recipes/{}.md)", self.title, self.name)
    }
}

#[test]
fn where_each_recipe_runs() {
    let environments = [
        ("Sokoban", offered!(Sokoban)),
        ("Sokoban with plans", offered!(Planned)),
        ("Sokoban, agents in turn", offered!(Relay<Sokoban>)),
        ("shop", offered!(Shop)),
        ("dialogue", offered!(Dialogue)),
        ("text world", offered!(TextWorld)),
    ];
    let mut text = String::from("\n| recipe |");
    environments.iter().for_each(|(name, _)| write!(text, " {name} |").expect("a String"));
    text.push_str("\n|---|");
    environments.iter().for_each(|_| text.push_str("---|"));
    text.push('\n');
    for recipe in all() {
        write!(text, "| {} |", recipe.link()).expect("a String");
        for (_, offered) in &environments {
            let missing = missing(&recipe.demand, offered);
            let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
            let cell = if names.is_empty() { "yes".to_owned() } else { format!("– {}", names.join(", ")) };
            write!(text, " {cell} |").expect("a String");
        }
        text.push('\n');
    }
    text.push('\n');
    generated(PAGE, "where", &text);
}

#[test]
fn how_fine_credit_is_and_where_rewards_are_judged() {
    let dialogue = offered!(Dialogue);
    let recipes = all();
    let levels = [LevelId::Traj, LevelId::Segment, LevelId::Step, LevelId::Token].map(Some);
    let mut text = String::from(
        "\n| credit | runs on a dialogue that a model judges | needs more of its environment |\n|---|---|---|\n",
    );
    for level in levels.into_iter().chain([None]) {
        let name = level.map_or("by preference or regression alone", LevelId::name);
        let cell = |judged: bool| {
            let there = recipes.iter().filter(|recipe| {
                recipe.credit == level && missing(&recipe.demand, &dialogue).is_empty() == judged
            });
            let links: Vec<String> = there.map(Recipe::link).collect();
            if links.is_empty() { "–".to_owned() } else { links.join(", ") }
        };
        writeln!(text, "| {name} | {} | {} |", cell(true), cell(false)).expect("a String");
    }
    text.push('\n');
    generated(PAGE, "level", &text);
}

/// The page says so: with the outcome on the last step for the rewards, a shop has what GiGPO and HiPER ask for.
#[test]
fn an_outcome_stands_for_the_rewards_of_a_shop() {
    objective! {
        Anchored<omega = 1.0, gamma = 0.95> =
            rl(adv = traj + omega * norm(to_go(place(outcome), gamma), within = state))
    }
    objective! {
        Hierarchy<gamma = 1.0, lam = 0.95> =
            rl(adv = route(
                action = norm(gae(place(outcome), gamma, 1, value = value(low), within = segment, next = value(high)), within = batch),
                subgoal = place(
                    norm(gae(place(outcome), gamma, lam, value = value(high), per = segment), within = batch),
                    on = first, per = segment,
                ),
            )) + critic(0.5, heads = (low, high))
    }
    let (shop, dialogue) = (offered!(Shop), offered!(Dialogue));
    assert!(missing(&demand_of::<Anchored>(), &shop).is_empty());
    assert!(missing(&demand_of::<Hierarchy>(), &shop).is_empty());
    assert_eq!(missing(&demand_of::<Anchored>(), &dialogue), ["StateKey"]);
}

/// A recipe may be an open question too: then its explanation is on both pages.
#[test]
fn the_open_question_among_the_recipes_is_explained() {
    let block = format!("```text\n{}\n```\n", explain::<recipes::HiPerIStar>().trim_end());
    generated("docs/src/open-questions.md", "explain HiPerIStar", &block);
}

#[test]
fn what_each_recipe_costs() {
    let count = |bits: &[bool]| bits.iter().filter(|bit| **bit).count();
    let dash = |n: usize| if n == 0 { "–".to_owned() } else { n.to_string() };
    let mut text = String::from(
        "\n| recipe | networks that learn | frozen copies | forwards of the batch before phase B | updates in phase A | extra rollouts per step | labels by hand |\n|---|---|---|---|---|---|---|\n",
    );
    for recipe in all() {
        let d = recipe.demand;
        let trains = !recipe.plan.idle_prm;
        let learn = 1 + count(&[d.prm_net && trains, d.explicit_prm && trains, d.critic]);
        let references = count(&[d.init_ref, d.snapshot_ref, d.ema_ref]);
        let frozen = references + count(&[d.prm_net && !trains]);
        // Read before phase A, the PRM shares the forward pass of its update.
        let shared = recipe.plan.read_before && trains && (d.trains_prm || d.explicit_prm);
        let reads = count(&[d.reads_prm && !shared, d.explicit_prm && !shared, d.critic]) + references;
        let updates = count(&[d.trains_prm && trains, d.explicit_prm && trains]);
        let rollouts = if d.continuations { recipe.plan.rollouts.unwrap_or(0) as usize } else { 0 };
        let by_hand = if d.checklist { "the checklists" } else { "–" };
        writeln!(
            text,
            "| {} | {learn} | {} | {} | {} | {} | {by_hand} |",
            recipe.link(),
            dash(frozen),
            dash(reads + updates),
            dash(updates),
            dash(rollouts)
        )
        .expect("a String");
    }
    text.push('\n');
    generated(PAGE, "cost", &text);
}
