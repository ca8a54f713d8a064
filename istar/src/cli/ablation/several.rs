//! Several worlds, one after the other: what becomes of one does not stop the others.

use super::Arguments;
use crate::cli::{Error, is_broken_pipe};
use crate::worlds::{LIST, Listed};
use std::path::PathBuf;

/// What `--env` calls all worlds.
pub(in crate::cli) const ALL: &str = "all";

impl Arguments {
    /// The same in every world that is asked for: in the one that is named; or in all that can be made, each in a folder of its
    /// own.
    pub(super) fn in_worlds(self) -> Vec<Self> {
        if self.env != ALL {
            return vec![self];
        }
        let out = self.out.clone().unwrap_or_else(|| {
            let prm = if self.off_line().is_some() { "prm-" } else { "" };
            PathBuf::from("runs").join(format!("{prm}{ALL}-{}", self.preset.name()))
        });
        let made = LIST.iter().filter(|world| world.can_be_made());
        let one = |world: &Listed| Arguments {
            env: world.name.to_owned(),
            out: Some(out.join(world.name)),
            ..self.clone()
        };
        made.map(one).collect()
    }
}

/// A remark on the worlds that are left out of all.
pub(super) fn left_out() -> Option<String> {
    let missing = LIST.iter().filter(|world| !world.can_be_made());
    let missing = missing.filter_map(|world| Some(format!("{} ({})", world.name, world.from?)));
    let missing: Vec<String> = missing.collect();
    (!missing.is_empty())
        .then(|| format!("remark: left out, for what they are made from is not set: {}", missing.join(", ")))
}

/// Runs what is asked for in each world. Of several, one that fails does not keep the others from being run.
pub(super) fn one_by_one(
    each: Vec<Arguments>,
    mut run: impl FnMut(Arguments) -> Result<(), Error>,
) -> Result<(), Error> {
    let worlds = each.len();
    let mut failed = Vec::new();
    for one in each {
        let env = one.env.clone();
        match run(one) {
            Err(error) if worlds > 1 && !is_broken_pipe(&error) => {
                eprintln!("remark: {env} failed, and the others go on: {error}");
                failed.push(env);
            }
            done => done?,
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    let names = failed.join(", ");
    Err(format!(
        "{} of {worlds} worlds failed: {names}; the others are finished, and the same command goes on with these",
        failed.len()
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn asked(words: &str) -> Vec<Arguments> {
        let words = ["ablate"].into_iter().chain(words.split_whitespace());
        Arguments::try_parse_from(words).expect("good").in_worlds()
    }

    #[test]
    fn all_worlds_are_studies_in_folders_of_their_own() {
        let all = asked("--env all --preset smoke --seeds 4");
        let made: Vec<&Listed> = LIST.iter().filter(|world| world.can_be_made()).collect();
        assert_eq!(all.len(), made.len());
        for (one, world) in all.iter().zip(made) {
            let folder = PathBuf::from("runs/all-smoke").join(world.name);
            assert_eq!((&*one.env, one.out.as_ref(), one.seeds), (world.name, Some(&folder), Some(4)));
        }
        assert_eq!(asked("--env all --out x")[0].out, Some(PathBuf::from("x/sokoban")));
        assert_eq!(asked("--env all --frozen 2")[0].out, Some(PathBuf::from("runs/prm-all-default/sokoban")));
        let one = asked("--env relay");
        assert_eq!((one.len(), &*one[0].env, one[0].out.clone()), (1, "relay", None));
    }

    #[test]
    fn a_world_that_fails_does_not_stop_the_others() {
        let mut seen = Vec::new();
        let error = one_by_one(asked("--env all"), |one| {
            seen.push(one.env.clone());
            if one.env.starts_with("sokoban") { Err("no room".into()) } else { Ok(()) }
        });
        let error = error.expect_err("some failed").to_string();
        let end = "worlds failed: sokoban, sokoban2, sokoban7, sokoban120; the others are finished, and the same command goes on with these";
        assert!(error.starts_with("4 of ") && error.ends_with(end), "{error}");
        assert_eq!(seen.len(), asked("--env all").len());
        let alone = one_by_one(asked("--env sokoban"), |_| Err("no room".into()));
        assert_eq!(alone.expect_err("it failed").to_string(), "no room");
    }
}
