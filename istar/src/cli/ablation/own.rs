//! Settings of one row alone: `--own istar-stable:prm_steps=4`.

use crate::cli::settings::{Known, find_row};
use crate::suggest::did_you_mean;
use crate::table::Schedule;

/// One setting of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// The row's name.
    pub row: String,
    /// Which setting.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
}

/// A setting that can be named.
pub(super) struct Setting {
    pub name: &'static str,
    /// How many things there must be; else it is a finite number above 0.
    least: Option<f64>,
    set: fn(&mut Schedule, f64),
}

/// What a row may have for itself; named as in the manifest.
const SETTINGS: [Setting; 10] = [
    Setting { name: "epochs", least: Some(1.0), set: |s, value| s.settings.epochs = value as usize },
    Setting { name: "minibatch", least: Some(1.0), set: |s, value| s.settings.minibatch = value as usize },
    Setting { name: "prm_steps", least: Some(1.0), set: |s, value| s.settings.prm_steps = value as usize },
    Setting { name: "replay", least: Some(0.0), set: |s, value| s.settings.replay = value as usize },
    Setting { name: "memory", least: Some(0.0), set: |s, value| s.settings.memory = value as usize },
    Setting { name: "policy.lr", least: None, set: |s, value| s.settings.policy.lr = value },
    Setting { name: "prm.lr", least: None, set: |s, value| s.settings.prm.lr = value },
    Setting { name: "critic.lr", least: None, set: |s, value| s.settings.critic.lr = value },
    Setting { name: "groups", least: Some(1.0), set: |s, value| s.groups = value as usize },
    Setting {
        name: "sampling.per_group",
        least: Some(1.0),
        set: |s, value| s.settings.sampling.per_group = value as usize,
    },
];

impl Setting {
    /// The setting of this name.
    pub(super) fn find(name: &str) -> Result<&'static Self, String> {
        let name = name.trim();
        SETTINGS.iter().find(|setting| setting.name == name).ok_or_else(|| {
            let names = || SETTINGS.iter().map(|setting| setting.name);
            let (hint, known) = (did_you_mean(name, names()), names().collect::<Vec<_>>().join(", "));
            format!("\"{name}\" is no setting that can be named{hint}; known: {known}")
        })
    }

    /// The schedule with the setting of this name changed.
    pub(super) fn set(name: &str, mut schedule: Schedule, value: f64) -> Schedule {
        for setting in SETTINGS.iter().filter(|setting| setting.name == name) {
            (setting.set)(&mut schedule, value);
        }
        schedule
    }
}

/// A value that this setting can have.
pub(super) fn value_of(setting: &Setting, text: &str) -> Result<f64, String> {
    let good = |number: &f64| match setting.least {
        Some(least) => *number >= least && number.fract() == 0.0 && *number <= f64::from(u32::MAX),
        None => *number > 0.0 && number.is_finite(),
    };
    let range = match setting.least {
        Some(least) => format!("a whole number from {least}"),
        None => "a finite number above 0".to_owned(),
    };
    let value = text.trim().parse().ok().filter(good);
    value.ok_or_else(|| format!("{} is {range}", setting.name))
}

impl Own {
    /// Reads `ROW:NAME=VALUE`.
    pub(super) fn parse(given: &str, table: &[&Known]) -> Result<Self, String> {
        let wrong = |reason: String| format!("--own {given}: {reason}");
        let parts = given.split_once('=').and_then(|(at, value)| Some((at.rsplit_once(':')?, value)));
        let Some(((row, name), value)) = parts else {
            return Err(wrong("write a row, a setting and a number, such as grpo:epochs=2".into()));
        };
        let row = table[find_row(row, table).map_err(wrong)?].name.to_owned();
        let setting = Setting::find(name).map_err(wrong)?;
        Ok(Own { row, name: setting.name, value: value_of(setting, value).map_err(wrong)? })
    }

    /// The schedule with this setting changed.
    #[must_use]
    pub fn apply(&self, schedule: Schedule) -> Schedule {
        Setting::set(self.name, schedule, self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trainer::Settings;

    const TABLE: [&Known; 2] =
        [&Known { name: "GRPO", parameters: &[] }, &Known { name: "iStar: λ ½", parameters: &[] }];

    #[test]
    fn a_setting_is_set_and_nothing_else() {
        let own = Own::parse("istar-lambda-half : prm.lr = 2e-4", &TABLE).expect("good");
        assert_eq!(own, Own { row: "iStar: λ ½".into(), name: "prm.lr", value: 2e-4 });
        let before = Schedule::default();
        let mut expected = before;
        expected.settings.prm.lr = 2e-4;
        assert_eq!(own.apply(before), expected);
        let named = Own::parse("iStar: λ ½:epochs=3", &TABLE).expect("the last colon divides");
        let settings = Settings { epochs: 3, ..before.settings };
        assert_eq!(named.apply(before), Schedule { settings, ..before });
    }

    #[test]
    fn what_is_wrong_is_said_with_what_is_right() {
        for (given, part) in [
            ("epochs=2", "such as grpo:epochs=2"),
            ("grpo:epochs", "such as grpo:epochs=2"),
            ("grop:epochs=2", "did you mean \"GRPO\"?"),
            ("grpo:epoch=2", "did you mean \"epochs\"?"),
            (
                "grpo:gamma=2",
                "known: epochs, minibatch, prm_steps, replay, memory, policy.lr, prm.lr, critic.lr, groups, sampling.per_group",
            ),
            ("grpo:epochs=0", "epochs is a whole number from 1"),
            ("grpo:epochs=1.5", "epochs is a whole number from 1"),
            ("grpo:policy.lr=inf", "policy.lr is a finite number above 0"),
            ("grpo:policy.lr=fast", "policy.lr is a finite number above 0"),
        ] {
            let error = Own::parse(given, &TABLE).expect_err(given);
            assert!(error.starts_with(&format!("--own {given}: ")) && error.contains(part), "{error}");
        }
    }
}
