//! What is worth knowing of an objective that is neither a mistake nor a slip.

use crate::Text;
use crate::ast::{Arg, Expr, Input, Name};
use crate::catalogue::{self, Row, Takes};
use crate::parse::parse;

/// Remarks on a line, in any of its forms; none on a text that is no line.
///
/// ```
/// let remarks = istar_lang::remarks("entropy(0.01) + kl(0.1)");
/// assert_eq!(remarks, ["no term acts on the outcome: what the policy learns has nothing to do with success"]);
/// assert!(istar_lang::remarks("entropy(0.01) + rl(adv = traj)").is_empty());
/// ```
pub fn remarks(line: &str) -> Vec<String> {
    let parsed = Text::new(line).tokens().and_then(|tokens| parse(&tokens));
    let body = match parsed {
        Ok(Input::Item(item)) => item.body.ok(),
        Ok(Input::Quote(body) | Input::Capture(body)) => Some(body),
        Err(_) => None,
    };
    let Some(body) = body else { return Vec::new() };
    let mut met = Met::default();
    met.expr(&body.expr);
    body.named.iter().for_each(|named| met.expr(&named.value));
    met.remarks()
}

/// The names of the language that a line uses.
#[derive(Default)]
struct Met {
    rows: Vec<&'static Row>,
    /// A type of the user's was met: what it acts on is not known here.
    user: bool,
}

impl Met {
    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Name(name) => self.call(name, &[]),
            Expr::Call(name, args) => self.call(name, args),
            Expr::User(..) => self.user = true,
            Expr::Sum(parts) => parts.iter().for_each(|part| self.expr(&part.expr)),
            Expr::Product(parts) | Expr::Tuple(_, parts) => parts.iter().for_each(|part| self.expr(part)),
            Expr::Neg(_, inner) | Expr::Inverse(_, inner) => self.expr(inner),
            Expr::Number(_) => {}
        }
    }

    fn call(&mut self, name: &Name, args: &[Arg]) {
        let Some(row) = catalogue::find(&name.text) else { return };
        self.rows.push(row);
        for (index, arg) in args.iter().enumerate() {
            let at = arg.key.as_ref().map_or(Some(index), |key| row.arg(&key.text));
            // The words of options are names of their own: `count = traj` reads no outcome.
            let word = at.and_then(|at| row.args.get(at)).is_some_and(|arg| {
                matches!(
                    arg.takes,
                    Takes::Word(_) | Takes::Level(_) | Takes::Name | Takes::Head | Takes::Heads
                )
            });
            if !word {
                self.expr(&arg.value);
            }
        }
    }

    fn remarks(&self) -> Vec<String> {
        let acts = |row: &&&Row| row.args.iter().any(|arg| matches!(arg.takes, Takes::Advantage));
        let policies: Vec<&&Row> = self.rows.iter().filter(acts).collect();
        let several = policies.first().filter(|_| policies.len() > 1).map(|row| {
            let name = row.name;
            format!(
                "{} `{name}` terms: each clips the ratio for itself; advantages that belong together are added in one, `{name}(adv = a + b)`",
                policies.len()
            )
        });
        let blind = !self.user && !self.rows.iter().any(|row| row.outcome);
        let blind = blind.then(|| {
            "no term acts on the outcome: what the policy learns has nothing to do with success".to_owned()
        });
        several.into_iter().chain(blind).collect()
    }
}
