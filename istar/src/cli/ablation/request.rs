//! Arguments in, a checked [`Request`] out.

use super::arguments::Arguments;
use super::choice::Choice;
use super::own::Own;
use super::swept::Swept;
use crate::cli::Error;
use crate::cli::outputs::Outputs;
use crate::cli::settings::{Known, Setting, settings};
use crate::rollout::Outcome;
use crate::table::{Budget, Frozen, Schedule};
use crate::worlds::{Preset, World};
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
    /// Batches that are sampled once, on which PRMs are taught and nothing acts.
    pub frozen: Option<Frozen>,
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

/// With a budget, more iterations than it will let through.
const NO_LIMIT: u64 = 1_000_000;

impl Request {
    /// A world and its schedule, with what was asked for otherwise.
    ///
    /// # Errors
    /// When another length of a warm start is wanted, and the world has none.
    pub fn fit<W: World>(&self, (world, mut schedule): (W, Schedule)) -> Result<(W, Schedule), Error> {
        let unasked = if self.budget.is_some() { NO_LIMIT } else { schedule.iterations };
        schedule.iterations = self.iterations.unwrap_or(unasked);
        schedule.budget = self.budget;
        schedule.frozen = self.frozen;
        let settings = &mut schedule.settings;
        settings.policy.lr = self.lr.unwrap_or(settings.policy.lr);
        settings.sampling.outcome = self.outcome.unwrap_or(settings.sampling.outcome);
        for swept in &self.settings {
            if let [value] = swept.values[..] {
                schedule = swept.apply(schedule, value);
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

    pub(super) fn checked(arguments: Arguments, choice: &Choice) -> Result<Self, Error> {
        let frozen = arguments.off_line().map(|batches| Frozen { batches, learning: arguments.learning });
        let recipes = choice.names(arguments.recipes.as_deref(), frozen.is_some())?;
        let runs = |row: &&Known| recipes.iter().any(|name| name == row.name);
        let rows: Vec<&Known> = choice.rows.iter().filter(runs).collect();
        let own: Vec<Own> =
            arguments.own.iter().map(|given| Own::parse(given, &rows)).collect::<Result<_, _>>()?;
        let swept: Vec<Swept> =
            arguments.setting.iter().map(|given| Swept::parse(given)).collect::<Result<_, _>>()?;
        off_line(frozen, &arguments)?;
        let named = |name| swept.iter().any(|s| s.name == name) || own.iter().any(|own| own.name == name);
        if named("memory") && (frozen.is_some() || !named("replay")) {
            return Err(match frozen {
                Some(_) => "memory: off line what is replayed is drawn of all frozen batches: leave it out",
                None => "memory: nothing is drawn of it where nothing is replayed: add --setting replay=4",
            }
            .into());
        }
        if let Some(place) = (1..swept.len()).find(|&at| swept[..at].iter().any(|s| s.name == swept[at].name))
        {
            return Err(format!("--setting: {} is set twice", swept[place].name).into());
        }
        let set = settings(&arguments.set, &rows, "no row has a")?;
        let preset = arguments.preset;
        let available = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Ok(Self {
            preset,
            out: arguments.out.unwrap_or_else(|| {
                let prm = if frozen.is_some() { "prm-" } else { "" };
                PathBuf::from("runs").join(format!("{prm}{}", preset.name()))
            }),
            seeds: arguments.seeds.unwrap_or(preset.seeds() as u64),
            threads: arguments.threads.unwrap_or_else(available),
            recipes,
            set,
            own,
            settings: swept,
            budget: arguments.budget,
            frozen,
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

/// What goes with frozen batches, and what goes without them alone.
fn off_line(
    frozen: Option<Frozen>,
    Arguments { learning, budget, outputs, .. }: &Arguments,
) -> Result<(), String> {
    match frozen {
        None if *learning => Err("--learning: there are no frozen batches to learn between: add --frozen 16".into()),
        Some(_) if budget.is_some() => {
            Err("--budget: off line nothing is spent but updates of the PRM: leave it out, and say --iterations".into())
        }
        Some(_) if outputs.statistics || outputs.baseline.is_some() => {
            Err("--statistics, --baseline: off line no policy learns, so there is no success to compare: leave them out".into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::one_line;
    use crate::cli::outputs::Export;
    use crate::worlds::{self, SokobanWorld};
    use clap::Parser;

    const TABLE: [Known; 3] = [
        Known { name: "GRPO", parameters: &[] },
        Known { name: "iStar", parameters: &["beta", "lambda"] },
        Known { name: "iStar, λ ½", parameters: &["beta", "lambda"] },
    ];

    fn parse(line: &str) -> Result<Request, String> {
        let line = ["ablation"].into_iter().chain(line.split_whitespace());
        let arguments = Arguments::try_parse_from(line).map_err(|e| one_line(&e.to_string()))?;
        let choice = Choice { rows: &TABLE, taught: &[false, true, true], unasked: 2, offered: None };
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
            frozen: None,
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
    fn off_line_the_rows_with_a_prm_run() {
        let request = parse("--frozen 4 --setting replay=0,2").expect("good");
        assert_eq!(
            (request.frozen, request.out.as_path()),
            (Some(Frozen::new(4)), "runs/prm-default".as_ref())
        );
        assert_eq!(request.recipes, ["iStar"]);
        assert_eq!(request.settings, [Swept { name: "replay", values: vec![0.0, 2.0] }]);
        assert_eq!(parse("--prm").expect("good").frozen, Some(Frozen::new(16)));
        let one = parse("--frozen 4 --learning").expect("good");
        let (_, schedule) = one.fit(SokobanWorld::one_box(Preset::Smoke)).expect("it fits");
        assert_eq!(schedule.frozen, Some(Frozen { batches: 4, learning: true }));
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
            ("--frozen 0", &["--frozen", "a whole number from 1"]),
            (
                "--frozen 4 --recipes grpo",
                &["\"GRPO\" has no PRM", "--recipes among those that have one: istar, istar-lambda-half"],
            ),
            ("--setting replay=x", &["--setting replay=x: replay is a whole number from 0"]),
            ("--setting memory=9", &["memory: nothing is drawn of it", "add --setting replay=4"]),
            ("--frozen 4 --setting memory=9", &["memory: off line", "leave it out"]),
            ("--learning", &["--learning: there are no frozen batches to learn between: add --frozen 16"]),
            ("--frozen 4 --budget updates=9", &["--budget: off line", "--iterations"]),
            ("--frozen 4 --statistics", &["no success to compare"]),
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
            "--line",
            "--istar",
            "--set",
            "--own",
            "--setting",
            "--budget",
            "--frozen",
            "--learning",
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
