//! A recipe by what people call it.

use super::{Recipe, all};
use crate::slug::slug;
use crate::suggest::hint;
use istar_lang::nearest;

/// The recipe of this name: that of its type, its title, or its title as in file names (`istar-note`).
///
/// ```
/// use istar::recipes::find;
///
/// assert_eq!(find("GRPO")?.objective.name(), "Grpo");
/// assert_eq!(find("istar-note")?.title, "iStar (note)");
/// assert!(find("itsar").unwrap_err().to_string().starts_with("\"itsar\" is no recipe (did you mean \"IStar\"?); known: Grpo, "));
/// # Ok::<(), istar::recipes::UnknownRecipe>(())
/// ```
///
/// # Errors
/// When there is none.
// Inline for the same reason as `all`.
#[inline]
pub fn find(name: &str) -> Result<Recipe, UnknownRecipe> {
    let mut recipes = all();
    let is = |recipe: &Recipe| {
        [recipe.objective.name(), recipe.title].iter().any(|known| known.eq_ignore_ascii_case(name))
            || slug(recipe.title) == name
    };
    match recipes.iter().position(is) {
        Some(place) => Ok(recipes.swap_remove(place)),
        None => {
            let names = recipes.iter().map(|recipe| recipe.objective.name());
            let near = nearest(name, names.clone().chain(recipes.iter().map(|recipe| recipe.title)));
            let near = near.map(str::to_owned);
            Err(UnknownRecipe { name: name.to_owned(), near, known: names.map(str::to_owned).collect() })
        }
    }
}

/// A name that no recipe has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{name}\" is no recipe{}; known: {}", hint(near.as_deref()), known.join(", "))]
pub struct UnknownRecipe {
    /// The name that was given.
    pub name: String,
    /// The one that may have been meant.
    pub near: Option<String>,
    /// The names of all recipes.
    pub known: Vec<String>,
}
