//! The body of a function: scopes, statements, and operands as expressions of C.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::symbols::{self, Symbol, c_name, register, special};
use super::{Globals, instructions};
use crate::ptx::{Class, Error, Function, Instruction, Operand, Space, Statement, Type};

/// What went wrong with an instruction, in words that follow it.
pub(super) type Result<T> = std::result::Result<T, String>;

/// A function on its way into C.
pub(super) struct Body<'a> {
    globals: &'a Globals<'a>,
    pub(super) function: &'a Function,
    /// From the outside in.
    scopes: Vec<Scope<'a>>,
    labels: usize,
    out: String,
}

#[derive(Default)]
struct Scope<'a> {
    names: HashMap<&'a str, Symbol>,
    /// To the labels of C, which are of the function and not of a scope.
    labels: HashMap<&'a str, String>,
    tables: HashMap<&'a str, &'a [String]>,
}

impl<'a> Body<'a> {
    pub(super) fn new(globals: &'a Globals<'a>, function: &'a Function) -> Self {
        let mut outer = Scope::default();
        for (number, param) in function.params.iter().enumerate() {
            let symbol = if function.entry {
                Symbol::Argument(number)
            } else {
                Symbol::Param(symbols::param(&param.name))
            };
            outer.names.insert(&param.name, symbol);
        }
        for result in &function.returns {
            outer.names.insert(&result.name, Symbol::Param(symbols::param(&result.name)));
        }
        Body { globals, function, scopes: vec![outer], labels: 0, out: String::new() }
    }

    /// Gives a name of the innermost scope its meaning.
    pub(super) fn name(&mut self, name: &'a str, symbol: Symbol) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.names.insert(name, symbol);
        }
    }

    /// The whole body with its braces.
    pub(super) fn translate(mut self) -> std::result::Result<String, Error> {
        self.out.push_str("{\n    u32 carry = 0;\n    (void)carry;\n");
        if let Some(body) = &self.function.body {
            self.statements(body)?;
        }
        self.out.push_str("    return;\n}\n");
        Ok(self.out)
    }

    fn statements(&mut self, statements: &'a [Statement]) -> std::result::Result<(), Error> {
        let mut scope = Scope::default();
        for statement in statements {
            match statement {
                Statement::Label(label) => {
                    scope.labels.insert(label, format!("l{}_{}", self.labels, c_name(label)));
                    self.labels += 1;
                }
                Statement::Targets(name, targets) => {
                    scope.tables.insert(name, targets);
                }
                _ => {}
            }
        }
        self.scopes.push(scope);
        for statement in statements {
            self.statement(statement)?;
        }
        self.scopes.pop();
        Ok(())
    }

    fn statement(&mut self, statement: &'a Statement) -> std::result::Result<(), Error> {
        match statement {
            Statement::Label(label) => {
                let label = self.label(label).unwrap_or_default().to_owned();
                let _ = writeln!(self.out, "{label}:;");
            }
            Statement::Block(inside) => {
                self.out.push_str("    {\n");
                self.statements(inside)?;
                self.out.push_str("    }\n");
            }
            Statement::Registers(ty, names) => {
                for name in names {
                    let (c, ty) = (register(name), ty.storage());
                    // A register that is read before it is written must not look like a zero.
                    let poison = match (ty.class, ty.bits) {
                        (Class::Predicate, _) => "0",
                        (Class::Float, 32) => "f32_of(~0u)",
                        (Class::Float, _) => "f64_of(~0ull)",
                        _ => "0xA5A5A5A5A5A5A5A5ull",
                    };
                    let _ = writeln!(self.out, "    {} {c} = {poison};", ty.c());
                    self.name(name, Symbol::Register(c, ty));
                }
            }
            Statement::Variable(variable) => match variable.space {
                Space::Param => {
                    let c = symbols::param(&variable.name);
                    let _ = writeln!(self.out, "    _Alignas(16) char {c}[{}];", variable.size());
                    self.name(&variable.name, Symbol::Param(c));
                }
                Space::Local => {
                    let (c, align) = (symbols::variable(&variable.name), variable.align.max(8));
                    let _ = writeln!(self.out, "    _Alignas({align}) char {c}[{}];", variable.size());
                    let _ = writeln!(self.out, "    memset({c}, 0xA5, sizeof {c});");
                    self.name(&variable.name, Symbol::Memory(c));
                }
                // These have their places already.
                Space::Shared if self.function.entry && self.scopes.len() == 2 => {}
                _ => {
                    let message =
                        format!("`{}` of `{}` is declared too far inside", variable.name, self.function.name);
                    return Err(Error { line: 1, message });
                }
            },
            Statement::Targets(..) => {}
            Statement::Instruction(instruction) => {
                let text = self.instruction(instruction).map_err(|why| Error {
                    line: instruction.line,
                    message: format!("`{}` in `{}` {why}", instruction.words(), self.function.name),
                })?;
                self.out.push_str(&text);
            }
        }
        Ok(())
    }

    fn instruction(&self, instruction: &Instruction) -> Result<String> {
        let text = instructions::statement(self, instruction)?;
        let Some(guard) = &instruction.guard else { return Ok(format!("    {text}\n")) };
        let condition = self.read(&Operand::Name(guard.register.clone()), Type::PREDICATE)?;
        let not = if guard.negated { "!" } else { "" };
        Ok(format!("    if ({not}{condition}) {{ {text} }}\n"))
    }

    /// A number that no other place of the module has.
    pub(super) fn site(&self) -> u32 {
        let site = self.globals.sites.get();
        self.globals.sites.set(site + 1);
        site
    }

    pub(super) fn symbol(&self, name: &str) -> Option<&Symbol> {
        let own = self.scopes.iter().rev().find_map(|scope| scope.names.get(name));
        own.or_else(|| self.globals.symbols.get(name))
    }

    pub(super) fn label(&self, name: &str) -> Result<&str> {
        let found = self.scopes.iter().rev().find_map(|scope| scope.labels.get(name));
        found.map(String::as_str).ok_or_else(|| format!("jumps to `{name}`, which is no label"))
    }

    /// The labels of an indexed branch.
    pub(super) fn table(&self, name: &str) -> Result<&[String]> {
        let found = self.scopes.iter().rev().find_map(|scope| scope.tables.get(name).copied());
        found.ok_or_else(|| format!("jumps by `{name}`, which is no table of labels"))
    }

    pub(super) fn callee(&self, name: &str) -> Option<&Function> {
        self.globals.functions.get(name).copied()
    }

    /// An operand as an expression of the type that an instruction reads it as.
    pub(super) fn read(&self, operand: &Operand, ty: Type) -> Result<String> {
        match operand {
            Operand::Name(name) => match self.symbol(name) {
                Some(Symbol::Register(c, kept)) => reinterpret(c, *kept, ty),
                Some(symbol) => Ok(format!("({})({})", ty.c(), address_of(symbol))),
                None => match special(name) {
                    Some((expression, kept)) => reinterpret(&expression, kept, ty),
                    None => Err(format!("reads `{name}`, which has no meaning here")),
                },
            },
            Operand::Offset(name, offset) => match self.symbol(name) {
                Some(symbol @ (Symbol::Memory(_) | Symbol::Shared(_) | Symbol::Argument(_))) => {
                    Ok(format!("({})({} + {}ull)", ty.c(), address_of(symbol), *offset as u64))
                }
                _ => Err(format!("reads `{name}` with an offset, and it is no variable")),
            },
            Operand::Not(name) => Ok(format!("!{}", self.read(&Operand::Name(name.clone()), ty)?)),
            Operand::Integer(value) if ty.is_float() => Ok(format!("({})({}ll)", ty.c(), *value as i64)),
            Operand::Integer(value) if ty == Type::PREDICATE => Ok(u8::from(*value != 0).to_string()),
            Operand::Integer(value) => Ok(format!("({}){value}ull", ty.c())),
            Operand::Single(bits) if ty.is_float() && ty.bits == 32 => Ok(format!("f32_of({bits:#x}u)")),
            Operand::Single(bits) if !ty.is_float() && ty.bits == 32 => Ok(format!("({}){bits:#x}u", ty.c())),
            Operand::Double(bits) if ty.is_float() && ty.bits == 64 => Ok(format!("f64_of({bits:#x}ull)")),
            Operand::Double(bits) if !ty.is_float() && ty.bits == 64 => {
                Ok(format!("({}){bits:#x}ull", ty.c()))
            }
            other => Err(format!("reads {other:?} as .{}, which is not supported", ty.c())),
        }
    }

    /// A statement that puts an expression of a type into a register; `_` takes anything.
    pub(super) fn write(&self, operand: &Operand, ty: Type, expression: &str) -> Result<String> {
        let Operand::Name(name) = operand else { return Err(format!("writes to {operand:?}")) };
        if name == "_" {
            return Ok(format!("(void)({expression});"));
        }
        let Some(Symbol::Register(c, kept)) = self.symbol(name) else {
            return Err(format!("writes to `{name}`, which is no register"));
        };
        let value = match (kept.class, ty.class) {
            (Class::Predicate, Class::Predicate) => expression.to_owned(),
            (Class::Predicate, _) | (_, Class::Predicate) => {
                return Err(format!("mixes predicates and numbers in `{name}`"));
            }
            (Class::Float, Class::Float) if kept == &ty => expression.to_owned(),
            (Class::Float, Class::Float) => return Err(format!("writes .{} to `{name}`", ty.c())),
            (Class::Float, _) => format!("{}_of(({})({expression}))", kept.c(), kept.unsigned().c()),
            (_, Class::Float) => format!("bits_of_{}({expression})", ty.c()),
            // Narrow values fill a wider register by the sign of their type.
            _ => format!("({})({expression})", ty.c()),
        };
        Ok(format!("{c} = {value};"))
    }

    /// The name and the bytes behind it as a number of 64 bits.
    pub(super) fn address(&self, name: Option<&str>, offset: i64) -> Result<String> {
        let Some(name) = name else { return Ok(format!("{}ull", offset as u64)) };
        match self.symbol(name) {
            // Addresses of 32 bits stay within 32 bits.
            Some(Symbol::Register(c, kept)) if kept.bits == 32 && !kept.is_float() => {
                Ok(format!("(u64)(u32)({c} + {}u)", offset as u32))
            }
            Some(Symbol::Register(c, kept)) if kept.bits == 64 && !kept.is_float() => {
                Ok(format!("{c} + {}ull", offset as u64))
            }
            Some(
                symbol @ (Symbol::Memory(_) | Symbol::Shared(_) | Symbol::Argument(_) | Symbol::Param(_)),
            ) => Ok(format!("{} + {}ull", address_of(symbol), offset as u64)),
            _ => Err(format!("addresses memory by `{name}`, which is no address")),
        }
    }
}

/// Where a variable lies, as a number of 64 bits.
fn address_of(symbol: &Symbol) -> String {
    match symbol {
        Symbol::Register(c, _) => c.clone(),
        Symbol::Memory(c) | Symbol::Param(c) => format!("(u64)(uintptr_t){c}"),
        Symbol::Shared(offset) => offset.clone(),
        Symbol::Argument(number) => format!("(u64)(uintptr_t)self->block->params[{number}]"),
    }
}

/// The bits of an expression, kept as one type, read as another.
fn reinterpret(expression: &str, kept: Type, ty: Type) -> Result<String> {
    match (kept.class, ty.class) {
        (Class::Predicate, Class::Predicate) => Ok(expression.to_owned()),
        (Class::Predicate, _) | (_, Class::Predicate) => {
            Err(format!("reads `{expression}` as .{}, which mixes predicates and numbers", ty.c()))
        }
        (Class::Float, Class::Float) if kept == ty => Ok(expression.to_owned()),
        (Class::Float, Class::Float) => Err(format!("reads `{expression}` as .{}", ty.c())),
        (Class::Float, _) => Ok(format!("({})bits_of_{}({expression})", ty.c(), kept.c())),
        (_, Class::Float) => Ok(format!("{}_of(({}){expression})", ty.c(), ty.unsigned().c())),
        _ => Ok(format!("({}){expression}", ty.c())),
    }
}
