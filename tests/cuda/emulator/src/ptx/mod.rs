//! The text of PTX as data: what a module declares, and its instructions with their operands.
//!
//! Nothing here knows what an instruction does. Names stay as they are written, `%` and `$` included.

mod lexer;
mod parser;
mod types;

pub use parser::parse;
pub use types::{Class, Type};

/// What is wrong with a text, and in which line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Counted from one.
    pub line: u32,
    /// In one sentence.
    pub message: String,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {} of the PTX: {}", self.line, self.message)
    }
}

impl std::error::Error for Error {}

/// A translation unit.
#[derive(Debug, Default)]
pub struct Module {
    /// Variables that are declared outside of functions.
    pub variables: Vec<Variable>,
    /// Kernels and functions, declarations without a body included.
    pub functions: Vec<Function>,
}

/// Where a variable lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Memory of the device.
    Global,
    /// As global, and never written.
    Const,
    /// One copy for each block.
    Shared,
    /// One copy for each thread.
    Local,
    /// Arguments of kernels and of calls.
    Param,
}

/// A variable, or a parameter of a function.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Where it lives.
    pub space: Space,
    /// In bytes; the size of an element where the text does not say.
    pub align: u32,
    /// The type of an element.
    pub ty: Type,
    /// As written.
    pub name: String,
    /// The elements of an array; `None` for a scalar, zero where the launch decides.
    pub count: Option<u64>,
    /// Whether it is declared as external.
    pub external: bool,
    /// The first values, of those that have any.
    pub values: Vec<Operand>,
}

impl Variable {
    /// In bytes.
    pub fn size(&self) -> u64 {
        u64::from(self.ty.bytes()) * self.count.unwrap_or(1)
    }
}

/// A kernel or a device function.
#[derive(Debug)]
pub struct Function {
    /// Whether it is a kernel.
    pub entry: bool,
    /// As written.
    pub name: String,
    /// What a device function hands back.
    pub returns: Vec<Variable>,
    /// In order.
    pub params: Vec<Variable>,
    /// The most threads of a block, where the kernel says so.
    pub max_threads: Option<u32>,
    /// `None` for a declaration alone.
    pub body: Option<Vec<Statement>>,
}

/// A part of a body.
#[derive(Debug)]
pub enum Statement {
    /// A place to jump to.
    Label(String),
    /// A scope of its own for names.
    Block(Vec<Statement>),
    /// Registers of one type.
    Registers(Type, Vec<String>),
    /// A variable of the function.
    Variable(Variable),
    /// The places that an indexed branch chooses from, by the name of the table.
    Targets(String, Vec<String>),
    /// What is executed.
    Instruction(Instruction),
}

/// An instruction as written.
#[derive(Debug)]
pub struct Instruction {
    /// The predicate that it is executed under.
    pub guard: Option<Guard>,
    /// The first word.
    pub opcode: String,
    /// The words behind the opcode, without their dots.
    pub modifiers: Vec<String>,
    /// In order, the destination first.
    pub operands: Vec<Operand>,
    /// Counted from one.
    pub line: u32,
}

impl Instruction {
    /// Whether a word stands behind the opcode.
    pub fn has(&self, modifier: &str) -> bool {
        self.modifiers.iter().any(|word| word == modifier)
    }

    /// The opcode with its modifiers.
    pub fn words(&self) -> String {
        self.modifiers.iter().fold(self.opcode.clone(), |words, word| words + "." + word)
    }
}

/// `@p` or `@!p`.
#[derive(Debug)]
pub struct Guard {
    /// A register of type `.pred`.
    pub register: String,
    /// Whether the instruction is executed where the register is false.
    pub negated: bool,
}

/// What an instruction works on.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A register, a special register, a variable, a label or a function.
    Name(String),
    /// A name and a number of bytes behind it.
    Offset(String, i64),
    /// A predicate that is read the other way round.
    Not(String),
    /// A whole number, as 64 bits of two's complement.
    Integer(u64),
    /// The bits of an `f32`.
    Single(u32),
    /// The bits of an `f64`.
    Double(u64),
    /// Memory: a name, or nothing, and a number of bytes behind it.
    Address(Option<String>, i64),
    /// `{a, b}`.
    Vector(Vec<Operand>),
    /// `(a, b)`, of calls.
    List(Vec<Operand>),
    /// Two destinations, `d|p`.
    Pair(String, String),
}
