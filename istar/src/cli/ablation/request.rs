//! What the job is asked for: arguments in, a checked [`Request`] out.

use super::own::Own;
use crate::cli::Error;
use crate::cli::settings::{Known, find_row, settings};
use crate::rollout::Outcome;
use crate::table::Schedule;
use crate::worlds::{self, Preset, World};
use clap::Parser;
use std::collections::BTreeSet;
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
    pub seeds: usize,
    /// Cells run at a time.
    pub threads: NonZeroUsize,
    /// Names of the rows to run, in the order of the table; all if none.
    pub recipes: Option<Vec<String>>,
    /// Parameters to set in every row that has them; each name once, each value finite.
    pub set: Vec<(String, f64)>,
    /// Settings of single rows.
    pub own: Vec<Own>,
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
    /// No bars.
    pub quiet: bool,
}

/// Trains every recipe of the table with every seed, and reports what came of it.
///
/// The same command on the same directory goes on where it was stopped, and prints a finished study again.
#[derive(Debug, Parser)]
#[command(name = "ablation", version, max_term_width = 100)]
pub struct Arguments {
    /// How much is trained and tested
    #[arg(long, value_enum, default_value = "default")]
    preset: Preset,
    /// Directory of the study [default: runs/ followed by the preset's name]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Seeds per recipe: 0, 1, … N-1 [default: 3, smoke 2, full 5]
    #[arg(long, value_name = "N")]
    seeds: Option<NonZeroUsize>,
    /// Cells run at a time; the results do not depend on it [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Only these rows of the table, separated by commas: names, or names as in file names (`istar-lambda-half`)
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    recipes: Option<Vec<String>>,
    /// Sets a parameter in every row that has it; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Gives one row a setting of its own: epochs, minibatch, prm_steps, policy.lr, prm.lr or critic.lr; may be repeated
    #[arg(long, value_name = "ROW:NAME=VALUE")]
    own: Vec<String>,
    /// What is trained on
    #[arg(long, value_parser = crate::cli::worlds(), default_value = worlds::LIST[0].name)]
    pub(super) env: String,
    /// What the outcome of an episode is: the sum of rewards, 1 for solved, or what the environment says [default: the
    /// environment's]
    #[arg(long, value_enum)]
    outcome: Option<Outcome>,
    /// Training iterations [default: the preset's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
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
    /// No bars; one line per finished cell
    #[arg(long)]
    quiet: bool,
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
        schedule.iterations = self.iterations.unwrap_or(schedule.iterations);
        let settings = &mut schedule.settings;
        settings.policy.lr = self.lr.unwrap_or(settings.policy.lr);
        settings.sampling.outcome = self.outcome.unwrap_or(settings.sampling.outcome);
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

    /// Checks arguments against the rows of a table.
    ///
    /// # Errors
    /// What is not known, with what is.
    pub fn new(arguments: Arguments, table: &[Known]) -> Result<Self, Error> {
        let all: Vec<&Known> = table.iter().collect();
        let recipes = arguments.recipes.map(|asked| choose(&asked, &all)).transpose()?;
        let runs =
            |row: &&Known| recipes.as_ref().is_none_or(|chosen| chosen.iter().any(|name| name == row.name));
        let rows: Vec<&Known> = table.iter().filter(runs).collect();
        let own = arguments.own.iter().map(|given| Own::parse(given, &rows)).collect::<Result<_, _>>()?;
        let set = settings(&arguments.set, &rows, "no row has a")?;
        let preset = arguments.preset;
        let available = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Ok(Self {
            preset,
            out: arguments.out.unwrap_or_else(|| PathBuf::from("runs").join(preset.name())),
            seeds: arguments.seeds.map_or(preset.seeds(), NonZeroUsize::get),
            threads: arguments.threads.unwrap_or_else(available),
            recipes,
            set,
            own,
            outcome: arguments.outcome,
            iterations: arguments.iterations,
            lr: arguments.lr,
            warm_start: arguments.warm_start,
            vary: !arguments.no_symmetry,
            quiet: arguments.quiet,
        })
    }
}

/// The rows asked for, in the order of the table.
fn choose(asked: &[String], table: &[&Known]) -> Result<Vec<String>, String> {
    let place = |given: &String| find_row(given, table).map_err(|wrong| format!("--recipes: {wrong}"));
    let chosen = asked.iter().map(place).collect::<Result<BTreeSet<_>, _>>()?;
    Ok(chosen.into_iter().map(|place| table[place].name.to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::one_line;

    const TABLE: [Known; 3] = [
        Known { name: "GRPO", parameters: &[] },
        Known { name: "iStar", parameters: &["beta", "lambda"] },
        Known { name: "iStar, λ ½", parameters: &["beta", "lambda"] },
    ];

    fn parse(line: &str) -> Result<Request, String> {
        let line = ["ablation"].into_iter().chain(line.split_whitespace());
        let arguments = Arguments::try_parse_from(line).map_err(|e| one_line(&e.to_string()))?;
        Request::new(arguments, &TABLE).map_err(|error| error.to_string())
    }

    #[test]
    fn no_argument_is_a_request() {
        let request = parse("").expect("all defaults");
        assert_eq!((request.preset, request.out.as_path()), (Preset::Default, "runs/default".as_ref()));
        assert_eq!((request.seeds, request.recipes, request.set), (3, None, vec![]));
        assert_eq!((request.outcome, request.vary, request.quiet), (None, true, false));
    }

    #[test]
    fn everything_asked_for_is_in_the_request() {
        let line = "--preset smoke --out x/y --seeds 7 --threads 2 --recipes istar-lambda-half,grpo,GRPO --set beta=0.1 \
                    --set lambda=-2e-1 --own grpo:epochs=2 --env sokoban2 --outcome success --iterations 9 --lr 2e-3 --warm-start 0 --no-symmetry --quiet";
        let expected = Request {
            preset: Preset::Smoke,
            out: "x/y".into(),
            seeds: 7,
            threads: NonZeroUsize::new(2).expect("two"),
            recipes: Some(vec!["GRPO".into(), "iStar, λ ½".into()]),
            set: vec![("beta".into(), 0.1), ("lambda".into(), -0.2)],
            own: vec![Own { row: "GRPO".into(), name: "epochs", value: 2.0 }],
            outcome: Some(Outcome::Success),
            iterations: Some(9),
            lr: Some(2e-3),
            warm_start: Some(0),
            vary: false,
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
            ("--seeds 0", &["--seeds", "zero"]),
            ("--threads 0", &["--threads", "zero"]),
            ("--seeds many", &["--seeds", "many"]),
            ("--lr 0", &["--lr", "above 0"]),
            ("--iterations 0", &["--iterations"]),
            ("--recipes grop", &["\"grop\"", "did you mean \"GRPO\"?", "grpo, istar, istar-lambda-half"]),
            ("--recipes grpo,", &["\"\" is no row"]),
            ("--set beat=1", &["did you mean \"beta\"?", "GRPO has none; iStar has beta, lambda"]),
            ("--recipes grpo --set beta=1", &["no row has a parameter \"beta\"; GRPO has none"]),
            ("--set beta", &["such as beta=0.05"]),
            ("--set beta=big", &["\"big\" is no number"]),
            ("--set beta=inf", &["\"inf\" is not finite"]),
            ("--set beta=1 --set beta=2", &["\"beta\" is set twice"]),
            (
                "--recipes grpo --own istar:epochs=2",
                &["--own istar:epochs=2", "\"istar\" is no row", "known: grpo"],
            ),
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
            "--env",
            "--outcome",
            "--iterations",
            "--lr",
            "--warm-start",
            "--no-symmetry",
            "--quiet",
        ] {
            assert!(text.contains(option), "{text}");
        }
    }
}
