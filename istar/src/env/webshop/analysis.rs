//! From a text to the terms that are searched: Lucene's `StandardTokenizer`, possessives, lower case, English stop words and
//! Porter's stems, in this order; pyserini's default.

use super::porter::stem;
use regex::Regex;
use std::sync::LazyLock;

/// Lucene's English stop words.
const STOP: [&str; 33] = [
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no",
    "not", "of", "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to",
    "was", "will", "with",
];

/// What Lucene calls a token: words by the rules of Unicode's annex 29, emoji, and single signs of scripts without spaces.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    // What follows a character and belongs to it; in an emoji, without what says how it is shown.
    let more = r"[\p{wb=Format}\p{wb=Extend}\p{wb=ZWJ}]*";
    let soft = r"[[\p{wb=Format}\p{wb=Extend}\p{wb=ZWJ}]--[\u{FE0E}\u{FE0F}]]*";
    let of = |class: &str| format!("(?:{class}{more})");
    let letter = of(r"[\p{wb=ALetter}\p{wb=Hebrew_Letter}]");
    let digit = of(r"[\p{wb=Numeric}\u{FF10}-\u{FF19}]");
    let katakana = of(r"\p{wb=Katakana}");
    let line = of(r"\p{wb=ExtendNumLet}");
    let in_word = of(r"[\p{wb=MidLetter}\p{wb=MidNumLet}\p{wb=Single_Quote}]");
    let in_number = of(r"[\p{wb=MidNum}\p{wb=MidNumLet}\p{wb=Single_Quote}]");
    let number = format!("{digit}(?:(?:{line}*|{in_number}){digit})*");
    let letters = format!("{letter}(?:(?:{line}*|{in_word}){letter})*");
    let run = format!("(?:{katakana}(?:{line}*{katakana})*|(?:{number}|{letters})+)");
    let word = format!("{line}*{run}(?:{line}+{run})*{line}*");
    let tone = r"\p{Emoji_Modifier}";
    let picture = format!(r"(?:\p{{Extended_Pictographic}}{soft}?(?:{tone})?\u{{FE0F}}?|{tone})");
    let key = format!(r"[0-9#*]{soft}\u{{FE0F}}?\u{{20E3}}{soft}");
    let flag = format!(r"(?:\p{{wb=Regional_Indicator}}{more}){{2}}");
    let emoji = format!(r"{picture}(?:\u{{200D}}{picture})*{soft}|{key}|{flag}");
    let sign = format!(r"[\p{{Thai}}\p{{Lao}}\p{{Myanmar}}\p{{Khmer}}]+|[\p{{Han}}\p{{Hiragana}}]{more}");
    Regex::new(&format!("{emoji}|{word}|{sign}")).expect("a regular expression")
});

/// The terms of a text, in its order.
///
/// ```
/// use istar::env::webshop::terms;
///
/// let found: Vec<String> = terms("The woman's 2 running-shoes, size 10.5 ❤️").collect();
/// assert_eq!(found, ["woman", "2", "run", "shoe", "size", "10.5", "❤️"]);
/// ```
pub fn terms(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = TOKEN.find_iter(text).map(|found| owner(found.as_str()).to_lowercase());
    words.filter(|word| !STOP.contains(&word.as_str())).map(|word| stem(&word))
}

/// A token without a possessive `'s`.
fn owner(token: &str) -> &str {
    let owner =
        token.strip_suffix(['s', 'S']).and_then(|rest| rest.strip_suffix(['\'', '\u{2019}', '\u{FF07}']));
    owner.unwrap_or(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_as_unicode_says() {
        for (text, expected) in [
            ("one_two ___ three", &["one_two", "three"][..]),
            ("8gb 2.5kg 1,000 a.b 3:4", &["8gb", "2.5kg", "1,000", "a.b", "3", "4"]),
            ("description:solid it’s James's S'S", &["description:solid", "jame", "s"]),
            ("½ ² × ° ★ ® ❤️ 👨‍💼 👍🏽 🇩🇪🇫🇷 #️⃣", &["★", "®", "❤️", "👨‍💼", "👍🏽", "🇩🇪", "🇫🇷", "#️⃣"]),
            ("日本 ひら カタカナ 한글", &["日", "本", "ひ", "ら", "カタカナ", "한글"]),
            ("The AND of", &[]),
        ] {
            assert_eq!(terms(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
