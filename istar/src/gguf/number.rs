//! How numbers are written.

use std::fmt;

/// How the numbers of an array are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// 32 bits each.
    F32,
    /// 16 bits each.
    F16,
    /// 32 numbers of 4 bits, a scale and an offset in 16 bits each: `scale · q + offset`.
    Q41,
    /// 32 numbers of 8 bits with a sign and a scale in 16 bits: `scale · q`.
    Q80,
    /// Another, by its code; it cannot be decoded.
    Other(u32),
}

/// Numbers that share a scale.
const BLOCK: usize = 32;

impl Encoding {
    pub(super) fn of_code(code: u32) -> Self {
        match code {
            0 => Encoding::F32,
            1 => Encoding::F16,
            3 => Encoding::Q41,
            8 => Encoding::Q80,
            other => Encoding::Other(other),
        }
    }

    /// The bytes of a block, and the numbers in it.
    fn block(self) -> Option<(usize, usize)> {
        match self {
            Encoding::F32 => Some((4, 1)),
            Encoding::F16 => Some((2, 1)),
            Encoding::Q41 => Some((4 + BLOCK / 2, BLOCK)),
            Encoding::Q80 => Some((2 + BLOCK, BLOCK)),
            Encoding::Other(_) => None,
        }
    }

    /// How many bytes an array takes; 0 where that is not known. Blocks do not reach over the end of a row.
    pub(super) fn bytes(self, elements: usize, row: usize) -> Result<usize, String> {
        let Some((bytes, numbers)) = self.block() else { return Ok(0) };
        match row % numbers {
            0 => Ok(elements / numbers * bytes),
            _ => Err(format!("rows of {row} numbers cannot be {self}, which has blocks of {numbers}")),
        }
    }

    pub(super) fn decode(self, bytes: &[u8], sizes: &[usize]) -> Result<Vec<f32>, String> {
        let mut out = Vec::with_capacity(sizes.iter().product());
        match self {
            Encoding::F32 => out.extend(bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b))),
            Encoding::F16 => out.extend(bytes.as_chunks().0.iter().map(|b| f16(*b))),
            Encoding::Q41 => bytes.as_chunks::<20>().0.iter().for_each(|block| {
                let (scale, offset) = (f16([block[0], block[1]]), f16([block[2], block[3]]));
                // The lower halves of all bytes, then the upper ones.
                out.extend(block[4..].iter().map(|byte| f32::from(byte & 15) * scale + offset));
                out.extend(block[4..].iter().map(|byte| f32::from(byte >> 4) * scale + offset));
            }),
            Encoding::Q80 => bytes.as_chunks::<34>().0.iter().for_each(|block| {
                let scale = f16([block[0], block[1]]);
                out.extend(block[2..].iter().map(|byte| f32::from(*byte as i8) * scale));
            }),
            Encoding::Other(_) => return Err(format!("{self} is not read; F32, F16, Q8_0 and Q4_1 are")),
        }
        Ok(out)
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Encoding::F32 => "F32",
            Encoding::F16 => "F16",
            Encoding::Q41 => "Q4_1",
            Encoding::Q80 => "Q8_0",
            Encoding::Other(code) => return write!(f, "encoding {code}"),
        })
    }
}

/// Sixteen bits of IEEE 754, little-endian, as a number.
pub(crate) fn f16(bytes: [u8; 2]) -> f32 {
    let bits = u32::from(u16::from_le_bytes(bytes));
    let (sign, exponent, fraction) = (bits >> 15 << 31, bits >> 10 & 31, bits & 1023);
    let size = match exponent {
        // Below the smallest exponent a unit is 2⁻²⁴.
        0 => fraction as f32 / 16_777_216.0,
        31 => f32::from_bits(255 << 23 | fraction << 13),
        _ => f32::from_bits((exponent + 112) << 23 | fraction << 13),
    };
    f32::from_bits(size.to_bits() | sign)
}

/// The upper half of a number of 32 bits, little-endian, as a number.
pub(crate) fn bf16(bytes: [u8; 2]) -> f32 {
    f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_what_they_say() {
        for bits in 0..=u16::MAX {
            let found = f16(bits.to_le_bytes());
            let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
            let size = match exponent {
                31 if fraction == 0.0 => f64::INFINITY,
                31 => f64::NAN,
                0 => fraction / 1024.0 * 2f64.powi(-14),
                _ => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
            };
            let expected = if bits >> 15 == 1 { -size } else { size };
            assert!(
                f64::from(found) == expected || found.is_nan() && expected.is_nan(),
                "{bits:#x}: {found}"
            );
            assert_eq!(found.is_sign_negative(), bits >> 15 == 1);
        }
        assert_eq!(bf16((-1.5f32).to_bits().to_le_bytes()[2..].try_into().expect("two bytes")), -1.5);
    }

    #[test]
    fn blocks_are_scaled() {
        let mut block = vec![0, 0x38, 0, 0xbc];
        block.extend((0..16).map(|i: u8| i | (15 - i) << 4));
        let found = Encoding::Q41.decode(&block, &[32]).expect("decoded");
        let expected: Vec<f32> = (0..16).chain((0..16).rev()).map(|q| q as f32 * 0.5 - 1.0).collect();
        assert_eq!(found, expected);
        let block: Vec<u8> = [0, 0x34].into_iter().chain((0..32).map(|i: u8| i.wrapping_sub(16))).collect();
        let found = Encoding::Q80.decode(&block, &[1, 32]).expect("decoded");
        assert_eq!(found, (-16..16).map(|q| q as f32 / 4.0).collect::<Vec<_>>());
        assert_eq!(
            Encoding::Q80.bytes(96, 48).expect_err("rows are cut"),
            "rows of 48 numbers cannot be Q8_0, which has blocks of 32"
        );
    }
}
