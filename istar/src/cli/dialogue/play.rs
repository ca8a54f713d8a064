//! A dialogue with somebody at a keyboard, line by line.

use crate::cli::Error;
use crate::cli::episode::{Said, ask};
use crate::env::dialogue::Dialogue;
use std::io::{BufRead, Write};

/// Shows what the party knows and says what lines say until the dialogue ends, or nobody says anything more.
pub(super) fn play(mut env: Dialogue, lines: &mut dyn BufRead, out: &mut dyn Write) -> Result<(), Error> {
    writeln!(out, "Say the number of an action, or write one, such as `offer ..`. `q` leaves.\n")?;
    loop {
        let actions = env.seat().actions();
        writeln!(out, "{}\n", env.seat().text())?;
        let here = (env.steps() as u32, (Dialogue::UTTERANCES / 2) as u32);
        let Some(Said { line, action }) = ask(&actions, here, lines, out)? else { return Ok(()) };
        let moved = env.act(action.as_deref().unwrap_or(&line))?;
        writeln!(out)?;
        if !moved.valid {
            writeln!(out, "`{line}` cannot be said here; it passes for small talk.\n")?;
        }
        if moved.done() {
            let talk = env.talk();
            talk.transcript().iter().try_for_each(|line| writeln!(out, "{line}"))?;
            let end = match talk.settled() {
                Some(settlement) => {
                    format!("Settled: {}.", talk.scenario.settlement(env.side(), settlement))
                }
                None if talk.is_left() => "No settlement: somebody went.".into(),
                None => "No settlement: all is said.".into(),
            };
            writeln!(out, "\n{end}")?;
            return Ok(writeln!(out, "{}", serde_json::to_string(&super::verdict(&env)?)?)?);
        }
    }
}
