//! Columns by their names: of a log, or of an environment that provides them.

use crate::batch::{LevelId, OwnColumns, Scope};
use crate::credit::Credit;
use crate::need::Column as OwnColumn;
use crate::need::demand::{Needs, Own};
use crate::need::own::Written;
use crate::objective::Signal;
use crate::objective::head::{Name, Named};
use crate::objective::kind::{Kind, KindId};
use crate::objective::level::{Level, Proper};
use crate::objective::quote::Line;
use std::marker::PhantomData;

/// `column(name, level, kind)`: the column of this name, one number per element of the level, taken for what `Of` says.
#[derive(Debug)]
pub struct Column<Name, Level, Of>(PhantomData<(Name, Level, Of)>);

/// The column whose name is the text `T`, with a number for each element of `L`: what `column(moved, step, reward)` reads, and what an
/// environment that provides it names by [`column!`](crate::column!).
pub struct By<T, L>(PhantomData<fn() -> (T, L)>);

impl<T: Line, L: Written> OwnColumn for By<T, L> {
    const NAME: &'static str = T::TEXT;
    type Level = L;
}

/// A name under which there is a column with a number for each element of `L`.
#[diagnostic::on_unimplemented(
    message = "there is no column per {L}",
    note = "a column of a log or of an environment is per `traj`, `step` or `token`"
)]
pub trait Called<L>: Name {
    /// The column.
    type Needs: Needs;
}
impl<T: Line, L: Written> Called<L> for Named<T> {
    type Needs = Own<By<T, L>>;
}

/// A kind, or what stands for one.
pub trait Spoken: Send + Sync + 'static {
    /// Which it is.
    type Kind: Kind;
    /// The kind as a value.
    fn id(at: &Scope<'_>) -> KindId;
}
impl<K: Kind> Spoken for K {
    type Kind = K;
    fn id(_: &Scope<'_>) -> KindId {
        K::ID
    }
}

/// The numbers of a column by its name.
pub(crate) fn named<'a>(cx: &Credit<'a>, name: &str, level: LevelId) -> &'a [f64] {
    let found = cx.batch.own.and_then(|own: &OwnColumns| own.named(name, level));
    found.unwrap_or_else(|| panic!("the demand puts the column `{name}` into the batch"))
}

impl<N: Called<L>, L: Level + Proper, K: Spoken> Signal for Column<N, L, K> {
    type Level = L;
    type Kind = K::Kind;
    type Needs = N::Needs;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        named(cx, N::name(&cx.at), <L as Level>::id(&cx.at)).to_vec()
    }
    fn show(at: &Scope<'_>) -> String {
        format!("column({}, {}, {})", N::name(at), <L as Level>::id(at).name(), K::id(at).word())
    }
}
