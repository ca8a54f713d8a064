//! Objectives without a name: what `objective!(< .. >)` stands for.
//!
//! A macro cannot know whether a type or a value is wanted where it stands, so it gives a path that is both:
//! `<Quote<..> as InPlace>::Objective`. Nothing can be defined there, so the text travels in the type.

use super::{Objective, Param, Term};
use std::fmt::{Debug, Formatter};
use std::marker::PhantomData;

/// 64 bytes of a text, and the rest of it.
pub struct Cell<const A: u128, const B: u128, const C: u128, const D: u128, Rest>(PhantomData<fn() -> Rest>);

/// Text as a type: the names of the free hyper-parameters and the line, a NUL between each two; `LEN` bytes in `Cells`.
pub struct Text<Cells, const LEN: usize>(PhantomData<fn() -> Cells>);

/// The cells of a text; words of 16 bytes, the first byte the highest.
pub trait Cells: 'static {
    /// The words of this cell and where the next one is.
    const WORDS: Words;
}

/// A list of words known to the compiler.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    head: [u128; 4],
    tail: Option<&'static Words>,
}

impl Words {
    const fn byte(&self, index: usize) -> u8 {
        let (mut words, mut index) = (self, index);
        while index >= 64 {
            index -= 64;
            match words.tail {
                Some(tail) => words = tail,
                None => return 0,
            }
        }
        words.head[index / 16].to_be_bytes()[index % 16]
    }
}

impl Cells for () {
    const WORDS: Words = Words { head: [0; 4], tail: None };
}

impl<const A: u128, const B: u128, const C: u128, const D: u128, Rest: Cells> Cells
    for Cell<A, B, C, D, Rest>
{
    const WORDS: Words = Words { head: [A, B, C, D], tail: Some(&Rest::WORDS) };
}

/// What a text says.
pub trait Line: 'static {
    /// Names and line, a NUL between each two.
    const TEXT: &'static str;
}

impl<C: Cells, const LEN: usize> Text<C, LEN> {
    const BYTES: [u8; LEN] = {
        let mut bytes = [0; LEN];
        let mut index = 0;
        while index < LEN {
            bytes[index] = C::WORDS.byte(index);
            index += 1;
        }
        bytes
    };
}

impl<C: Cells, const LEN: usize> Line for Text<C, LEN> {
    const TEXT: &'static str = match std::str::from_utf8(&Self::BYTES) {
        Ok(text) => text,
        Err(_) => panic!("a text that `objective!` did not write"),
    };
}

/// Piece `number` of a text that NULs divide.
const fn piece(text: &'static str, number: usize) -> &'static str {
    let (mut rest, mut number) = (text, number);
    loop {
        let mut end = 0;
        while end < rest.len() && rest.as_bytes()[end] != 0 {
            end += 1;
        }
        let (head, tail) = rest.split_at(end);
        if number == 0 || tail.is_empty() {
            return head;
        }
        (rest, number) = (tail.split_at(1).1, number - 1);
    }
}

/// A graph with `FREE` hyper-parameters that have no value yet.
pub struct Quote<G, T, const FREE: usize>(PhantomData<fn() -> (G, T)>);

/// A type and a value under one path.
pub trait InPlace {
    /// The type.
    type Objective;
    /// The value.
    #[allow(non_upper_case_globals)]
    const Objective: Self::Objective;
}

impl<G, T, const FREE: usize> InPlace for Quote<G, T, FREE> {
    type Objective = Quote<G, T, FREE>;
    const Objective: Quote<G, T, FREE> = Quote(PhantomData);
}

impl<G, T, const FREE: usize> Clone for Quote<G, T, FREE> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<G, T, const FREE: usize> Copy for Quote<G, T, FREE> {}

impl<G, T, const FREE: usize> Default for Quote<G, T, FREE> {
    fn default() -> Self {
        Quote(PhantomData)
    }
}

impl<G, T: Line, const FREE: usize> Debug for Quote<G, T, FREE> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "< {} >", piece(T::TEXT, FREE))
    }
}

impl<G, T: Line, const FREE: usize> Quote<G, T, FREE> {
    const PARAMS: [Param; FREE] = {
        let mut params = [Param { name: "", default: None }; FREE];
        let mut index = 0;
        while index < FREE {
            params[index].name = piece(T::TEXT, index);
            index += 1;
        }
        params
    };

    /// The free hyper-parameters, in order of first use.
    pub fn names(self) -> [&'static str; FREE] {
        Self::PARAMS.map(|param| param.name)
    }

    /// The objective with these values, in the order of [`names`](Quote::names).
    pub fn bind(self, values: [f64; FREE]) -> Bound<G, T, FREE> {
        Bound { values, graph: PhantomData }
    }
}

/// A quoted graph whose hyper-parameters have values.
pub struct Bound<G, T, const FREE: usize> {
    values: [f64; FREE],
    graph: PhantomData<fn() -> (G, T)>,
}

impl<G, T, const FREE: usize> Clone for Bound<G, T, FREE> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<G, T, const FREE: usize> Copy for Bound<G, T, FREE> {}

impl<G, T: Line, const FREE: usize> Debug for Bound<G, T, FREE> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "< {} >.bind({:?})", piece(T::TEXT, FREE), self.values)
    }
}

impl<G, T, const FREE: usize> PartialEq for Bound<G, T, FREE> {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl<G: Term, T: Line, const FREE: usize> Objective for Bound<G, T, FREE> {
    const NAME: &'static str = "objective";
    const SOURCE: &'static str = piece(T::TEXT, FREE);
    const PARAMS: &'static [Param] = &Quote::<G, T, FREE>::PARAMS;
    type Graph = G;
    fn values(&self) -> Vec<f64> {
        self.values.to_vec()
    }
    fn from_values(values: &[f64]) -> Self {
        Bound { values: std::array::from_fn(|index| values[index]), graph: PhantomData }
    }
}

/// Nothing is free: the quote is an objective.
impl<G: Term, T: Line> Objective for Quote<G, T, 0> {
    const NAME: &'static str = "objective";
    const SOURCE: &'static str = piece(T::TEXT, 0);
    const PARAMS: &'static [Param] = &[];
    type Graph = G;
    fn values(&self) -> Vec<f64> {
        Vec::new()
    }
    fn from_values(_: &[f64]) -> Self {
        Quote(PhantomData)
    }
}
