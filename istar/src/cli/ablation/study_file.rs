//! A study as a file: `istar ablate --study study.toml`, or built in Rust.

use super::arguments::Arguments;
use super::study_text::StudyText;
use super::study_values::{Values, dotted, dotted_each, one_or_many};
use super::swept::said;
use crate::cli::Error;
use crate::cli::word;
use crate::rollout::Outcome;
use crate::table::Budget;
use clap::Parser;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is run: worlds × rows × sweeps × seeds. What is left out is as it would be without it on the command line; names are
/// those of the command line too.
///
/// ```
/// use istar::cli::ablation::StudyFile;
/// use istar::table::Budget;
///
/// let built = StudyFile::new(["sokoban2"])
///     .rows(["grpo", "istar-stable"])
///     .lines(["half = rl(adv = traj + 0.5 * anchor(0.95))"])
///     .seeds(5)
///     .set("beta", [0.05, 0.1])
///     .setting("policy.lr", [1e-3, 3e-4])
///     .budget(Budget::EnvSteps(1_000_000));
/// let read = StudyFile::parse(
///     r#"
///     env = "sokoban2"
///     rows = ["grpo", "istar-stable"]
///     lines = ["half = rl(adv = traj + 0.5 * anchor(0.95))"]
///     seeds = 5
///     set.beta = [0.05, 0.1]
///     settings.policy.lr = [1e-3, 3e-4]
///     budget.env_steps = 1_000_000
///     "#,
/// )?;
/// assert_eq!(read, built);
/// assert_eq!(StudyFile::parse(&built.to_toml())?, built);
///
/// let wrong = StudyFile::parse("seeds = 5\nrow = [\"grpo\"]").unwrap_err();
/// assert!(wrong.starts_with("line 2, column 1: unknown field `row`"), "{wrong}");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StudyFile {
    /// Worlds by name, a study each; one may stand without brackets, and `all` is all of them.
    #[serde(deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<String>,
    /// How much is trained and tested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
    /// Rows by name; without one, those of the world's table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<String>,
    /// Rows of the reader's own: lines of the language with their names; with some, only the rows that are named run beside them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// Seeds of each row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seeds: Option<u64>,
    /// Training iterations; with a budget, at the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iterations: Option<u64>,
    /// What the outcome of an episode is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Steps of behaviour cloning that every row starts from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_start: Option<usize>,
    /// Whether training tasks are varied at random.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vary: Option<bool>,
    /// Numbers of the lines, in every row that has them; several values make a row each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, Values>,
    /// Settings of every row; several values make a row each, so that all rows have the same number of trials.
    #[serde(deserialize_with = "dotted", skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, Values>,
    /// Settings of single rows, by row.
    #[serde(deserialize_with = "dotted_each", skip_serializing_if = "BTreeMap::is_empty")]
    pub own: BTreeMap<String, BTreeMap<String, Values>>,
    /// Batches that are sampled once, on which PRMs are taught and nothing acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frozen: Option<u64>,
    /// Whether the policy learns from the outcomes of one, by RLOO, before the next is sampled.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub learning: bool,
    /// What every row may spend on training.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
}

impl StudyFile {
    /// A study in these worlds.
    #[must_use]
    pub fn new<S: Into<String>>(env: impl IntoIterator<Item = S>) -> Self {
        StudyFile { env: env.into_iter().map(Into::into).collect(), ..StudyFile::default() }
    }

    /// These rows alone.
    #[must_use]
    pub fn rows<S: Into<String>>(mut self, rows: impl IntoIterator<Item = S>) -> Self {
        self.rows = rows.into_iter().map(Into::into).collect();
        self
    }

    /// These lines as rows beside them.
    #[must_use]
    pub fn lines<S: Into<String>>(mut self, lines: impl IntoIterator<Item = S>) -> Self {
        self.lines = lines.into_iter().map(Into::into).collect();
        self
    }

    /// So many seeds of each row.
    #[must_use]
    pub fn seeds(self, seeds: u64) -> Self {
        StudyFile { seeds: Some(seeds), ..self }
    }

    /// A number of the lines, with each of these values in turn.
    #[must_use]
    pub fn set<const N: usize>(mut self, name: &str, values: [f64; N]) -> Self {
        self.set.insert(name.to_owned(), values.into());
        self
    }

    /// A setting of every row, with each of these values in turn.
    #[must_use]
    pub fn setting<const N: usize>(mut self, name: &str, values: [f64; N]) -> Self {
        self.settings.insert(name.to_owned(), values.into());
        self
    }

    /// So many frozen batches, on which PRMs are taught.
    #[must_use]
    pub fn frozen(self, batches: u64) -> Self {
        StudyFile { frozen: Some(batches), ..self }
    }

    /// What every row may spend on training.
    #[must_use]
    pub fn budget(self, budget: Budget) -> Self {
        StudyFile { budget: Some(budget), ..self }
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// What is wrong, with line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| StudyText::new(text).wrong(error.span(), error.message()))
    }

    /// The text of a file that says the same.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("names, numbers and lists of them")
    }

    /// The arguments that say the same, a list for each world.
    fn arguments(&self) -> Vec<Vec<String>> {
        let given = |option: &str, value: Option<String>| value.map(|value| [format!("--{option}"), value]);
        let pairs = |option: &'static str, pairs: &BTreeMap<String, Values>, before: &str| {
            let pair = |(name, values): (&String, &Values)| format!("{before}{name}={}", values.show());
            pairs.iter().map(pair).map(|pair| [format!("--{option}"), pair]).collect::<Vec<_>>()
        };
        let budget = self.budget.map(said);
        let outcome = self.outcome.as_ref().and_then(word);
        let single = [
            given("preset", self.preset.clone()),
            given("recipes", (!self.rows.is_empty()).then(|| self.rows.join(","))),
            given("seeds", self.seeds.map(|seeds| seeds.to_string())),
            given("iterations", self.iterations.map(|iterations| iterations.to_string())),
            given("outcome", outcome),
            given("warm-start", self.warm_start.map(|steps| steps.to_string())),
            given("budget", budget),
            given("frozen", self.frozen.map(|batches| batches.to_string())),
        ];
        let own = self.own.iter().flat_map(|(row, settings)| pairs("own", settings, &format!("{row}:")));
        let lines = self.lines.iter().map(|line| ["--line".to_owned(), line.clone()]);
        let all = single.into_iter().flatten().chain(lines).chain(pairs("set", &self.set, ""));
        let all = all.chain(pairs("setting", &self.settings, "")).chain(own).flatten();
        let fixed = (self.vary == Some(false)).then_some("--no-symmetry");
        let learning = self.learning.then_some("--learning");
        let all: Vec<String> = all.chain(fixed.into_iter().chain(learning).map(str::to_owned)).collect();
        let worlds: Vec<Option<String>> = match &self.env[..] {
            [] => vec![None],
            several => several.iter().cloned().map(Some).collect(),
        };
        let of = |world| given("env", world).into_iter().flatten().chain(all.iter().cloned()).collect();
        worlds.into_iter().map(of).collect()
    }
}

impl Arguments {
    /// What is asked for, a world at a time: of a study file its own, with where and how from here.
    pub(super) fn each(self) -> Result<Vec<Self>, Error> {
        let Some(path) = self.study.clone() else { return Ok(self.in_worlds()) };
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("--study: cannot read {}: {error}", path.display()))?;
        let in_file = |wrong: String| format!("{}: {wrong}", path.display());
        let file = StudyFile::parse(&text).map_err(in_file)?;
        let text = StudyText::new(&text);
        let parse = |words: Vec<String>| -> Result<Self, Error> {
            let words = ["ablate".to_owned()].into_iter().chain(words);
            let wrong = |wrong: clap::Error| text.place(&crate::cli::one_line(&wrong.to_string()));
            Ok(Self::try_parse_from(words).map_err(|error| in_file(wrong(error)))?)
        };
        let asked = file.arguments().into_iter().map(parse).collect::<Result<Vec<Self>, _>>()?;
        let asked: Vec<Self> = asked.into_iter().flat_map(Self::in_worlds).collect();
        let several = asked.len() > 1;
        Ok(asked.into_iter().map(|one| one.placed(&self, text.named(&path), several)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, arguments: &[&str]) -> Result<Vec<Arguments>, String> {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("study.toml");
        std::fs::write(&path, text).expect("written");
        let words = ["ablate", "--study", path.to_str().expect("letters")];
        let arguments = Arguments::try_parse_from(words.iter().chain(arguments)).expect("good");
        let each = arguments.each().map_err(|error| error.to_string());
        each.map_err(|error| error.replace(&format!("{}/", dir.path().display()), ""))
    }

    #[test]
    fn worlds_are_studies_in_folders_of_their_own() {
        let text =
            "env = [\"sokoban\", \"sokoban2\"]\nset.beta = 0.1\nown.grpo.policy.lr = 1e-4\nvary = false\n";
        let both = read(text, &["--out", "here", "--threads", "2"]).expect("good");
        let shown: Vec<String> = both.iter().map(|one| format!("{one:?}")).collect();
        for (one, world) in shown.iter().zip(["sokoban", "sokoban2"]) {
            for part in [
                format!("env: \"{world}\""),
                format!("out: Some(\"here/{world}\")"),
                "set: [\"beta=0.1\"]".to_owned(),
                "own: [\"grpo:policy.lr=0.0001\"]".to_owned(),
                "no_symmetry: true".to_owned(),
                "threads: Some(2)".to_owned(),
            ] {
                assert!(one.contains(&part), "{one} lacks {part}");
            }
        }
        assert_eq!(shown.len(), 2);
        let all = read("env = \"all\"\nseeds = 1\n", &[]).expect("good");
        assert!(all.len() > 9 && format!("{:?}", all[1]).contains("out: Some(\"runs/study/sokoban2\")"));
    }

    #[test]
    fn what_is_wrong_is_named_with_line_and_column() {
        for (text, expected) in [
            (
                "seeds = 3\nset.beta = \"big\"",
                "study.toml: line 2, column 12: a number or a list of numbers is wanted",
            ),
            ("seeds = 3\nseeds = 4", "study.toml: line 2, column 1: duplicate key"),
            ("[budget]\nsteps = 3", "study.toml: line 2, column 1: unknown variant `steps`"),
            ("preset = \"smok\"", "study.toml: line 1, column 1: invalid value 'smok'"),
            ("rows = []\nenv = \"sokoban3\"", "study.toml: line 2, column 1: invalid value 'sokoban3'"),
            ("seeds = 0", "study.toml: line 1, column 1: invalid value '0'"),
            ("seeds = 1\nfrozen = 0", "study.toml: line 2, column 1: invalid value '0'"),
            ("seeds = \"three\"", "study.toml: line 1, column 9: invalid type"),
            ("a = ", "study.toml: line 1, column 5: "),
        ] {
            let error = read(text, &[]).expect_err(text);
            assert!(error.starts_with(expected) && !error.contains('\n'), "{error}\nis not {expected}");
        }
    }
}
