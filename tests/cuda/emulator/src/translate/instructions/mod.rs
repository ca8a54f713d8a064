//! Instructions as statements of C, a family a file.

mod compare;
mod control;
mod convert;
mod float;
mod memory;
mod warp;
mod whole;

use super::body::{Body, Result};
use crate::ptx::{Instruction, Operand, Type};

/// What an instruction does, without its guard.
pub(super) fn statement(body: &Body<'_>, instruction: &Instruction) -> Result<String> {
    let at = At { body, instruction };
    match instruction.opcode.as_str() {
        "mov" => memory::mov(at),
        "ld" | "ldu" => memory::load(at),
        "st" => memory::store(at),
        "atom" | "red" => memory::atomic(at),
        "cvta" => memory::address(at),
        "isspacep" => memory::is_in_space(at),
        "prefetch" | "prefetchu" | "membar" | "fence" => memory::order(at),
        "setp" => compare::predicate(at),
        "set" => compare::set(at),
        "selp" => compare::select(at),
        "slct" => compare::select_by_sign(at),
        "testp" => compare::test(at),
        "cvt" => convert::convert(at),
        "bra" | "brx" | "ret" | "exit" | "trap" | "brkpt" | "call" | "nanosleep" => control::jump(at),
        "bar" | "barrier" => warp::barrier(at),
        "shfl" => warp::shuffle(at),
        "vote" | "activemask" => warp::vote(at),
        "match" => warp::alike(at),
        "redux" => warp::reduce(at),
        "and" | "or" | "xor" | "not" | "cnot" => whole::logic(at),
        _ if at.ty()?.is_float() => float::arithmetic(at),
        _ => whole::arithmetic(at),
    }
}

/// An instruction and where it stands.
#[derive(Clone, Copy)]
struct At<'a> {
    body: &'a Body<'a>,
    instruction: &'a Instruction,
}

impl At<'_> {
    /// The type that the instruction ends with.
    fn ty(&self) -> Result<Type> {
        let last = self.instruction.modifiers.last().map(String::as_str).unwrap_or_default();
        Type::parse(last).map_or_else(|| self.refuse(), Ok)
    }

    /// The type before the last one, of instructions that have two.
    fn first_ty(&self) -> Result<Type> {
        let modifiers = &self.instruction.modifiers;
        let word = modifiers.len().checked_sub(2).and_then(|place| modifiers.get(place));
        word.and_then(|word| Type::parse(word)).map_or_else(|| self.refuse(), Ok)
    }

    fn has(&self, modifier: &str) -> bool {
        self.instruction.has(modifier)
    }

    /// The modifiers that are not among those known.
    fn allow(&self, known: &[&str]) -> Result<()> {
        let unknown = |word: &&String| !known.contains(&word.as_str()) && Type::parse(word).is_none();
        if self.instruction.modifiers.iter().any(|word| unknown(&word)) { self.refuse() } else { Ok(()) }
    }

    fn refuse<T>(&self) -> Result<T> {
        Err("is not supported".to_owned())
    }

    fn operand(&self, number: usize) -> Result<&Operand> {
        self.instruction.operands.get(number).ok_or_else(|| "has too few operands".to_owned())
    }

    fn read(&self, number: usize, ty: Type) -> Result<String> {
        self.body.read(self.operand(number)?, ty)
    }

    fn write(&self, ty: Type, expression: &str) -> Result<String> {
        self.body.write(self.operand(0)?, ty, expression)
    }

    /// Writes what a function of `ptx.h` makes of the operands behind the destination.
    fn call(&self, result: Type, function: &str, types: &[Type]) -> Result<String> {
        if self.instruction.operands.len() != types.len() + 1 {
            return Err(format!("has {} operands", self.instruction.operands.len()));
        }
        let arguments = types.iter().enumerate().map(|(place, ty)| self.read(place + 1, *ty));
        let arguments = arguments.collect::<Result<Vec<_>>>()?.join(", ");
        self.write(result, &format!("{function}({arguments})"))
    }
}
