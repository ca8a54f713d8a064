//! Log-probabilities that no distribution gives: above 0, or a server's word for "there is none".

use super::schema::Field;
use super::wanted::Wanted;
use super::{Logged, LoggedError, Place, Remark};
use crate::batch::LevelId;
use crate::need::demand::{Demand, Need};

/// Low precision puts a log-probability of almost 0 above it, by no more than this.
const ROUNDING: f64 = 0.1;

/// Below it stand sentinels, such as -9999 and -1e9: double precision has no such probability by far.
const LEAST: f64 = -1000.0;

/// Log-probabilities, and the need by which they are read; what the sampler said is always looked at.
const FIELDS: &[(Field, Option<Need>)] = &[
    (Field::old, None),
    (Field::logp, Some(Need::TrainsPolicy)),
    (Field::sampler, Some(Need::SamplerRef)),
    (Field::init, Some(Need::InitRef)),
    (Field::snapshot, Some(Need::SnapshotRef)),
    (Field::ema, Some(Need::EmaRef)),
    (Field::prm, Some(Need::ReadsPrm)),
    (Field::prm, Some(Need::TrainsPrm)),
];

/// Refuses what is none; where the advantage alone is wanted and may not depend on it, remarks on it.
pub(super) fn check(batch: &Logged, demand: &Demand, wanted: Wanted) -> Result<Vec<Remark>, LoggedError> {
    let mut remarks: Vec<Remark> = Vec::new();
    for (field, need) in FIELDS {
        let key = field.key();
        let column = match need.is_none_or(|need| demand.asks(need)) {
            true => batch.table.whole::<f64>(*field).unwrap_or_default(),
            false => continue,
        };
        if column.iter().all(|x| (LEAST..0.0).contains(x)) {
            continue;
        }
        let places = |odd: &'static dyn Fn(f64) -> bool| {
            let of = |index| Place::of(&batch.layout, LevelId::Token, index);
            column.iter().enumerate().filter(|(_, x)| odd(**x)).map(move |(index, _)| of(index))
        };
        if let Some(x) = column.iter().copied().find(|x| none(*x)) {
            let what = if x > 0.0 {
                format!(
                    "`{key}` is {x}, and a log-probability is at most 0: drop tokens that have none, such as masked ones"
                )
            } else {
                format!(
                    "`{key}` is {x}, which stands for a probability that was not given: drop the token or give its log-probability"
                )
            };
            match (wanted, Remark::in_places(what, places(&none))) {
                (Wanted::All, Some(Remark { what, place, .. })) => {
                    return Err(LoggedError::At { place, problem: what });
                }
                (_, remark) => remarks.extend(remark),
            }
        }
        let above = format!("`{key}` is above 0, by no more than low precision rounds");
        remarks.extend(Remark::in_places(above, places(&|x| x > 0.0 && x <= ROUNDING)));
        if *field == Field::old {
            let sure =
                format!("`{key}` is exactly 0, a probability of 1: so are tokens that a mask was to drop");
            remarks.extend(Remark::in_places(sure, places(&|x| x == 0.0)));
        }
    }
    remarks.dedup();
    Ok(remarks)
}

/// Whether no distribution gives this.
fn none(x: f64) -> bool {
    !(LEAST..=ROUNDING).contains(&x)
}
