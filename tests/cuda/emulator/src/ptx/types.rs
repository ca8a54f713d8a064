//! Types of registers, variables and instructions.

/// How bits are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// True or false.
    Predicate,
    /// Untyped: works as unsigned.
    Bits,
    /// Whole numbers from zero.
    Unsigned,
    /// Two's complement.
    Signed,
    /// IEEE 754.
    Float,
}

/// A class and a width, such as `.s32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type {
    /// How the bits are read.
    pub class: Class,
    /// How many there are; eight for predicates.
    pub bits: u32,
}

impl Type {
    /// True or false.
    pub const PREDICATE: Type = Type { class: Class::Predicate, bits: 8 };
    /// Addresses.
    pub const U64: Type = Type { class: Class::Unsigned, bits: 64 };
    /// Lanes, masks and amounts of shifts.
    pub const U32: Type = Type { class: Class::Unsigned, bits: 32 };

    /// From its name without the dot. Packed and short floating-point types have none here.
    pub fn parse(name: &str) -> Option<Type> {
        if name == "pred" {
            return Some(Type::PREDICATE);
        }
        let class = match name.as_bytes().first()? {
            b'b' => Class::Bits,
            b'u' => Class::Unsigned,
            b's' => Class::Signed,
            b'f' => Class::Float,
            _ => return None,
        };
        let bits = match &name[1..] {
            "8" if class != Class::Float => 8,
            "16" => 16,
            "32" => 32,
            "64" => 64,
            _ => return None,
        };
        Some(Type { class, bits })
    }

    /// The size in memory.
    pub fn bytes(self) -> u32 {
        self.bits / 8
    }

    /// Whether it is a floating-point type.
    pub fn is_float(self) -> bool {
        self.class == Class::Float
    }

    /// Whether it is two's complement.
    pub fn is_signed(self) -> bool {
        self.class == Class::Signed
    }

    /// The same bits as a whole number from zero.
    pub fn unsigned(self) -> Type {
        Type { class: Class::Unsigned, ..self }
    }

    /// The same class at twice the width.
    pub fn wide(self) -> Type {
        Type { bits: 2 * self.bits, ..self }
    }

    /// How a register of this type is kept: `float` and `double` as such, everything else as a whole number from
    /// zero.
    pub fn storage(self) -> Type {
        match self.class {
            Class::Predicate => self,
            Class::Float if self.bits > 16 => self,
            _ => self.unsigned(),
        }
    }

    /// The name of the type in `ptx.h`, which is also the end of the names of functions for it.
    pub fn c(self) -> &'static str {
        match (self.class, self.bits) {
            (Class::Predicate, _) => "pred",
            (Class::Float, 16) => "f16",
            (Class::Float, 32) => "f32",
            (Class::Float, _) => "f64",
            (Class::Signed, 8) => "s8",
            (Class::Signed, 16) => "s16",
            (Class::Signed, 32) => "s32",
            (Class::Signed, _) => "s64",
            (_, 8) => "u8",
            (_, 16) => "u16",
            (_, 32) => "u32",
            _ => "u64",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_types() {
        let named = |name| Type::parse(name).map(Type::c);
        assert_eq!(named("b32"), Some("u32"));
        assert_eq!(named("s8"), Some("s8"));
        assert_eq!(named("f16"), Some("f16"));
        for none in ["f8", "b128", "bf16", "f16x2", "", "x"] {
            assert_eq!(named(none), None, "{none}");
        }
    }
}
