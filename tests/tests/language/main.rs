//! The language as a user meets it: its forms, and everything that may stand around them.

mod forms;
mod fragments;
mod generic;
mod hygiene;
mod long;
mod renamed;
mod vocabulary;
mod warnings;
