//! The crate that is written for lines: a table a world, and the job on them.

use super::super::lines::declared;
use crate::Line;
use crate::kernels::Place;
use crate::objective::AnyObjective;
use crate::worlds::Listed;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// The rows of a world.
pub(super) struct Table {
    pub world: Listed,
    /// The name of the world's own table: a study knows it by that.
    pub name: &'static str,
    /// Each by its name; the name of the line is that of the objective.
    pub rows: Vec<(String, Line)>,
}

/// Where the crate finds istar.
pub(super) enum Source<'a> {
    /// In a folder.
    Folder(&'a Path),
    /// Where packages are published, in the version of this program.
    Published,
}

/// `main.rs`
pub(super) fn program(tables: &[Table], place: Place) -> String {
    let mut text = "//! Written by `istar ablate` for lines that were read when it ran. It is compiled again when it is needed again.\n\
                    #![allow(warnings)]\n\n\
                    use istar::cli::Error;\n\
                    use istar::cli::ablation::{self, Arguments};\n\
                    use std::io::Write;\n"
        .to_owned();
    for Table { world, name, rows } in tables {
        _ = writeln!(text, "\nmod {} {{\n    use super::*;", module(world));
        let mut table = String::new();
        for (place, (row, line)) in rows.iter().enumerate() {
            let objective = type_name(line);
            _ = writeln!(
                text,
                "    mod row_{place} {{\n        istar::objective! {{\n            pub {}\n        }}\n    }}",
                declared(objective, line)
            );
            _ = writeln!(table, "            {row:?} = row_{place}::{objective},");
        }
        _ = write!(
            text,
            "    istar::ablations! {{\n        pub {name} {{\n{table}        }}\n    }}\n    \
             pub fn table(arguments: Arguments, out: &mut dyn Write) -> Result<(), Error> {{\n        \
             ablation::table::<_, {name}>({}, arguments, out)\n    }}\n}}\n",
            make(world, place)
        );
    }
    text += "\nfn main() -> std::process::ExitCode {\n    ablation::compiled(&[\n";
    for Table { world, .. } in tables {
        _ = writeln!(text, "        ({:?}, {}::table),", world.name, module(world));
    }
    text + "    ])\n}\n"
}

/// What makes a world, its policy in this place.
fn make(world: &Listed, place: Place) -> String {
    let make = format!("istar::worlds::{}", world.make);
    match place {
        Place::Cpu => make,
        #[cfg(feature = "cuda")]
        Place::Cuda => format!("|preset| istar::worlds::OnCuda::of({make}(preset))"),
    }
}

/// The name of a world as that of a module.
fn module(world: &Listed) -> String {
    world.name.replace('-', "_")
}

/// The name of an objective where it can be that of a type; else that of objectives without one.
fn type_name(line: &Line) -> &str {
    let declares = istar_lang::Line::read(&format!("{} = rl(adv = traj)", line.name()));
    let is_one = declares.is_ok_and(|declared| declared.name.as_deref() == Some(line.name()));
    if is_one { line.name() } else { "objective" }
}

/// `Cargo.toml`
pub(super) fn manifest(name: &str, source: &Source, place: Place) -> String {
    let features = match place {
        Place::Cpu => "\"cli\"",
        #[cfg(feature = "cuda")]
        Place::Cuda => "\"cli\", \"cuda\"",
    };
    let path = match source {
        Source::Folder(path) => format!("path = {}, ", toml::Value::from(path.display().to_string())),
        Source::Published => String::new(),
    };
    format!(
        "# Written by `istar ablate`.\n[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\nistar = {{ version = \"={}\", {path}features = [{features}] }}\n\n\
         # That of istar itself, so that both are given the same dependencies.\n[profile.release]\ndebug = false\n\n\
         # No part of another workspace, wherever it lies.\n[workspace]\n",
        env!("CARGO_PKG_VERSION")
    )
}

/// A name that is the same for the same texts; what it names is compared beside.
pub(super) fn key(texts: &[&str]) -> String {
    let mut hasher = DefaultHasher::new();
    texts.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::LIST;

    fn tables() -> Vec<Table> {
        let listed = |name: &str| *LIST.iter().find(|world| world.name == name).expect("a world of the list");
        let row = |text: &&str| Line::parse(text).map(|line| (line.name().to_owned(), line)).expect("good");
        let lines = |texts: &[&str]| texts.iter().map(row).collect();
        vec![
            Table {
                world: listed("sokoban"),
                name: "VisualSokoban",
                rows: lines(&[
                    "\"GRPO, \\\"as it is\\\"\" = rl(adv = traj)",
                    "half<l = 0.5> = rl(adv = l * traj /* } */)",
                ]),
            },
            Table { world: listed("relay"), name: "RelaySokoban", rows: lines(&["half = rl(adv = loo)"]) },
        ]
    }

    #[test]
    fn the_crate_is_a_table_a_world() {
        let text = program(&tables(), Place::Cpu);
        for part in [
            "mod sokoban {",
            "            pub objective = rl(adv = traj)\n",
            "            pub half<l = 0.5> = rl(adv = l * traj)\n",
            "        pub VisualSokoban {\n            \"GRPO, \\\"as it is\\\"\" = row_0::objective,\n            \"half\" = row_1::half,\n        }\n",
            "ablation::table::<_, VisualSokoban>(istar::worlds::SokobanWorld::one_box, arguments, out)",
            "mod relay {",
            "        pub RelaySokoban {\n            \"half\" = row_0::half,\n        }\n",
            "        (\"sokoban\", sokoban::table),\n        (\"relay\", relay::table),\n",
        ] {
            assert!(text.contains(part), "{text}\nlacks {part}");
        }
        // Brackets belong together: the text of a line ends where it ends.
        assert!(istar_lang::Text::new(&text).tokens().is_ok(), "{text}");
    }

    #[test]
    fn every_world_is_a_module() {
        for world in LIST {
            let text = program(&[Table { world: *world, name: "Rows", rows: Vec::new() }], Place::Cpu);
            let module = world.name.replace('-', "_");
            assert!(text.contains(&format!("\nmod {module} {{")), "{text}");
            assert!(text.contains(&format!("({:?}, {module}::table)", world.name)), "{text}");
        }
    }

    #[test]
    fn the_manifest_names_the_source_and_the_key_the_text() {
        let folder = manifest("istar-lines-1", &Source::Folder(Path::new("/a \"b\"/istar")), Place::Cpu);
        let read: toml::Table = folder.parse().expect("TOML");
        let istar = &read["dependencies"]["istar"];
        assert_eq!(istar["path"].as_str(), Some("/a \"b\"/istar"));
        assert_eq!(istar["version"].as_str(), Some(concat!("=", env!("CARGO_PKG_VERSION"))));
        let published = manifest("istar-lines-1", &Source::Published, Place::Cpu);
        let read: toml::Table = published.parse().expect("TOML");
        assert_eq!(read["dependencies"]["istar"].get("path"), None);

        let text = program(&tables(), Place::Cpu);
        assert_eq!(key(&[&text, &folder]), key(&[&text.clone(), &folder]));
        assert_ne!(key(&[&text, &folder]), key(&[&text, &published]));
        assert_ne!(key(&["a", "b"]), key(&["ab", ""]));
    }
}
