//! The job `sokoban`: replay, solve, paint, play and generate levels.

mod play;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Parser;
use serde::Serialize;

use super::Error;
use crate::env::sokoban::{Action, Frame, LevelSpec, Room, Sokoban, generate, png, read_levels, shortest};

/// Side of a cell in pictures, in pixels.
const TILE: usize = 16;

/// Replays, solves, paints, plays and generates Sokoban levels.
#[derive(Debug, Parser)]
#[command(name = "sokoban", version)]
pub struct Arguments {
    /// File with levels (`#` wall, space floor, `.` target, `$` box, `*` box on target, `@` player, `+` player on
    /// target; blank lines or `;` lines between levels). Without it, a level is generated.
    #[arg(long, value_name = "FILE", conflicts_with = "generate")]
    level: Option<PathBuf>,
    /// Which level of the file, from 0.
    #[arg(long, value_name = "I", default_value_t = 0, requires = "level")]
    index: usize,
    /// Actions to take, one digit each: 0 none, 1 up, 2 down, 3 left, 4 right. Prints a JSON object a step.
    #[arg(long, value_name = "DIGITS", conflicts_with = "generate")]
    actions: Option<String>,
    /// The episode is done after so many steps.
    #[arg(long, value_name = "N", default_value_t = Sokoban::MAX_STEPS, value_parser = super::at_least_one::<u32>)]
    max_steps: u32,
    /// Print the length of the shortest solution, null if there is none.
    #[arg(long, conflicts_with_all = ["generate", "actions"])]
    solve: bool,
    /// Directory for pictures: `000.png` of the level, and one after each of the actions.
    #[arg(long, value_name = "DIR", conflicts_with = "generate", value_parser = directory)]
    png: Option<PathBuf>,
    /// Play in the terminal.
    #[arg(long, conflicts_with_all = ["generate", "actions", "solve", "png"])]
    play: bool,
    /// Print so many generated levels.
    #[arg(long, value_name = "N")]
    generate: Option<u64>,
    /// Side of a generated room in cells, walls included.
    #[arg(long, default_value_t = 6, conflicts_with = "level")]
    size: usize,
    /// Boxes of a generated level.
    #[arg(long, default_value_t = 1, conflicts_with = "level")]
    boxes: usize,
    /// How many moves back the generator looks; deeper is harder.
    #[arg(long, default_value_t = 30, conflicts_with = "level")]
    depth: usize,
    /// Seed of the generated levels.
    #[arg(long, default_value_t = 0, conflicts_with = "level")]
    seed: u64,
}

/// A directory, whether it is there or is to be made.
fn directory(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let is_picture = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("png"));
    if path.is_file() || is_picture && !path.is_dir() {
        return Err("a directory is wanted, for 000.png, 001.png and so on".into());
    }
    Ok(path)
}

/// Does what the arguments say and prints the results on `out`.
///
/// # Errors
/// Whatever is wrong with the arguments and the files that they name.
pub fn job(arguments: Arguments, out: &mut dyn Write) -> Result<(), Error> {
    let spec = LevelSpec { size: arguments.size, boxes: arguments.boxes, depth: arguments.depth };
    if let Some(n) = arguments.generate {
        return print_levels(&spec, arguments.seed, n, out);
    }
    let level = match &arguments.level {
        Some(path) => pick(path, arguments.index)?,
        None => generate(&spec, arguments.seed, 0)?,
    };
    if arguments.play {
        return play::play(&level, arguments.max_steps);
    }
    if arguments.solve {
        let solution = shortest(&level)?;
        let optimal_steps = solution.map(|actions| actions.len());
        writeln!(out, "{}", serde_json::json!({ "optimal_steps": optimal_steps }))?;
    } else if arguments.actions.is_none() && arguments.png.is_none() {
        return Err("nothing to do; say --actions DIGITS, --solve, --png DIR, --play or --generate N".into());
    }
    let actions = parse_actions(arguments.actions.as_deref().unwrap_or_default())?;
    replay(&level, &actions, arguments.max_steps, arguments.png.as_deref(), out)
}

/// One line of the results of a replay.
#[derive(Serialize)]
struct Step {
    reward: f64,
    done: bool,
    success: bool,
    level: Vec<String>,
}

fn replay(
    level: &Room,
    actions: &[Action],
    max_steps: u32,
    png: Option<&Path>,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let picture = |room: &Room, index| png.map_or(Ok(()), |folder| write_png(room, folder, index));
    let mut env = Sokoban::new(max_steps);
    env.reset(level);
    picture(env.room(), 0)?;
    for (index, &action) in (1..).zip(actions) {
        let transition = env.act(action);
        let (reward, done, success) = (transition.reward, transition.done(), transition.success);
        let step = Step { reward, done, success, level: env.room().rows() };
        writeln!(out, "{}", serde_json::to_string(&step)?)?;
        picture(env.room(), index)?;
        if done {
            break;
        }
    }
    Ok(())
}

fn print_levels(spec: &LevelSpec, seed: u64, n: u64, out: &mut dyn Write) -> Result<(), Error> {
    spec.check()?;
    for index in 0..n {
        writeln!(out, "; {index}\n{}\n", generate(spec, seed, index)?)?;
    }
    Ok(())
}

fn pick(path: &Path, index: usize) -> Result<Room, Error> {
    let levels = read_levels(path)?;
    let last = levels.len() - 1;
    let missing = || format!("--index {index}: {} has levels 0 to {last}", path.display()).into();
    levels.get(index).copied().ok_or_else(missing)
}

fn parse_actions(digits: &str) -> Result<Vec<Action>, Error> {
    let parse = |(place, digit)| {
        Action::from_digit(digit).ok_or_else(|| {
            format!("--actions: {digit:?} at place {place} is no action; there are 0 none, 1 up, 2 down, 3 left, 4 right")
                .into()
        })
    };
    (1..).zip(digits.chars()).map(|(place, digit): (usize, char)| parse((place, digit))).collect()
}

fn write_png(room: &Room, folder: &Path, index: usize) -> Result<(), Error> {
    let path = folder.join(format!("{index:03}.png"));
    let picture = png(&Frame::of(room), TILE);
    let write = || fs::create_dir_all(folder).and_then(|()| fs::write(&path, picture));
    write().map_err(|error| format!("cannot write {}: {error}", path.display()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(arguments: &[&str]) -> Result<String, String> {
        let arguments = Arguments::try_parse_from([&["sokoban"], arguments].concat());
        let mut out = Vec::new();
        job(arguments.map_err(|error| error.to_string())?, &mut out).map_err(|error| error.to_string())?;
        Ok(String::from_utf8(out).expect("results are text"))
    }

    /// A folder with a file of two levels.
    fn levels() -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("levels.txt");
        fs::write(&path, "; 0\n######\n#@ $.#\n######\n\n; 1\n#####\n#$@.#\n#####\n").expect("writable");
        let path = path.to_str().expect("a readable name").to_owned();
        (folder, path)
    }

    #[test]
    fn a_replay_prints_each_step_and_stops_when_done() {
        let (_folder, file) = levels();
        let steps: Vec<serde_json::Value> = run(&["--level", &file, "--actions", "0444"])
            .expect("a replay")
            .lines()
            .map(|line| serde_json::from_str(line).expect("one object a line"))
            .collect();
        let expected = serde_json::json!([
            {"reward": -0.1, "done": false, "success": false, "level": ["######", "#@ $.#", "######"]},
            {"reward": -0.1, "done": false, "success": false, "level": ["######", "# @$.#", "######"]},
            {"reward": 10.9, "done": true, "success": true, "level": ["######", "#  @*#", "######"]},
        ]);
        assert_eq!(serde_json::Value::Array(steps), expected);
        let short = run(&["--level", &file, "--actions", "0444", "--max-steps", "1"]).expect("a replay");
        assert_eq!(short.lines().count(), 1);
    }

    #[test]
    fn solving_knows_hopeless_levels() {
        let (_folder, file) = levels();
        assert_eq!(run(&["--level", &file, "--solve"]).as_deref(), Ok("{\"optimal_steps\":2}\n"));
        assert_eq!(
            run(&["--level", &file, "--solve", "--index", "1"]).as_deref(),
            Ok("{\"optimal_steps\":null}\n")
        );
    }

    #[test]
    fn pictures_are_written_for_the_level_and_each_step() {
        let (folder, file) = levels();
        let pictures = folder.path().join("new/pictures");
        run(&["--level", &file, "--actions", "4", "--png", pictures.to_str().expect("a readable name")])
            .expect("pictures");
        for (index, room) in ["######\n#@ $.#\n######", "######\n# @$.#\n######"].into_iter().enumerate() {
            let file = std::io::BufReader::new(
                fs::File::open(pictures.join(format!("00{index}.png"))).expect("there"),
            );
            let mut reader = png::Decoder::new(file).read_info().expect("a picture");
            let mut pixels = vec![0; reader.output_buffer_size().expect("a small one")];
            reader.next_frame(&mut pixels).expect("pixels");
            let frame = Frame::of(&room.parse().expect("a level"));
            let mut expected = vec![0; frame.bytes(TILE)];
            frame.write_rgb(TILE, &mut expected);
            assert!(pixels == expected, "picture {index}");
        }
    }

    #[test]
    fn generated_levels_can_be_read_back() {
        let text = run(&["--generate", "5", "--size", "7", "--boxes", "1", "--seed", "3"]).expect("levels");
        let levels = crate::env::sokoban::parse_levels(&text).expect("readable");
        assert_eq!(levels.len(), 5);
        assert!(levels.iter().all(|level| level.boxes() == 1 && level.height() == 7));
    }

    #[test]
    fn mistakes_are_named() {
        let (folder, file) = levels();
        let bad = folder.path().join("bad.txt");
        fs::write(&bad, "####\n#@x#\n####\n").expect("writable");
        let bad = bad.to_str().expect("a readable name");
        let inside_a_file = format!("{file}/pictures");
        for (arguments, part) in [
            (&["--level", "no/such/file", "--solve"][..], "cannot read no/such/file"),
            (&["--level", bad, "--solve"], "line 2, column 3: 'x'"),
            (&["--level", &file, "--actions", "17"], "'7' at place 2"),
            (&["--level", &file, "--index", "2", "--solve"], "levels 0 to 1"),
            (&["--level", &file, "--png", &inside_a_file], "cannot write"),
            (&["--level", &file, "--png", &file], "a directory is wanted, for 000.png"),
            (&["--level", &file, "--png", "no/level.png"], "a directory is wanted, for 000.png"),
            (&["--level", &file], "nothing to do"),
            (&["--level", &file, "--actions", "1", "--max-steps", "0"], "'0' for '--max-steps"),
            (&["--generate", "1", "--size", "11"], "size 11 is out of range"),
            (&["--generate", "0", "--size", "3"], "size 3 is out of range"),
            (&["--generate", "1", "--boxes", "0"], "boxes 0 is out of range"),
            (&["--generate", "1", "--size", "5", "--boxes", "9"], "larger size"),
            (&["--generate", "-1"], "'-1'"),
        ] {
            let error = run(arguments).expect_err("a mistake");
            assert!(error.contains(part), "{arguments:?}: {error}");
        }
    }
}
