//! What names of PTX are in C.

use crate::ptx::Type;

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) enum Symbol {
    /// A local variable of C.
    Register(String, Type),
    /// An array of C.
    Memory(String),
    /// An offset in the block's shared memory, as an expression.
    Shared(String),
    /// An argument of the kernel, by its number.
    Argument(usize),
    /// An argument or a result of a call: an address or an array of C.
    Param(String),
}

/// A name with nothing in it that C does not take.
pub(super) fn c_name(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { 'X' }).collect()
}

/// `%r1` is `r_r1`; names without a percent sign are told apart by another beginning.
pub(super) fn register(name: &str) -> String {
    match name.strip_prefix('%') {
        Some(name) => format!("r_{}", c_name(name)),
        None => format!("n_{}", c_name(name)),
    }
}

/// An array of the module or of a function.
pub(super) fn variable(name: &str) -> String {
    format!("g_{}", c_name(name))
}

/// An argument or a result of a call.
pub(super) fn param(name: &str) -> String {
    format!("a_{}", c_name(name))
}

/// A special register: an expression and its type.
pub(super) fn special(name: &str) -> Option<(String, Type)> {
    let (base, component) = name.split_once('.').unwrap_or((name, ""));
    if matches!(component, "x" | "y" | "z") {
        let place = match base {
            "%tid" => "self->index",
            "%ntid" => "self->block->size",
            "%ctaid" => "self->block->index",
            "%nctaid" => "self->block->grid",
            _ => return None,
        };
        return Some((format!("{place}.{component}"), Type::U32));
    }
    let (expression, ty) = match name {
        "%laneid" => ("lane(self)", Type::U32),
        "%warpid" => ("(linear_thread(self) / 32)", Type::U32),
        "%nwarpid" => ("((threads_of_block(self) + 31) / 32)", Type::U32),
        "%smid" => ("0u", Type::U32),
        "%nsmid" => ("132u", Type::U32),
        "%gridid" => ("0ull", Type::U64),
        "%lanemask_eq" => ("(1u << lane(self))", Type::U32),
        "%lanemask_lt" => ("((1u << lane(self)) - 1)", Type::U32),
        "%lanemask_le" => ("((2u << lane(self)) - 1)", Type::U32),
        "%lanemask_gt" => ("(0u - (2u << lane(self)))", Type::U32),
        "%lanemask_ge" => ("(0u - (1u << lane(self)))", Type::U32),
        "%clock" => ("(u32)clock_ns()", Type::U32),
        "%clock_hi" => ("(u32)(clock_ns() >> 32)", Type::U32),
        "%clock64" | "%globaltimer" => ("clock_ns()", Type::U64),
        "%dynamic_smem_size" => ("(self->block->shared_size - self->block->dynamic_shared)", Type::U32),
        "%total_smem_size" => ("self->block->shared_size", Type::U32),
        _ => return None,
    };
    Some((expression.to_owned(), ty))
}
