//! What the heads of a critic said, step by step.

use super::table::Gap;

/// Per head, one number per step; the first step says which heads there are.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Values {
    heads: Vec<(String, Vec<f64>)>,
    gap: Option<usize>,
    rows: usize,
}

impl Values {
    /// So many steps of which none says anything.
    pub(super) fn none(&mut self, steps: usize) {
        *self = Values { heads: Vec::new(), gap: (steps > 0).then_some(0), rows: steps };
    }

    /// Heads with a number for each of so many steps.
    pub(super) fn of(mut heads: Vec<(String, Vec<f64>)>, steps: usize) -> Self {
        heads.sort_by(|a, b| a.0.cmp(&b.0));
        Values { heads, gap: None, rows: steps }
    }

    /// Adds a step; one that says nothing of any head lacks the field.
    ///
    /// # Errors
    /// When its heads are not those of the steps before it.
    pub(super) fn push(&mut self, row: Option<Vec<(String, f64)>>) -> Result<(), String> {
        self.rows += 1;
        let Some(row) = row.filter(|row| !row.is_empty()) else {
            self.gap.get_or_insert(self.rows - 1);
            return Ok(());
        };
        if self.heads.is_empty() {
            self.heads = row.into_iter().map(|(head, x)| (head, vec![x])).collect();
            return Ok(());
        }
        let same = self.heads.len() == row.len() && self.heads.iter().zip(&row).all(|(a, b)| a.0 == b.0);
        if !same {
            let list = |heads: Vec<&str>| heads.join(", ");
            let (here, before) = (
                row.iter().map(|(head, _)| head.as_str()).collect(),
                self.heads.iter().map(|(head, _)| head.as_str()).collect(),
            );
            return Err(format!("has the heads {}, and {} before", list(here), list(before)));
        }
        self.heads.iter_mut().zip(row).for_each(|((_, column), (_, x))| column.push(x));
        Ok(())
    }

    /// The column of a head, if every step has it.
    pub(super) fn head(&self, name: &str) -> Option<&[f64]> {
        let column = self.heads.iter().find(|(head, _)| head == name).map(|(_, column)| column.as_slice());
        if self.rows == 0 { Some(&[]) } else { column.filter(|_| self.gap.is_none()) }
    }

    /// The column of the only head, if there is one head and every step has it.
    pub(super) fn only(&self) -> Option<&[f64]> {
        match self.heads.as_slice() {
            [(name, _)] => self.head(name),
            _ => None,
        }
    }

    /// Where a step has no values.
    pub(super) fn gap(&self) -> Option<Gap> {
        self.gap.map(|row| Gap { row, ragged: !self.heads.is_empty() })
    }
}
