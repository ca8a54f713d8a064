//! A batch of experience as flat columns, and the words in which its parts are named.

mod checklist;
mod columns;
mod continued;
mod count;
mod history;
mod layout;
mod legal;
mod part;
mod role;
mod scope;

pub use checklist::{Checklist, Item, Turns};
pub use columns::{Batch, Columns};
pub use continued::Continued;
pub use count::CountId;
pub use history::History;
pub use istar_lang::LevelId;
pub use layout::{Layout, OwnerError};
pub use legal::Legal;
pub use part::Part;
pub use role::Role;
pub use scope::Scope;
