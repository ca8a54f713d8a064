//! `ast` as text with normal spacing.

use crate::ast::{Arg, Body, Expr, Name, Path};
use std::fmt::{Display, Formatter, Result};

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{}", if self.raw { "r#" } else { "" }, self.text)
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (index, name) in self.names.iter().enumerate() {
            let lead = if index > 0 || self.global { "::" } else { "" };
            write!(f, "{lead}{name}")?;
        }
        Ok(())
    }
}

impl Display for Body {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.expr)?;
        for (index, named) in self.named.iter().enumerate() {
            let lead = if index == 0 { " where" } else { "," };
            write!(f, "{lead} {} = {}", named.name, named.value)?;
        }
        Ok(())
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Expr::Name(name) => write!(f, "{name}"),
            Expr::Number(number) => f.write_str(&number.text),
            Expr::Call(name, args) => write!(f, "{name}({})", Args(args)),
            Expr::User(path, args) if args.is_empty() => write!(f, "{path}"),
            Expr::User(path, args) => write!(f, "{path}({})", Args(args)),
            Expr::Sum(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    let sign = if part.minus { " - " } else { " + " };
                    f.write_str(if index == 0 { "" } else { sign })?;
                    grouped(&part.expr, matches!(part.expr, Expr::Sum(_)), f)?;
                }
                Ok(())
            }
            Expr::Product(factors) => {
                for (index, part) in factors.iter().enumerate() {
                    let (mark, part) = match part {
                        Expr::Inverse(_, divisor) => (" / ", &**divisor),
                        factor => (" * ", factor),
                    };
                    f.write_str(if index == 0 { "" } else { mark })?;
                    grouped(part, matches!(part, Expr::Sum(_) | Expr::Product(_)), f)?;
                }
                Ok(())
            }
            Expr::Inverse(_, divisor) => write!(f, "1 / ({divisor})"),
            Expr::Neg(_, inner) => {
                f.write_str("-")?;
                grouped(inner, matches!(**inner, Expr::Sum(_) | Expr::Product(_)), f)
            }
            Expr::Tuple(_, parts) => {
                f.write_str("(")?;
                for part in parts {
                    let comma = if std::ptr::eq(part, &parts[0]) { "" } else { ", " };
                    write!(f, "{comma}{part}")?;
                }
                f.write_str(if parts.len() == 1 { ",)" } else { ")" })
            }
        }
    }
}

/// What is read back as one part keeps its parentheses, for `a * (b * c)` and `a * b * c` differ in their last bits.
fn grouped(expr: &Expr, group: bool, f: &mut Formatter<'_>) -> Result {
    if group { write!(f, "({expr})") } else { write!(f, "{expr}") }
}

struct Args<'a>(&'a [Arg]);

impl Display for Args<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (index, arg) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            if let Some(key) = &arg.key {
                write!(f, "{key} = ")?;
            }
            write!(f, "{}", arg.value)?;
        }
        Ok(())
    }
}
