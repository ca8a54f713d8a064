//! Random lines: names of the catalogue with arguments that their rows allow.

use super::draw::Draw;
use istar_lang::catalogue::{Arg, CATALOGUE, Fill, PRODUCT, Prm, Row, Sort, Takes};
use istar_lang::{Line, Range};
use std::collections::BTreeSet;

/// Lines that are legal and whose types differ: first those in which a name, an option or a word is met for the first time.
pub fn lines(count: usize) -> Vec<String> {
    let mut draw = Draw(1);
    let (mut lines, mut met) = (Vec::new(), BTreeSet::new());
    for drawn in 0..120_000 {
        let mut writer =
            Writer { draw: &mut draw, numbers: Vec::new(), met: BTreeSet::new(), prm: None, critic: false };
        let line = writer.line(lines.len());
        let new = !writer.met.is_subset(&met);
        // Towards the end whatever comes is taken, so that lines are not only as strange as what is rare.
        if (new || (drawn > 20_000 && lines.len() < count)) && Line::read(&line).is_ok() {
            met.append(&mut writer.met);
            lines.push(line);
        }
    }
    let missing: Vec<_> = wanted().difference(&met).cloned().collect();
    assert!(missing.is_empty(), "never met: {missing:?}");
    lines
}

/// What must be met: every name, every option of it written out, every word.
fn wanted() -> BTreeSet<String> {
    fn add(row: &Row, wanted: &mut BTreeSet<String>) {
        wanted.insert(row.ty.to_owned());
        for arg in row.args {
            wanted.insert(format!("{} {}", row.ty, arg.name));
            if let Takes::Word(words) = arg.takes {
                words.iter().for_each(|word| add(word, wanted));
            }
        }
    }
    let mut wanted = BTreeSet::new();
    CATALOGUE.iter().for_each(|row| add(row, &mut wanted));
    wanted
}

struct Writer<'d> {
    draw: &'d mut Draw,
    numbers: Vec<f64>,
    met: BTreeSet<String>,
    /// A signal reads an implicit PRM, or an explicit one.
    prm: Option<Prm>,
    /// A signal reads a critic.
    critic: bool,
}

impl Writer<'_> {
    /// `pub L7<x0 = 0.5> = rl(adv = ..) + ..`
    fn line(&mut self, number: usize) -> String {
        let losses: Vec<&Row> = CATALOGUE.iter().filter(|row| row.sort == Sort::Loss).collect();
        let mut terms = Vec::new();
        for _ in 0..1 + self.draw.below(2) {
            // What holds a signal comes more often: there is more to be met in it.
            let rl = losses.iter().find(|row| row.name == "rl");
            let row = if self.draw.one_in(2) {
                *self.draw.pick(&losses)
            } else {
                rl.expect("a row of the catalogue")
            };
            let weight =
                if self.draw.one_in(4) { self.scalar(Range::NonNegative) + " * " } else { String::new() };
            terms.push(weight + &self.call(row, 3));
        }
        let trains = |row: &&&Row| match self.prm {
            Some(Prm::ReadsExplicit) => row.prm == Prm::TrainsExplicit,
            Some(_) => matches!(row.prm, Prm::Trains { .. }),
            None => false,
        };
        let teachers: Vec<&Row> = losses.iter().filter(trains).copied().collect();
        if !teachers.is_empty() {
            let row = *self.draw.pick(&teachers);
            terms.insert(0, self.call(row, 0));
        }
        if self.critic {
            let row = losses.iter().find(|row| row.name == "critic").expect("a row of the catalogue");
            terms.push(self.call(row, 0));
        }
        let numbers: Vec<String> =
            self.numbers.iter().enumerate().map(|(i, number)| format!("x{i} = {number:?}")).collect();
        let numbers = if numbers.is_empty() { String::new() } else { format!("<{}>", numbers.join(", ")) };
        format!("pub L{number}{numbers} = {}", terms.join(" + "))
    }

    fn expr(&mut self, depth: usize) -> String {
        if depth > 0 {
            match self.draw.below(10) {
                0 => return format!("{} + {}", self.expr(depth - 1), self.expr(depth - 1)),
                1 => return format!("{} - ({})", self.expr(depth - 1), self.expr(depth - 1)),
                2 => return format!("{} * ({})", self.scalar(Range::Finite), self.expr(depth - 1)),
                3 => return format!("{} * ({})", self.weight(), self.expr(depth - 1)),
                4 => return format!("({}) / {}", self.expr(depth - 1), self.weight()),
                5 => return format!("({}) / ({})", self.expr(depth - 1), self.scalar(Range::Positive)),
                _ => {}
            }
        }
        let signals: Vec<&Row> = CATALOGUE
            .iter()
            .filter(|row| row.sort == Sort::Signal && (depth > 0 || !row.args.iter().any(is_signal)))
            .collect();
        let row = *self.draw.pick(&signals);
        self.call(row, depth.saturating_sub(1))
    }

    fn weight(&mut self) -> String {
        self.draw
            .pick(&[
                "success",
                "invalid",
                "judged",
                "switch",
                "p_switch",
                "has(action, switch)",
                "(1 - success)",
            ])
            .to_string()
    }

    /// A name with some of its arguments.
    fn call(&mut self, row: &Row, depth: usize) -> String {
        match row.prm {
            Prm::Reads | Prm::Scaled { .. } | Prm::ReadsExplicit => self.prm = Some(row.prm),
            _ => {}
        }
        self.critic |= ["value", "gae"].contains(&row.name);
        self.met.insert(row.ty.to_owned());
        let last = row.args.iter().rposition(|arg| arg.positional && self.writes(arg));
        let mut args = Vec::new();
        for (i, arg) in row.args.iter().enumerate() {
            if arg.positional && last.is_some_and(|last| i <= last) {
                args.push(self.arg(row, arg, depth));
            } else if !arg.positional && self.writes(arg) {
                args.push(format!("{} = {}", arg.name, self.arg(row, arg, depth)));
            }
        }
        match (row.name, args.as_slice()) {
            ("", [one]) => one.clone(),
            ("", _) => format!("({})", args.join(", ")),
            (name, []) => name.to_owned(),
            (name, _) => format!("{name}({})", args.join(", ")),
        }
    }

    fn writes(&mut self, arg: &Arg) -> bool {
        arg.default == Fill::Needed || self.draw.one_in(4)
    }

    fn arg(&mut self, row: &Row, arg: &Arg, depth: usize) -> String {
        self.met.insert(format!("{} {}", row.ty, arg.name));
        match arg.takes {
            Takes::Signal | Takes::Number | Takes::Advantage | Takes::TrajAdvantage => self.expr(depth),
            Takes::Weight => self.weight(),
            Takes::Factor => {
                let ratio = "exp(log_ratio(old, sampler))";
                self.draw
                    .pick(&[ratio, "clip(exp(log_ratio(old, sampler)), 0, 2)", "success", "2"])
                    .to_string()
            }
            Takes::Estimate { .. } => {
                self.draw.pick(&["value", "value(low)", "0", "to_go(reward)"]).to_string()
            }
            Takes::Name => "extra".to_owned(),
            Takes::Head => "low".to_owned(),
            Takes::Heads => self.draw.pick(&["(low, high)", "(low,)", "one"]).to_string(),
            Takes::Scalar(range) | Takes::Coefficient(range) => self.scalar(range),
            Takes::Word(words) => {
                let row = self.draw.pick(words);
                let text = self.call(row, depth);
                if text == PRODUCT.name { "state * action".to_owned() } else { text }
            }
            Takes::Level(levels) => self.draw.pick(levels).name().to_owned(),
        }
    }

    fn scalar(&mut self, range: Range) -> String {
        let legal: Vec<f64> = [0.0, 0.05, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 1e-9]
            .into_iter()
            .filter(|x| range.holds(*x))
            .collect();
        let number = *self.draw.pick(&legal);
        match self.draw.below(8) {
            0 => {
                self.numbers.push(number);
                format!("x{}", self.numbers.len() - 1)
            }
            1 => format!("(0.125 + {number:?})"),
            2 => {
                self.met
                    .extend(["scalar::Anneal", "scalar::Anneal x", "scalar::Anneal over"].map(str::to_owned));
                format!("anneal({number:?}, over = 20)")
            }
            _ => format!("{number:?}"),
        }
    }
}

fn is_signal(arg: &Arg) -> bool {
    matches!(arg.takes, Takes::Signal | Takes::Number | Takes::Advantage | Takes::TrajAdvantage)
}
