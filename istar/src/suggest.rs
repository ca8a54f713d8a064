//! "Did you mean", in the words of the language.

/// ` (did you mean "x"?)` for the known word nearest to the one given, or nothing if none is near.
#[cfg(feature = "cli")]
pub(crate) fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    hint(istar_lang::nearest(given, known))
}

/// ` (did you mean "x"?)` for a word that is near, or nothing.
pub(crate) fn hint(near: Option<&str>) -> String {
    near.map_or(String::new(), |near| format!(" (did you mean \"{near}\"?)"))
}
