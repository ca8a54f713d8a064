//! Text that is no Unicode: bytes of another encoding, half a surrogate pair, control characters. What a model wrote is only
//! shown, so it is no reason to refuse a batch.

use std::borrow::Cow;
use std::fmt::Write;

/// JSON whose texts are Unicode, and in how many places they were not: there stands U+FFFD with the number in hexadecimal
/// behind it, so that what was different stays different. Without a mark of byte order.
pub(super) fn mend(json: &[u8]) -> (Cow<'_, [u8]>, usize) {
    let json = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json);
    let (text, bytes) = unicode(json);
    let (mended, escapes) = escapes(&text);
    match (mended, text) {
        (Some(mended), _) => (Cow::Owned(mended.into_bytes()), bytes + escapes),
        (None, Cow::Owned(text)) => (Cow::Owned(text.into_bytes()), bytes),
        (None, Cow::Borrowed(_)) => (Cow::Borrowed(json), 0),
    }
}

/// The text that bytes are.
fn unicode(json: &[u8]) -> (Cow<'_, str>, usize) {
    if let Ok(text) = std::str::from_utf8(json) {
        return (Cow::Borrowed(text), 0);
    }
    let (mut text, mut odd) = (String::with_capacity(json.len()), 0);
    for chunk in json.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            _ = write!(text, "\u{FFFD}{byte:02x}");
            odd += 1;
        }
    }
    (Cow::Owned(text), odd)
}

/// The same with each lone surrogate and control character inside a text replaced; `None` if there is none.
fn escapes(json: &str) -> (Option<String>, usize) {
    let (mut out, mut kept, mut odd) = (String::new(), 0, 0);
    let (mut inside, mut at) = (false, 0);
    let bytes = json.as_bytes();
    let mut replace = |from: usize, to: usize, number: u32| {
        out.push_str(&json[kept..from]);
        _ = write!(out, "\u{FFFD}{number:02x}");
        (kept, odd) = (to, odd + 1);
    };
    while at < bytes.len() {
        match bytes[at] {
            b'"' => inside = !inside,
            control if inside && control < 0x20 => replace(at, at + 1, control.into()),
            b'\\' if inside => match surrogate(&bytes[at..]) {
                Some(0xD800..0xDC00) if matches!(surrogate(&bytes[at + 6..]), Some(0xDC00..0xE000)) => {
                    at += 11
                }
                Some(lone) => {
                    replace(at, at + 6, lone);
                    at += 5;
                }
                None => at += 1,
            },
            _ => {}
        }
        at += 1;
    }
    if odd == 0 {
        return (None, 0);
    }
    out.push_str(&json[kept..]);
    (Some(out), odd)
}

/// The surrogate whose escape these bytes begin with.
fn surrogate(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (0xD800..0xE000).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::mend;
    use std::borrow::Cow;

    fn mended(json: &[u8]) -> (String, usize) {
        let (text, odd) = mend(json);
        (String::from_utf8(text.into_owned()).expect("Unicode"), odd)
    }

    #[test]
    fn what_is_unicode_stays() {
        for text in [
            &br#"{"a": "\ud83d\ude00 \\ud83d \n", "b": [1, "\""]}"#[..],
            b"",
            b"\"",
            "{\"\u{e9}\": 1}\n".as_bytes(),
        ] {
            assert!(matches!(mend(text), (Cow::Borrowed(same), 0) if same == text));
        }
        assert_eq!(mended(b"\xEF\xBB\xBF{}"), ("{}".to_owned(), 0));
    }

    #[test]
    fn what_is_none_stays_different() {
        assert_eq!(
            mended(br#"["\ud83d", "\uDCB2x"]"#),
            ("[\"\u{FFFD}d83d\", \"\u{FFFD}dcb2x\"]".to_owned(), 2)
        );
        assert_eq!(mended(br#""\ud83d\u0041""#), ("\"\u{FFFD}d83d\\u0041\"".to_owned(), 1));
        assert_eq!(mended(b"\"a\xe9b\xff\""), ("\"a\u{FFFD}e9b\u{FFFD}ff\"".to_owned(), 2));
        assert_eq!(mended(b"[\n\"a\nb\"]"), ("[\n\"a\u{FFFD}0ab\"]".to_owned(), 1));
        assert_eq!(mended(br#""\ud83"#).1, 0);
    }
}
