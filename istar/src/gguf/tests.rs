//! A small file, whole and damaged.

use super::*;

fn text(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat()
}

fn value(key: &str, kind: u32, bytes: &[u8]) -> Vec<u8> {
    [&text(key)[..], &kind.to_le_bytes(), bytes].concat()
}

/// Two values, a list of two texts, and an array of 2 × 32 numbers in Q8_0.
fn file() -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(3u32.to_le_bytes());
    bytes.extend(1u64.to_le_bytes());
    bytes.extend(3u64.to_le_bytes());
    bytes.extend(value("a.name", 8, &text("small")));
    bytes.extend(value("a.number", 4, &7u32.to_le_bytes()));
    let list = [&8u32.to_le_bytes()[..], &2u64.to_le_bytes(), &text("x"), &text("▁y")].concat();
    bytes.extend(value("a.list", 9, &list));
    bytes.extend(text("w"));
    bytes.extend(2u32.to_le_bytes());
    bytes.extend(32u64.to_le_bytes());
    bytes.extend(2u64.to_le_bytes());
    bytes.extend(8u32.to_le_bytes());
    bytes.extend(0u64.to_le_bytes());
    bytes.resize(bytes.len().next_multiple_of(32), 0);
    for _ in 0..2 {
        bytes.extend([0, 0x3c]);
        bytes.extend(0..32);
    }
    bytes
}

fn read(bytes: Vec<u8>) -> Result<Gguf, Refused> {
    Gguf::from_bytes(bytes, Path::new("m.gguf"))
}

#[test]
fn what_is_in_a_file_is_found() {
    let file = read(file()).expect("whole");
    assert_eq!(file.text("a.name").expect("a text"), Some("small"));
    assert_eq!(file.number("a.number").expect("a number"), Some(7));
    assert_eq!(file.number("b"), Ok(None));
    assert_eq!(file.texts("a.list").expect("texts").expect("there"), ["x", "▁y"]);
    assert_eq!(file.sizes("w"), Some(&[2, 32][..]));
    let expected: Vec<f32> = (0..32).chain(0..32).map(|i| i as f32).collect();
    assert_eq!(file.array("w", &[2, 32]), Ok(expected));
}

#[test]
fn what_is_not_in_a_file_is_named() {
    let file = read(file()).expect("whole");
    let text = |error: Refused| error.to_string();
    assert_eq!(
        text(file.number("a.name").expect_err("a mistake")),
        "m.gguf: `a.name` is \"small\", but a whole number from 0 is wanted"
    );
    assert_eq!(
        text(file.array("v", &[1]).expect_err("a mistake")),
        "m.gguf: there is no array `v` among its 1, from `w` on"
    );
    assert_eq!(
        text(file.array("w", &[64]).expect_err("a mistake")),
        "m.gguf: array `w` is [2, 32], but [64] is wanted"
    );
}

#[test]
fn every_cut_is_refused_and_no_byte_breaks_the_reader() {
    let whole = file();
    for len in 0..whole.len() {
        let error = read(whole[..len].to_vec()).expect_err("cut short").to_string();
        assert!(error.contains("cut short") || error.contains("holds"), "{len}: {error}");
    }
    for at in 0..whole.len() {
        for byte in [0, 1, 9, 0x7f, 0xff] {
            let mut damaged = whole.clone();
            damaged[at] = byte;
            if let Ok(file) = read(damaged) {
                _ = file.array("w", &[2, 32]);
            }
        }
    }
    let mut other = whole;
    other[4] = 9;
    assert_eq!(
        read(other).expect_err("a mistake").to_string(),
        "m.gguf: it is of version 9 of GGUF; 2 and 3 are read"
    );
}
