//! Text inside markup and tables.

/// Text inside elements and quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A line of a table whose fields commas divide: RFC 4180, but for the line ends, which are those of every other file here.
pub(crate) fn csv_line(fields: impl IntoIterator<Item = String>) -> String {
    let quote = |field: String| {
        if field.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field
        }
    };
    fields.into_iter().map(quote).collect::<Vec<_>>().join(",") + "\n"
}
