//! The rows that can be asked for.

use super::Known;
use crate::cli::settings::find_row;
use crate::env::missing;
use crate::need::demand::Demand;
use crate::recipes::{self, Recipe};
use crate::slug::unique;
use crate::worlds::{self, LIST};
use std::collections::BTreeSet;

/// Rows by name, and what is known of recipes that are none.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// All of them, from top to bottom.
    pub rows: &'a [Known<'a>],
    /// Whether each has a PRM: only such rows run off line.
    pub taught: &'a [bool],
    /// How many, from the first, are run where none is named.
    pub unasked: usize,
    /// What the environment offers, where every recipe that it can run is a row.
    pub offered: Option<Demand>,
}

impl Choice<'_> {
    /// The names of the rows asked for, in the order of the table.
    pub(super) fn names(&self, asked: Option<&[String]>, off_line: bool) -> Result<Vec<String>, String> {
        let runs = |place: &usize| !off_line || self.is_taught(*place);
        let places: BTreeSet<usize> = match asked {
            None => (0..self.unasked.min(self.rows.len())).filter(runs).collect(),
            Some(asked) => {
                let place = |given: &String| self.place(given).map_err(|wrong| format!("--recipes: {wrong}"));
                asked.iter().map(place).collect::<Result<_, _>>()?
            }
        };
        let untaught = places.iter().find(|place| !runs(place)).map(|place| self.rows[*place].name);
        if untaught.is_some() || off_line && asked.is_none() && places.is_empty() {
            return Err(self.no_prm(untaught));
        }
        Ok(places.into_iter().map(|place| self.rows[place].name.to_owned()).collect())
    }

    fn is_taught(&self, place: usize) -> bool {
        self.taught.get(place).copied().unwrap_or_default()
    }

    /// Why a row does not run off line, or none that is run where none is named.
    pub(super) fn no_prm(&self, name: Option<&str>) -> String {
        let taught = (0..self.rows.len()).filter(|place| self.is_taught(*place));
        let taught: Vec<&str> = taught.map(|place| self.rows[place].name).collect();
        let what = name.map_or_else(
            || "no row that runs unasked has a PRM to be taught off line".to_owned(),
            |name| format!("\"{name}\" has no PRM that could be taught off line"),
        );
        let others = match &unique(taught)[..] {
            [] => "write a line that trains one, such as --line \"mine = ce_prm(0.05, net = separate) + rl(adv = traj)\"".to_owned(),
            known => format!("choose with --recipes among those that have one: {}", known.join(", ")),
        };
        format!("{what}; {others}")
    }

    /// The recipes that are no rows, where every one that the environment can run is.
    pub(super) fn others(&self) -> Vec<Recipe> {
        if self.offered.is_none() {
            return Vec::new();
        }
        recipes::all().into_iter().filter(|recipe| self.row_of(recipe).is_none()).collect()
    }

    /// A row by its name, or by that of the recipe that it is.
    fn place(&self, given: &str) -> Result<usize, String> {
        find_row(given, &self.rows.iter().collect::<Vec<_>>()).or_else(|unknown| {
            let recipe = recipes::find(given.trim()).map_err(|_| unknown)?;
            self.row_of(&recipe).ok_or_else(|| self.why_not(&recipe))
        })
    }

    fn row_of(&self, recipe: &Recipe) -> Option<usize> {
        self.rows.iter().position(|row| row.name == recipe.title)
    }

    fn why_not(&self, recipe: &Recipe) -> String {
        let (title, name) = (recipe.title, recipe.objective.name());
        match &self.offered {
            None => format!(
                "\"{title}\" is a recipe, and no row of this table: write \"{title}\" = {name} into its `ablations!`"
            ),
            Some(offered) => {
                format!(
                    "\"{title}\" {}; --env {} runs it",
                    lack(recipe, offered),
                    runs_in(recipe).join(" or --env ")
                )
            }
        }
    }
}

/// Why a recipe is no row of an environment.
fn lack(recipe: &Recipe, offered: &Demand) -> String {
    match &missing(&recipe.objective.demand(), offered)[..] {
        [] => "is no row of this world".to_owned(),
        lacks => format!("needs {} of its environment", lacks.join(", ")),
    }
}

/// The worlds in which a recipe is a row.
pub(super) fn runs_in(recipe: &Recipe) -> Vec<&'static str> {
    let has = |name: &&str| worlds::rows(name).is_some_and(|rows| rows.iter().any(|row| row == recipe.title));
    LIST.iter().map(|world| world.name).filter(has).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::{Recipes, SokobanRecipes};

    const ROWS: [Known; 2] =
        [Known { name: "GRPO", parameters: &[] }, Known { name: "RLOO", parameters: &[] }];

    #[test]
    fn a_row_is_named_as_its_recipe_and_what_cannot_be_says_why() {
        let listed = Choice {
            rows: &ROWS,
            taught: &[false, true],
            unasked: 1,
            offered: Some(SokobanRecipes::OFFERED),
        };
        let ask = |choice: Choice, name: &str| choice.names(Some(&[name.to_owned()]), false);
        assert_eq!(listed.names(None, false), Ok(vec!["GRPO".to_owned()]));
        for name in ["RLOO", "rloo", " Rloo "] {
            assert_eq!(ask(listed, name), Ok(vec!["RLOO".to_owned()]), "{name}");
        }
        let refused = ask(listed, "HiPer").expect_err("no roles");
        let expected =
            "--recipes: \"HiPER (released)\" needs Roles of its environment; --env planned runs it";
        assert_eq!(refused, expected);
        let refused = ask(listed, "DAPO").expect_err("no row in this choice");
        let expected = "\"DAPO\" is no row of this world; --env sokoban or --env sokoban2 or --env sokoban7 or --env sokoban120 runs it";
        assert!(refused.contains(expected), "{refused}");
        let refused = listed.names(Some(&["GRPO".to_owned()]), true).expect_err("no PRM");
        let expected = "\"GRPO\" has no PRM that could be taught off line; choose with --recipes among those that have one: rloo";
        assert_eq!(refused, expected);
        let refused = listed.names(None, true).expect_err("the first row has none");
        assert!(refused.starts_with("no row that runs unasked has a PRM"), "{refused}");
        let both = Choice { unasked: 2, ..listed };
        assert_eq!(both.names(None, true), Ok(vec!["RLOO".to_owned()]));
        let own = Choice { offered: None, ..listed };
        let refused = ask(own, "hiper-released").expect_err("no row");
        assert!(refused.contains("write \"HiPER (released)\" = HiPer into its `ablations!`"), "{refused}");
        assert!(ask(own, "grop").expect_err("no recipe").contains("did you mean \"GRPO\"?"));
    }
}
