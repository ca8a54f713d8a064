//! Settings of all rows: `--setting epochs=1,2`; and what training may spend: `--budget env_steps=1000000`.

use super::own::{Setting, value_of};
use crate::cli::settings::distinct;
use crate::table::{Budget, Schedule};

/// A setting of every row, with its values: one, or a row for each.
#[derive(Clone, Debug, PartialEq)]
pub struct Swept {
    /// Which setting.
    pub name: &'static str,
    /// Its values, each once.
    pub values: Vec<f64>,
}

impl Swept {
    /// Reads `NAME=VALUE` or `NAME=VALUE,VALUE`.
    pub(super) fn parse(given: &str) -> Result<Self, String> {
        let wrong = |reason: String| format!("--setting {given}: {reason}");
        let Some((name, values)) = given.split_once('=') else {
            return Err(wrong("write a setting and a number, such as epochs=2".into()));
        };
        let setting = Setting::find(name).map_err(wrong)?;
        let values = values.split(',').map(|value| value_of(setting, value));
        let values = values.collect::<Result<Vec<_>, _>>().map_err(wrong)?;
        distinct(&values).map_err(wrong)?;
        Ok(Swept { name: setting.name, values })
    }

    /// The schedule with this setting at a value.
    #[must_use]
    pub fn apply(&self, schedule: Schedule, value: f64) -> Schedule {
        Setting::set(self.name, schedule, value)
    }
}

/// Reads `env_steps=N`, `updates=N` or `seconds=X`.
pub(super) fn budget(given: &str) -> Result<Budget, String> {
    let wrong = || {
        "write env_steps=N, updates=N or seconds=X, such as env_steps=1000000, with a number above 0"
            .to_owned()
    };
    let (name, value) = given.split_once('=').ok_or_else(wrong)?;
    let value = value.trim().replace('_', "");
    let whole = value.parse().ok().filter(|number: &u64| *number > 0).ok_or_else(wrong);
    match name.trim() {
        "env_steps" => whole.map(Budget::EnvSteps),
        "updates" => whole.map(Budget::Updates),
        "seconds" => {
            let seconds = value.parse().ok().filter(|number: &f64| *number > 0.0 && number.is_finite());
            seconds.map(Budget::Seconds).ok_or_else(wrong)
        }
        _ => Err(wrong()),
    }
}

/// What [`budget`] reads as this.
pub(super) fn said(budget: Budget) -> String {
    match budget {
        Budget::EnvSteps(steps) => format!("env_steps={steps}"),
        Budget::Updates(updates) => format!("updates={updates}"),
        Budget::Seconds(seconds) => format!("seconds={seconds}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_budgets_are_read() {
        let swept = Swept::parse("policy.lr = 1e-3, 3e-4").expect("good");
        assert_eq!(swept, Swept { name: "policy.lr", values: vec![1e-3, 3e-4] });
        assert_eq!(swept.apply(Schedule::default(), 0.5).settings.policy.lr, 0.5);
        let groups = Swept::parse("groups=64").expect("good");
        assert_eq!(groups.apply(Schedule::default(), 64.0), Schedule { groups: 64, ..Schedule::default() });
        assert_eq!(budget("env_steps=1_000_000"), Ok(Budget::EnvSteps(1_000_000)));
        assert_eq!(
            (budget("updates=3"), budget("seconds=0.5")),
            (Ok(Budget::Updates(3)), Ok(Budget::Seconds(0.5)))
        );
        for given in ["env_steps", "steps=3", "updates=0", "updates=1.5", "seconds=inf", "seconds=-1"] {
            assert!(budget(given).expect_err(given).contains("such as env_steps=1000000"), "{given}");
        }
        for (given, part) in [
            ("epochs", "such as epochs=2"),
            ("epoch=2", "did you mean \"epochs\"?"),
            ("epochs=1,1", "1 is there twice"),
            ("epochs=1.5", "epochs is a whole number from 1"),
        ] {
            let error = Swept::parse(given).expect_err(given);
            assert!(error.starts_with(&format!("--setting {given}: ")) && error.contains(part), "{error}");
        }
    }
}
