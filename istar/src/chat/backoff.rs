//! How long to wait before the next try.

use super::Settings;
use crate::seed::stream;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::time::Duration;

/// The waits of one request: each twice as long as the one before, of which between half and the whole is waited, so that those
/// who failed together do not come again together.
pub(super) struct Backoff {
    jitter: ChaCha8Rng,
    next: Duration,
    longest: Duration,
}

impl Backoff {
    /// The waits of the request of this number.
    pub(super) fn new(settings: &Settings, request: u64) -> Self {
        let jitter = stream(settings.seed, "chat", request);
        Backoff { jitter, next: settings.first_wait, longest: settings.longest_wait }
    }

    /// The next wait; not less than the server asks for, and not more than the bound.
    pub(super) fn wait(&mut self, asked: Option<Duration>) -> Duration {
        let share = self.jitter.random_range(0.5..=1.0);
        let wait = self.next.min(self.longest).mul_f64(share);
        self.next = self.next.saturating_mul(2);
        wait.max(asked.unwrap_or_default()).min(self.longest)
    }
}

/// What `Retry-After` asks for, in seconds. A date is not read: clocks differ, and the waits grow anyway.
pub(super) fn retry_after(header: Option<&str>) -> Option<Duration> {
    let seconds: f64 = header?.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_are_bounded() {
        let ms = Duration::from_millis;
        let settings = Settings { first_wait: ms(100), longest_wait: ms(1000), ..Settings::default() };
        let waits = |request| {
            let mut backoff = Backoff::new(&settings, request);
            (0..6).map(|_| backoff.wait(None)).collect::<Vec<_>>()
        };
        for (n, wait) in waits(7).into_iter().enumerate() {
            let whole = ms(100 << n).min(ms(1000));
            assert!((whole / 2..=whole).contains(&wait), "wait {n} is {wait:?}");
        }
        assert_eq!(waits(7), waits(7));
        assert_ne!(waits(7), waits(8));
        let mut backoff = Backoff::new(&settings, 0);
        assert_eq!(backoff.wait(Some(ms(700))), ms(700));
        assert_eq!(backoff.wait(Some(Duration::from_secs(3600))), ms(1000));
    }

    #[test]
    fn what_a_server_asks_for_is_read() {
        assert_eq!(retry_after(Some(" 2 ")), Some(Duration::from_secs(2)));
        for none in [None, Some("Wed, 21 Oct 2026 07:28:00 GMT"), Some("-1"), Some("NaN"), Some("1e99")] {
            assert_eq!(retry_after(none), None, "{none:?}");
        }
    }
}
