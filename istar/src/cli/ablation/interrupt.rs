//! Ctrl-C and its kin while a study runs: the last words, and the exit code that a shell expects.

use std::path::Path;

/// While it lives, an interrupted process says where the study is kept and how to go on.
pub(super) struct Interrupt(());

#[cfg(unix)]
mod unix {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use std::io::{Write, stderr};
    use std::path::PathBuf;
    use std::sync::{Mutex, Once, PoisonError};

    /// The study that is running.
    static STUDY: Mutex<Option<PathBuf>> = Mutex::new(None);

    pub(super) fn set(study: Option<PathBuf>) {
        *STUDY.lock().unwrap_or_else(PoisonError::into_inner) = study;
    }

    /// Listens for the rest of the process. A study may be killed at any moment, so nothing has to be put in order.
    pub(super) fn listen() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            // Where the system lets nobody listen, a signal ends the process without a word.
            let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
            std::thread::spawn(move || {
                if let Some(signal) = signals.forever().next() {
                    if let Some(study) = &*STUDY.lock().unwrap_or_else(PoisonError::into_inner) {
                        let _ = writeln!(
                            stderr(),
                            "interrupted: {} keeps the finished cells, and the others up to their last checkpoint; the same \
                             command goes on from there",
                            study.display()
                        );
                    }
                    std::process::exit(128 + signal);
                }
            });
        });
    }
}

impl Interrupt {
    /// Listens for SIGINT and SIGTERM, where there are signals.
    pub(super) fn during(study: &Path) -> Self {
        #[cfg(unix)]
        {
            unix::set(Some(study.to_owned()));
            unix::listen();
        }
        #[cfg(not(unix))]
        let _ = study;
        Interrupt(())
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        #[cfg(unix)]
        unix::set(None);
    }
}
