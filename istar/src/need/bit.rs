//! Type-level booleans that carry storage: `B::Slot<T>` is `T` when `B = Yes` and zero-sized when `B = No`.

use std::fmt::Debug;

mod sealed {
    pub trait Sealed {}
}

/// A boolean known to the compiler; sealed: [`Yes`] or [`No`].
pub trait Bit: sealed::Sealed + Clone + Copy + Debug + Default + Send + Sync + 'static {
    /// The boolean as a value.
    const VALUE: bool;
    /// `Yes` if either is.
    type Or<B: Bit>: Bit;
    /// Room for a `T`, or for nothing.
    type Slot<T: Clone + Debug>: Clone + Debug;
    /// Fills the slot; `make` is not called for [`No`].
    fn fill<T: Clone + Debug>(make: impl FnOnce() -> T) -> Self::Slot<T>;
    /// What the slot holds.
    fn get<T: Clone + Debug>(slot: &Self::Slot<T>) -> Option<&T>;
    /// What the slot holds, to change it.
    fn get_mut<T: Clone + Debug>(slot: &mut Self::Slot<T>) -> Option<&mut T>;
    /// A slot of the same bit, made of what this one holds.
    fn map<T: Clone + Debug, U: Clone + Debug>(
        slot: &Self::Slot<T>,
        make: impl FnOnce(&T) -> U,
    ) -> Self::Slot<U>;
    /// As [`map`](Bit::map), of what may be changed on the way.
    fn map_mut<T: Clone + Debug, U: Clone + Debug>(
        slot: &mut Self::Slot<T>,
        make: impl FnOnce(&mut T) -> U,
    ) -> Self::Slot<U>;
}

/// The capability is demanded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Yes;

/// The capability is not demanded: what it would need has no size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct No;

/// The content of a slot that nobody demanded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Absent;

impl sealed::Sealed for Yes {}
impl sealed::Sealed for No {}

impl Bit for Yes {
    const VALUE: bool = true;
    type Or<B: Bit> = Yes;
    type Slot<T: Clone + Debug> = T;
    fn fill<T: Clone + Debug>(make: impl FnOnce() -> T) -> T {
        make()
    }
    fn get<T: Clone + Debug>(slot: &T) -> Option<&T> {
        Some(slot)
    }
    fn get_mut<T: Clone + Debug>(slot: &mut T) -> Option<&mut T> {
        Some(slot)
    }
    fn map<T: Clone + Debug, U: Clone + Debug>(slot: &T, make: impl FnOnce(&T) -> U) -> U {
        make(slot)
    }
    fn map_mut<T: Clone + Debug, U: Clone + Debug>(slot: &mut T, make: impl FnOnce(&mut T) -> U) -> U {
        make(slot)
    }
}

impl Bit for No {
    const VALUE: bool = false;
    type Or<B: Bit> = B;
    type Slot<T: Clone + Debug> = Absent;
    fn fill<T: Clone + Debug>(_: impl FnOnce() -> T) -> Absent {
        Absent
    }
    fn get<T: Clone + Debug>(_: &Absent) -> Option<&T> {
        None
    }
    fn get_mut<T: Clone + Debug>(_: &mut Absent) -> Option<&mut T> {
        None
    }
    fn map<T: Clone + Debug, U: Clone + Debug>(_: &Absent, _: impl FnOnce(&T) -> U) -> Absent {
        Absent
    }
    fn map_mut<T: Clone + Debug, U: Clone + Debug>(_: &mut Absent, _: impl FnOnce(&mut T) -> U) -> Absent {
        Absent
    }
}
