//! What a log says in other words than a sampled batch, made for one objective.

use super::critic::Estimates;
use super::schema::Field;
use super::{Logged, LoggedError};
use crate::batch::{Checklist, Columns, Continued, OwnColumns};
use crate::objective::{AnyObjective, Plan};

/// Columns that are made of fields of a log.
#[derive(Debug)]
pub(super) struct Beside {
    /// What the critic said.
    pub(super) estimates: Estimates,
    checklist: Option<Checklist>,
    continued: Option<Continued>,
    own: OwnColumns,
    judged: Vec<f64>,
    critic: bool,
    /// The entropy is demanded and nobody wrote it down.
    pub(super) silent: bool,
    no_entropy: Vec<f64>,
}

impl Beside {
    pub(super) fn of(objective: &dyn AnyObjective, batch: &Logged, plan: &Plan) -> Result<Self, LoggedError> {
        let (demand, name) = (objective.demand(), objective.name());
        let critic = plan.critic.as_ref().map(|critic| Estimates::of(batch, critic, plan.after, name));
        // A mean of returns does for continuations what one continuation of that return does.
        let continued = demand.continuations.then(|| match plan.rollouts.unwrap_or(0) {
            0 => Continued::default(),
            _ => {
                let mc = batch.table.whole::<f64>(Field::mc).unwrap_or_default();
                Continued::new(1, mc.iter().map(|mc| (vec![*mc], *mc)))
            }
        });
        // An entropy that nobody wrote down has no gradient in `logp` either: its term counts nothing, and the result says so.
        let silent = demand.entropy && batch.table.whole::<f64>(Field::entropy).is_none();
        Ok(Beside {
            estimates: critic.transpose()?.unwrap_or_default(),
            checklist: demand.checklist.then(|| batch.checklist(name)).transpose()?,
            continued,
            own: OwnColumns::new(&demand.own, |column| {
                batch.table.own(column.level, column.name).unwrap_or_default().to_vec()
            }),
            judged: vec![1.0; batch.layout.trajs()],
            critic: demand.critic,
            silent,
            no_entropy: if silent { vec![0.0; batch.layout.tokens()] } else { Vec::new() },
        })
    }

    /// The columns of the batch, as the objective sees them.
    pub(super) fn columns<'a>(&'a self, batch: &'a Logged) -> Columns<'a> {
        let columns = batch.columns();
        Columns {
            value: self.critic.then_some(self.estimates.old.as_slice()),
            final_value: self.critic.then_some(self.estimates.after.as_slice()),
            checklist: self.checklist.as_ref(),
            continued: self.continued.as_ref(),
            own: Some(&self.own),
            // Who says nothing of the judge has one that never failed.
            judged: columns.judged.or(Some(&self.judged)),
            ..columns
        }
    }

    /// Per token, the policy's entropy.
    pub(super) fn entropy<'a>(&'a self, batch: &'a Logged) -> Option<&'a [f64]> {
        batch.table.whole(Field::entropy).or(self.silent.then_some(&self.no_entropy))
    }
}
