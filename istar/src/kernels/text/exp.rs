//! An exponential that the compiler can lay over wide registers.

/// `e^x` to about 2 units in the last place, for `x` from -87 to 88; what lies outside is moved to the nearest of the two.
/// Range reduction by powers of 2 and the polynomial of Cephes.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // Added to a number of less than 2²², this leaves its whole part in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let power = rounded - ROUND;
    // ln 2 in two parts, the first of them with few digits.
    let r = x - power * 0.693_359_4 + power * 2.121_944_4e-4;
    let mut y = 1.987_569_1e-4f32;
    for c in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5.0e-1] {
        y = y * r + c;
    }
    let y = y * r * r + r + 1.0;
    f32::from_bits((rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127)) << 23) * y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_exponential() {
        for i in -87_000..88_000i32 {
            let x = i as f32 / 1000.0;
            let (found, expected) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((found / expected - 1.0).abs() < 3e-7, "e^{x}: {found} against {expected}");
        }
        assert_eq!((exp(0.0), exp(f32::NEG_INFINITY)), (1.0, exp(-87.0)));
    }
}
