//! What other languages write where this one has something else: recognised by the next token, refused with what is
//! written here.

use super::{Cursor, Result, arguments_if_any, literal, sum};
use crate::ast::{Arg, Expr, Name};
use crate::report::Diagnostic;
use crate::token::{Bracket, Span};

/// What stands there, what is wrong with it, the way out.
type Mistaken<Key> = (Key, &'static str, &'static str);

const POWER: &str =
    "`0.5 * x` multiplies by a number; any other function of a signal is a signal of your own";
const COMPARED: &str = "what is 0 or 1 is a Weight, as `success` is, and multiplies: `success * x`";

/// Marks behind an operand.
static AFTER: &[Mistaken<char>] = &[
    ('^', "there is no power", POWER),
    ('%', "there is no remainder", "the arithmetic is `+`, `-`, `*` and `/`"),
    (':', "an option is given with `=`", "`adv = traj`"),
    ('&', "there is no logic", COMPARED),
    ('|', "there is no logic", COMPARED),
];

/// The same where `>` cannot be the end of the objective.
static INSIDE: &[Mistaken<char>] = &[
    ('<', "there are no comparisons", COMPARED),
    ('>', "there are no comparisons", COMPARED),
    ('=', "there are no comparisons", COMPARED),
    ('!', "there are no comparisons", COMPARED),
];

/// Words where an operand is wanted.
static BEFORE: &[Mistaken<&str>] = &[
    (
        "if",
        "there is no `if`",
        "a Weight chooses, `success * x + (1 - success) * y`; or the choice is two rows of `ablations!`",
    ),
    ("match", "there is no `match`", "a choice between objectives is two rows of `ablations!`"),
    ("self", "a field is no part of an objective", "give it a name first: `let beta = self.beta;`"),
];

/// Behind an operand.
pub fn after(input: &Cursor<'_>, operand: &Expr, depth: usize) -> Result<()> {
    if input.is_mark('.') {
        return Err(dotted(input, operand, depth));
    }
    let tables = if depth > 0 { [AFTER, INSIDE] } else { [AFTER, &[]] };
    let found = tables.into_iter().flatten().find(|(mark, ..)| input.is_mark(*mark));
    found.map_or(Ok(()), |(_, message, help)| Err(input.error(message).help(*help)))
}

/// Behind the `*` of a product.
pub fn power(input: &Cursor<'_>) -> Result<()> {
    if input.is_mark('*') { Err(input.error("there is no power").help(POWER)) } else { Ok(()) }
}

/// `x.f(a)` is `f(x, a)`, and `a..b` is `(a, b)`.
fn dotted(input: &Cursor<'_>, operand: &Expr, depth: usize) -> Diagnostic {
    let mut rest = input.ahead();
    if rest.is_mark('.') {
        let end = sum(&mut rest.ahead(), depth + 1);
        let end = end.map_or_else(|_| "..".to_owned(), |end| end.to_string());
        return input.error("there are no ranges").help(format!("a pair is written `({operand}, {end})`"));
    }
    let Some(name) = rest.take_word() else { return input.error("there are no fields") };
    let at = name.at;
    match arguments_if_any(&mut rest, depth + 1) {
        Ok(Some(args)) => {
            let first = Arg { key: None, value: operand.clone() };
            let call = Expr::Call(name, std::iter::once(first).chain(args).collect());
            Diagnostic::new(at, "there are no methods").help(format!("write `{call}`"))
        }
        Ok(None) => Diagnostic::new(at, "there are no fields")
            .help(format!("give it a name first: `let {name} = {operand}.{name};`")),
        Err(mistake) => mistake,
    }
}

/// Where an operand is wanted and none stands.
pub fn before(input: &Cursor<'_>) -> Diagnostic {
    let word = input.any_word().map(|(word, _)| word);
    if let Some((_, message, help)) = BEFORE.iter().find(|(known, ..)| word == Some(known)) {
        return input.error(message).help(*help);
    }
    if let Some((at, text)) = input.literal() {
        let said = literal::string(text);
        let help = said.map_or("write a name or a number".to_owned(), |said| format!("write `{said}`"));
        return Diagnostic::new(at, "a text is no part of an objective").help(help);
    }
    if [Bracket::Square, Bracket::Curly].iter().any(|bracket| input.is_group(*bracket)) {
        return input.error("a list stands in round brackets").help("`(0.2, 0.28)`");
    }
    Diagnostic::new(input.here(), "expected a term such as `rl(adv = traj)`, a signal, a name or a number")
}

/// Something stands where a list of arguments goes on or ends.
pub fn no_comma(input: &Cursor<'_>, depth: usize) -> Diagnostic {
    let missing = |what: &str| format!("a comma is missing before `{what}`");
    if let Some((key, value)) = option(&mut { *input }, depth) {
        return Diagnostic::new(key.at, missing(&key.text)).help(format!("write `, {key} = {value}`"));
    }
    match sum(&mut { *input }, depth) {
        Ok(next) => Diagnostic::new(next.span(), missing(&next.to_string()))
            .help("arguments are separated by `,`, signals joined with `+`"),
        Err(_) => input.error("expected `,` or the end of the arguments"),
    }
}

/// `name = value`
fn option(input: &mut Cursor<'_>, depth: usize) -> Option<(Name, Expr)> {
    let key = input.take_any_word()?;
    input.take_mark('=')?;
    Some((key, sum(input, depth).ok()?))
}

/// Behind the name of a hyper-parameter, `: f64 = 0.05`.
pub fn annotated(input: &Cursor<'_>, name: &Name) -> Result<()> {
    let mut rest = *input;
    let Some(colon) = rest.take_mark(':') else { return Ok(()) };
    let mut last = colon;
    while !(rest.is_empty() || [',', '>', '='].iter().any(|mark| rest.is_mark(*mark))) {
        last = rest.here().last;
        rest = rest.ahead();
    }
    let value = rest.take_mark('=').and_then(|_| super::signed(&mut rest).ok());
    let help = value.map_or(format!("write `{name}`"), |value| format!("write `{name} = {}`", value.text));
    let message = "a hyper-parameter has no type: it is an `f64`";
    Err(Diagnostic::new(Span { first: colon, last }, message).help(help))
}
