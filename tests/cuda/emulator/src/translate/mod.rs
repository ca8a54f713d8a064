//! PTX into C.
//!
//! A kernel becomes a function of one thread, a device function a function of C. Registers are local variables of
//! their own types, so the compiler of C can keep them in registers of the processor. What an instruction does stands in
//! `ptx.h`; here it is decided which function of that header an instruction is, and refused if there is none.
//!
//! A kernel whose threads meet (at barriers, in shared memory, in their warp) is marked as cooperative: its threads
//! run as coroutines. The threads of all others run one after the other, in a loop around the function.

mod body;
mod instructions;
mod reach;
mod symbols;

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::ptx::{Error, Function, Module, Operand, Space, Statement, Variable};
use body::Body;
use reach::Reach;
use symbols::{Symbol, c_name};

/// Changes whenever the same PTX becomes other C.
pub const VERSION: u32 = 1;

/// The header that translated modules begin with.
const HEADER: &str = include_str!("ptx.h");

/// What all functions of a module share.
struct Globals<'a> {
    /// Variables of the module, by name.
    symbols: HashMap<&'a str, Symbol>,
    functions: HashMap<&'a str, &'a Function>,
    /// Where threads wait for each other has a number, in all functions together.
    sites: std::cell::Cell<u32>,
}

/// A translation unit of C with all kernels of the module.
///
/// # Errors
/// When an instruction or a declaration has no translation here.
pub fn translate(module: &Module) -> Result<String, Error> {
    let mut out = HEADER.to_owned();
    let shared = Shared::of(module);
    let symbols = module.variables.iter().map(|variable| (variable.name.as_str(), shared.symbol(variable)));
    let functions = defined(module).map(|function| (function.name.as_str(), function)).collect();
    let globals = Globals { symbols: symbols.collect(), functions, sites: 0.into() };

    out.push_str("\n/* ---- the module ---- */\n\n");
    for variable in &module.variables {
        if matches!(variable.space, Space::Global | Space::Const) {
            declare(&mut out, variable, &globals)?;
        }
    }
    for function in defined(module).filter(|function| !function.entry) {
        let _ = writeln!(out, "{};", signature(function));
    }
    let mut rows = String::new();
    for function in defined(module) {
        let reach = Reach::of(function, &globals);
        let mut size = shared.used_by(&reach);
        let mut body = Body::new(&globals, function);
        for variable in own_shared(function) {
            let offset = size.next_multiple_of(u64::from(variable.align.max(1)));
            body.name(&variable.name, Symbol::Shared(format!("{offset}ull")));
            size = offset + variable.size();
        }
        let text = body.translate()?;
        let name = c_name(&function.name);
        if !function.entry {
            let _ = writeln!(out, "{}\n{text}", signature(function));
            continue;
        }
        let _ = writeln!(out, "INLINE void k_{name}(struct thread *self)\n{text}");
        let (thread, block) = if reach.cooperative {
            let _ = writeln!(out, "static void t_{name}(struct thread *self) {{ k_{name}(self); }}");
            (format!("t_{name}"), "0".to_owned())
        } else {
            let _ =
                writeln!(out, "static void b_{name}(struct block *block)\n{{\n    RUN_BLOCK(k_{name})\n}}");
            ("0".to_owned(), format!("b_{name}"))
        };
        let _ = writeln!(
            rows,
            "    {{\"{}\", {thread}, {block}, {}, {}, {size}, {}}},",
            function.name,
            u32::from(reach.cooperative),
            function.params.len(),
            function.max_threads.unwrap_or(1024),
        );
    }
    let _ = writeln!(out, "const struct kernel emulator_kernels[] = {{\n{rows}    {{0}}\n}};");
    Ok(out)
}

fn defined(module: &Module) -> impl Iterator<Item = &Function> {
    module.functions.iter().filter(|function| function.body.is_some())
}

/// `static void f(struct thread *self, results, arguments)`, all of them addresses.
fn signature(function: &Function) -> String {
    let mut text = format!("OUTLINE void f_{}(struct thread *self", c_name(&function.name));
    for param in function.returns.iter().chain(&function.params) {
        let _ = write!(text, ", void *{}", symbols::param(&param.name));
    }
    text + ")"
}

/// A variable in the memory of the device.
fn declare(out: &mut String, variable: &Variable, globals: &Globals<'_>) -> Result<(), Error> {
    let (name, ty) = (symbols::variable(&variable.name), variable.ty.c());
    if variable.external {
        let message = format!("the variable `{}` is of another module", variable.name);
        return Err(Error { line: 1, message });
    }
    let align = variable.align.max(8);
    let count = variable.count.unwrap_or(1);
    let _ = write!(out, "static {ty} {name}[{count}] __attribute__((unused, aligned({align})))");
    let values: Option<Vec<String>> =
        variable.values.iter().map(|value| first_value(value, globals)).collect();
    match values {
        Some(values) if values.is_empty() => out.push_str(";\n"),
        Some(values) => {
            let _ = writeln!(out, " = {{{}}};", values.join(", "));
        }
        None => {
            let message = format!("the first values of `{}` are not constant", variable.name);
            return Err(Error { line: 1, message });
        }
    }
    Ok(())
}

fn first_value(value: &Operand, globals: &Globals<'_>) -> Option<String> {
    match value {
        Operand::Integer(value) => Some(format!("{value}ull")),
        // Constants of C are values, and these are bits.
        Operand::Single(bits) => Some(literal(f64::from(f32::from_bits(*bits)))),
        Operand::Double(bits) => Some(literal(f64::from_bits(*bits))),
        Operand::Name(name) => match globals.symbols.get(name.as_str())? {
            Symbol::Memory(c) => Some(format!("(u64)(uintptr_t){c}")),
            _ => None,
        },
        _ => None,
    }
}

fn literal(value: f64) -> String {
    if value.is_nan() {
        "NAN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "INFINITY".to_owned() } else { "-INFINITY".to_owned() }
    } else {
        format!("{value:e}")
    }
}

fn own_shared(function: &Function) -> impl Iterator<Item = &Variable> {
    function.body.iter().flatten().filter_map(|statement| match statement {
        Statement::Variable(variable) if variable.space == Space::Shared => Some(variable),
        _ => None,
    })
}

/// Where the shared variables of the module lie. Each has its place in all kernels; a kernel pays for those it reaches.
struct Shared<'a> {
    places: HashMap<&'a str, (u64, u64)>,
}

impl<'a> Shared<'a> {
    fn of(module: &'a Module) -> Self {
        let mut end = 0u64;
        let mut places = HashMap::new();
        for variable in &module.variables {
            if variable.space == Space::Shared && !variable.external {
                let offset = end.next_multiple_of(u64::from(variable.align.max(1)));
                end = offset + variable.size();
                places.insert(variable.name.as_str(), (offset, end));
            }
        }
        Shared { places }
    }

    fn symbol(&self, variable: &Variable) -> Symbol {
        match (variable.space, self.places.get(variable.name.as_str())) {
            (_, Some((offset, _))) => Symbol::Shared(format!("{offset}ull")),
            (Space::Shared, None) => Symbol::Shared("(u64)self->block->dynamic_shared".to_owned()),
            _ => Symbol::Memory(symbols::variable(&variable.name)),
        }
    }

    fn used_by(&self, reach: &Reach<'_>) -> u64 {
        let ends =
            self.places.iter().filter(|(name, _)| reach.names.contains(*name)).map(|(_, (_, end))| *end);
        ends.max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ptx::parse;

    fn of(body: &str) -> Result<String, Error> {
        let text =
            format!(".visible .entry k(.param .u64 p) {{ .reg .b32 %r<4>; .reg .pred %p<3>; {body} ret; }}");
        translate(&parse(&text)?)
    }

    #[test]
    fn registers_have_types() {
        let c = of(".reg .f32 %f<2>; mov.b32 %f1, %r1; @!%p1 add.s32 %r1, %r2, -1;").expect("C");
        assert!(c.contains("f32 r_f0"), "{c}");
        assert!(c.contains("r_f1 = f32_of((u32)((u32)r_r1));"), "{c}");
        assert!(c.contains("if (!r_p1)"), "{c}");
    }

    #[test]
    fn threads_that_meet_are_cooperative() {
        let cooperative = |body| of(body).expect("C").contains("t_k, 0, 1, 1,");
        assert!(
            cooperative("bar.sync 0;") && cooperative(".shared .align 4 .b8 room[16]; mov.u32 %r1, room;")
        );
        assert!(!cooperative("add.s32 %r1, %r1, 1;"));
    }

    #[test]
    fn what_has_no_translation_is_named() {
        for (body, part) in [
            ("wgmma.fence.sync.aligned;", "`wgmma.fence.sync.aligned`"),
            ("add.s32 %q1, %r1, 1;", "`%q1`"),
            ("cvt.rn.bf16.f32 %r1, %r2;", "`cvt.rn.bf16.f32`"),
            ("mov.u32 %r1, %warpspeed;", "`%warpspeed`"),
        ] {
            let error = of(body).expect_err(body);
            assert!(error.message.contains(part) && error.message.contains("`k`"), "{error}");
        }
    }
}
