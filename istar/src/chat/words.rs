//! Making one line of what a model writes.

/// The first line of a text that has words, at most so many characters of it.
pub(super) fn first_line(text: &str, longest: usize) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    cut(&printable(line), longest)
}

/// At most so many characters, cut where a word ends if one does; what is left out shows as `…`.
pub(super) fn cut(text: &str, longest: usize) -> String {
    let at = |n: usize| text.char_indices().nth(n).map(|(at, _)| at);
    if at(longest).is_none() {
        return text.to_owned();
    }
    let end = at(longest.saturating_sub(1)).unwrap_or_default();
    let end = if text[end..].starts_with(' ') { end } else { text[..end].rfind(' ').unwrap_or(end) };
    format!("{}…", text[..end].trim_end())
}

/// The text with a blank for each run of blanks, ends of lines and what cannot be printed.
pub(super) fn printable(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What follows the thoughts of a model that writes them before its answer, between `<think>` and `</think>`. Where they do not
/// end there is nothing.
pub(super) fn without_thoughts(text: &str) -> &str {
    match text.split_once("</think>") {
        Some((_, rest)) => rest.trim(),
        None if text.trim_start().starts_with("<think>") => "",
        None => text.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_made_of_what_is_written() {
        assert_eq!(first_line("\n  one two\u{7} three\nfour", 80), "one two three");
        assert_eq!(cut("one two three", 13), "one two three");
        assert_eq!(cut("one two three", 8), "one two…");
        assert_eq!(cut("one two three", 9), "one two…");
        assert_eq!(cut("änderungen", 4), "änd…");
        assert_eq!(cut("a", 0), "…");
        for longest in 1..20 {
            assert!(cut("Größe ist relativ, nicht wahr?", longest).chars().count() <= longest);
        }
    }

    #[test]
    fn thoughts_are_left_out() {
        assert_eq!(without_thoughts("<think>{\"goal\": 1}</think>\n yes "), "yes");
        assert_eq!(without_thoughts("so …</think> yes"), "yes");
        assert_eq!(without_thoughts(" <think>and then"), "");
        assert_eq!(without_thoughts(" yes "), "yes");
    }
}
