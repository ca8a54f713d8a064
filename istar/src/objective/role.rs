//! Roles of tokens as types: what `has(role, ..)` takes.

use crate::batch;

/// A role as a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a role",
    note = "a role is `switch`, `subgoal`, `action` or `other`"
)]
pub trait Role: Send + Sync + 'static {
    /// The role as a value; `None` where an argument is left out.
    const ID: Option<batch::Role>;
    /// As it is written.
    const NAME: &'static str;
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident $text:literal $id:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;
        impl Role for $name {
            const ID: Option<batch::Role> = $id;
            const NAME: &'static str = $text;
        }
    )*};
}

roles! {
    /// See [`batch::Role::Switch`].
    Switch "switch" Some(batch::Role::Switch);
    /// See [`batch::Role::Subgoal`].
    Subgoal "subgoal" Some(batch::Role::Subgoal);
    /// See [`batch::Role::Action`].
    Action "action" Some(batch::Role::Action);
    /// See [`batch::Role::Other`].
    Other "other" Some(batch::Role::Other);
    /// No role: an argument that is left out.
    None "" Option::None;
}
