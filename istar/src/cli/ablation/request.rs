//! What the job is asked for: arguments in, a checked [`Request`] out.

use super::choice::Choice;
use super::own::Own;
use super::study_text::StudyText;
use super::swept::{Swept, budget};
use crate::cli::outputs::Outputs;
use crate::cli::settings::{Known, Setting, settings};
use crate::cli::{Error, at_least_one};
use crate::rollout::Outcome;
use crate::table::{Budget, Schedule};
use crate::worlds::{self, Preset, World};
use clap::Parser;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// What was asked for, checked against the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// How much is trained and tested.
    pub preset: Preset,
    /// The study's directory.
    pub out: PathBuf,
    /// Number of seeds, at least 1.
    pub seeds: u64,
    /// Cells run at a time.
    pub threads: NonZeroUsize,
    /// Names of the rows to run, in the order of the table.
    pub recipes: Vec<String>,
    /// Parameters to set in every row that has them, each to one value, or to several, which makes a row of each; each name
    /// once, each value finite.
    pub set: Vec<Setting>,
    /// Settings of single rows.
    pub own: Vec<Own>,
    /// Settings of every row.
    pub settings: Vec<Swept>,
    /// What training may spend, in place of iterations.
    pub budget: Option<Budget>,
    /// What the outcome of an episode is, where the world's is not wanted.
    pub outcome: Option<Outcome>,
    /// Iterations, where the preset's are not wanted.
    pub iterations: Option<u64>,
    /// Learning rate of the policy, where the preset's is not wanted.
    pub lr: Option<f64>,
    /// Behaviour-cloning steps of the warm start, where the preset's are not wanted.
    pub warm_start: Option<usize>,
    /// Training tasks are varied at random, in worlds that do so.
    pub vary: bool,
    /// The one cell to run, where not all are wanted: as it is written, ROW/SEED.
    pub cell: Option<String>,
    /// What is written beside the report.
    pub outputs: Outputs,
    /// No bars.
    pub quiet: bool,
}

/// Trains every recipe of the table with every seed, and reports what came of it.
///
/// The same command on the same directory goes on where it was stopped, and prints a finished study again.
#[derive(Clone, Debug, Parser)]
#[command(name = "ablation", version, max_term_width = 100)]
pub struct Arguments {
    /// How much is trained and tested
    #[arg(long, value_enum, default_value = "default")]
    preset: Preset,
    /// Directory of the study [default: runs/ followed by the preset's name]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Seeds per recipe: 0, 1, … N-1 [default: 3, smoke 2, full 5]
    #[arg(long, value_name = "N", value_parser = at_least_one::<u64>)]
    seeds: Option<u64>,
    /// Cells run at a time; the results do not depend on it [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<NonZeroUsize>,
    /// These rows alone, separated by commas: names, or names as in file names (`istar-lambda-half`). Every recipe that runs
    /// in the environment is one, see --list
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    recipes: Option<Vec<String>>,
    /// Sets a parameter in every row that has it. Several values, as in `beta=0.05,0.1`, make a row each. May be repeated:
    /// several such make every combination
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Gives one row a setting of its own: epochs, minibatch, prm_steps, policy.lr, prm.lr or critic.lr; may be repeated
    #[arg(long, value_name = "ROW:NAME=VALUE")]
    own: Vec<String>,
    /// Sets a setting of every row, one of those of --own; several values, as in `epochs=1,2`, make a row each. May be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    setting: Vec<String>,
    /// What every row may spend on training: env_steps=N (continuations included), updates=N of the policy, or seconds=X.
    /// Without --iterations there is no other limit
    #[arg(long, value_name = "NAME=VALUE", value_parser = budget)]
    budget: Option<Budget>,
    /// A file that says what is run, in TOML; where the results go and how is said here
    #[arg(long, value_name = "FILE", conflicts_with_all = WHAT)]
    pub(super) study: Option<PathBuf>,
    /// What is trained on
    #[arg(long, value_parser = crate::cli::worlds(), default_value = worlds::LIST[0].name)]
    pub(super) env: String,
    /// What the outcome of an episode is: the sum of rewards, 1 for solved, or what the environment says [default: the
    /// environment's]
    #[arg(long, value_enum)]
    outcome: Option<Outcome>,
    /// Training iterations [default: the preset's]
    #[arg(long, value_name = "N", value_parser = at_least_one::<u64>)]
    iterations: Option<u64>,
    /// Learning rate of the policy, the same for every row [default: the preset's]
    #[arg(long, value_name = "X", value_parser = positive)]
    lr: Option<f64>,
    /// Steps of behaviour cloning that every row starts from [default: the preset's]
    #[arg(long, value_name = "N")]
    warm_start: Option<usize>,
    /// Train on the tasks as they are, not varied at random (Sokoban turns and mirrors its levels)
    #[arg(long)]
    no_symmetry: bool,
    /// Runs this cell of the table alone, and reports nothing: a row by name or by its number from 0, a slash, a seed. Any
    /// number of processes may share a directory; each cell is run by one of them
    #[arg(long, value_name = "ROW/SEED")]
    cell: Option<String>,
    #[command(flatten)]
    outputs: Outputs,
    /// No bars; one line per finished cell
    #[arg(long)]
    quiet: bool,
    /// Lists worlds and rows, and does nothing else
    #[arg(long)]
    pub(super) list: bool,
    /// The study file that says all this, if one does
    #[arg(skip)]
    file: Option<StudyText>,
}

impl Arguments {
    /// What a study file asks for, with where and how from these; each of several worlds in a folder of its own.
    pub(super) fn placed(self, here: &Self, file: StudyText, several: bool) -> Self {
        let out = here.out.clone().or_else(|| several.then(|| PathBuf::from("runs/study")));
        let out = out.map(|out| if several { out.join(&self.env) } else { out });
        let (threads, cell, outputs) = (here.threads, here.cell.clone(), here.outputs.clone());
        Arguments { out, threads, cell, outputs, quiet: here.quiet, file: Some(file), ..self }
    }
}

/// What a study file says in place of arguments.
const WHAT: [&str; 14] = [
    "preset",
    "seeds",
    "recipes",
    "set",
    "own",
    "setting",
    "budget",
    "env",
    "outcome",
    "iterations",
    "lr",
    "warm_start",
    "no_symmetry",
    "list",
];

/// With a budget, more iterations than it will let through.
const NO_LIMIT: u64 = 1_000_000;

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

impl Request {
    /// A world and its schedule, with what was asked for otherwise.
    ///
    /// # Errors
    /// When another length of a warm start is wanted, and the world has none.
    pub fn fit<W: World>(&self, (world, mut schedule): (W, Schedule)) -> Result<(W, Schedule), Error> {
        let unasked = if self.budget.is_some() { NO_LIMIT } else { schedule.iterations };
        schedule.iterations = self.iterations.unwrap_or(unasked);
        schedule.budget = self.budget;
        let settings = &mut schedule.settings;
        settings.policy.lr = self.lr.unwrap_or(settings.policy.lr);
        settings.sampling.outcome = self.outcome.unwrap_or(settings.sampling.outcome);
        for swept in &self.settings {
            if let [value] = swept.values[..] {
                *settings = swept.apply(*settings, value);
            }
        }
        if let Some(steps) = self.warm_start {
            let Some(warm) = &mut schedule.warm_start else {
                return Err(
                    "--warm-start: this environment has no demonstrations to imitate; leave it out".into()
                );
            };
            warm.steps = steps;
        }
        Ok((if self.vary { world } else { world.unvaried() }, schedule))
    }

    /// Checks arguments against the rows that there are.
    ///
    /// # Errors
    /// What is not known, with what is.
    pub fn new(arguments: Arguments, choice: &Choice) -> Result<Self, Error> {
        let file = arguments.file.clone();
        Self::checked(arguments, choice).map_err(|error| match file {
            Some(file) => file.place(&error.to_string()).into(),
            None => error,
        })
    }

    fn checked(arguments: Arguments, choice: &Choice) -> Result<Self, Error> {
        let recipes = choice.names(arguments.recipes.as_deref())?;
        let runs = |row: &&Known| recipes.iter().any(|name| name == row.name);
        let rows: Vec<&Known> = choice.rows.iter().filter(runs).collect();
        let own = arguments.own.iter().map(|given| Own::parse(given, &rows)).collect::<Result<_, _>>()?;
        let swept: Vec<Swept> =
            arguments.setting.iter().map(|given| Swept::parse(given)).collect::<Result<_, _>>()?;
        if let Some(place) = (1..swept.len()).find(|&at| swept[..at].iter().any(|s| s.name == swept[at].name))
        {
            return Err(format!("--setting: {} is set twice", swept[place].name).into());
        }
        let set = settings(&arguments.set, &rows, "no row has a")?;
        let preset = arguments.preset;
        let available = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Ok(Self {
            preset,
            out: arguments.out.unwrap_or_else(|| PathBuf::from("runs").join(preset.name())),
            seeds: arguments.seeds.unwrap_or(preset.seeds() as u64),
            threads: arguments.threads.unwrap_or_else(available),
            recipes,
            set,
            own,
            settings: swept,
            budget: arguments.budget,
            outcome: arguments.outcome,
            iterations: arguments.iterations,
            lr: arguments.lr,
            warm_start: arguments.warm_start,
            vary: !arguments.no_symmetry,
            cell: arguments.cell,
            outputs: arguments.outputs,
            quiet: arguments.quiet,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::one_line;
    use crate::cli::outputs::Export;

    const TABLE: [Known; 3] = [
        Known { name: "GRPO", parameters: &[] },
        Known { name: "iStar", parameters: &["beta", "lambda"] },
        Known { name: "iStar, λ ½", parameters: &["beta", "lambda"] },
    ];

    fn parse(line: &str) -> Result<Request, String> {
        let line = ["ablation"].into_iter().chain(line.split_whitespace());
        let arguments = Arguments::try_parse_from(line).map_err(|e| one_line(&e.to_string()))?;
        let choice = Choice { rows: &TABLE, unasked: 2, offered: None };
        Request::new(arguments, &choice).map_err(|error| error.to_string())
    }

    #[test]
    fn no_argument_is_a_request() {
        let request = parse("").expect("all defaults");
        assert_eq!((request.preset, request.out.as_path()), (Preset::Default, "runs/default".as_ref()));
        assert_eq!((request.seeds, request.set), (3, vec![]));
        assert_eq!(request.recipes, ["GRPO", "iStar"]);
        assert_eq!((request.outcome, request.vary, request.quiet), (None, true, false));
        assert_eq!((request.cell, request.outputs), (None, Outputs::default()));
    }

    #[test]
    fn everything_asked_for_is_in_the_request() {
        let line = "--preset smoke --out x/y --seeds 7 --threads 2 --recipes istar-lambda-half,grpo,GRPO --set beta=0.1 \
                    --set lambda=-2e-1,0,0.5 --own grpo:epochs=2 --setting epochs=1,2 --budget updates=9 --env sokoban2 --outcome success --iterations 9 --lr 2e-3 --warm-start 0 --no-symmetry \
                    --cell grpo/3 --statistics --baseline RLOO --export jsonl,tensorboard --quiet";
        let expected = Request {
            preset: Preset::Smoke,
            out: "x/y".into(),
            seeds: 7,
            threads: NonZeroUsize::new(2).expect("two"),
            recipes: vec!["GRPO".into(), "iStar, λ ½".into()],
            set: vec![("beta".into(), vec![0.1]), ("lambda".into(), vec![-0.2, 0.0, 0.5])],
            own: vec![Own { row: "GRPO".into(), name: "epochs", value: 2.0 }],
            settings: vec![Swept { name: "epochs", values: vec![1.0, 2.0] }],
            budget: Some(Budget::Updates(9)),
            outcome: Some(Outcome::Success),
            iterations: Some(9),
            lr: Some(2e-3),
            warm_start: Some(0),
            vary: false,
            cell: Some("grpo/3".into()),
            outputs: Outputs {
                baseline: Some("RLOO".into()),
                statistics: true,
                export: vec![Export::Jsonl, Export::Tensorboard],
            },
            quiet: true,
        };
        assert_eq!(parse(line), Ok(expected));
    }

    #[test]
    fn what_is_wrong_is_said_on_one_line_with_what_is_right() {
        for (line, parts) in [
            ("--preset smok", &["smok", "default", "full", "similar", "'smoke'"][..]),
            ("--env sokoban3", &["sokoban3", "sokoban2", "planned", "similar"]),
            ("--sed 1", &["--sed", "'--seeds'"]),
            ("--seeds 0", &["'0'", "--seeds", "a whole number from 1 is wanted"]),
            ("--threads 0", &["--threads", "a whole number from 1 is wanted"]),
            ("--seeds many", &["--seeds", "many", "from 1"]),
            ("--lr 0", &["--lr", "above 0"]),
            ("--iterations 0", &["--iterations", "from 1"]),
            ("--recipes grop", &["\"grop\"", "did you mean \"GRPO\"?", "grpo, istar, istar-lambda-half"]),
            ("--recipes grpo,", &["\"\" is no row"]),
            ("--set beat=1", &["did you mean \"beta\"?", "GRPO has none; iStar has beta, lambda"]),
            ("--recipes grpo --set beta=1", &["no row has a parameter \"beta\"; GRPO has none"]),
            ("--set beta", &["such as beta=0.05"]),
            ("--set beta=big", &["\"big\" is no number"]),
            ("--set beta=inf", &["\"inf\" is not finite"]),
            ("--set beta=0.1,", &["\"\" is no number"]),
            ("--set beta=0.1,0.2,0.10", &["0.1 is there twice"]),
            ("--recipes gigpo", &["\"GiGPO\" is a recipe, and no row of this table"]),
            ("--set beta=1 --set beta=2", &["\"beta\" is set twice"]),
            (
                "--recipes grpo --own istar:epochs=2",
                &["--own istar:epochs=2", "\"istar\" is no row", "known: grpo"],
            ),
            ("--setting epochs=2 --setting epochs=3", &["epochs is set twice"]),
            ("--budget steps=3", &["steps=3", "such as env_steps=1000000"]),
            ("--study a.toml --recipes grpo", &["--study", "cannot be used with", "--recipes"]),
            ("surplus", &["surplus"]),
        ] {
            let message = parse(line).expect_err(line);
            assert!(!message.contains('\n'), "{message}");
            for part in parts {
                assert!(message.contains(part), "{line}: {message} lacks {part}");
            }
        }
    }

    #[test]
    fn help_is_no_mistake_and_lists_every_option_and_world() {
        let help = Arguments::try_parse_from(["ablation", "--help"]).expect_err("help is text");
        assert!(!help.use_stderr());
        let text = help.to_string();
        for world in worlds::LIST {
            assert!(text.contains(world.what), "{text}");
        }
        for option in [
            "--preset",
            "--out",
            "--seeds",
            "--threads",
            "--recipes",
            "--set",
            "--own",
            "--setting",
            "--budget",
            "--study",
            "--env",
            "--outcome",
            "--iterations",
            "--lr",
            "--warm-start",
            "--no-symmetry",
            "--cell",
            "--baseline",
            "--statistics",
            "--export",
            "--quiet",
            "--list",
        ] {
            assert!(text.contains(option), "{text}");
        }
    }
}
