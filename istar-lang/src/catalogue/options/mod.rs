//! Arguments and the words that they take, first value of a list the default.

mod losses;
mod pools;
mod references;
mod signals;

pub use losses::*;
pub use pools::*;
pub use references::*;
pub use signals::*;

use super::{Arg, Fill, KindRule, LevelRule, Prm, Row, Rule, Sort, Takes, types};
use crate::{KindId, LevelId, Range};
use LevelId::{Item, Segment, Step, Token, Traj};

const fn word(name: &'static str, ty: &'static str, args: &'static [Arg]) -> Row {
    Row {
        name,
        ty,
        sort: Sort::Word,
        level: LevelRule::None,
        kind: KindRule::None,
        prm: Prm::No,
        args,
        rules: &[],
        outcome: false,
        backwards: "",
        doc: "",
    }
}

/// A pool of what is one number a unit of this level.
const fn pool(name: &'static str, ty: &'static str, level: LevelId, args: &'static [Arg]) -> Row {
    Row { level: LevelRule::Is(level), ..word(name, ty, args) }
}

/// One entry for each unit of this level, by whose name it is written.
const fn each(level: LevelId) -> Row {
    Row { level: LevelRule::Of(level), ..word(level.name(), "count::Each", &[]) }
}

/// One entry for each unit of the level between the parentheses.
const fn up(name: &'static str, ty: &'static str, args: &'static [Arg]) -> Row {
    Row { level: LevelRule::Option(UNIT_OF_COUNT), ..word(name, ty, args) }
}

/// Written without its name.
const fn first(name: &'static str, takes: Takes, default: Fill) -> Arg {
    Arg { name, takes, default, positional: true }
}

/// Written `name = ..`.
const fn option(name: &'static str, takes: Takes, default: &'static str) -> Arg {
    Arg { name, takes, default: Fill::Text(default), positional: false }
}

const fn needed(name: &'static str, takes: Takes) -> Arg {
    Arg { name, takes, default: Fill::Needed, positional: false }
}

const UNIT_OF_COUNT: &str = "level";
