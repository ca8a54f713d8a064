//! Every recipe as a row, where the environment offers what it demands: what can be named beside a world's table.

use crate::env::relay::Relay;
use crate::env::sokoban::{Planned, Sokoban};
use crate::env::textcraft::TextCraft;
use crate::env::{Env, Offers, offered};
use crate::need::demand::Demand;
use crate::objective::Objective;
use crate::recipes::recipes;
use crate::table::{Ablation, Row, Visitor};
use std::marker::PhantomData;

/// Recipes as rows, those that the environment can run.
pub trait Recipes<E: Env>: Ablation<E> {
    /// What the environment offers, to say what a recipe that is not among them lacks.
    const OFFERED: Demand;
}

/// Looks a recipe and an environment up: a function of its own stands before that of [`Otherwise`] where the two fit.
struct Pair<E, O>(PhantomData<(E, O)>);

impl<E: Offers<O>, O: Objective + Default> Pair<E, O> {
    fn show<V: Visitor<E>>(visitor: &mut V, title: &'static str) {
        visitor.row(title, O::default());
    }
}

trait Otherwise<E: Env> {
    fn show<V: Visitor<E>>(_: &mut V, _: &'static str) {}
}

impl<E: Env, O> Otherwise<E> for Pair<E, O> {}

macro_rules! rows {
    ($($title:literal = $name:ident,)*) => {
        impl Ablation<Sokoban> for SokobanRecipes {
            const NAME: &'static str = "SokobanRecipes";
            fn rows<V: Visitor<Sokoban>>(visitor: &mut V) {
                $(Pair::<Sokoban, crate::recipes::$name>::show(visitor, $title);)*
            }
        }
    };
}

/// Every recipe that runs in [`Sokoban`].
#[derive(Clone, Copy, Debug)]
pub struct SokobanRecipes;

recipes!(rows);

impl Recipes<Sokoban> for SokobanRecipes {
    const OFFERED: Demand = offered!(Sokoban);
}

/// No recipe beside those of a world's table. Each would cost the compiler of a program a second or two, which is paid once,
/// for [`Sokoban`].
#[derive(Clone, Copy, Debug)]
pub struct TableAlone;

impl<E: Env> Ablation<E> for TableAlone {
    const NAME: &'static str = "TableAlone";
    fn rows<V: Visitor<E>>(_: &mut V) {}
}

impl Recipes<Planned> for TableAlone {
    const OFFERED: Demand = offered!(Planned);
}

impl Recipes<Relay<Sokoban>> for TableAlone {
    const OFFERED: Demand = offered!(Relay<Sokoban>);
}

impl Recipes<TextCraft> for TableAlone {
    const OFFERED: Demand = offered!(TextCraft);
}

/// The rows of a table, and beneath them those of another that it has not.
#[derive(Clone, Copy, Debug)]
pub struct Beside<A, R>(PhantomData<(A, R)>);

impl<E: Env, A: Ablation<E>, R: Ablation<E>> Ablation<E> for Beside<A, R> {
    const NAME: &'static str = A::NAME;
    fn rows<V: Visitor<E>>(visitor: &mut V) {
        let taken = Row::all::<E, A>().into_iter().map(|row| row.name).collect();
        A::rows(visitor);
        R::rows(&mut Except { visitor, taken });
    }
}

/// Passes over rows whose names are taken.
struct Except<'a, V> {
    visitor: &'a mut V,
    taken: Vec<String>,
}

impl<E: Env, V: Visitor<E>> Visitor<E> for Except<'_, V> {
    fn row<O: Objective>(&mut self, name: &'static str, objective: O)
    where
        E: Offers<O>,
    {
        if self.taken.iter().all(|taken| taken != name) {
            self.visitor.row(name, objective);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::missing;
    use crate::recipes::{Recipe, all};
    use crate::worlds::{self, LIST, VisualSokoban};
    use std::collections::BTreeSet;

    fn rows<E: Env, A: Ablation<E>>() -> Vec<String> {
        Row::all::<E, A>().into_iter().map(|row| row.name).collect()
    }

    /// The compiler's answer, recipe by recipe, against what demand and offer say as values.
    #[test]
    fn every_recipe_that_fits_is_a_row() {
        let offered = &SokobanRecipes::OFFERED;
        let fits = all().into_iter().filter(|recipe| missing(&recipe.objective.demand(), offered).is_empty());
        let fits: Vec<String> = fits.map(|recipe| recipe.title.to_owned()).collect();
        assert_eq!(rows::<Sokoban, SokobanRecipes>(), fits);
        assert!((30..all().len()).contains(&fits.len()), "{fits:?}");
    }

    #[test]
    fn every_recipe_is_a_row_of_some_world() {
        let known: Vec<String> = LIST.iter().flat_map(|world| worlds::rows(world.name)).flatten().collect();
        // What reads columns by name is a line for logs: no world has them.
        let of_worlds = |recipe: &Recipe| recipe.objective.demand().own.is_empty();
        for recipe in all().into_iter().filter(of_worlds) {
            assert!(known.iter().any(|name| name == recipe.title), "{}", recipe.title);
        }
    }

    #[test]
    fn a_table_comes_first_and_no_name_twice() {
        let table = rows::<Sokoban, VisualSokoban>();
        let both = rows::<Sokoban, Beside<VisualSokoban, SokobanRecipes>>();
        assert_eq!(both[..table.len()], table);
        let names: BTreeSet<_> = both.iter().collect();
        assert_eq!(names.len(), both.len(), "{both:?}");
        assert!(rows::<Sokoban, SokobanRecipes>().iter().all(|name| names.contains(name)));
    }
}
