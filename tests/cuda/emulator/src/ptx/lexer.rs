//! Text into tokens.

use super::Error;

/// The smallest parts of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A word: an opcode, a register, a label.
    Word(String),
    /// A word behind a dot: a directive, a modifier, a component.
    Dotted(String),
    /// A whole number; the sign is a token of its own.
    Integer(u64),
    /// `0f` and the bits.
    Single(u32),
    /// `0d` and the bits.
    Double(u64),
    /// In quotes.
    Text,
    /// One character.
    Mark(char),
}

/// The tokens with the lines they stand in.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, u32)>, Error> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let length = if first == '\n' {
            line += 1;
            1
        } else if first.is_whitespace() || first == '\0' {
            first.len_utf8()
        } else if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            let length = rest.find("*/").map_or(rest.len(), |end| end + 2);
            line += newlines(&rest[..length]);
            length
        } else if first == '"' {
            let length = rest[1..].find('"').map_or(rest.len(), |end| end + 2);
            found.push((Token::Text, line));
            line += newlines(&rest[..length]);
            length
        } else {
            let (token, length) = token(rest, first).map_err(|message| Error { line, message })?;
            found.push((token, line));
            length
        };
        rest = &rest[length..];
    }
    Ok(found)
}

fn newlines(text: &str) -> u32 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u32
}

/// The token that a text begins with, and how long it is.
fn token(rest: &str, first: char) -> Result<(Token, usize), String> {
    if first.is_ascii_digit() {
        return number(rest);
    }
    if first.is_ascii_alphabetic() || matches!(first, '_' | '$' | '%') {
        let length = 1 + span(&rest[1..], |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$'));
        return Ok((Token::Word(rest[..length].to_owned()), length));
    }
    if first == '.' {
        // `.shared::cta` is one word.
        let length = 1 + span(&rest[1..], |c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
        if length > 1 {
            return Ok((Token::Dotted(rest[1..length].to_owned()), length));
        }
    }
    match first {
        ',' | ';' | ':' | '{' | '}' | '[' | ']' | '(' | ')' | '<' | '>' | '@' | '!' | '+' | '-' | '|'
        | '=' | '.' => Ok((Token::Mark(first), 1)),
        _ => Err(format!("no token begins with {first:?}")),
    }
}

fn span(text: &str, inside: impl Fn(char) -> bool) -> usize {
    text.find(|c| !inside(c)).unwrap_or(text.len())
}

fn number(rest: &str) -> Result<(Token, usize), String> {
    let length = span(rest, |c| c.is_ascii_alphanumeric());
    let word = &rest[..length];
    let digits = word.trim_end_matches('U');
    let read = |digits: &str, radix| {
        u64::from_str_radix(digits, radix).map_err(|_| format!("`{word}` is not a number"))
    };
    let token = match (digits.as_bytes(), digits.get(2..)) {
        ([b'0', b'f' | b'F', ..], Some(bits)) if bits.len() == 8 => Token::Single(read(bits, 16)? as u32),
        ([b'0', b'd' | b'D', ..], Some(bits)) if bits.len() == 16 => Token::Double(read(bits, 16)?),
        ([b'0', b'x' | b'X', ..], Some(digits)) => Token::Integer(read(digits, 16)?),
        ([b'0', b'b' | b'B', ..], Some(digits)) => Token::Integer(read(digits, 2)?),
        ([b'0', _, ..], _) => Token::Integer(read(&digits[1..], 8)?),
        _ => Token::Integer(read(digits, 10)?),
    };
    Ok((token, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let one = |text| tokens(text).map(|found| found[0].0.clone());
        assert_eq!(one("0f3F800000"), Ok(Token::Single(0x3F80_0000)));
        assert_eq!(one("0d3FF0000000000000"), Ok(Token::Double(0x3FF0_0000_0000_0000)));
        assert_eq!(one("0xFFU"), Ok(Token::Integer(255)));
        assert_eq!(one("017"), Ok(Token::Integer(15)));
        assert_eq!(one("0b101"), Ok(Token::Integer(5)));
        assert_eq!(one("18446744073709551615"), Ok(Token::Integer(u64::MAX)));
        assert!(one("12q").is_err());
    }

    #[test]
    fn words_and_lines() {
        let found = tokens("a // b\n.c::d /* \n */ $L__1:%r2").unwrap_or_default();
        let expected = [
            (Token::Word("a".into()), 1),
            (Token::Dotted("c::d".into()), 2),
            (Token::Word("$L__1".into()), 3),
            (Token::Mark(':'), 3),
            (Token::Word("%r2".into()), 3),
        ];
        assert_eq!(found, expected);
        assert_eq!(tokens("a\n#").map_err(|error| error.line), Err(2));
    }
}
