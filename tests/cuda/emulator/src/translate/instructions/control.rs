//! Jumps, calls, and ends of threads.

use super::At;
use crate::ptx::{Operand, Type};
use crate::translate::body::Result;
use crate::translate::symbols::{self, Symbol};

pub(super) fn jump(at: At<'_>) -> Result<String> {
    match at.instruction.opcode.as_str() {
        "bra" => match at.operand(0)? {
            Operand::Name(label) => Ok(format!("goto {};", at.body.label(label)?)),
            _ => at.refuse(),
        },
        "brx" => branch_by_index(at),
        "ret" => Ok("return;".to_owned()),
        "exit" if at.body.function.entry => Ok("return;".to_owned()),
        "trap" | "brkpt" => Ok("fail(self, FAIL_TRAP, 0, 0);".to_owned()),
        "nanosleep" => Ok(";".to_owned()),
        "call" => call(at),
        _ => at.refuse(),
    }
}

fn branch_by_index(at: At<'_>) -> Result<String> {
    let Operand::Name(table) = at.operand(1)? else { return at.refuse() };
    let mut text = format!("switch ({}) {{", at.read(0, Type::U32)?);
    for (number, target) in at.body.table(table)?.iter().enumerate() {
        text += &format!(" case {number}: goto {};", at.body.label(target)?);
    }
    Ok(text + " default: fail(self, FAIL_BRANCH, 0, 0); }")
}

/// `call (result), function, (arguments)`.
fn call(at: At<'_>) -> Result<String> {
    let operands = &at.instruction.operands;
    let (results, rest): (&[Operand], _) = match operands.split_first() {
        Some((Operand::List(results), rest)) => (results, rest),
        _ => (&[], &operands[..]),
    };
    let (name, arguments): (_, &[Operand]) = match rest {
        [Operand::Name(name)] => (name, &[]),
        [Operand::Name(name), Operand::List(arguments)] => (name, arguments),
        _ => return Err("calls by an address, which is not supported".to_owned()),
    };
    if name != "__assertfail" && at.body.callee(name).is_none() {
        return Err(format!("calls `{name}`, which has no body here"));
    }
    let mut text = format!("f_{}(self", symbols::c_name(name));
    for operand in results.iter().chain(arguments) {
        let param = match operand {
            Operand::Name(name) => at.body.symbol(name),
            _ => None,
        };
        let Some(Symbol::Param(c)) = param else {
            return Err(format!("hands over {operand:?}, which is no parameter"));
        };
        text = text + ", " + c;
    }
    Ok(text + ");")
}
