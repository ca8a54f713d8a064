//! Conversions between types.

use super::At;
use crate::ptx::{Class, Type};
use crate::translate::body::Result;

/// To whole numbers, and how C does it in `f64`, which holds every `f32`.
const WHOLE: [(&str, &str); 4] = [("rni", "rint"), ("rzi", "trunc"), ("rmi", "floor"), ("rpi", "ceil")];

pub(super) fn convert(at: At<'_>) -> Result<String> {
    at.allow(&["rni", "rzi", "rmi", "rpi", "rn", "rz", "rm", "rp", "ftz", "sat"])?;
    let (to, from) = (at.first_ty()?, at.ty()?);
    if at.instruction.operands.len() != 2 || to.class == Class::Predicate || from.class == Class::Predicate {
        return at.refuse();
    }
    let value = at.read(1, from)?;
    let value = match (from.is_float(), to.is_float()) {
        (true, true) => between_floats(at, from, to, value)?,
        (true, false) => {
            let Some((_, round)) = WHOLE.into_iter().find(|(word, _)| at.has(word)) else {
                return at.refuse();
            };
            let value = if at.has("ftz") && from.bits == 32 { format!("ftz_f32({value})") } else { value };
            format!("{}_from_float({round}((f64){value}))", to.c())
        }
        (false, true) => {
            let value = rounded(at, from, to, value)?;
            if at.has("sat") { format!("sat_{}({value})", to.c()) } else { value }
        }
        (false, false) if at.has("sat") => format!("{}_saturated({value})", to.c()),
        (false, false) => format!("({}){value}", to.c()),
    };
    at.write(to, &value)
}

fn between_floats(at: At<'_>, from: Type, to: Type, mut value: String) -> Result<String> {
    let flush = at.has("ftz");
    if flush && from.bits == 32 {
        value = format!("ftz_f32({value})");
    }
    match WHOLE.into_iter().find(|(word, _)| at.has(word)) {
        Some((_, round)) if from == to => value = format!("({}){round}((f64){value})", to.c()),
        Some(_) => return at.refuse(),
        None if to.bits < from.bits => value = rounded(at, from, to, value)?,
        None => value = format!("({}){value}", to.c()),
    }
    if flush && to.bits == 32 {
        value = format!("ftz_f32({value})");
    }
    Ok(if at.has("sat") { format!("sat_{}({value})", to.c()) } else { value })
}

/// To a type that cannot hold every value, rounded as the instruction says.
fn rounded(at: At<'_>, from: Type, to: Type, value: String) -> Result<String> {
    let Some(mode) = ["rz", "rm", "rp"].into_iter().find(|mode| at.has(mode)) else {
        // The processor rounds to nearest; through f64, f16 is rounded once.
        let through = if to.bits == 16 && !from.is_float() { "(f64)" } else { "" };
        return Ok(format!("({}){through}{value}", to.c()));
    };
    if to.bits == 16 || (!from.is_float() && from.bits < 32) {
        return at.refuse();
    }
    Ok(format!("{}_{mode}_{}({value})", to.c(), from.c()))
}
