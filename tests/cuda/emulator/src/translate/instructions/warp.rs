//! Where threads wait for each other: barriers of a block, exchanges within a warp.

use super::At;
use crate::ptx::{Operand, Type};
use crate::translate::body::Result;

pub(super) fn barrier(at: At<'_>) -> Result<String> {
    at.allow(&["sync", "cta", "warp", "red", "popc", "and", "or", "aligned"])?;
    let u32 = Type::U32;
    if at.has("warp") {
        return exchange(at, "SYNC_WARP", at.read(0, u32)?, "0", None, None);
    }
    // Threads may wait at one barrier in several places only where the instruction says that they need not be aligned.
    let aligned = at.instruction.opcode == "bar" || at.has("aligned");
    let site = if aligned { at.body.site().to_string() } else { "~0u".to_owned() };
    if !at.has("red") {
        let id = if at.instruction.operands.is_empty() { "0".to_owned() } else { at.read(0, u32)? };
        let threads = if at.instruction.operands.len() > 1 { at.read(1, u32)? } else { "0".to_owned() };
        return Ok(format!("barrier(self, {site}, {id}, {threads}, REDUCE_NONE, 0);"));
    }
    let (kind, result) = match (at.has("popc"), at.has("and")) {
        (true, _) => ("REDUCE_POPC", u32),
        (_, true) => ("REDUCE_AND", Type::PREDICATE),
        _ => ("REDUCE_OR", Type::PREDICATE),
    };
    let last = at.instruction.operands.len() - 1;
    let threads = if last == 3 { at.read(2, u32)? } else { "0".to_owned() };
    let (id, predicate) = (at.read(1, u32)?, at.read(last, Type::PREDICATE)?);
    at.write(result, &format!("barrier(self, {site}, {id}, {threads}, {kind}, {predicate})"))
}

/// A statement that meets the lanes of a mask; `result` takes what comes out, `predicate` whether it holds.
fn exchange(
    at: At<'_>,
    kind: &str,
    mask: String,
    value: &str,
    result: Option<(&str, Type)>,
    predicate: Option<&str>,
) -> Result<String> {
    meet(at, kind, mask, value, ("0", "0"), result, predicate)
}

fn meet(
    at: At<'_>,
    kind: &str,
    mask: String,
    value: &str,
    (source, clamp): (&str, &str),
    result: Option<(&str, Type)>,
    predicate: Option<&str>,
) -> Result<String> {
    let holds = if predicate.is_some() { "&holds" } else { "0" };
    let site = at.body.site();
    let call = format!("warp(self, {kind}, {site}, {mask}, {value}, {source}, {clamp}, {holds})");
    let mut text = format!("{{ pred holds; u64 result = {call};");
    if let Some((name, ty)) = result {
        let value =
            if ty == Type::PREDICATE { "result != 0".to_owned() } else { format!("({})result", ty.c()) };
        text = text + " " + &at.body.write(&Operand::Name(name.to_owned()), ty, &value)?;
    }
    if let Some(name) = predicate {
        text = text + " " + &at.body.write(&Operand::Name(name.to_owned()), Type::PREDICATE, "holds")?;
    }
    Ok(text + " (void)holds; (void)result; }")
}

/// The destination, and the predicate behind it if there is one.
fn destinations<'a>(at: &'a At<'_>) -> Result<(&'a str, Option<&'a str>)> {
    match at.operand(0)? {
        Operand::Pair(value, predicate) => Ok((value, Some(predicate))),
        Operand::Name(value) => Ok((value, None)),
        _ => at.refuse(),
    }
}

pub(super) fn shuffle(at: At<'_>) -> Result<String> {
    at.allow(&["sync", "up", "down", "bfly", "idx"])?;
    if !at.has("sync") {
        return at.refuse();
    }
    let kinds =
        [("up", "SHUFFLE_UP"), ("down", "SHUFFLE_DOWN"), ("bfly", "SHUFFLE_BFLY"), ("idx", "SHUFFLE_IDX")];
    let Some((_, kind)) = kinds.into_iter().find(|(word, _)| at.has(word)) else { return at.refuse() };
    let u32 = Type::U32;
    let (value, source, clamp, mask) =
        (at.read(1, u32)?, at.read(2, u32)?, at.read(3, u32)?, at.read(4, u32)?);
    let (result, predicate) = destinations(&at)?;
    meet(at, kind, mask, &value, (&source, &clamp), Some((result, u32)), predicate)
}

pub(super) fn vote(at: At<'_>) -> Result<String> {
    let u32 = Type::U32;
    let (result, _) = destinations(&at)?;
    if at.instruction.opcode == "activemask" {
        return exchange(at, "ACTIVE", "~0u".to_owned(), "0", Some((result, u32)), None);
    }
    at.allow(&["sync", "all", "any", "uni", "ballot"])?;
    if !at.has("sync") {
        return at.refuse();
    }
    let (value, mask) = (at.read(1, Type::PREDICATE)?, at.read(2, u32)?);
    let kinds = [("all", "VOTE_ALL"), ("any", "VOTE_ANY"), ("uni", "VOTE_UNI"), ("ballot", "VOTE_BALLOT")];
    let Some((word, kind)) = kinds.into_iter().find(|(word, _)| at.has(word)) else { return at.refuse() };
    let ty = if word == "ballot" { u32 } else { Type::PREDICATE };
    exchange(at, kind, mask, &value, Some((result, ty)), None)
}

/// The lanes that have the same value.
pub(super) fn alike(at: At<'_>) -> Result<String> {
    at.allow(&["any", "all", "sync"])?;
    let kind = if at.has("all") { "MATCH_ALL" } else { "MATCH_ANY" };
    let (value, mask) = (at.read(1, at.ty()?.unsigned())?, at.read(2, Type::U32)?);
    let (result, predicate) = destinations(&at)?;
    exchange(at, kind, mask, &value, Some((result, Type::U32)), predicate)
}

pub(super) fn reduce(at: At<'_>) -> Result<String> {
    at.allow(&["sync", "add", "min", "max", "and", "or", "xor"])?;
    let ty = at.ty()?;
    if ty.is_float() || ty.bits != 32 {
        return at.refuse();
    }
    let kinds = [
        ("add", "REDUX_ADD"),
        ("min", if ty.is_signed() { "REDUX_MIN_S" } else { "REDUX_MIN_U" }),
        ("max", if ty.is_signed() { "REDUX_MAX_S" } else { "REDUX_MAX_U" }),
        ("and", "REDUX_AND"),
        ("or", "REDUX_OR"),
        ("xor", "REDUX_XOR"),
    ];
    let Some((_, kind)) = kinds.into_iter().find(|(word, _)| at.has(word)) else { return at.refuse() };
    let (value, mask) = (at.read(1, Type::U32)?, at.read(2, Type::U32)?);
    let (result, _) = destinations(&at)?;
    exchange(at, kind, mask, &value, Some((result, ty)), None)
}
