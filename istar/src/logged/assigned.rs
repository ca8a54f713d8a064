//! What an objective makes of a batch.

use super::{LoggedError, Place, Remark};
use crate::batch::{Layout, LevelId};

/// What an objective makes of a batch. Columns are flat, in batch order, one number per token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assigned {
    /// The advantage that the policy term acts on, if the objective has one.
    pub advantage: Option<Vec<f64>>,
    /// The loss: the sum of its terms; 0 of an advantage alone.
    pub loss: f64,
    /// Each term by its name, with what it adds to the loss; a second one of a name is `name#2`. Empty of an advantage alone.
    pub terms: Vec<(String, f64)>,
    /// The derivative of the loss in `logp`, if the objective trains the policy.
    pub dloss_dlogp: Option<Vec<f64>>,
    /// The derivative in `prm`, if it trains an implicit PRM. One that shares the policy's network is read from `prm`
    /// too: in a log the two columns stand for two moments of it.
    pub dloss_dprm: Option<Vec<f64>>,
    /// Per step, the derivative in `q`, if it trains an explicit PRM.
    pub dloss_dq: Option<Vec<f64>>,
    /// The derivative in each head's estimates (`vpred`, `values`), if it trains a critic.
    pub dloss_dvpred: Vec<Slope>,
    /// What the terms log; a number that overflows is left out, with a remark.
    pub metrics: Vec<(&'static str, f64)>,
    /// Terms that the batch has no field for and that therefore count nothing, with the reason.
    pub left_out: Vec<&'static str>,
    /// What is allowed in the batch and odd.
    pub remarks: Vec<Remark>,
    /// [`explain_with`](crate::objective::explain_with) of the objective.
    pub explain: String,
}

/// A derivative in what one head of a critic says.
#[derive(Clone, Debug, PartialEq)]
pub struct Slope {
    /// The head; empty for the only one.
    pub head: String,
    /// One estimate per what: step or token.
    pub level: LevelId,
    /// One number per element.
    pub slope: Vec<f64>,
}

impl Assigned {
    /// Refuses what overflowed.
    pub(super) fn finite(&self, layout: &Layout) -> Result<(), LoggedError> {
        let token = Some(LevelId::Token);
        let columns = [
            ("advantage", token, &self.advantage),
            ("dloss_dprm", token, &self.dloss_dprm),
            ("dloss_dlogp", token, &self.dloss_dlogp),
            ("dloss_dq", Some(LevelId::Step), &self.dloss_dq),
        ];
        let columns =
            columns.map(|(what, level, column)| (what, level, column.as_deref().unwrap_or_default()));
        let heads = self.dloss_dvpred.iter().map(|head| ("dloss_dvpred", Some(head.level), &*head.slope));
        let loss = [self.loss];
        for (what, level, column) in columns.into_iter().chain(heads).chain([("loss", None, &loss[..])]) {
            if let Some(index) = column.iter().position(|x| !x.is_finite()) {
                let place = level.map_or(Place::default(), |level| Place::of(layout, level, index));
                return Err(LoggedError::NotFinite { place, what, value: column[index].to_string() });
            }
        }
        Ok(())
    }
}
