//! Which of some elements belong to each row: what threads that each own a row read, so that no two add to one place.

use super::super::memory::upload_ids;
use cudarc::driver::CudaSlice;

/// Elements `order[start[row]..start[row + 1]]` are those of a row, in order.
pub(in super::super) struct ByRow {
    pub(in super::super) start: CudaSlice<u32>,
    pub(in super::super) order: CudaSlice<u32>,
}

impl ByRow {
    /// From the row of each element.
    pub(in super::super) fn new(row: &[u32], rows: usize) -> Self {
        let (start, order) = sorted(row, rows);
        ByRow { start: upload_ids(&start), order: upload_ids(&order) }
    }
}

fn sorted(row: &[u32], rows: usize) -> (Vec<u32>, Vec<u32>) {
    let mut start = vec![0; rows + 1];
    row.iter().for_each(|row| start[*row as usize + 1] += 1);
    for at in 0..rows {
        start[at + 1] += start[at];
    }
    let (mut next, mut order) = (start.clone(), vec![0; row.len()]);
    for (element, row) in (0..).zip(row) {
        let place = &mut next[*row as usize];
        order[*place as usize] = element;
        *place += 1;
    }
    (start, order)
}

#[cfg(test)]
mod tests {
    use super::sorted;

    #[test]
    fn elements_stand_by_their_row_in_order() {
        assert_eq!(sorted(&[2, 0, 2, 3, 0], 4), (vec![0, 2, 2, 4, 5], vec![1, 4, 0, 2, 3]));
        assert_eq!(sorted(&[], 2), (vec![0, 0, 0], vec![]));
    }
}
