//! Random texts for the front end of the language: none may make it panic.

use istar::Line;
use istar::objective::AnyObjective;
use istar_lang::catalogue::{CATALOGUE, Takes};

/// Words that stand in lines beside the names of the catalogue.
const WORDS: &[&str] = &[
    "<", ">", "(", ")", "+", "-", "*", "=", ",", ";", "where", "r", "beta", "0.05", "1", "1e-6", "-", "0",
    "Name", "::", "my", "pub", "#", "[", "]", "{", "}", "\"", "'", "r#", "1.", "0x", "é", "\n", "//", "/*",
    "*/", "/", "true", "\\", "^", "|", "&", ".", "..", "\u{0}", "\u{202e}", "if", "self", "9e999", "𝛽",
];

/// SplitMix64: the same texts everywhere.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

/// Names of the catalogue with those of their options and words.
fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = WORDS.to_vec();
    for row in CATALOGUE {
        names.push(row.name);
        for arg in row.args {
            names.push(arg.name);
            if let Takes::Word(words) = arg.takes {
                names.extend(words.iter().map(|word| word.name));
            }
        }
    }
    names
}

/// Legal lines, to slip in.
const LINES: &[&str] = &[
    "dpo_prm(beta) + rl(adv = traj + lambda * step)",
    "<g = 0.9> rl(adv = norm(r, within = state, count = mean(traj)) + to_go(r, g)) where r = reward - 0.1 * invalid",
    "X<c = 0.5> = rl(adv = whiten(gae(reward, 1, 0.9, value = value(low)))) + critic(c, heads = (low, high))",
    "rl(adv = pool(outcome, stat = rank, within = batch) * traj, weight = clip(exp(log_ratio(old, sampler)), 0, 2))",
    "\"GRPO, \\\"no std\\\"\"<e = 1e-4> = rl(adv = traj(scale = none, eps = e) - 0.5 * length(per = step))",
    "0 * kl(1, ref = snapshot(every = 3)) + my::Term(anneal(1, over = 3), traj) - (bc(1) - entropy(--2))",
];

/// Puts texts through the front end: those of these numbers, each of which makes its own. What is refused says where, inside of
/// the text; what is taken can be explained, and is read again from its own source. Gives how many were taken.
///
/// # Panics
/// If one is neither; the message names its number.
#[must_use]
pub fn texts(numbers: std::ops::Range<u64>) -> u64 {
    let names = names();
    let mut taken = 0;
    for number in numbers {
        let text = text(&mut Draw(number.wrapping_mul(0x2545_F491_4F6C_DD1D)), &names);
        let told = std::panic::catch_unwind(|| read(&text));
        match told {
            Ok(true) => taken += 1,
            Ok(false) => {}
            Err(_) => panic!("text {number} made the front end panic: {text:?}"),
        }
    }
    taken
}

fn text(draw: &mut Draw, names: &[&str]) -> String {
    let word = |draw: &mut Draw| names[draw.below(names.len())];
    if draw.below(3) > 0 {
        let mut text = String::new();
        for _ in 0..draw.below(24) {
            text += word(draw);
            text += ["", " "][draw.below(2)];
        }
        return text;
    }
    // A legal line with slips: a character left out, doubled, or a word in its place.
    let mut chars: Vec<String> = LINES[draw.below(LINES.len())].chars().map(String::from).collect();
    for _ in 0..draw.below(4) {
        let at = draw.below(chars.len());
        match draw.below(3) {
            0 => chars[at].clear(),
            1 => chars[at] = chars[at].repeat(2),
            _ => chars[at] = word(draw).to_owned(),
        }
    }
    chars.concat()
}

fn read(text: &str) -> bool {
    match Line::parse(text) {
        Ok(line) => {
            let _ = (line.explain(), line.validate(), line.demand(), line.terms());
            let again = Line::parse(line.source());
            assert!(again.is_ok_and(|again| again.source() == line.source()), "{}", line.source());
            true
        }
        Err(report) => {
            let lines: Vec<&str> = text.split('\n').collect();
            assert!(!report.mistakes.is_empty());
            for mistake in &report.mistakes {
                let line = lines.get(mistake.start.line - 1).expect("a line of the text");
                assert!(mistake.start.column <= line.chars().count() + 1, "{report}");
                assert!(!mistake.message.is_empty() && !report.to_string().is_empty());
            }
            false
        }
    }
}
