//! An episode by somebody at a keyboard, line by line.

use crate::cli::Error;
use crate::env::StateText;
use crate::env::textcraft::TextCraft;
use std::io::{BufRead, Write};

/// Shows states and does what lines say until the episode ends, or nobody says anything more.
pub(super) fn play(mut env: TextCraft, lines: &mut dyn BufRead, out: &mut dyn Write) -> Result<(), Error> {
    writeln!(out, "Say the number of an action, or write one, such as `get 3 ..`. `q` leaves.\n")?;
    loop {
        let actions = super::actions(&env);
        writeln!(out, "{}\n", env.state_text())?;
        for (number, action) in actions.iter().enumerate() {
            writeln!(out, "{number:>3}  {action}")?;
        }
        write!(out, "step {} of {}> ", env.steps(), env.max_steps())?;
        out.flush()?;
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 || line.trim() == "q" {
            return Ok(writeln!(out)?);
        }
        let line = line.trim();
        let action = line.parse::<usize>().ok().and_then(|number| actions.get(number));
        let moved = env.act(action.map_or(line, String::as_str));
        writeln!(out)?;
        if !moved.valid {
            writeln!(out, "`{line}` means nothing here.\n")?;
        }
        if moved.done() {
            return Ok(writeln!(out, "{}", if moved.success { "Done." } else { "Out of steps." })?);
        }
    }
}
