//! Hyper-parameters and names given by `where`: declared once, used at least once; and names that nobody knows.

use super::{Check, Hyper, Named, Scalar, Value};
use crate::ast::{self, Arg, Expr, Name, Param};
use crate::catalogue::{self, Foreign, Recipe, Sort};
use crate::ir::Node;
use crate::nearest;

impl Check<'_> {
    pub fn declare(&mut self, param: &Param) {
        if self.free(&param.name, "hyper-parameter") {
            let (name, default) = (param.name.clone(), param.default.clone());
            self.params.push(Hyper { name, default, used: false });
        }
    }

    pub fn name(&mut self, named: &ast::Named) {
        let free = self.free(&named.name, "name");
        let value = self.value(&named.value);
        if free {
            self.named.push(Named { name: named.name.clone(), value, used: false });
        }
    }

    fn names(&self) -> impl Iterator<Item = &Name> {
        self.params.iter().map(|param| &param.name).chain(self.named.iter().map(|named| &named.name))
    }

    fn free(&mut self, name: &Name, what: &str) -> bool {
        let text = &name.text;
        if self.is_declared(name) {
            let message = format!("{what} `{text}` is declared twice");
            self.errors.at(name.at, message, "rename or remove one of them");
            // Which of the two is meant is not known, so neither is missed.
            self.mark(text);
            return false;
        }
        if let Some(row) = catalogue::find(text) {
            let sort = row.sort.describe();
            let message = format!("`{text}` is {sort} of the language and cannot name a {what}");
            self.errors.at(name.at, message, "choose another name");
        }
        true
    }

    pub fn unused(&mut self) {
        let params = self
            .params
            .iter()
            .filter(|p| !p.used)
            .map(|p| (&p.name, "hyper-parameter", "use it in a term, or remove it from the list"));
        let named = self
            .named
            .iter()
            .filter(|n| !n.used)
            .map(|n| (&n.name, "name", "use it in the line above, or remove it after `where`"));
        for (name, what, help) in params.chain(named) {
            self.errors.at(name.at, format!("{what} `{}` is never used", name.text), help);
        }
    }

    /// What a declared name stands for; in open forms any other name is a new hyper-parameter.
    pub fn declared(&mut self, name: &Name) -> Option<Value> {
        if let Some(index) = self.params.iter().position(|p| p.name.text == name.text) {
            self.params[index].used = true;
            return Some(hyper(index, name));
        }
        let named = self.named.iter_mut().find(|n| n.name.text == name.text)?;
        named.used = true;
        Some(named.value.clone())
    }

    pub fn is_declared(&self, name: &Name) -> bool {
        self.names().any(|other| other.text == name.text)
    }

    /// A new hyper-parameter of an open form.
    pub fn capture(&mut self, name: &Name) -> Value {
        self.params.push(Hyper { name: name.clone(), default: None, used: true });
        hyper(self.params.len() - 1, name)
    }

    /// A name that is neither declared nor in the catalogue, where something of this sort was expected; `args` if it is
    /// called.
    pub fn unknown(&mut self, name: &Name, want: Sort, args: Option<&[Arg]>) {
        let (text, called) = (name.text.as_str(), args.is_some());
        let known: Vec<&str> = match want {
            Sort::Scalar | Sort::Word => Vec::new(),
            Sort::Loss | Sort::Signal => catalogue::names(want).collect(),
        };
        let declared: Vec<String> = match want {
            Sort::Loss => Vec::new(),
            _ => self.names().map(|name| name.text.clone()).collect(),
        };
        let near_declared = nearest(text, declared.iter().map(String::as_str));
        if let Some(near) = near_declared {
            // The slip is reported here; that the right name is not used needs no second line.
            self.mark(near);
        } else if self.foreign(name, want, args) {
            return;
        }
        let near = near_declared.or_else(|| nearest(text, known.iter().copied()));
        let what = match want {
            _ if near_declared.is_some_and(|near| self.params.iter().any(|p| p.name.text == near)) => {
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
            None if want == Sort::Signal && called => {
                "the reference lists the signals; one of your own is a type, `istar::objective::Signal`, named with a capital".to_owned()
            }
            None => format!("declare it as a hyper-parameter: `Name<{text}> = ..`"),
        };
        self.errors.at(name.at, format!("unknown {what} `{text}`"), help);
    }

    /// Whether this is known from elsewhere; then what is written here in its place is said.
    fn foreign(&mut self, name: &Name, want: Sort, args: Option<&[Arg]>) -> bool {
        let text = name.text.as_str();
        if let Some(recipe) = Recipe::asked(text).filter(|_| want != Sort::Scalar) {
            let message = format!("`{text}` is a whole objective, not {}", want.describe());
            self.errors.at(
                name.at,
                message,
                format!("write the line of `{}`: `{}`", recipe.name, recipe.line),
            );
            return true;
        }
        let Some((foreign, args)) = Foreign::find(text).zip(args).filter(|_| want == Sort::Signal) else {
            return false;
        };
        self.errors.at(name.at, format!("there is no `{text}` in this language"), foreign.instead(args));
        true
    }

    fn mark(&mut self, text: &str) {
        self.params.iter_mut().filter(|p| p.name.text == text).for_each(|p| p.used = true);
        self.named.iter_mut().filter(|n| n.name.text == text).for_each(|n| n.used = true);
    }

    /// Names inside what cannot be checked still count as used.
    pub fn mark_used(&mut self, expr: &Expr) {
        match expr {
            Expr::Name(name) => self.mark(&name.text),
            Expr::Call(_, args) | Expr::User(_, args) => self.mark_args(args),
            Expr::Sum(parts) => parts.iter().for_each(|part| self.mark_used(&part.expr)),
            Expr::Product(parts) | Expr::Tuple(_, parts) => {
                parts.iter().for_each(|part| self.mark_used(part))
            }
            Expr::Neg(_, inner) | Expr::Inverse(_, inner) => self.mark_used(inner),
            Expr::Number(_) => {}
        }
    }

    pub fn mark_args(&mut self, args: &[Arg]) {
        args.iter().for_each(|arg| self.mark_used(&arg.value));
    }
}

fn hyper(index: usize, used: &Name) -> Value {
    Value::Scalar(Scalar { node: Node::Hyper { index, at: used.at }, constant: None })
}

/// `` `a`, `b`, `c` ``
pub fn list<T: AsRef<str>>(names: &[T]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}
