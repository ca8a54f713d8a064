//! A batch of experience as flat columns, and the words in which its parts are named.

mod checklist;
mod columns;
mod continued;
mod count;
mod history;
mod kept;
mod layout;
mod legal;
mod own;
mod owned;
mod part;
mod role;
mod scope;
mod stage;
mod view;

pub use checklist::{Checklist, Item, Turns};
pub(crate) use columns::columns;
pub use continued::Continued;
pub use count::CountId;
pub use history::History;
pub use istar_lang::LevelId;
pub(crate) use kept::Kept;
pub use layout::{Layout, OwnerError};
pub use legal::Legal;
pub use own::OwnColumns;
pub use owned::{Batch, References, Scores};
pub use part::Part;
pub use role::Role;
pub use scope::Scope;
pub use stage::{Read, Sampled, Scored, Stage};
pub use view::Columns;
