//! Tokens into a module.

use super::lexer::{Token, tokens};
use super::{Error, Function, Guard, Instruction, Module, Operand, Space, Statement, Type, Variable};

/// Reads a translation unit.
///
/// # Errors
/// When the text is not PTX, or has a declaration that is not read here.
pub fn parse(text: &str) -> Result<Module, Error> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, next: 0 };
    let mut module = Module::default();
    while !parser.at_end() {
        parser.declaration(&mut module)?;
    }
    Ok(module)
}

struct Parser<'a> {
    tokens: &'a [(Token, u32)],
    next: usize,
}

type Parsed<T> = Result<T, Error>;

impl Parser<'_> {
    fn at_end(&self) -> bool {
        self.next >= self.tokens.len()
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn line(&self) -> u32 {
        let last = self.tokens.len().saturating_sub(1);
        self.tokens.get(self.next.min(last)).map_or(1, |(_, line)| *line)
    }

    fn fail<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err(Error { line: self.line(), message: message.into() })
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += 1;
        token
    }

    fn at(&self, mark: char) -> bool {
        self.peek() == Some(&Token::Mark(mark))
    }

    fn eat(&mut self, mark: char) -> bool {
        let there = self.at(mark);
        self.next += usize::from(there);
        there
    }

    fn expect(&mut self, mark: char) -> Parsed<()> {
        if self.eat(mark) { Ok(()) } else { self.fail(format!("`{mark}` is missing")) }
    }

    fn eat_dotted(&mut self, word: &str) -> bool {
        let there = matches!(self.peek(), Some(Token::Dotted(found)) if found == word);
        self.next += usize::from(there);
        there
    }

    fn dotted(&mut self) -> Option<String> {
        let Some(Token::Dotted(word)) = self.peek() else { return None };
        let word = word.clone();
        self.next += 1;
        Some(word)
    }

    fn word(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(Token::Word(word)) => {
                let word = word.clone();
                self.next += 1;
                Ok(word)
            }
            _ => self.fail("a name is missing"),
        }
    }

    fn integer(&mut self) -> Parsed<u64> {
        match self.peek() {
            Some(Token::Integer(value)) => {
                let value = *value;
                self.next += 1;
                Ok(value)
            }
            _ => self.fail("a whole number is missing"),
        }
    }

    /// The rest of a line, of directives that end with one.
    fn skip_line(&mut self) {
        let line = self.line();
        while !self.at_end() && self.line() == line {
            self.next += 1;
        }
    }

    /// Something in braces, of sections for debuggers.
    fn skip_braces(&mut self) {
        let mut depth = 0;
        while let Some(token) = self.take() {
            match token {
                Token::Mark('{') => depth += 1,
                Token::Mark('}') if depth == 1 => return,
                Token::Mark('}') => depth -= 1,
                _ => {}
            }
        }
    }

    fn declaration(&mut self, module: &mut Module) -> Parsed<()> {
        let mut external = false;
        loop {
            let Some(word) = self.dotted() else {
                if self.eat(';') {
                    return Ok(());
                }
                return self.fail("a declaration begins with a directive");
            };
            match word.as_str() {
                "version" | "target" | "address_size" | "file" | "loc" => {
                    // The directive itself stands in the line that is left out.
                    self.next -= 1;
                    self.skip_line();
                    return Ok(());
                }
                "section" => {
                    self.skip_braces();
                    return Ok(());
                }
                "visible" | "weak" | "common" => {}
                "extern" => external = true,
                "entry" | "func" => {
                    module.functions.push(self.function(word == "entry")?);
                    return Ok(());
                }
                other => {
                    let Some(space) = space(other) else {
                        return self.fail(format!("the directive `.{other}` is not supported"));
                    };
                    module.variables.extend(self.variables(space, external)?);
                    return Ok(());
                }
            }
        }
    }

    fn function(&mut self, entry: bool) -> Parsed<Function> {
        let returns = if !entry && self.at('(') { self.parameters()? } else { Vec::new() };
        let name = self.word()?;
        let params = if self.at('(') { self.parameters()? } else { Vec::new() };
        let mut max_threads = None;
        while let Some(word) = self.dotted() {
            let mut product = 1;
            while let Some(Token::Integer(value)) = self.peek() {
                product *= *value as u32;
                self.next += 1;
                self.eat(',');
            }
            if word == "maxntid" || word == "reqntid" {
                max_threads = Some(product);
            }
        }
        let body = if self.eat(';') {
            None
        } else {
            self.expect('{')?;
            Some(self.statements()?)
        };
        Ok(Function { entry, name, returns, params, max_threads, body })
    }

    fn parameters(&mut self) -> Parsed<Vec<Variable>> {
        self.expect('(')?;
        let mut found = Vec::new();
        while !self.eat(')') {
            if !self.eat_dotted("param") {
                return self.fail("parameters stand in the space `.param`");
            }
            found.push(self.variable(Space::Param, false)?);
            self.eat(',');
        }
        Ok(found)
    }

    /// Variables behind the directive of their space, to the semicolon.
    fn variables(&mut self, space: Space, external: bool) -> Parsed<Vec<Variable>> {
        let first = self.variable(space, external)?;
        let (align, ty) = (first.align, first.ty);
        let mut found = vec![first];
        while self.eat(',') {
            found.push(self.declarator(space, external, align, ty)?);
        }
        self.expect(';')?;
        Ok(found)
    }

    fn variable(&mut self, space: Space, external: bool) -> Parsed<Variable> {
        let align = if self.eat_dotted("align") { Some(self.integer()? as u32) } else { None };
        let ty = self.ty()?;
        if self.eat_dotted("ptr") {
            // What a parameter points at, which binds nobody.
            while matches!(self.peek(), Some(Token::Dotted(_) | Token::Integer(_))) {
                self.next += 1;
            }
        }
        self.declarator(space, external, align.unwrap_or(ty.bytes()), ty)
    }

    fn declarator(&mut self, space: Space, external: bool, align: u32, ty: Type) -> Parsed<Variable> {
        let name = self.word()?;
        let mut count: Option<u64> = None;
        while self.eat('[') {
            let size = if self.at(']') { 0 } else { self.integer()? };
            self.expect(']')?;
            count = Some(count.unwrap_or(1) * size);
        }
        let mut values = Vec::new();
        if self.eat('=') {
            let value = self.operand()?;
            flatten(value, &mut values);
        }
        if count == Some(0) && !external && !values.is_empty() {
            count = Some(values.len() as u64);
        }
        Ok(Variable { space, align, ty, name, count, external, values })
    }

    fn ty(&mut self) -> Parsed<Type> {
        match self.dotted() {
            Some(name) => match Type::parse(&name) {
                Some(ty) => Ok(ty),
                None => self.fail(format!("the type `.{name}` is not supported")),
            },
            None => self.fail("a type is missing"),
        }
    }

    /// To the closing brace.
    fn statements(&mut self) -> Parsed<Vec<Statement>> {
        let mut found = Vec::new();
        loop {
            match self.peek() {
                None => return self.fail("`}` is missing"),
                Some(Token::Mark('}')) => {
                    self.next += 1;
                    return Ok(found);
                }
                Some(Token::Mark('{')) => {
                    self.next += 1;
                    found.push(Statement::Block(self.statements()?));
                }
                Some(Token::Mark(';')) => self.next += 1,
                Some(Token::Dotted(_)) => self.directive(&mut found)?,
                Some(Token::Word(_))
                    if self.tokens.get(self.next + 1).map(|(token, _)| token) == Some(&Token::Mark(':')) =>
                {
                    let label = self.word()?;
                    self.expect(':')?;
                    found.push(self.label(label)?);
                }
                Some(_) => found.push(Statement::Instruction(self.instruction()?)),
            }
        }
    }

    /// A label, or the table of branches that it names.
    fn label(&mut self, name: String) -> Parsed<Statement> {
        if !self.eat_dotted("branchtargets") {
            return Ok(Statement::Label(name));
        }
        let mut targets = vec![self.word()?];
        while self.eat(',') {
            targets.push(self.word()?);
        }
        self.expect(';')?;
        Ok(Statement::Targets(name, targets))
    }

    fn directive(&mut self, found: &mut Vec<Statement>) -> Parsed<()> {
        let word = self.dotted().unwrap_or_default();
        match word.as_str() {
            "loc" | "file" => {
                self.next -= 1;
                self.skip_line();
            }
            "pragma" => {
                while !self.at_end() && !self.eat(';') {
                    self.next += 1;
                }
            }
            "reg" => {
                let ty = self.ty()?;
                let mut names = Vec::new();
                loop {
                    let name = self.word()?;
                    if self.eat('<') {
                        let count = self.integer()?;
                        self.expect('>')?;
                        names.extend((0..count).map(|number| format!("{name}{number}")));
                    } else {
                        names.push(name);
                    }
                    if !self.eat(',') {
                        break;
                    }
                }
                self.expect(';')?;
                found.push(Statement::Registers(ty, names));
            }
            other => {
                let Some(space) = space(other) else {
                    return self.fail(format!("the directive `.{other}` is not supported"));
                };
                found.extend(self.variables(space, false)?.into_iter().map(Statement::Variable));
            }
        }
        Ok(())
    }

    fn instruction(&mut self) -> Parsed<Instruction> {
        let line = self.line();
        let guard = if self.eat('@') {
            let negated = self.eat('!');
            Some(Guard { register: self.word()?, negated })
        } else {
            None
        };
        let opcode = self.word()?;
        let mut modifiers = Vec::new();
        while let Some(word) = self.dotted() {
            modifiers.push(word);
        }
        let mut operands = Vec::new();
        while !self.eat(';') {
            operands.push(self.operand()?);
            if !self.eat(',') {
                self.expect(';')?;
                break;
            }
        }
        Ok(Instruction { guard, opcode, modifiers, operands, line })
    }

    fn operand(&mut self) -> Parsed<Operand> {
        let Some(token) = self.take() else { return self.fail("an operand is missing") };
        match token {
            Token::Integer(value) => Ok(Operand::Integer(value)),
            Token::Single(bits) => Ok(Operand::Single(bits)),
            Token::Double(bits) => Ok(Operand::Double(bits)),
            Token::Mark('-') => match self.take() {
                Some(Token::Integer(value)) => Ok(Operand::Integer(value.wrapping_neg())),
                _ => self.fail("a number is missing behind `-`"),
            },
            Token::Mark('!') => Ok(Operand::Not(self.word()?)),
            Token::Mark('[') => {
                let address = self.address()?;
                self.expect(']')?;
                Ok(address)
            }
            Token::Mark('{') => Ok(Operand::Vector(self.operands('}')?)),
            Token::Mark('(') => Ok(Operand::List(self.operands(')')?)),
            Token::Word(name) if name == "generic" && self.eat('(') => {
                let inner = self.operand()?;
                self.expect(')')?;
                Ok(inner)
            }
            Token::Word(name) => self.named(name),
            other => {
                self.next -= 1;
                self.fail(format!("{other:?} is no operand"))
            }
        }
    }

    fn operands(&mut self, end: char) -> Parsed<Vec<Operand>> {
        let mut found = Vec::new();
        while !self.eat(end) {
            found.push(self.operand()?);
            if !self.eat(',') {
                self.expect(end)?;
                break;
            }
        }
        Ok(found)
    }

    fn named(&mut self, mut name: String) -> Parsed<Operand> {
        if name.starts_with('%')
            && let Some(component) = self.dotted()
        {
            name = name + "." + &component;
        }
        if self.eat('|') {
            return Ok(Operand::Pair(name, self.word()?));
        }
        match self.offset()? {
            Some(offset) => Ok(Operand::Offset(name, offset)),
            None => Ok(Operand::Name(name)),
        }
    }

    /// `+8`, `+-8` or `-8`.
    fn offset(&mut self) -> Parsed<Option<i64>> {
        let plus = self.eat('+');
        let minus = self.eat('-');
        if !plus && !minus {
            return Ok(None);
        }
        let value = self.integer()? as i64;
        Ok(Some(if minus { value.wrapping_neg() } else { value }))
    }

    fn address(&mut self) -> Parsed<Operand> {
        if let Some(Token::Integer(_)) | Some(Token::Mark('-')) = self.peek() {
            let minus = self.eat('-');
            let value = self.integer()? as i64;
            return Ok(Operand::Address(None, if minus { value.wrapping_neg() } else { value }));
        }
        let name = self.word()?;
        let offset = self.offset()?.unwrap_or(0);
        Ok(Operand::Address(Some(name), offset))
    }
}

fn space(word: &str) -> Option<Space> {
    match word {
        "global" => Some(Space::Global),
        "const" => Some(Space::Const),
        "shared" => Some(Space::Shared),
        "local" => Some(Space::Local),
        "param" => Some(Space::Param),
        _ => None,
    }
}

/// Nested braces of first values as one list.
fn flatten(value: Operand, into: &mut Vec<Operand>) {
    match value {
        Operand::Vector(values) => values.into_iter().for_each(|value| flatten(value, into)),
        value => into.push(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KERNEL: &str = "
        .version 9.0
        .target sm_80
        .address_size 64
        .extern .shared .align 16 .b8 room[];
        .global .align 4 .b8 table[3] = {1, 2, 0xff};
        .visible .entry double_it(.param .u64 .ptr .global .align 4 double_it_param_0, .param .align 2 .b8 pair[4])
        .maxntid 128, 2, 1
        {
            .reg .pred %p<2>;
            .reg .f32 x, %f1;
            .loc 1 2 3
            mov.u32 %r1, %tid.x;
        $L__BB0_1: // back here
            @!%p1 bra.uni $L__BB0_1;
            { ld.global.v2.f32 {x, _}, [%rd1+-4]; }
            shfl.sync.down.b32 %r2|%p1, %r1, 16, 31, -1;
            call.uni (r0), f, (a, b);
            ret;
        }";

    #[test]
    fn a_kernel() {
        let module = parse(KERNEL).expect("a kernel");
        let [room, table] = &module.variables[..] else { panic!("two variables") };
        assert!(room.external && room.count == Some(0) && room.align == 16);
        assert_eq!((table.size(), table.values.len()), (3, 3));
        let kernel = &module.functions[0];
        assert_eq!((kernel.entry, kernel.max_threads, kernel.params.len()), (true, Some(256), 2));
        let body = kernel.body.as_ref().expect("a body");
        let instruction = |statement: &Statement| match statement {
            Statement::Instruction(instruction) => Some((instruction.words(), instruction.operands.clone())),
            Statement::Block(inside) => inside.iter().find_map(|statement| match statement {
                Statement::Instruction(inner) => Some((inner.words(), inner.operands.clone())),
                _ => None,
            }),
            _ => None,
        };
        let found: Vec<_> = body.iter().filter_map(instruction).collect();
        assert_eq!(found[0].1[1], Operand::Name("%tid.x".into()));
        assert_eq!(found[2].0, "ld.global.v2.f32");
        assert_eq!(found[2].1[1], Operand::Address(Some("%rd1".into()), -4));
        assert_eq!(found[3].1[0], Operand::Pair("%r2".into(), "%p1".into()));
        assert_eq!(found[3].1[4], Operand::Integer(u64::MAX));
        assert_eq!(found[4].1.len(), 3);
    }

    #[test]
    fn mistakes_name_their_line() {
        for (text, line, part) in [
            (".version 9.0\n.entry f() {\n add.s32 1 2;\n}", 3, "`;` is missing"),
            (".version 9.0\n.entry f(.param .b128 x) { }", 2, "`.b128`"),
            (".tex x;", 1, "`.tex`"),
            (".entry f() { ret;", 1, "`}` is missing"),
        ] {
            let error = parse(text).map(|_| ()).expect_err(text);
            assert!(error.line == line && error.message.contains(part), "{error}");
        }
    }
}
