//! The lines of the recipes, each as the type that a user writes, against reference files and against formulas.

#[path = "recipes_exact/batch.rs"]
mod batch;
#[path = "recipes_exact/files.rs"]
mod files;
#[path = "recipes_exact/formulas.rs"]
mod formulas;
#[path = "recipes_exact/lines.rs"]
mod lines;
#[path = "recipes_exact/reference.rs"]
mod reference;
#[path = "recipes_exact/second.rs"]
mod second;
