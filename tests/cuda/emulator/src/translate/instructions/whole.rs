//! Arithmetic of whole numbers, and logic.

use super::At;
use crate::ptx::{Class, Type};
use crate::translate::body::Result;

pub(super) fn arithmetic(at: At<'_>) -> Result<String> {
    let ty = at.ty()?;
    let c = ty.c();
    let u32 = Type::U32;
    if ty.class == Class::Predicate {
        return at.refuse();
    }
    let opcode = at.instruction.opcode.as_str();
    match opcode {
        "add" | "sub" | "addc" | "subc" if at.has("cc") || opcode.ends_with('c') => carried_sum(at, ty),
        "add" | "sub" if at.has("sat") => {
            at.allow(&["sat"])?;
            at.call(ty, &format!("{opcode}_sat_{c}"), &[ty, ty])
        }
        "add" | "sub" | "div" | "rem" | "min" | "max" => {
            at.allow(&[])?;
            at.call(ty, &format!("{opcode}_{c}"), &[ty, ty])
        }
        "mul" | "mad" | "madc" => product(at, ty),
        "mul24" if ty.bits == 32 => {
            at.allow(&["lo"])?;
            at.call(ty, &format!("mul24_lo_{c}"), &[ty, ty])
        }
        "neg" | "abs" => {
            at.allow(&[])?;
            at.call(ty, &format!("{opcode}_{c}"), &[ty])
        }
        "sad" => {
            at.allow(&[])?;
            at.call(ty, &format!("sad_{c}"), &[ty, ty, ty])
        }
        "shl" | "shr" => {
            at.allow(&[])?;
            at.call(ty, &format!("{opcode}_{c}"), &[ty, u32])
        }
        "shf" if ty.bits == 32 => {
            at.allow(&["l", "r", "wrap", "clamp"])?;
            let way = if at.has("l") { "l" } else { "r" };
            let beyond = if at.has("wrap") { "wrap" } else { "clamp" };
            at.call(ty, &format!("shf_{way}_{beyond}"), &[u32, u32, u32])
        }
        "bfe" if ty.bits >= 32 => {
            at.allow(&[])?;
            at.call(ty, &format!("bfe_{c}"), &[ty, u32, u32])
        }
        "bfi" if ty.bits >= 32 => {
            at.allow(&[])?;
            at.call(ty, &format!("bfi_{c}"), &[ty, ty, u32, u32])
        }
        "bfind" if ty.bits >= 32 => {
            at.allow(&["shiftamt"])?;
            let amount = if at.has("shiftamt") { "shiftamt_" } else { "" };
            at.call(u32, &format!("bfind_{amount}{c}"), &[ty])
        }
        "clz" | "popc" if ty.bits >= 32 => {
            at.allow(&[])?;
            at.call(u32, &format!("{opcode}_{c}"), &[ty])
        }
        "brev" if ty.bits >= 32 => {
            at.allow(&[])?;
            at.call(ty, &format!("brev_{c}"), &[ty])
        }
        "prmt" if ty.bits == 32 => {
            at.allow(&[])?;
            at.call(ty, "prmt_u32", &[ty, ty, u32])
        }
        "lop3" if ty.bits == 32 => {
            at.allow(&[])?;
            at.call(ty, "lop3_u32", &[ty, ty, ty, u32])
        }
        "dp4a" if ty.bits == 32 => {
            at.allow(&[])?;
            let first = at.first_ty()?;
            let sum = if first.is_signed() { first } else { ty };
            at.call(sum, &format!("dp4a_{}_{c}", first.c()), &[u32, u32, sum])
        }
        _ => at.refuse(),
    }
}

/// A sum or a difference with the carry that an instruction before left, or for one behind.
fn carried_sum(at: At<'_>, ty: Type) -> Result<String> {
    at.allow(&["cc"])?;
    let ty = ty.unsigned();
    let opcode = at.instruction.opcode.as_str();
    let (a, b) = (at.read(1, ty)?, at.read(2, ty)?);
    carried(at, ty, opcode.trim_end_matches('c'), opcode.ends_with('c'), &a, &b)
}

fn carried(at: At<'_>, ty: Type, sum: &str, with: bool, a: &str, b: &str) -> Result<String> {
    if ty.bits < 32 {
        return at.refuse();
    }
    let carry_in = if with { "carry" } else { "0" };
    let sum = at.write(ty, &format!("{sum}_carry_{}({a}, {b}, {carry_in}, &out)", ty.c()))?;
    let keep = if at.has("cc") { " carry = out;" } else { "" };
    Ok(format!("{{ u32 out; {sum}{keep} }}"))
}

fn product(at: At<'_>, ty: Type) -> Result<String> {
    at.allow(&["lo", "hi", "wide", "cc"])?;
    let opcode = at.instruction.opcode.as_str();
    let (a, b) = (at.read(1, ty)?, at.read(2, ty)?);
    let (part, result) = match (at.has("wide"), at.has("hi")) {
        (true, _) if ty.bits < 64 => ("wide", ty.wide()),
        (true, _) => return at.refuse(),
        (_, true) => ("hi", ty),
        _ => ("lo", ty),
    };
    let product = format!("mul_{part}_{}({a}, {b})", ty.c());
    if opcode == "mul" {
        return at.write(result, &product);
    }
    let addend = at.read(3, result)?;
    if at.has("cc") || opcode == "madc" {
        let unsigned = result.unsigned();
        let (product, addend) =
            (format!("({}){product}", unsigned.c()), format!("({}){addend}", unsigned.c()));
        return carried(at, unsigned, "add", opcode == "madc", &product, &addend);
    }
    at.write(result, &format!("add_{}({product}, {addend})", result.c()))
}

pub(super) fn logic(at: At<'_>) -> Result<String> {
    at.allow(&[])?;
    let ty = at.ty()?;
    if ty.is_float() {
        return at.refuse();
    }
    let a = at.read(1, ty)?;
    let sign = match at.instruction.opcode.as_str() {
        "not" if ty == Type::PREDICATE => return at.write(ty, &format!("!{a}")),
        "not" => return at.write(ty, &format!("~{a}")),
        "cnot" => return at.write(ty, &format!("{a} == 0")),
        "and" => "&",
        "or" => "|",
        _ => "^",
    };
    at.write(ty, &format!("{a} {sign} {}", at.read(2, ty)?))
}
