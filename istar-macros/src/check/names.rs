//! Hyper-parameters and names given by `where`: declared once, used at least once; and names that nobody knows.

use super::{Check, Hyper, Named, Scalar, Value};
use crate::ast::{self, Arg, Expr, Param};
use crate::ir::Node;
use istar_lang::catalogue::{self, CATALOGUE, Sort};
use istar_lang::nearest;
use syn::Ident;
use syn::ext::IdentExt;

pub fn text(name: &Ident) -> String {
    name.unraw().to_string()
}

impl Check<'_> {
    pub fn declare(&mut self, param: &Param) {
        let text = text(&param.name);
        if self.free(&param.name, &text, "hyper-parameter") {
            self.params.push(Hyper {
                name: param.name.clone(),
                text,
                default: param.default.clone(),
                used: false,
            });
        }
    }

    pub fn name(&mut self, named: &ast::Named) {
        let text = text(&named.name);
        let free = self.free(&named.name, &text, "name");
        let value = self.value(&named.value);
        if free {
            self.named.push(Named { name: named.name.clone(), text, value, used: false });
        }
    }

    fn free(&mut self, name: &Ident, text: &str, what: &str) -> bool {
        let first = self.params.iter().map(|p| (&p.name, &p.text));
        let first = first.chain(self.named.iter().map(|n| (&n.name, &n.text)));
        if let Some(first) = first.into_iter().find(|(_, t)| *t == text).map(|(n, _)| n.span()) {
            self.errors.at(
                name.span(),
                format!("{what} `{text}` is declared twice\nhelp: rename or remove one of them"),
            );
            self.errors.at(first, format!("`{text}` is first declared here"));
            return false;
        }
        if let Some(row) = catalogue::find(text) {
            self.errors.at(
                name.span(),
                format!(
                    "`{text}` is {} of the language and cannot name a {what}\nhelp: choose another name",
                    row.sort.describe()
                ),
            );
        }
        true
    }

    pub fn unused(&mut self) {
        let params = self.params.iter().filter(|p| !p.used).map(|p| (&p.name, &p.text, "hyper-parameter"));
        let named = self.named.iter().filter(|n| !n.used).map(|n| (&n.name, &n.text, "name"));
        for (name, text, what) in params.chain(named) {
            let way_out = match what {
                "name" => "use it in the line above, or remove it after `where`",
                _ => "use it in a term, or remove it from the list",
            };
            self.errors.at(name.span(), format!("{what} `{text}` is never used\nhelp: {way_out}"));
        }
    }

    /// What a declared name stands for; in open forms any other name is a new hyper-parameter.
    pub fn declared(&mut self, name: &Ident) -> Option<Value> {
        let text = text(name);
        if let Some(index) = self.params.iter().position(|p| p.text == text) {
            self.params[index].used = true;
            return Some(Value::Scalar(Scalar {
                node: Node::Hyper { index, span: name.span() },
                constant: None,
            }));
        }
        let named = self.named.iter_mut().find(|n| n.text == text)?;
        named.used = true;
        Some(named.value.clone())
    }

    pub fn is_declared(&self, name: &Ident) -> bool {
        let text = text(name);
        self.params.iter().any(|p| p.text == text) || self.named.iter().any(|n| n.text == text)
    }

    /// A new hyper-parameter of an open form.
    pub fn capture(&mut self, name: &Ident) -> Value {
        self.params.push(Hyper { name: name.clone(), text: text(name), default: None, used: true });
        let index = self.params.len() - 1;
        Value::Scalar(Scalar { node: Node::Hyper { index, span: name.span() }, constant: None })
    }

    /// A name that is neither declared nor in the catalogue, where something of this sort was expected.
    pub fn unknown(&mut self, name: &Ident, want: Sort, called: bool) {
        let text = text(name);
        let builtin = CATALOGUE.iter().filter(|row| row.sort == want).map(|row| row.name);
        let known: Vec<&str> = match want {
            Sort::Scalar | Sort::Word => Vec::new(),
            Sort::Loss | Sort::Signal => builtin.collect(),
        };
        let declared: Vec<String> = match want {
            Sort::Loss => Vec::new(),
            _ => self
                .params
                .iter()
                .map(|p| &p.text)
                .chain(self.named.iter().map(|n| &n.text))
                .cloned()
                .collect(),
        };
        let near_declared = nearest(&text, declared.iter().map(String::as_str));
        if let Some(near) = near_declared {
            // The slip is reported here; that the right name is not used needs no second line.
            self.mark(near);
        }
        let near = near_declared.or_else(|| nearest(&text, known.iter().copied()));
        let what = match want {
            _ if near_declared.is_some_and(|near| self.params.iter().any(|p| p.text == near)) => {
                "hyper-parameter"
            }
            Sort::Loss => "loss term",
            Sort::Signal if near.is_some() || self.open || called => "signal",
            Sort::Signal => "name",
            Sort::Scalar | Sort::Word => "hyper-parameter",
        };
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if want == Sort::Loss => format!("loss terms are {}", list(&known)),
            None if want == Sort::Signal && called => format!("signals are {}", list(&known)),
            None if want == Sort::Signal => {
                format!(
                    "declare it as a hyper-parameter, `Name<{text}> = ..`; or is it one of the signals {}?",
                    list(&known)
                )
            }
            None => format!("declare it: `Name<{text}> = ..`"),
        };
        self.errors.at(name.span(), format!("unknown {what} `{text}`\nhelp: {help}"));
    }

    fn mark(&mut self, text: &str) {
        self.params.iter_mut().filter(|p| p.text == text).for_each(|p| p.used = true);
        self.named.iter_mut().filter(|n| n.text == text).for_each(|n| n.used = true);
    }

    /// Names inside what cannot be checked still count as used.
    pub fn mark_used(&mut self, expr: &Expr) {
        match expr {
            Expr::Name(name) => self.mark(&text(name)),
            Expr::Call(_, args) | Expr::User(_, args) => self.mark_args(args),
            Expr::Sum(parts) => parts.iter().for_each(|part| self.mark_used(&part.expr)),
            Expr::Product(parts) | Expr::Tuple(_, parts) => {
                parts.iter().for_each(|part| self.mark_used(part))
            }
            Expr::Neg(_, inner) => self.mark_used(inner),
            Expr::Number(_) => {}
        }
    }

    pub fn mark_args(&mut self, args: &[Arg]) {
        args.iter().for_each(|arg| self.mark_used(&arg.value));
    }
}

/// `` `a`, `b`, `c` ``
pub fn list<T: AsRef<str>>(names: &[T]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}
