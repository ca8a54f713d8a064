//! Recipes by the numbers of items: what makes what, and what is wanted of it.

/// So many of an item, by its number in the task.
pub type Amount = (usize, u32);

/// How something is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// What it makes, and how many at once.
    pub makes: Amount,
    /// What it takes, in the order of the items.
    pub takes: Vec<Amount>,
}

/// What the way to a goal depends on, beside what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    pub(super) recipes: Vec<Recipe>,
    /// Per item, the recipes that make it.
    pub(super) makers: Vec<Vec<usize>>,
    /// Per item, how many of it a choice brings; 0 of what cannot be got.
    pub(super) gets: Vec<u32>,
    /// Per item, how many there must be at the end; 0 of what is not asked for.
    pub(super) wanted: Vec<u32>,
    /// All items, each before what its recipes take.
    pub(super) order: Vec<usize>,
}

impl Rules {
    /// Those of these recipes, where nothing can be got; else an item whose recipes lead back to it.
    pub(super) fn new(recipes: Vec<Recipe>, wanted: Vec<u32>) -> Result<Self, usize> {
        let mut makers = vec![Vec::new(); wanted.len()];
        recipes.iter().enumerate().for_each(|(number, recipe)| makers[recipe.makes.0].push(number));
        let order = order(&recipes, &makers)?;
        Ok(Rules { recipes, makers, gets: vec![0; wanted.len()], wanted, order })
    }

    /// Per item, how many recipes lie between it and the goal; nothing where it leads elsewhere.
    pub(super) fn depth(&self) -> Vec<Option<u32>> {
        let mut depth: Vec<Option<u32>> =
            self.wanted.iter().map(|wanted| (*wanted > 0).then_some(0)).collect();
        for item in &self.order {
            let Some(here) = depth[*item] else { continue };
            for (taken, _) in self.makers[*item].iter().flat_map(|recipe| &self.recipes[*recipe].takes) {
                depth[*taken] = Some(depth[*taken].map_or(here + 1, |known| known.min(here + 1)));
            }
        }
        depth
    }
}

fn order(recipes: &[Recipe], makers: &[Vec<usize>]) -> Result<Vec<usize>, usize> {
    let mut open = vec![0usize; makers.len()];
    let takes = |item: usize| makers[item].iter().flat_map(|recipe| &recipes[*recipe].takes);
    (0..makers.len()).for_each(|item| takes(item).for_each(|(taken, _)| open[*taken] += 1));
    let mut order: Vec<usize> = (0..makers.len()).filter(|item| open[*item] == 0).collect();
    let mut at = 0;
    while at < order.len() {
        for (taken, _) in takes(order[at]) {
            open[*taken] -= 1;
            if open[*taken] == 0 {
                order.push(*taken);
            }
        }
        at += 1;
    }
    match open.iter().position(|open| *open > 0) {
        Some(item) => Err(item),
        None => Ok(order),
    }
}
