//! `istar ablate --line`: what is refused before anything is compiled, what is missing without a toolchain, and how the program
//! that is made gets this one's place. The toolchain is a script here; `tests/lines.sh` has a real one.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder with what the tests need and nothing else: a PATH, a cache.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Place(tempfile::tempdir().expect("a directory"));
        fs::create_dir(place.path("bin")).expect("made");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn script(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
    }

    fn istar(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_istar"));
        command.args(arguments).env("PATH", self.path("bin")).env("ISTAR_CACHE", self.path("cache"));
        command
            .env_remove("CARGO_TARGET_DIR")
            .current_dir(self.0.path())
            .output()
            .expect("the program starts")
    }

    /// A toolchain that makes this program.
    fn toolchain(&self, program: &str) {
        self.script("program", program);
        let artifact = format!(
            "{{\"reason\":\"compiler-artifact\",\"executable\":\"{}\"}}",
            self.path("program").display()
        );
        self.script("bin/cargo", &format!("echo '   Compiling dfdx' >&2\necho '{artifact}'"));
    }

    /// The crates in the cache.
    fn crates(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path("cache/lines")) else { return Vec::new() };
        let text = |dir: &Path| fs::read_to_string(dir.join("src/main.rs")).expect("a crate has a text");
        entries.flatten().map(|entry| text(&entry.path())).collect()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Exit code 2, one line.
fn refused(output: &Output, part: &str) {
    let error = said(output);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.starts_with("error: ") && error.lines().count() == 1 && error.contains(part), "{error}");
}

#[test]
fn a_mistake_is_told_before_anything_is_compiled() {
    let place = Place::new();
    place.toolchain("exit 3");
    let slip = place.istar(&["ablate", "--line", "half = rl(adv = traj + setp)"]);
    let expected = "error: unknown signal `setp`\n       help: did you mean `step`?\n --> 1:24\n";
    assert!(slip.status.code() == Some(2) && said(&slip).starts_with(expected), "{}", said(&slip));
    fs::write(place.path("study.toml"), "seeds = 1\nlines = [\"half = rl(adv = traj + setp)\"]\n")
        .expect("written");
    let slip = place.istar(&["ablate", "--study", "study.toml"]);
    assert!(
        said(&slip).contains(" --> 2:34\n") && said(&slip).contains("2 | lines = [\"half"),
        "{}",
        said(&slip)
    );

    let ask = |arguments: &[&str]| place.istar(&[&["ablate"], arguments].concat());
    refused(&ask(&["--line", "rl(adv = traj)"]), "a row has a name: write \"mine = rl(adv = traj)\"");
    refused(&ask(&["--line", "grpo = rl(adv = loo)"]), "\"grpo\" is \"GRPO\" in files");
    let agents = "mine = rl(adv = norm(to_go(reward), within = agent))";
    refused(
        &ask(&["--line", agents]),
        "\"mine\" needs Agents of its environment, and sokoban lacks it; --env relay runs it",
    );
    refused(&ask(&["--line", "x<e> = rl(adv = traj(eps = e))"]), "`e` has no value");
    refused(&ask(&["--line", "x<e = 1> = rl(adv = traj(eps = e))", "--set", "e=-1"]), "found -1");
    refused(
        &ask(&["--line", "x = rl(adv = traj)", "--set", "beta=1"]),
        "no row has a parameter \"beta\"; x has none",
    );
    refused(&ask(&["--line", "x = rl(adv = traj)", "--recipes", "grop"]), "did you mean \"GRPO\"?");
    refused(
        &ask(&["--line", "x = rl(adv = traj)", "--own", "grpo:epochs=2"]),
        "\"grpo\" is no row of the table",
    );
    refused(&ask(&["--line", "x = rl(adv = traj)", "--istar", "bin"]), "--istar bin: istar is not there");
    fs::write(place.path("study.toml"), "lines = [\"x = rl(adv = traj)\"]\n[set]\nbeta = 1\n")
        .expect("written");
    refused(&ask(&["--study", "study.toml"]), "study.toml: line 3, column 1: --set beta=1");
    fs::write(
        place.path("study.toml"),
        format!("env = \"relay\"\nlines = [\"x = rl(adv = traj)\", \"X = {}\"]\n", "rl(adv = loo)"),
    )
    .expect("written");
    refused(&ask(&["--study", "study.toml"]), "study.toml: line 2, column 1: --line: \"X\" and \"x\"");
    assert_eq!(place.crates(), Vec::<String>::new());
}

#[test]
fn what_is_made_of_a_line_takes_over_and_is_kept() {
    let place = Place::new();
    place.toolchain("for word in \"$@\"; do echo \"$word\"; done\nexit 3");
    let line = "half<l = 0.5> = rl(adv = traj + l * norm(reward))";
    let asked = [
        "ablate",
        "--seeds",
        "2",
        "--recipes",
        "grpo",
        "--line",
        line,
        "--set",
        "l=0.25",
        "--cell",
        "half/1",
    ];
    let output = place.istar(&asked);
    let words = "ablate\n--seeds=2\n--recipes=grpo\n--cell=half/1\n--line=half<l = 0.5> = rl(adv = traj + l * norm(reward))\n--set=l=0.25\n";
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stdout).as_ref()), (Some(3), words));
    assert_eq!(said(&output), "   Compiling dfdx\n");
    let [text] = &place.crates()[..] else { panic!("one crate") };
    for part in [
        "\"GRPO\" = row_0::Grpo,",
        "\"half\" = row_1::half,",
        "pub half<l = 0.5> = rl(adv = traj + l * norm(reward))",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("RLOO"), "only what is asked for: {text}");

    // The same text is the same crate, whatever is asked of it; quiet is quiet; without a toolchain what was made is run.
    let again = place.istar(&["ablate", "--recipes", "GRPO", "--line", line, "--quiet"]);
    assert_eq!((again.status.code(), said(&again).as_str(), place.crates().len()), (Some(3), "", 1));
    fs::remove_file(place.path("bin/cargo")).expect("there");
    assert_eq!(place.istar(&asked).status.code(), Some(3));
    let other = place.istar(&["ablate", "--line", "other = rl(adv = loo)"]);
    refused(&other, "a line is compiled, and there is no `cargo` in PATH: install Rust 1.");

    // A toolchain that lacks something, and one that says more than that.
    place.script("bin/cargo", "echo 'error: linker `cc` not found' >&2\nexit 101");
    let output = place.istar(&["ablate", "--line", "other = rl(adv = loo)"]);
    assert!(
        said(&output).contains("a line is compiled, and there is no C compiler to link with"),
        "{}",
        said(&output)
    );
    place.script("bin/cargo", "echo 'error: odd' >&2\nexit 101");
    let output = place.istar(&["ablate", "--line", "other = rl(adv = loo)", "--quiet"]);
    assert!(
        said(&output).starts_with("error: odd\nerror: the toolchain makes no program"),
        "{}",
        said(&output)
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn an_array_job_asks_the_program_for_its_cells() {
    let place = Place::new();
    place.toolchain("echo '{\"rows\": [\"a\", \"b\"], \"seeds\": 3, \"out\": \"runs/x\", \"outputs\": []}'");
    let output = place.istar(&["slurm", "--", "--line", "a = rl(adv = traj)", "--line", "b = rl(adv = loo)"]);
    let script = String::from_utf8_lossy(&output.stdout);
    assert!(
        script.contains("#SBATCH --array=0-5\n") && script.contains("--line 'b = rl(adv = loo)'"),
        "{script}"
    );
    place.script("program", "echo 'error: no' >&2\nexit 2");
    let output = place.istar(&["slurm", "--", "--line", "a = rl(adv = traj)"]);
    assert_eq!((output.status.code(), said(&output).lines().last()), (Some(2), Some("error: no")));
}
