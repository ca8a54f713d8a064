//! The toolchain: makes a program of a crate, or says what is missing.

use super::cache::Written;
use crate::cli::Error;
use serde_json::Value;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;
use std::process::{ChildStderr, Command, Stdio};
use std::thread;

/// The program that the toolchain makes of this crate; `told` shows what it is at. Without a toolchain, one that was made of the
/// same text before.
pub(super) fn build(written: &Written, told: bool) -> Result<PathBuf, Error> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--message-format", "json-render-diagnostics"]);
    cargo.arg("--manifest-path").arg(written.dir.join("Cargo.toml")).arg("--target-dir").arg(&written.target);
    cargo.current_dir(&written.beside).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut cargo = match cargo.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return written.made().ok_or_else(|| {
                format!("a line is compiled, and there is no `cargo` in PATH: {TOOLCHAIN}").into()
            });
        }
        Err(error) => return Err(format!("cargo: {error}").into()),
    };
    let (stdout, stderr) = (cargo.stdout.take(), cargo.stderr.take());
    let (program, said) = thread::scope(|scope| {
        let said = scope.spawn(|| stderr.map_or(String::new(), |stderr| listen(stderr, told)));
        let lines = stdout.map(|stdout| BufReader::new(stdout).lines().map_while(Result::ok));
        let program = lines.into_iter().flatten().filter_map(|line| executable(&line)).last();
        (program, said.join().unwrap_or_default())
    });
    if !cargo.wait()?.success() {
        if !told {
            eprint!("{said}");
        }
        return Err(why(&said, written).into());
    }
    let program = program.ok_or("cargo made no program")?;
    written.remember(&program)?;
    Ok(program)
}

const TOOLCHAIN: &str = concat!(
    "install Rust ",
    env!("CARGO_PKG_RUST_VERSION"),
    " or later, with https://rustup.rs or the system's package, and a C compiler to link with"
);

/// All that it says, passed on as it comes.
fn listen(stderr: ChildStderr, told: bool) -> String {
    let mut said = String::new();
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        // That all is there already is no news.
        if told && !line.trim_start().starts_with("Finished") {
            eprintln!("{line}");
        }
        said += &line;
        said.push('\n');
    }
    said
}

/// Where the program is, in what cargo says of a package that is one.
fn executable(line: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    Some(PathBuf::from(message["executable"].as_str()?))
}

/// What a toolchain says on a line where something is missing, and what that is.
const CAUSES: [([&str; 2], &str); 5] = [
    (["could not execute process `", "rustc"], "there is no `rustc`"),
    (["linker `", "` not found"], "there is no C compiler to link with"),
    (["rustc ", "is not supported by the following"], "this Rust is too old"),
    (["requires rustc ", ""], "this Rust is too old"),
    (["rustup ", "could not choose a version"], "rustup has no toolchain"),
];

/// Why no program was made.
fn why(said: &str, written: &Written) -> String {
    let says = |marks: &[&str; 2]| said.lines().any(|line| marks.iter().all(|mark| line.contains(mark)));
    let cause = CAUSES.iter().find(|(marks, _)| says(marks));
    if let Some((_, what)) = cause {
        return format!("a line is compiled, and {what}: {TOOLCHAIN}");
    }
    let version = env!("CARGO_PKG_VERSION");
    let of_istar =
        ["no matching package named `istar`", "failed to select a version for the requirement `istar"];
    if of_istar.iter().any(|mark| said.contains(mark)) {
        return format!(
            "istar {version} is neither published nor where it was built: --istar names the folder of its source"
        );
    }
    format!(
        "the toolchain makes no program of these lines, it says why above; the crate is {}",
        written.dir.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let written = Written { dir: "/cache/lines/x".into(), beside: "/".into(), target: "/t".into() };
        for (said, part) in [
            ("error: linker `cc` not found\n  |\n", "there is no C compiler"),
            ("error: could not execute process `rustc -vV` (never executed)", "there is no `rustc`"),
            ("error: rustc 1.80.0 is not supported by the following package:", "this Rust is too old"),
            ("error: no matching package named `istar` found", "--istar names the folder"),
            ("error[E0277]: the trait bound", "the crate is /cache/lines/x"),
        ] {
            let found = why(said, &written);
            assert!(found.contains(part) && !found.contains('\n'), "{found}");
        }
        let message = r#"{"reason":"compiler-artifact","executable":"/t/release/istar-lines-1"}"#;
        assert_eq!(executable(message), Some("/t/release/istar-lines-1".into()));
        assert_eq!(executable(r#"{"reason":"compiler-artifact","executable":null}"#), None);
    }
}
