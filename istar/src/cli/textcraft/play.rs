//! An episode by somebody at a keyboard, line by line.

use crate::cli::Error;
use crate::cli::episode::{Said, ask};
use crate::env::StateText;
use crate::env::textcraft::TextCraft;
use std::io::{BufRead, Write};

/// Shows states and does what lines say until the episode ends, or nobody says anything more.
pub(super) fn play(mut env: TextCraft, lines: &mut dyn BufRead, out: &mut dyn Write) -> Result<(), Error> {
    writeln!(out, "Say the number of an action, or write one, such as `get 3 ..`. `q` leaves.\n")?;
    loop {
        let actions = super::actions(&env);
        writeln!(out, "{}\n", env.state_text())?;
        let here = (env.steps(), env.max_steps());
        let Some(Said { line, action }) = ask(&actions, here, lines, out)? else { return Ok(()) };
        let moved = env.act(action.as_deref().unwrap_or(&line));
        writeln!(out)?;
        if !moved.valid {
            writeln!(out, "`{line}` means nothing here.\n")?;
        }
        if moved.done() {
            return Ok(writeln!(out, "{}", if moved.success { "Done." } else { "Out of steps." })?);
        }
    }
}
