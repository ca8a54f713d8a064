//! Columns of your own: demanded by a signal of yours, written by an environment of yours, brought by a log under their name.

use istar_lang::LevelId;
use serde::Serialize;
use std::sync::Mutex;

/// A column of numbers that no built-in signal knows. A signal that reads it names [`Own<C>`](crate::need::Own) among its
/// needs, an environment that has it implements [`Provides<C>`](crate::env::Provides).
///
/// ```
/// use istar::need::Column;
/// use istar::objective::level;
///
/// /// How far a step moved the player.
/// struct Moved;
/// impl Column for Moved {
///     const NAME: &'static str = "moved";
///     type Level = level::Step;
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column",
    note = "implement `istar::need::Column` for it: its name, and the level that it has a number for"
)]
pub trait Column: Send + Sync + 'static {
    /// Its name: the key in a log, and what `explain` lists.
    const NAME: &'static str;
    /// One number per what: `level::Traj`, `level::Step` or `level::Token`.
    type Level: Written;
}

/// A level that an environment can write a column at.
#[diagnostic::on_unimplemented(
    message = "an environment cannot write a column per {Self}",
    note = "a column of your own is per `level::Traj`, `level::Step` or `level::Token`"
)]
pub trait Written: 'static {
    /// The level as a value.
    const ID: LevelId;
    /// What an environment says after a step: a number, or one for each token of the step. Of a trajectory, what is said
    /// after its last step stands.
    type Said;
    /// The numbers of what is said.
    fn numbers(said: Self::Said) -> Vec<f64>;
}

/// A column of your own, as a value: types of one name and level are one column, as they are one field of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OwnColumn {
    /// Its name.
    pub name: &'static str,
    /// Its level.
    pub level: LevelId,
}

impl OwnColumn {
    /// This one.
    pub const fn of<C: Column>() -> Self {
        OwnColumn { name: C::NAME, level: C::Level::ID }
    }
}

/// A list of columns of your own, as a value.
#[derive(Clone, Copy, Debug, Default)]
pub enum OwnList {
    /// No column.
    #[default]
    Empty,
    /// One column.
    One(OwnColumn),
    /// Those of two lists, which may share some.
    Both(&'static OwnList, &'static OwnList),
    /// These columns: the list of a line that was read at run time.
    Read(&'static [OwnColumn]),
}

impl OwnList {
    /// The list of columns that are known at run time alone; equal lists are kept once, for as long as the program runs.
    pub(crate) fn read<'a>(columns: impl IntoIterator<Item = (&'a str, LevelId)>) -> OwnList {
        static KNOWN: Mutex<Vec<&'static [OwnColumn]>> = Mutex::new(Vec::new());
        let columns: Vec<(&str, LevelId)> = columns.into_iter().collect();
        if columns.is_empty() {
            return OwnList::Empty;
        }
        let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let same = |list: &&&[OwnColumn]| {
            list.iter().map(|column| (column.name, column.level)).eq(columns.iter().copied())
        };
        if let Some(list) = known.iter().find(same) {
            return OwnList::Read(list);
        }
        let kept = |(name, level): (&str, LevelId)| OwnColumn { name: name.to_owned().leak(), level };
        let list: &'static [OwnColumn] = columns.into_iter().map(kept).collect::<Vec<_>>().leak();
        known.push(list);
        OwnList::Read(list)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.columns().is_empty()
    }

    /// The columns, each once, in the order of the line.
    pub fn columns(&self) -> Vec<OwnColumn> {
        fn add(list: &OwnList, columns: &mut Vec<OwnColumn>) {
            match list {
                OwnList::Empty => {}
                OwnList::One(column) => add_all(std::slice::from_ref(column), columns),
                OwnList::Read(list) => add_all(list, columns),
                OwnList::Both(first, second) => {
                    add(first, columns);
                    add(second, columns);
                }
            }
        }
        fn add_all(list: &[OwnColumn], columns: &mut Vec<OwnColumn>) {
            for column in list {
                if !columns.contains(column) {
                    columns.push(*column);
                }
            }
        }
        let mut columns = Vec::new();
        add(self, &mut columns);
        columns
    }
}

impl PartialEq for OwnList {
    fn eq(&self, other: &Self) -> bool {
        self.columns() == other.columns()
    }
}

impl Eq for OwnList {}

impl Serialize for OwnList {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.columns().serialize(serializer)
    }
}

/// A list of columns of your own, as a type: `()`, [`One`], [`Both`].
pub trait Owns: Clone + Copy + std::fmt::Debug + Default + Send + Sync + 'static {
    /// The same list as a value.
    const LIST: OwnList;
    /// This list and another.
    type And<L: Owns>: Owns;
}

/// One column.
pub struct One<C>(std::marker::PhantomData<fn() -> C>);

/// Those of two lists.
#[derive(Clone, Copy, Debug, Default)]
pub struct Both<A, B>(std::marker::PhantomData<(A, B)>);

impl<C: Column> std::fmt::Debug for One<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(C::NAME)
    }
}
impl<C> Default for One<C> {
    fn default() -> Self {
        One(std::marker::PhantomData)
    }
}
impl<C> Clone for One<C> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C> Copy for One<C> {}

impl Owns for () {
    const LIST: OwnList = OwnList::Empty;
    type And<L: Owns> = L;
}

impl<C: Column> Owns for One<C> {
    const LIST: OwnList = OwnList::One(OwnColumn::of::<C>());
    type And<L: Owns> = Both<Self, L>;
}

impl<A: Owns, B: Owns> Owns for Both<A, B> {
    const LIST: OwnList = OwnList::Both(&A::LIST, &B::LIST);
    type And<L: Owns> = Both<Self, L>;
}
