//! What a function comes across, itself and in all that it calls.

use std::collections::HashSet;

use super::Globals;
use crate::ptx::{Function, Instruction, Operand, Space, Statement};

/// The names that a function mentions, and whether its threads meet.
pub(super) struct Reach<'a> {
    pub(super) names: HashSet<&'a str>,
    /// Whether there is a barrier, an exchange of a warp or shared memory.
    pub(super) cooperative: bool,
}

impl<'a> Reach<'a> {
    pub(super) fn of(function: &'a Function, globals: &Globals<'a>) -> Self {
        let mut reach = Reach { names: HashSet::new(), cooperative: false };
        let mut open = vec![function];
        while let Some(function) = open.pop() {
            let before = reach.names.clone();
            reach.statements(function.body.iter().flatten());
            let called = reach.names.difference(&before);
            open.extend(called.filter_map(|name| globals.functions.get(name).copied()));
        }
        reach
    }

    fn statements(&mut self, statements: impl Iterator<Item = &'a Statement>) {
        for statement in statements {
            match statement {
                Statement::Block(inside) => self.statements(inside.iter()),
                Statement::Variable(variable) => self.cooperative |= variable.space == Space::Shared,
                Statement::Instruction(instruction) => {
                    self.cooperative |= meets(instruction);
                    instruction.operands.iter().for_each(|operand| self.operand(operand));
                }
                _ => {}
            }
        }
    }

    fn operand(&mut self, operand: &'a Operand) {
        match operand {
            Operand::Name(name) | Operand::Offset(name, _) | Operand::Address(Some(name), _) => {
                self.names.insert(name);
            }
            Operand::Vector(inside) | Operand::List(inside) => {
                inside.iter().for_each(|operand| self.operand(operand));
            }
            _ => {}
        }
    }
}

fn meets(instruction: &Instruction) -> bool {
    let waits = ["bar", "barrier", "shfl", "vote", "match", "redux", "activemask"];
    waits.contains(&instruction.opcode.as_str())
        || instruction.modifiers.iter().any(|word| word.starts_with("shared"))
}
