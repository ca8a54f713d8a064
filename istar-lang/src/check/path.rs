//! Rust paths that name no type, told from types by the way Rust writes names.

use super::Check;
use crate::ast::{Arg, Path};
use crate::catalogue::Recipe;

impl Check<'_> {
    /// Whether a path cannot stand for a type; then that is said.
    pub fn no_type(&mut self, path: &Path, args: &[Arg]) -> bool {
        let Some(last) = path.names.last() else { return false };
        let name = last.text.as_str();
        let field = name.to_lowercase();
        if is_constant(name) && args.is_empty() {
            let help = match self.open {
                true => format!("write a hyper-parameter, `{field}`, and give it the value of `{path}`"),
                false => format!(
                    "declare a hyper-parameter, `Name<{field}> = ..`, and set its field: `Name {{ {field}: {path} }}`"
                ),
            };
            let message = format!("`{name}` is a constant of Rust, and no part of an objective");
            self.errors.at(path.span(), message, help);
        } else if name.starts_with(char::is_lowercase) {
            let message = format!("`{path}` is a function or a value of Rust, and names no type");
            let help = "numbers arrive as hyper-parameters: `Name<x> = ..`, `Name { x: .. }`";
            self.errors.at(path.span(), message, help);
        } else {
            return false;
        }
        self.mark_args(args);
        true
    }

    /// Whether a path in a sum of terms is a recipe; then its line is shown.
    pub fn recipe(&mut self, path: &Path, args: &[Arg]) -> bool {
        let known = path.names.last().and_then(|last| Recipe::find(&last.text));
        let Some(recipe) = known.filter(|_| args.is_empty()) else { return false };
        let message = format!("`{}` is a whole objective, and this is a sum of loss terms", recipe.name);
        self.errors.at(path.span(), message, format!("write its line: `{}`", recipe.line));
        true
    }
}

/// `BETA`, but not the `T` of a type parameter.
fn is_constant(name: &str) -> bool {
    name.len() > 1 && !name.chars().any(char::is_lowercase)
}
