//! A visit by somebody at a keyboard, line by line.

use crate::cli::Error;
use crate::cli::episode::{Said, ask};
use crate::env::webshop::{Page, WebShop};
use std::io::{BufRead, Write};

/// Shows pages and does what lines say until the visit ends, or nobody says anything more.
pub(super) fn play(mut env: WebShop, lines: &mut dyn BufRead, out: &mut dyn Write) -> Result<(), Error> {
    writeln!(out, "Say the number of an action, or write one; words alone are searched for. `q` leaves.\n")?;
    loop {
        let actions = env.shop().actions();
        writeln!(out, "{}\n", env.shop().text().replace(" [SEP] ", "\n"))?;
        let here = (env.steps(), env.max_steps());
        let Some(Said { line, action }) = ask(&actions, here, lines, out)? else { return Ok(()) };
        let action = match action {
            Some(action) => action,
            None if env.shop().page() == Page::Search && !line.contains('[') => format!("search[{line}]"),
            None => line.clone(),
        };
        let moved = env.act(&action);
        writeln!(out)?;
        if !moved.valid {
            writeln!(out, "`{line}` means nothing here.\n")?;
        }
        if moved.done() {
            writeln!(out, "{}", if moved.ended { "Bought." } else { "Out of steps." })?;
            let parts = env.shop().score().filter(|_| moved.ended).map(|score| serde_json::to_string(&score));
            writeln!(out, "score {:.3}, reward {:.1}", moved.score.unwrap_or_default(), moved.reward)?;
            return match parts {
                Some(parts) => Ok(writeln!(out, "{}", parts?)?),
                None => Ok(()),
            };
        }
    }
}
