//! Tables that may be wider than the page.

/// The beginning of a table that is scrolled sideways where it is too wide, by keyboard too.
pub(super) fn scrolled(label: &str) -> String {
    format!("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\"><table>\n")
}
