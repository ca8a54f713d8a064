//! What is allowed in a batch and odd all the same.

use super::Place;
use serde::{Serialize, Serializer};
use std::fmt::{Display, Formatter};

/// Something that is no mistake by itself and often the sign of one: said beside a result, which it does not change.
///
/// As JSON it is `{"what": .., "where": .., "count": ..}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What is odd, and what it may come from.
    pub what: String,
    /// The first place of it.
    pub place: Place,
    /// How often it is there: elements of the place's level; of what is said of the batch, 1.
    pub count: usize,
}

impl Remark {
    /// What is odd of the batch as a whole.
    pub(super) fn of_batch(what: impl Into<String>) -> Self {
        Remark { what: what.into(), place: Place::default(), count: 1 }
    }

    /// What is odd in some places, if it is odd in any.
    pub(super) fn in_places(
        what: impl Into<String>,
        places: impl IntoIterator<Item = Place>,
    ) -> Option<Self> {
        let mut places = places.into_iter();
        let place = places.next()?;
        Some(Remark { what: what.into(), place, count: 1 + places.count() })
    }
}

impl Display for Remark {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.what)?;
        if self.count > 1 { write!(f, " ({} of them)", self.count) } else { Ok(()) }
    }
}

impl Serialize for Remark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Said<'a> {
            what: &'a str,
            r#where: String,
            count: usize,
        }
        Said { what: &self.what, r#where: self.place.to_string(), count: self.count }.serialize(serializer)
    }
}
