//! The checklists of a logged batch, and whether what the judge said fits them.

use super::schema::{Field, key};
use super::{Logged, LoggedError, Place};
use crate::batch::{Checklist, LevelId, Turns};

impl Logged {
    /// Checklists and answers as an objective of this name reads them; fields of steps have been checked before.
    pub(super) fn checklist(&self, objective: &str) -> Result<Checklist, LoggedError> {
        let at = |number: usize, problem: String| LoggedError::At {
            place: Place { group: Some(number), ..Place::default() },
            problem: format!("`{}` {problem}", key::CHECKLIST),
        };
        let mut groups: Vec<Turns> = Vec::with_capacity(self.turns.len());
        for (number, turns) in self.turns.iter().enumerate() {
            let Some(turns) = turns else {
                return Err(at(number, format!("is missing: `{objective}` reads it")));
            };
            for (turn, items) in turns.iter().enumerate() {
                for (position, item) in items.iter().enumerate() {
                    if let Some(dep) = item.deps.iter().find(|dep| **dep as usize >= items.len()) {
                        let of = items.len();
                        return Err(at(
                            number,
                            format!("lets item {position} of turn {turn} wait for item {dep}, of {of}"),
                        ));
                    }
                    let weight = item.weight;
                    if !weight.is_finite() || weight < 0.0 {
                        let what = format!("gives item {position} of turn {turn} the weight {weight}");
                        return Err(at(number, format!("{what}, expected a finite number from 0 up")));
                    }
                }
                let sum: f64 = items.iter().map(|item| item.weight).sum();
                if !items.is_empty() && (sum - 1.0).abs() > 1e-6 {
                    let what = format!("has weights in turn {turn} that sum to {sum}");
                    return Err(at(number, format!("{what}, expected 1: divide each by the sum")));
                }
            }
            groups.push(turns.clone());
        }
        let turn = self.table.whole::<u32>(Field::turn).unwrap_or_default();
        let answers = self.table.whole::<Vec<bool>>(Field::items).unwrap_or_default();
        for (index, (turn, answer)) in turn.iter().zip(answers).enumerate() {
            let traj = self.layout.traj_of_step()[index] as usize;
            let turns = &groups[self.layout.group_of_traj()[traj] as usize];
            let problem = match turns.get(*turn as usize) {
                None => format!("`turn` is {turn}, and the checklist has {} turns", turns.len()),
                Some(items) if items.len() != answer.len() => {
                    let of = items.len();
                    format!("`items` has {} entries, and turn {turn} of the checklist {of}", answer.len())
                }
                Some(_) => continue,
            };
            let place = Place::of(&self.layout, LevelId::Step, index);
            return Err(LoggedError::At { place, problem });
        }
        Ok(Checklist::new(&self.layout, groups, turn.to_vec(), answers))
    }
}
