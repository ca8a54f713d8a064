//! A number put in one spot of its unit: the reverse of a sum.

/// Where in a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The last element.
    Last,
    /// The first element.
    First,
    /// Every element, in equal shares.
    All,
}

/// `x[u]` on the chosen element of unit u and 0 on its others; `owner[i]` is the unit of element i.
pub fn place(x: &[f64], owner: &[u32], on: Spot) -> Vec<f64> {
    let mut out = Vec::with_capacity(owner.len());
    for unit in owner.chunk_by(|a, b| a == b) {
        let (value, start) = (x[unit[0] as usize], out.len());
        let share = if on == Spot::All { value / unit.len() as f64 } else { 0.0 };
        out.resize(start + unit.len(), share);
        match on {
            Spot::Last => out[start + unit.len() - 1] = value,
            Spot::First => out[start] = value,
            Spot::All => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_spot() {
        let (x, owner) = ([6.0, 5.0, 8.0], [0, 0, 0, 2, 2]);
        assert_eq!(place(&x, &owner, Spot::Last), [0.0, 0.0, 6.0, 0.0, 8.0]);
        assert_eq!(place(&x, &owner, Spot::First), [6.0, 0.0, 0.0, 8.0, 0.0]);
        assert_eq!(place(&x, &owner, Spot::All), [2.0, 2.0, 2.0, 4.0, 4.0]);
    }
}
