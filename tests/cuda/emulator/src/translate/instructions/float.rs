//! Arithmetic of floating-point numbers.

use super::At;
use crate::ptx::Type;
use crate::translate::body::Result;

pub(super) fn arithmetic(at: At<'_>) -> Result<String> {
    let ty = at.ty()?;
    let c = ty.c();
    let opcode = match at.instruction.opcode.as_str() {
        "mad" => "fma",
        other => other,
    };
    let (function, operands) = match opcode {
        "add" | "sub" | "mul" | "div" => (rounded(at, opcode, ty)?, 2),
        "fma" => (rounded(at, opcode, ty)?, 3),
        "rcp" | "sqrt" => (rounded(at, opcode, ty)?, 1),
        "min" | "max" => {
            at.allow(&["ftz", "NaN"])?;
            let nan = if at.has("NaN") { "nan_" } else { "" };
            (format!("{opcode}_{nan}{c}"), 2)
        }
        "neg" | "abs" => {
            at.allow(&["ftz"])?;
            (format!("{opcode}_{c}"), 1)
        }
        "copysign" => {
            at.allow(&[])?;
            (format!("{opcode}_{c}"), 2)
        }
        "rsqrt" if ty.bits >= 32 => {
            at.allow(&["approx", "ftz"])?;
            (format!("{opcode}_{c}"), 1)
        }
        "ex2" | "tanh" if ty.bits <= 32 => {
            at.allow(&["approx", "ftz"])?;
            (format!("{opcode}_{c}"), 1)
        }
        "lg2" | "sin" | "cos" if ty.bits == 32 => {
            at.allow(&["approx", "ftz"])?;
            (format!("{opcode}_{c}"), 1)
        }
        _ => return at.refuse(),
    };
    let flush = at.has("ftz") && ty.bits == 32;
    let mut arguments = Vec::new();
    for place in 1..=operands {
        let value = at.read(place, ty)?;
        arguments.push(if flush { format!("ftz_f32({value})") } else { value });
    }
    let mut value = format!("{function}({})", arguments.join(", "));
    if flush {
        value = format!("ftz_f32({value})");
    }
    if at.has("sat") {
        value = format!("sat_{c}({value})");
    }
    at.write(ty, &value)
}

/// The function that rounds as the instruction says; what is approximate on a device is rounded to nearest here.
fn rounded(at: At<'_>, opcode: &str, ty: Type) -> Result<String> {
    at.allow(&["rn", "rz", "rm", "rp", "ftz", "sat", "approx", "full"])?;
    let mode = ["rz", "rm", "rp"].into_iter().find(|mode| at.has(mode)).unwrap_or("rn");
    if mode != "rn" && ty.bits == 16 {
        return at.refuse();
    }
    Ok(format!("{opcode}_{mode}_{}", ty.c()))
}
