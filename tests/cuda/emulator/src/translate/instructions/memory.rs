//! Memory: loads, stores, atomic operations, and moves between registers.

use super::At;
use crate::ptx::{Operand, Type};
use crate::translate::body::Result;
use crate::translate::symbols::Symbol;

/// Spaces, what caches are told, and orders of memory: every access here has the strongest.
fn is_hint(word: &str) -> bool {
    let known = [
        "global", "local", "const", "param", "shared", "nc", "volatile", "relaxed", "acquire", "release",
        "acq_rel", "weak", "gpu", "cta", "sys", "ca", "cg", "cs", "lu", "cv", "wb", "wt", "noftz",
    ];
    let starts = ["shared::cta", "param::", "L1::", "L2::"];
    known.contains(&word) || starts.iter().any(|start| word.starts_with(start))
}

impl At<'_> {
    /// Refuses what is neither a hint, a type, nor one of the words given.
    fn allow_access(&self, words: &[&str]) -> Result<()> {
        let known = |word: &str| is_hint(word) || words.contains(&word) || Type::parse(word).is_some();
        if self.instruction.modifiers.iter().all(|word| known(word)) { Ok(()) } else { self.refuse() }
    }

    fn is_shared(&self) -> bool {
        self.instruction.modifiers.iter().any(|word| word == "shared" || word == "shared::cta")
    }

    /// A pointer of C to `count` elements at an operand.
    fn pointer(&self, operand: &Operand, ty: Type, count: u32) -> Result<String> {
        let Operand::Address(name, offset) = operand else { return Err(format!("addresses {operand:?}")) };
        let bytes = ty.bytes() * count;
        let param = self.instruction.modifiers.iter().any(|word| word.starts_with("param"));
        if param && let Some(name) = name {
            match self.body.symbol(name) {
                Some(Symbol::Argument(number)) => {
                    return Ok(format!("({} *)((char *)self->block->params[{number}] + {offset})", ty.c()));
                }
                Some(Symbol::Param(c)) => return Ok(format!("({} *)((char *){c} + {offset})", ty.c())),
                _ => {}
            }
        }
        let address = self.body.address(name.as_deref(), *offset)?;
        let function = if self.is_shared() { "shared_at" } else { "at" };
        Ok(format!("({} *){function}(self, {address}, {bytes})", ty.c()))
    }

    fn count(&self) -> u32 {
        if self.has("v4") {
            4
        } else if self.has("v2") {
            2
        } else {
            1
        }
    }

    /// Whether other threads may change what is read meanwhile.
    fn volatile(&self) -> &'static str {
        let watched = ["volatile", "relaxed", "acquire", "release"].iter().any(|word| self.has(word));
        if watched { "volatile " } else { "" }
    }
}

pub(super) fn load(at: At<'_>) -> Result<String> {
    at.allow_access(&["v2", "v4"])?;
    let (ty, count) = (at.ty()?, at.count());
    let pointer = at.pointer(at.operand(1)?, ty, count)?;
    let mut text = format!("{{ {}{} *from = {pointer};", at.volatile(), ty.c());
    for (place, element) in elements(at.operand(0)?, count)?.iter().enumerate() {
        text = text + " " + &at.body.write(element, ty, &format!("from[{place}]"))?;
    }
    Ok(text + " }")
}

pub(super) fn store(at: At<'_>) -> Result<String> {
    at.allow_access(&["v2", "v4"])?;
    let (ty, count) = (at.ty()?, at.count());
    let pointer = at.pointer(at.operand(0)?, ty, count)?;
    let mut text = format!("{{ {}{} *to = {pointer};", at.volatile(), ty.c());
    for (place, element) in elements(at.operand(1)?, count)?.iter().enumerate() {
        text += &format!(" to[{place}] = {};", at.body.read(element, ty)?);
    }
    Ok(text + " }")
}

fn elements(operand: &Operand, count: u32) -> Result<&[Operand]> {
    match operand {
        Operand::Vector(elements) if elements.len() == count as usize => Ok(elements),
        operand if count == 1 => Ok(std::slice::from_ref(operand)),
        _ => Err(format!("has no {count} elements")),
    }
}

pub(super) fn atomic(at: At<'_>) -> Result<String> {
    let ty = at.ty()?;
    let names = ["add", "min", "max", "exch", "cas", "and", "or", "xor", "inc", "dec"];
    let Some(name) = names.into_iter().find(|name| at.has(name)) else { return at.refuse() };
    at.allow_access(&[name])?;
    // Sums of f16, f32 and f64; order of all whole numbers; a count of u32; anything else by its bits.
    let ty = match name {
        "add" if ty.is_float() => ty,
        "add" if ty.bits >= 32 => ty,
        "min" | "max" if ty.bits >= 32 && !ty.is_float() => ty,
        "inc" | "dec" if ty == Type::U32 => ty,
        "exch" | "cas" => ty.unsigned(),
        "and" | "or" | "xor" if ty.bits >= 32 => ty.unsigned(),
        _ => return at.refuse(),
    };
    if ty.bits < 16 {
        return at.refuse();
    }
    let first = usize::from(at.instruction.opcode == "atom");
    let pointer = at.pointer(at.operand(first)?, ty, 1)?;
    let mut value = format!("atomic_{name}_{}({pointer}, {}", ty.c(), at.read(first + 1, ty)?);
    if name == "cas" {
        value = value + ", " + &at.read(first + 2, ty)?;
    }
    value.push(')');
    if first == 0 { Ok(format!("{value};")) } else { at.write(ty, &value) }
}

/// Between addresses of shared memory, which count from its beginning, and generic ones; all others are alike.
pub(super) fn address(at: At<'_>) -> Result<String> {
    let ty = at.ty()?;
    let value = at.read(1, ty)?;
    let shared = at.is_shared();
    at.write(
        ty,
        &match (shared, at.has("to")) {
            (false, _) => value,
            (true, true) => format!("{value} - (u64)(uintptr_t)self->block->shared"),
            (true, false) => format!("{value} + (u64)(uintptr_t)self->block->shared"),
        },
    )
}

pub(super) fn is_in_space(at: At<'_>) -> Result<String> {
    let address = at.read(1, Type::U64)?;
    match at.instruction.modifiers.first().map(String::as_str) {
        Some("shared" | "shared::cta") => at.write(Type::PREDICATE, &format!("is_shared(self, {address})")),
        Some("global") => at.write(Type::PREDICATE, &format!("!is_shared(self, {address})")),
        _ => at.refuse(),
    }
}

pub(super) fn order(at: At<'_>) -> Result<String> {
    let fence = matches!(at.instruction.opcode.as_str(), "membar" | "fence");
    Ok(if fence { "__atomic_thread_fence(__ATOMIC_SEQ_CST);" } else { ";" }.to_owned())
}

/// Also puts registers together into a wider one, and takes one apart.
pub(super) fn mov(at: At<'_>) -> Result<String> {
    let ty = at.ty()?;
    let part = |count: usize| {
        let bits = ty.bits / count as u32;
        Type::parse(&format!("u{bits}")).ok_or_else(|| "is not supported".to_owned())
    };
    let (to, from) = (at.operand(0)?, at.operand(1)?);
    if let Operand::Vector(parts) = to {
        let element = part(parts.len())?;
        let mut text = format!("{{ u64 whole = {};", at.body.read(from, ty.unsigned())?);
        for (place, operand) in parts.iter().enumerate() {
            let value = format!("({})(whole >> {})", element.c(), place as u32 * element.bits);
            text = text + " " + &at.body.write(operand, element, &value)?;
        }
        return Ok(text + " }");
    }
    if let Operand::Vector(parts) = from {
        let element = part(parts.len())?;
        let mut whole = Vec::new();
        for (place, operand) in parts.iter().enumerate() {
            let value = at.body.read(operand, element)?;
            whole.push(format!("(u64)({value}) << {}", place as u32 * element.bits));
        }
        return at.write(ty.unsigned(), &whole.join(" | "));
    }
    at.write(ty, &at.body.read(from, ty)?)
}
