//! What the job is asked for, as it is written.

use super::study_text::StudyText;
use super::swept::{budget, said};
use crate::cli::device::Device;
use crate::cli::outputs::Outputs;
use crate::cli::{at_least_one, word};
use crate::rollout::Outcome;
use crate::table::Budget;
use crate::worlds::{self, LIST, Preset};
use clap::Parser;
use std::ffi::{OsStr, OsString};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Trains every recipe of the table with every seed, and reports what came of it.
///
/// The same command on the same directory goes on where it was stopped, and prints a finished study again.
#[derive(Clone, Debug, Parser)]
#[command(name = "ablation", version, max_term_width = 100)]
pub struct Arguments {
    /// How much is trained and tested
    #[arg(long, value_enum, default_value = "default")]
    pub(super) preset: Preset,
    /// Directory of the study [default: runs/ followed by the preset's name]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Seeds per recipe: 0, 1, … N-1 [default: 3, smoke 2, full 5]
    #[arg(long, value_name = "N", value_parser = at_least_one::<u64>)]
    pub(super) seeds: Option<u64>,
    /// Cells run at a time; the results do not depend on it [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(super) threads: Option<NonZeroUsize>,
    /// Where the networks compute; cuda and auto want a program that was built with the feature cuda
    #[arg(long, value_enum, default_value = "cpu")]
    pub(super) device: Device,
    /// These rows alone, separated by commas: names, or names as in file names (`istar-lambda-half`). Every recipe that runs
    /// in the environment is one, see --list
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(super) recipes: Option<Vec<String>>,
    /// A row of your own: a line of the language with its name, such as "half = rl(adv = traj + 0.5 * anchor(0.95))"; may be
    /// repeated. A program with these rows and those of --recipes, and no other, is compiled for it by the Rust toolchain, and
    /// kept in a cache ($ISTAR_CACHE)
    #[arg(long, value_name = "LINE")]
    pub(super) line: Vec<String>,
    /// The source of istar that lines are compiled with [default: the one that this program was built from, or its release]
    #[arg(long, value_name = "DIR")]
    pub(super) istar: Option<PathBuf>,
    /// Sets a parameter in every row that has it. Several values, as in `beta=0.05,0.1`, make a row each. May be repeated:
    /// several such make every combination
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,
    /// Gives one row a setting of its own: epochs, minibatch, prm_steps, replay (so many past batches in phase A, off line
    /// other frozen ones), memory (the latest batches that past ones are drawn of), policy.lr, prm.lr, critic.lr, groups,
    /// sampling.per_group; may be repeated
    #[arg(long, value_name = "ROW:NAME=VALUE")]
    pub(super) own: Vec<String>,
    /// Sets a setting of every row, one of those of --own; several values, as in `epochs=1,2`, make a row each. May be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) setting: Vec<String>,
    /// What every row may spend on training: env_steps=N (continuations included), updates=N of the policy, or seconds=X.
    /// Without --iterations there is no other limit
    #[arg(long, value_name = "NAME=VALUE", value_parser = budget)]
    pub(super) budget: Option<Budget>,
    /// Samples so many batches once, under the start's policy, and teaches the PRMs of the rows on them with nothing acting: what
    /// `istar prm` does
    #[arg(long, value_name = "N", value_parser = at_least_one::<u64>, help_heading = OFF_LINE)]
    pub(super) frozen: Option<u64>,
    /// Lets the policy learn from the outcomes of a frozen batch, by RLOO, before the next is sampled: so references differ from it
    #[arg(long, help_heading = OFF_LINE)]
    pub(super) learning: bool,
    /// What is not said is as in `istar prm`
    #[arg(long, hide = true)]
    pub(super) prm: bool,
    /// A file that says what is run, in TOML; where the results go and how is said here
    #[arg(long, value_name = "FILE", conflicts_with_all = WHAT)]
    pub(super) study: Option<PathBuf>,
    /// What is trained on
    #[arg(long, value_parser = crate::cli::worlds_or_all(), default_value = worlds::LIST[0].name)]
    pub(super) env: String,
    /// What the outcome of an episode is: the sum of rewards, 1 for solved, or what the environment says [default: the
    /// environment's]
    #[arg(long, value_enum)]
    pub(super) outcome: Option<Outcome>,
    /// Training iterations [default: the preset's]
    #[arg(long, value_name = "N", value_parser = at_least_one::<u64>)]
    pub(super) iterations: Option<u64>,
    /// Learning rate of the policy, the same for every row [default: the preset's]
    #[arg(long, value_name = "X", value_parser = positive)]
    pub(super) lr: Option<f64>,
    /// Steps of behaviour cloning that every row starts from [default: the preset's]
    #[arg(long, value_name = "N")]
    pub(super) warm_start: Option<usize>,
    /// Train on the tasks as they are, not varied at random (Sokoban turns and mirrors its levels)
    #[arg(long)]
    pub(super) no_symmetry: bool,
    /// Runs this cell of the table alone, and reports nothing: a row by name or by its number from 0, a slash, a seed. Any
    /// number of processes may share a directory; each cell is run by one of them
    #[arg(long, value_name = "ROW/SEED")]
    pub(super) cell: Option<String>,
    #[command(flatten)]
    pub(super) outputs: Outputs,
    /// No bars; one line per finished cell
    #[arg(long)]
    pub(super) quiet: bool,
    /// Lists worlds and rows, and does nothing else
    #[arg(long)]
    pub(super) list: bool,
    /// Says which cells would be filled, as JSON: how a program that was compiled for lines is asked
    #[arg(long, hide = true)]
    pub(super) grid: bool,
    /// The study file that says all this, if one does
    #[arg(skip)]
    pub(super) file: Option<StudyText>,
}

const OFF_LINE: &str = "Off line";
/// Frozen batches of `istar prm`.
const BATCHES: u64 = 16;

impl Arguments {
    /// With what is not said as in `istar prm`.
    pub(in crate::cli) fn of_prms(self) -> Self {
        Arguments { prm: true, ..self }
    }

    /// How many frozen batches PRMs are taught on, if they are.
    pub(in crate::cli) fn off_line(&self) -> Option<u64> {
        self.frozen.or(self.prm.then_some(BATCHES))
    }

    /// What a study file asks for, with where and how from these; each of several worlds in a folder of its own.
    pub(super) fn placed(self, here: &Self, file: StudyText, several: bool) -> Self {
        let out = here.out.clone().or_else(|| several.then(|| PathBuf::from("runs/study")));
        let out = out.map(|out| if several { out.join(&self.env) } else { out });
        let (threads, cell, outputs) = (here.threads, here.cell.clone(), here.outputs.clone());
        let (device, quiet, grid, prm) = (here.device, here.quiet, here.grid, here.prm);
        Arguments { out, device, threads, cell, outputs, quiet, grid, prm, file: Some(file), ..self }
    }

    /// The words that say the same.
    pub(super) fn words(&self) -> Vec<OsString> {
        let path = |path: &PathBuf| path.clone().into_os_string();
        let text = |text: &String| OsString::from(text);
        let preset = Some(self.preset).filter(|preset| *preset != Preset::Default);
        let device = Some(self.device).filter(|device| *device != Device::Cpu);
        let env = Some(&self.env).filter(|env| *env != LIST[0].name);
        let single = [
            ("study", self.study.as_ref().map(path)),
            ("preset", preset.as_ref().and_then(word).map(OsString::from)),
            ("out", self.out.as_ref().map(path)),
            ("seeds", number(self.seeds)),
            ("threads", number(self.threads)),
            ("device", device.as_ref().and_then(word).map(OsString::from)),
            ("recipes", self.recipes.as_ref().map(|names| names.join(",").into())),
            ("istar", self.istar.as_ref().map(path)),
            ("budget", self.budget.map(|budget| said(budget).into())),
            ("frozen", number(self.frozen)),
            ("env", env.map(text)),
            ("outcome", self.outcome.as_ref().and_then(word).map(OsString::from)),
            ("iterations", number(self.iterations)),
            ("lr", number(self.lr)),
            ("warm-start", number(self.warm_start)),
            ("cell", self.cell.as_ref().map(text)),
        ];
        let single = single.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let several =
            [("line", &self.line), ("set", &self.set), ("own", &self.own), ("setting", &self.setting)];
        let several = several
            .into_iter()
            .flat_map(|(name, values)| values.iter().map(move |value| (name, value.into())));
        let flags = [
            ("no-symmetry", self.no_symmetry),
            ("learning", self.learning),
            ("quiet", self.quiet),
            ("list", self.list),
            ("grid", self.grid),
            ("prm", self.prm),
        ];
        let flags = flags.into_iter().filter(|(_, set)| *set).map(|(name, _)| format!("--{name}").into());
        let valued = single.chain(several).map(|(name, value): (&str, OsString)| joined(name, &value));
        valued.chain(flags).chain(self.outputs.arguments().into_iter().map(OsString::from)).collect()
    }
}

/// `--name=value`: a value may begin with a hyphen.
fn joined(name: &str, value: &OsStr) -> OsString {
    let mut word = OsString::from(format!("--{name}="));
    word.push(value);
    word
}

fn number<N: ToString>(number: Option<N>) -> Option<OsString> {
    number.map(|number| number.to_string().into())
}

/// What a study file says in place of arguments.
const WHAT: [&str; 17] = [
    "preset",
    "seeds",
    "recipes",
    "line",
    "set",
    "own",
    "setting",
    "budget",
    "frozen",
    "learning",
    "env",
    "outcome",
    "iterations",
    "lr",
    "warm_start",
    "no_symmetry",
    "list",
];

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let number = at_least_one::<u16>(text)?;
    Ok(NonZeroUsize::new(number.into()).expect("at least one"))
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value.is_finite() => Ok(value),
        _ => Err("it must be a finite number above 0".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_the_same() {
        let everything = "--preset=smoke --out=x/y --seeds=7 --threads=2 --device=auto --recipes=a,b --line=-x --line=y --istar=z --set=beta=-1 \
                          --own=grpo:epochs=2 --setting=epochs=1,2 --budget=seconds=0.5 --frozen=8 --learning --env=sokoban2 --outcome=success \
                          --iterations=9 --lr=2e-3 --warm-start=0 --no-symmetry --cell=grpo/3 --statistics --baseline=RLOO \
                          --export=jsonl,tensorboard --quiet --grid --prm";
        for given in ["", everything, "--study=a.toml --threads=1", "--env=all", "--list"] {
            let parse = |words: Vec<OsString>| {
                Arguments::try_parse_from([OsString::from("ablate")].into_iter().chain(words)).expect("good")
            };
            let once = parse(given.split_whitespace().map(OsString::from).collect());
            assert_eq!(format!("{:?}", parse(once.words())), format!("{once:?}"));
        }
    }
}
