//! Comparisons and what is chosen by them.

use super::At;
use crate::ptx::{Class, Operand, Type};
use crate::translate::body::Result;

/// The comparison of two operands as an expression, and what stands behind it.
fn comparison(at: At<'_>, ty: Type) -> Result<String> {
    let operator = at.instruction.modifiers.first().map(String::as_str).unwrap_or_default();
    let known: &[&str] = match (ty.is_float(), ty.class) {
        (true, _) => {
            &["eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan"]
        }
        (_, Class::Predicate) => return at.refuse(),
        _ => &["eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs"],
    };
    if !known.contains(&operator) {
        return at.refuse();
    }
    let (mut a, mut b) = (at.read(1, ty)?, at.read(2, ty)?);
    if at.has("ftz") && ty.is_float() && ty.bits == 32 {
        (a, b) = (format!("ftz_f32({a})"), format!("ftz_f32({b})"));
    }
    let compared = format!("{operator}_{}({a}, {b})", ty.c());
    let joined = ["and", "or", "xor"].into_iter().find(|word| at.has(word));
    let Some(joined) = joined else { return Ok(compared) };
    let other = at.read(3, Type::PREDICATE)?;
    Ok(match joined {
        "and" => format!("({compared} & {other})"),
        "or" => format!("({compared} | {other})"),
        _ => format!("({compared} ^ {other})"),
    })
}

pub(super) fn predicate(at: At<'_>) -> Result<String> {
    let compared = comparison(at, at.ty()?)?;
    let Operand::Pair(yes, no) = at.operand(0)? else { return at.write(Type::PREDICATE, &compared) };
    // The second destination takes the comparison the other way round, joined to the same predicate.
    let joined = at.instruction.operands.len() > 3;
    if joined {
        return at.refuse();
    }
    let yes = at.body.write(&Operand::Name(yes.clone()), Type::PREDICATE, "yes")?;
    let no = at.body.write(&Operand::Name(no.clone()), Type::PREDICATE, "!yes")?;
    Ok(format!("{{ pred yes = {compared}; {yes} {no} }}"))
}

/// All bits, or one, where the comparison holds.
pub(super) fn set(at: At<'_>) -> Result<String> {
    let (result, ty) = (at.first_ty()?, at.ty()?);
    let yes = if result.is_float() { "1" } else { "-1" };
    at.write(result, &format!("({})({} ? {yes} : 0)", result.c(), comparison(at, ty)?))
}

pub(super) fn select(at: At<'_>) -> Result<String> {
    let ty = at.ty()?;
    let (yes, no, chosen) = (at.read(1, ty)?, at.read(2, ty)?, at.read(3, Type::PREDICATE)?);
    at.write(ty, &format!("{chosen} ? {yes} : {no}"))
}

pub(super) fn select_by_sign(at: At<'_>) -> Result<String> {
    at.allow(&["ftz"])?;
    let (result, ty) = (at.first_ty()?, at.ty()?);
    let (yes, no, sign) = (at.read(1, result)?, at.read(2, result)?, at.read(3, ty)?);
    at.write(result, &format!("{sign} >= 0 ? {yes} : {no}"))
}

pub(super) fn test(at: At<'_>) -> Result<String> {
    let ty = at.ty()?;
    let kind = at.instruction.modifiers.first().map(String::as_str).unwrap_or_default();
    let known = ["finite", "infinite", "number", "notanumber", "normal", "subnormal"];
    if !known.contains(&kind) || !ty.is_float() || ty.bits == 16 {
        return at.refuse();
    }
    at.call(Type::PREDICATE, &format!("testp_{kind}_{}", ty.c()), &[ty])
}
