//! Tokens to `ast`. Which of the forms stands there is decided by the first tokens alone.

mod cursor;
mod foreign;
pub(crate) mod literal;

pub(crate) use cursor::Cursor;

use crate::ast::{Arg, Attribute, Body, Expr, Input, Item, Name, Named, Number, Param, Part, Path};
use crate::report::Diagnostic;
use crate::token::{Bracket, Place, Tokens};
use std::ops::Range;
use std::sync::Arc;

type Result<T> = std::result::Result<T, Diagnostic>;

/// Deeper parentheses are refused before they exhaust the stack.
const DEPTH: usize = 64;

const JOINED: &str = "terms are joined with `+`, weights with `*`";

/// Reads an objective in any of its forms.
///
/// # Errors
/// Where the first token stands that no objective goes on with. Of an item, what is wrong behind `=` is kept in it.
pub fn parse(tokens: &Tokens) -> Result<Input> {
    let mut input = Cursor::new(tokens);
    if input.is_empty() {
        let help = "`Name<beta = 0.05> = rl(adv = traj)`, `< rl(adv = traj) >` or `rl(adv = traj)`";
        return Err(input.error("expected an objective").help(help));
    }
    if input.take_mark('<').is_some() {
        let body = body(&mut input)?;
        if input.take_mark('>').is_none() {
            return Err(not_ended(&input));
        }
        end(&mut input)?;
        return Ok(Input::Quote(body));
    }
    let begins = |after: Cursor<'_>| after.is_mark('<') || after.is_mark('=');
    if input.is_keyword("pub") || input.is_mark('#') || (input.is_word() && begins(input.ahead())) {
        return Ok(Input::Item(Box::new(item(&mut input)?)));
    }
    whole(&mut input).map(Input::Capture)
}

fn not_ended(input: &Cursor<'_>) -> Diagnostic {
    Diagnostic::new(input.here(), "expected the end of the objective").help(JOINED)
}

fn end(input: &mut Cursor<'_>) -> Result<()> {
    input.take_mark(';');
    if input.is_empty() { Ok(()) } else { Err(not_ended(input)) }
}

/// A body and nothing after it.
pub(crate) fn whole(input: &mut Cursor<'_>) -> Result<Body> {
    let body = body(input)?;
    end(input)?;
    Ok(body)
}

fn item(input: &mut Cursor<'_>) -> Result<Item> {
    let (attrs, vis) = (attributes(input)?, visibility(input));
    let here = input.here();
    let name =
        input.take_word().ok_or_else(|| Diagnostic::new(here, "expected the name of the objective"))?;
    let params = if input.is_mark('<') { params(input)? } else { Vec::new() };
    input.expect_mark('=')?;
    Ok(Item { attrs, vis, name, params, body: whole(input) })
}

/// What a text may be and a macro's input may not: an item without a name, `<beta = 0.05, lambda = 1> body`, or with a name in
/// quotes as a row of a table has, `"GRPO, no std"<beta = 0.05> = body`.
pub(crate) fn text(tokens: &Tokens) -> Option<Result<(Option<String>, Vec<Param>, Body)>> {
    let mut input = Cursor::new(tokens);
    let name = input.literal().and_then(|(_, text)| literal::string(text));
    if name.is_some() {
        input.take_literal();
        return Some(numbered(&mut input, true).map(|(params, body)| (name, params, body)));
    }
    let word = input.is_mark('<').then(|| input.ahead()).filter(Cursor::is_word)?;
    let after = word.ahead();
    let begins = ['=', ',', '>'].iter().any(|mark| after.is_mark(*mark));
    begins.then(|| numbered(&mut input, false).map(|(params, body)| (None, params, body)))
}

/// Numbers and what they stand in; behind a name, `=` is between them.
fn numbered(input: &mut Cursor<'_>, named: bool) -> Result<(Vec<Param>, Body)> {
    let params = if input.is_mark('<') { params(input)? } else { Vec::new() };
    if input.take_mark('=').is_none() && named {
        input.expect_mark('=')?;
    }
    Ok((params, whole(input)?))
}

/// `<beta = 0.05, lambda>`
fn params(input: &mut Cursor<'_>) -> Result<Vec<Param>> {
    input.expect_mark('<')?;
    let mut params = Vec::new();
    while !input.is_mark('>') {
        params.push(param(input)?);
        if input.take_mark(',').is_none() {
            break;
        }
    }
    if input.is_word() {
        return Err(foreign::no_comma(input, 0));
    }
    input.expect_mark('>')?;
    Ok(params)
}

pub(crate) fn attributes(input: &mut Cursor<'_>) -> Result<Vec<Attribute>> {
    let mut attrs = Vec::new();
    while input.is_mark('#') {
        let start = *input;
        input.take_mark('#');
        let (_, mut inner) = input.expect_group(Bracket::Square, "square brackets")?;
        let name = inner.take_any_word().filter(|_| !inner.is_path_separator());
        attrs.push(Attribute { tokens: input.since(&start), name: name.map(|name| name.text) });
    }
    Ok(attrs)
}

/// `pub`, `pub(crate)`, `pub(in path)` or nothing.
pub(crate) fn visibility(input: &mut Cursor<'_>) -> Range<usize> {
    let start = *input;
    if input.take_keyword("pub") {
        let mut ahead = *input;
        if let Some((_, inner)) = ahead.take_group(Bracket::Round) {
            let one = ["crate", "self", "super"].iter().any(|keyword| inner.is_keyword(keyword));
            if inner.is_keyword("in") || (one && inner.ahead().is_empty()) {
                *input = ahead;
            }
        }
    }
    input.since(&start)
}

fn param(input: &mut Cursor<'_>) -> Result<Param> {
    let here = input.here();
    let name = input.take_word().ok_or_else(|| {
        Diagnostic::new(here, "expected the name of a parameter").help("`Name<beta = 0.05, lambda> = ..`")
    })?;
    foreign::annotated(input, &name)?;
    let default = match input.take_mark('=') {
        Some(_) => Some(signed(input)?),
        None => None,
    };
    Ok(Param { name, default })
}

fn signed(input: &mut Cursor<'_>) -> Result<Number> {
    let minus = input.take_mark('-');
    let number = number(input)?;
    Ok(match minus {
        Some(at) => Number { value: -number.value, text: format!("-{}", number.text), at },
        None => number,
    })
}

fn is_number(input: &Cursor<'_>) -> bool {
    input.literal().is_some_and(|(_, text)| literal::number(text).is_some())
}

fn number(input: &mut Cursor<'_>) -> Result<Number> {
    let found = input.literal().and_then(|(at, text)| Some((at, literal::number(text)?)));
    let Some((at, (digits, suffix))) = found else { return Err(input.error("expected a number")) };
    input.take_literal();
    if !matches!(suffix, "" | "f64") {
        let message = format!("numbers are `f64`, found suffix `{suffix}`");
        return Err(Diagnostic::new(at, message).help(format!("write `{digits}`")));
    }
    match digits.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Number { value, text: digits, at }),
        _ => Err(Diagnostic::new(at, "number out of the range of `f64`")),
    }
}

pub(crate) fn body(input: &mut Cursor<'_>) -> Result<Body> {
    let expr = sum(input, 0)?;
    let mut named = Vec::new();
    if input.take_keyword("where") {
        while let Some(name) = input.take_word() {
            input.expect_mark('=')?;
            named.push(Named { name, value: sum(input, 0)? });
            if input.take_mark(',').is_none() {
                break;
            }
        }
        if named.is_empty() {
            let help = "`where r = reward - 0.1 * invalid`";
            return Err(input.error("expected a named signal").help(help));
        }
    }
    Ok(Body { expr, named })
}

fn bounded(input: &Cursor<'_>, fits: bool, message: &str) -> Result<()> {
    let help = "give a part of it a name: `where r = ..`";
    if fits { Ok(()) } else { Err(input.error(message).help(help)) }
}

fn sum(input: &mut Cursor<'_>, depth: usize) -> Result<Expr> {
    bounded(input, depth <= DEPTH, "nested too deeply")?;
    let first = product(input, depth)?;
    let mut parts = vec![Part { minus: false, expr: first }];
    loop {
        let minus = input.take_mark('-').is_some();
        if !minus && input.take_mark('+').is_none() {
            break;
        }
        parts.push(Part { minus, expr: product(input, depth)? });
    }
    Ok(if parts.len() == 1 { parts.remove(0).expr } else { Expr::Sum(parts) })
}

fn product(input: &mut Cursor<'_>, depth: usize) -> Result<Expr> {
    let mut factors = vec![operand(input, depth)?];
    loop {
        let stroke = input.take_mark('/');
        if stroke.is_none() {
            if input.take_mark('*').is_none() {
                break;
            }
            foreign::power(input)?;
        }
        bounded(input, factors.len() < DEPTH, "too many factors")?;
        let next = operand(input, depth)?;
        factors.push(match stroke {
            Some(at) => Expr::Inverse(at, Box::new(next)),
            None => next,
        });
    }
    Ok(if factors.len() == 1 { factors.remove(0) } else { Expr::Product(factors) })
}

fn operand(input: &mut Cursor<'_>, depth: usize) -> Result<Expr> {
    let operand = atom(input, depth)?;
    foreign::after(input, &operand, depth)?;
    Ok(operand)
}

fn atom(input: &mut Cursor<'_>, depth: usize) -> Result<Expr> {
    bounded(input, depth <= DEPTH, "nested too deeply")?;
    if let Some(inner) = input.take_fragment() {
        return fragment(input, inner, depth);
    }
    if let Some((open, inner)) = input.take_group(Bracket::Round) {
        return parenthesised(open, inner, depth);
    }
    if is_number(input) || (input.is_mark('-') && is_number(&input.ahead())) {
        return signed(input).map(Expr::Number);
    }
    if let Some(minus) = input.take_mark('-') {
        return Ok(Expr::Neg(minus, Box::new(atom(input, depth + 1)?)));
    }
    if is_path(input) {
        let path = path(input)?;
        return Ok(Expr::User(Arc::new(path), arguments_if_any(input, depth)?.unwrap_or_default()));
    }
    // The values of options such as `deps` are Rust's.
    if ["true", "false", "return"].iter().any(|word| input.is_keyword(word)) {
        return input.take_any_word().map(Expr::Name).ok_or_else(|| foreign::before(input));
    }
    let name = input.take_word().ok_or_else(|| foreign::before(input))?;
    Ok(match arguments_if_any(input, depth)? {
        Some(args) => Expr::Call(name, args),
        None => Expr::Name(name),
    })
}

/// What a `macro_rules!` fragment such as `$e:expr` leaves is one unit, whatever stands around it.
fn fragment(input: &mut Cursor<'_>, mut inner: Cursor<'_>, depth: usize) -> Result<Expr> {
    let expr = sum(&mut inner, depth + 1)?;
    end(&mut inner)?;
    // A single path or name may go on with arguments: `$signal(0.5)`.
    match expr {
        Expr::Name(name) => Ok(match arguments_if_any(input, depth)? {
            Some(args) => Expr::Call(name, args),
            None => Expr::Name(name),
        }),
        Expr::User(path, args) if args.is_empty() => {
            Ok(Expr::User(path, arguments_if_any(input, depth)?.unwrap_or_default()))
        }
        expr => Ok(expr),
    }
}

/// A capitalised name, or one with `::`.
pub(crate) fn is_path(input: &Cursor<'_>) -> bool {
    input.is_path_separator()
        || input.any_word().is_some_and(|(text, _)| {
            text.starts_with(char::is_uppercase) || input.ahead().is_path_separator()
        })
}

pub(crate) fn path(input: &mut Cursor<'_>) -> Result<Path> {
    let start = *input;
    let global = input.take_path_separator();
    let mut names: Vec<Name> = Vec::new();
    loop {
        let leads = ["super", "self", "Self", "crate"].iter().any(|keyword| input.is_keyword(keyword));
        let Some(name) = (if leads { input.take_any_word() } else { input.take_word() }) else { break };
        names.push(name);
        if !input.take_path_separator() {
            return Ok(Path { global, names, tokens: input.since(&start) });
        }
    }
    Err(match (names.is_empty(), input.any_word()) {
        (false, _) => input.error("expected path segment after `::`"),
        (true, Some((keyword, _))) => input.error(&format!("expected identifier, found keyword `{keyword}`")),
        (true, None) => input.error("expected identifier"),
    })
}

fn parenthesised(open: Place, mut inner: Cursor<'_>, depth: usize) -> Result<Expr> {
    let mut parts = vec![sum(&mut inner, depth + 1)?];
    let mut tuple = false;
    while inner.take_mark(',').is_some() {
        tuple = true;
        if inner.is_empty() {
            break;
        }
        parts.push(sum(&mut inner, depth + 1)?);
    }
    if !inner.is_empty() {
        return Err(foreign::no_comma(&inner, depth + 1));
    }
    Ok(if tuple { Expr::Tuple(open, parts) } else { parts.remove(0) })
}

fn arguments_if_any(input: &mut Cursor<'_>, depth: usize) -> Result<Option<Vec<Arg>>> {
    let Some((_, mut inner)) = input.take_group(Bracket::Round) else { return Ok(None) };
    let mut args = Vec::new();
    while !inner.is_empty() {
        // Keys may be Rust keywords: `ref`, `where`.
        let named = inner.any_word().is_some() && inner.ahead().is_mark('=');
        let key = if named { inner.take_any_word() } else { None };
        if named {
            inner.take_mark('=');
        }
        args.push(Arg { key, value: sum(&mut inner, depth + 1)? });
        if !inner.is_empty() && inner.take_mark(',').is_none() {
            return Err(foreign::no_comma(&inner, depth + 1));
        }
    }
    Ok(Some(args))
}
