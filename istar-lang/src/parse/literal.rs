//! Literals as Rust writes them.

/// The digits of a number and what is written behind them: `0.5`, `1_000f64`, `0xff`.
pub fn number(text: &str) -> Option<(String, &str)> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = digits.strip_prefix(prefix) {
            let end = rest.find(|c: char| !c.is_digit(radix) && c != '_').unwrap_or(rest.len());
            // What does not fit stays as it is, which is no decimal number.
            let value = u128::from_str_radix(&rest[..end].replace('_', ""), radix);
            let value = value.map_or_else(|_| digits.to_owned(), |value| value.to_string());
            return Some((format!("{sign}{value}"), &rest[end..]));
        }
    }
    let end = decimal(digits);
    let plain = digits[..end].replace('_', "");
    let whole = plain.bytes().all(|byte| byte.is_ascii_digit());
    let plain = if whole { plain.trim_start_matches('0') } else { plain.as_str() };
    let plain = if plain.is_empty() { "0" } else { plain };
    Some((format!("{sign}{plain}"), &digits[end..]))
}

/// How long the number is with which a text begins, suffix included; 0 if it begins with none.
pub fn number_length(text: &str) -> usize {
    match text.as_bytes() {
        [b'0', b'x' | b'o' | b'b', ..] => 2 + word(&text[2..]),
        [b'0'..=b'9', ..] => {
            let digits = decimal(text);
            digits + word(&text[digits..])
        }
        _ => 0,
    }
}

/// Where the digits of a decimal number end: `1`, `1.`, `1.5`, `1e-6`; what begins with a digit.
fn decimal(text: &str) -> usize {
    let digits = |from: usize| {
        let more = text[from..].find(|c: char| !c.is_ascii_digit() && c != '_');
        more.map_or(text.len(), |more| from + more)
    };
    let mut end = digits(0);
    if let Some(rest) = text[end..].strip_prefix('.') {
        // `1..` is no number, nor is `1.name`.
        let goes_on = |c: char| c == '.' || c == '_' || unicode_ident::is_xid_start(c);
        if !rest.starts_with(goes_on) {
            end = digits(end + 1);
        }
    }
    if let Some(rest) = text[end..].strip_prefix(['e', 'E']) {
        let sign = usize::from(rest.starts_with(['+', '-']));
        if rest[sign..].trim_start_matches('_').starts_with(|c: char| c.is_ascii_digit()) {
            end = digits(end + 1 + sign);
        }
    }
    end
}

/// How long the text in quotes is with which a text begins, suffix included; one that does not end goes on to the end.
pub fn string_length(text: &str) -> Option<usize> {
    let raw = text.strip_prefix('r');
    let quoted = raw.map_or(text, |raw| raw.trim_start_matches('#'));
    let hashes = raw.map_or("", |raw| &raw[..raw.len() - quoted.len()]);
    let said = quoted.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in said.char_indices() {
        if c == '"' && !escaped && said[at + 1..].starts_with(hashes) {
            let rest = said[at + 1..].strip_prefix(hashes)?;
            return Some(text.len() - rest.len() + word(rest));
        }
        escaped = raw.is_none() && c == '\\' && !escaped;
    }
    Some(text.len())
}

/// How long the word is with which a text begins.
pub fn word(text: &str) -> usize {
    text.find(|c: char| !unicode_ident::is_xid_continue(c)).unwrap_or(text.len())
}

/// What a text in quotes says: `"row"`, `r#"row"#`.
pub fn string(text: &str) -> Option<String> {
    if let Some(raw) = text.strip_prefix('r') {
        let quoted = raw.trim_start_matches('#');
        let hashes = &raw[..raw.len() - quoted.len()];
        return Some(quoted.strip_prefix('"')?.strip_suffix(hashes)?.strip_suffix('"')?.to_owned());
    }
    let mut said = String::new();
    let mut rest = text.strip_prefix('"')?.strip_suffix('"')?.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            said.push(c);
            continue;
        }
        match rest.next()? {
            'n' => said.push('\n'),
            'r' => said.push('\r'),
            't' => said.push('\t'),
            '0' => said.push('\0'),
            c @ ('\\' | '\'' | '"') => said.push(c),
            'x' => {
                let code = u8::from_str_radix(rest.as_str().get(..2)?, 16).ok().filter(u8::is_ascii)?;
                said.push(char::from(code));
                rest.nth(1);
            }
            'u' => {
                let (code, after) = rest.as_str().strip_prefix('{')?.split_once('}')?;
                said.push(char::from_u32(u32::from_str_radix(&code.replace('_', ""), 16).ok()?)?);
                rest = after.chars();
            }
            // The line goes on below.
            '\n' => rest = rest.as_str().trim_start().chars(),
            _ => return None,
        }
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::{number, string};

    #[test]
    fn numbers() {
        for (text, digits, suffix) in [
            ("0.05", "0.05", ""),
            ("007", "7", ""),
            ("0", "0", ""),
            ("1_000.5_0", "1000.50", ""),
            ("1.", "1.", ""),
            ("1e-6", "1e-6", ""),
            ("1E+6f64", "1E+6", "f64"),
            ("2u8", "2", "u8"),
            ("1e", "1", "e"),
            ("0xFF_u8", "255", "u8"),
            ("0b1_01", "5", ""),
            ("-3", "-3", ""),
            ("18446744073709551616", "18446744073709551616", ""),
        ] {
            assert_eq!(number(text), Some((digits.to_owned(), suffix)), "{text}");
        }
        for text in ["\"1\"", "'1'", "b'1'", "x"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn strings() {
        for (text, said) in [
            (r#""GRPO""#, "GRPO"),
            (r##"r#"a "row""#"##, "a \"row\""),
            (r#""a\tb\"\x41\u{e9}""#, "a\tb\"A\u{e9}"),
            ("\"a \\\n   b\"", "a b"),
        ] {
            assert_eq!(string(text).as_deref(), Some(said), "{text}");
        }
        for text in ["b\"row\"", "1", "\"", "\"\\q\"", "\"\\x4\"", "\"\\u{d800}\""] {
            assert_eq!(string(text), None, "{text}");
        }
    }
}
