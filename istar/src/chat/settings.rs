//! How a server is asked: how long, how often, how many at once.

use super::ChatError;
use std::str::FromStr;
use std::time::Duration;

/// How a server is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How long one try may take, from the name's look-up to the last byte. 60 s.
    pub timeout: Duration,
    /// How often a request is tried again that failed for a moment. 4.
    pub retries: u32,
    /// How many requests are under way at once, of all clones of a server together. 8.
    pub at_once: usize,
    /// The first wait before another try; each further one is twice as long. 0.5 s.
    pub first_wait: Duration,
    /// The longest wait before another try, whatever a server asks for. 30 s.
    pub longest_wait: Duration,
    /// How many bytes an answer has at most, its JSON included. 1 MiB.
    pub longest: u64,
    /// Where the waits' jitter is drawn from. It decides nothing but time.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            timeout: Duration::from_secs(60),
            retries: 4,
            at_once: 8,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(30),
            longest: 1 << 20,
            seed: 0,
        }
    }
}

/// The value of a variable as a number of its range; the default where it is not set.
fn number<N: FromStr + PartialOrd>(
    name: &'static str,
    set: Option<String>,
    default: N,
    least: N,
    most: N,
    what: &str,
) -> Result<N, ChatError> {
    let Some(text) = set else { return Ok(default) };
    let number = text.trim().parse().ok().filter(|number| (&least..=&most).contains(&number));
    number.ok_or_else(|| ChatError::Setting { name, problem: format!("is `{text}`, and must be {what}") })
}

impl Settings {
    /// Settings by what the variables of these names hold, see [`Server::from_env`](super::Server::from_env).
    pub(super) fn from_variables(variable: &impl Fn(&str) -> Option<String>) -> Result<Self, ChatError> {
        let default = Settings::default();
        let (timeout, retries, at_once) = ("ISTAR_CHAT_TIMEOUT", "ISTAR_CHAT_RETRIES", "ISTAR_CHAT_AT_ONCE");
        let seconds = default.timeout.as_secs_f64();
        let what = "seconds, 0.001 to 86400";
        let seconds = number(timeout, variable(timeout), seconds, 0.001, 86_400.0, what)?;
        let what = "a number of further tries, 0 to 100";
        let retries = number(retries, variable(retries), default.retries, 0, 100, what)?;
        let what = "a number of requests, 1 to 1024";
        let at_once = number(at_once, variable(at_once), default.at_once, 1, 1024, what)?;
        Ok(Settings { timeout: Duration::from_secs_f64(seconds), retries, at_once, ..default })
    }
}
