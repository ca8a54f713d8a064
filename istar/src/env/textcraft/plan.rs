//! The shortest way to what is wanted, exactly.
//!
//! Recipes go in no circle, so any numbers of crafts that leave no item short can be done in some order, and the shortest way is the
//! least sum of such numbers. Item by item, each before what it takes: what is lacking of it is known by then, and with one
//! recipe the least number of crafts of it is too, which asks the least of everything below. Only where several recipes
//! make an item are all ways to share it out tried.

use super::rules::Rules;

/// How often each recipe is followed, and each item got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Per recipe.
    pub crafts: Vec<u64>,
    /// Per item.
    pub gets: Vec<u64>,
}

impl Plan {
    /// How often it makes an item, by whatever recipe.
    pub(super) fn makes(&self, rules: &Rules, item: usize) -> u64 {
        rules.makers[item].iter().map(|recipe| self.crafts[*recipe]).sum()
    }

    /// How many steps it takes.
    #[must_use]
    pub fn steps(&self) -> u32 {
        u32::try_from(self.total()).unwrap_or(u32::MAX)
    }

    fn total(&self) -> u64 {
        self.crafts.iter().chain(&self.gets).fold(0, |sum, times| sum.saturating_add(*times))
    }
}

/// Where that comes from which nothing makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supply {
    /// It is there, or it can be got.
    There,
    /// As if there always were enough of what can neither be made nor got.
    Endless,
}

/// A shortest plan from an inventory; `None` beyond rescue.
pub(super) fn plan(rules: &Rules, inventory: &[u32], supply: Supply) -> Option<Plan> {
    let lack =
        rules.wanted.iter().zip(inventory).map(|(wanted, there)| i64::from(*wanted) - i64::from(*there));
    let none = Plan { crafts: vec![0; rules.recipes.len()], gets: vec![0; rules.wanted.len()] };
    let mut search = Search { rules, supply, best: None };
    search.descend(0, lack.collect(), none);
    search.best
}

struct Search<'a> {
    rules: &'a Rules,
    supply: Supply,
    best: Option<Plan>,
}

impl Search<'_> {
    /// Goes on with the items from a place of the order on. `lack`: per item, how many are missing; below 0, how many are left over.
    fn descend(&mut self, place: usize, mut lack: Vec<i64>, mut plan: Plan) {
        let rules = self.rules;
        for at in place..rules.order.len() {
            let item = rules.order[at];
            if lack[item] <= 0 {
                continue;
            }
            match rules.makers[item].as_slice() {
                [] => match (rules.gets[item], self.supply) {
                    (0, Supply::There) => return,
                    (0, Supply::Endless) => {}
                    (count, _) => plan.gets[item] = times(lack[item], count),
                },
                [only] => {
                    self.craft(*only, times(lack[item], rules.recipes[*only].makes.1), &mut lack, &mut plan)
                }
                several => return self.share(several, at, &lack, &plan),
            }
            if self.best.as_ref().is_some_and(|best| plan.total() >= best.total()) {
                return;
            }
        }
        if self.best.as_ref().is_none_or(|best| plan.total() < best.total()) {
            self.best = Some(plan);
        }
    }

    /// Every way to make what is lacking of an item by several recipes, without one craft that is not needed.
    fn share(&mut self, recipes: &[usize], at: usize, lack: &[i64], plan: &Plan) {
        let item = self.rules.order[at];
        let [first, rest @ ..] = recipes else { return self.descend(at + 1, lack.to_vec(), plan.clone()) };
        let most = times(lack[item].max(0), self.rules.recipes[*first].makes.1);
        for crafts in if rest.is_empty() { most..=most } else { 0..=most } {
            let (mut lack, mut plan) = (lack.to_vec(), plan.clone());
            self.craft(*first, crafts, &mut lack, &mut plan);
            if self.best.as_ref().is_none_or(|best| plan.total() < best.total()) {
                self.share(rest, at, &lack, &plan);
            }
        }
    }

    fn craft(&self, recipe: usize, times: u64, lack: &mut [i64], plan: &mut Plan) {
        let made = i64::try_from(times).unwrap_or(i64::MAX);
        let recipe_of = &self.rules.recipes[recipe];
        plan.crafts[recipe] = times;
        let (item, count) = recipe_of.makes;
        lack[item] = lack[item].saturating_sub(made.saturating_mul(i64::from(count)));
        for (taken, count) in &recipe_of.takes {
            lack[*taken] = lack[*taken].saturating_add(made.saturating_mul(i64::from(*count)));
        }
    }
}

/// How often so many at once make up for what is lacking.
fn times(lack: i64, at_once: u32) -> u64 {
    (lack.max(0) as u64).div_ceil(u64::from(at_once.max(1)))
}
