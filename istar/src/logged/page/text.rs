//! Numbers and texts on a page.

use crate::markup::escape;

/// Letters of each of so many texts that are shown: four million on a page, and 2,000 of one.
pub fn letters(texts: usize) -> usize {
    (4_000_000 / texts.max(1)).min(2_000)
}

pub fn many(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Four significant digits.
pub fn number(x: f64) -> String {
    // Zero has no sign.
    let x = x + 0.0;
    if x == 0.0 || (1e-3..1e6).contains(&x.abs()) {
        let digits = if x == 0.0 { 0 } else { (3 - x.abs().log10().floor() as i32).max(0) as usize };
        format!("{x:.digits$}")
    } else {
        format!("{x:.3e}")
    }
}

/// A text, escaped; what is too long of it is counted.
pub fn cut(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        None => escape(text),
        Some((end, _)) => {
            format!("{} … ({} more letters)", escape(&text[..end]), text[end..].chars().count())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let found = [-0.0, 0.25, -1234.56, 1e-9, 3e7].map(number);
        assert_eq!(found, ["0", "0.2500", "-1235", "1.000e-9", "3.000e7"]);
    }

    #[test]
    fn texts_are_cut_between_letters() {
        assert_eq!(cut("a < b", 5), "a &lt; b");
        assert_eq!(cut("λλλλλ", 2), "λλ … (3 more letters)");
        assert_eq!((letters(0), letters(100), letters(40_000)), (2_000, 2_000, 100));
    }
}
