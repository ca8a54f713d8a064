//! The rooms of the house: what imports what.
//!
//! The list of rooms in `DESIGN.md`, from top to bottom, is the order in which imports may run: a file of one room names
//! nothing of a room that stands below its own. And inside a room no files stand in a circle, A importing of B what B needs
//! A for, by whatever number of files between them. A file and the files in its folder (`trainer/mod.rs` and
//! `trainer/critic.rs`) are a whole and its parts, so imports between them make no circle; an import through a re-export is
//! one of the file that it comes from. Imports are paths with `crate` or `super`, in `use` or where they are used; comments
//! and what is under `#[cfg(test)]` are no imports, and `lib.rs` and the programs in `bin` are no room.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The rooms of `istar/src` in the order of the list.
fn rooms() -> Vec<String> {
    let design = std::fs::read_to_string(root().join("DESIGN.md")).expect("the design is there");
    let rows = design.lines().filter(|line| line.starts_with("| `istar/src/"));
    let of_row = |row: &str| -> Vec<String> {
        let cell = row.split('|').nth(1).unwrap_or_default();
        cell.split('`').filter_map(|name| Some(name.strip_prefix("istar/src/")?.to_owned())).collect()
    };
    rows.flat_map(of_row).collect()
}

/// A file: its module, and its text without comments and tests.
struct File {
    path: PathBuf,
    module: Vec<String>,
    text: String,
}

/// All files below a folder that are no tests.
fn files(folder: &Path) -> Vec<File> {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder can be read") {
            let path = entry.expect("an entry can be read").path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(end) if end == "rs" => paths.push(path),
                _ => {}
            }
        }
    }
    paths.sort();
    let mut files = Vec::new();
    let mut tests = BTreeSet::new();
    for path in paths {
        let mut module: Vec<String> = path
            .strip_prefix(folder)
            .expect("it lies below")
            .with_extension("")
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        if module.last().is_some_and(|last| last == "mod" || last == "lib") {
            module.pop();
        }
        let (text, hidden) = strip(&std::fs::read_to_string(&path).expect("a file can be read"));
        tests.extend(hidden.into_iter().map(|name| [module.clone(), vec![name]].concat()));
        files.push(File { path, module, text });
    }
    let program = |file: &File| file.module.is_empty() || file.module[0] == "bin";
    files.retain(|file| !program(file) && !tests.iter().any(|test| file.module.starts_with(test)));
    files
}

/// Blanks comments, string literals and items under `#[cfg(test)]`, keeping lines; with the names of the modules hidden so
/// that lie in files of their own.
fn strip(text: &str) -> (String, Vec<String>) {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    let chars: Vec<char> = text.chars().collect();
    let mut i = 0;
    while i < chars.len() {
        let two: String = chars[i..chars.len().min(i + 2)].iter().collect();
        let end = match (two.as_str(), chars[i]) {
            ("//", _) => chars[i..].iter().position(|c| *c == '\n').map_or(chars.len(), |n| i + n),
            // A quote as a character would open a text.
            ("'\"", _) => i + 3,
            (_, '"') => {
                let mut end = i + 1;
                while end < chars.len() && chars[end] != '"' {
                    end += if chars[end] == '\\' { 2 } else { 1 };
                }
                end + 1
            }
            _ => {
                out.push(chars[i]);
                i += 1;
                continue;
            }
        };
        let end = end.min(chars.len());
        out.extend(chars[i..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
        i = end;
    }
    let mut text: String = out.into_iter().collect();
    let mut hidden = Vec::new();
    while let Some(start) = text.find("#[cfg(test)]") {
        let item = &text[start..];
        let open = item.find(['{', ';']).map_or(item.len(), |n| n);
        let end = if item[open..].starts_with('{') && !item[..open].contains("use ") {
            let mut depth = 0;
            let closed = |(at, c): (usize, char)| {
                depth += i32::from(c == '{') - i32::from(c == '}');
                (depth == 0).then_some(at + 1)
            };
            open + item[open..].char_indices().find_map(closed).unwrap_or(item.len() - open)
        } else {
            item.find(';').map_or(item.len(), |n| n + 1)
        };
        if let Some(name) = item[..open].split("mod ").nth(1).filter(|_| item[open..].starts_with(';')) {
            hidden.push(name.trim().to_owned());
        }
        let blank: String = item[..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        text.replace_range(start..start + end, &blank);
    }
    (text, hidden)
}

/// A path that a file names, in full from the crate's root, and its line.
struct Import {
    path: Vec<String>,
    line: usize,
    /// It puts the last name into the file's own scope.
    scope: bool,
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Everything that a file imports, or names by a path with `crate` or `super`.
fn imports(file: &File) -> Vec<Import> {
    let mut found = Vec::new();
    let text = &file.text;
    for keyword in ["use", "crate", "super"] {
        for (start, _) in text.match_indices(keyword) {
            let before = text[..start].chars().next_back();
            let after = &text[start + keyword.len()..];
            if before.is_some_and(word) || after.chars().next().is_some_and(word) {
                continue;
            }
            let line = text[..start].matches('\n').count() + 1;
            let mut leaves = Vec::new();
            if keyword == "use" {
                let tree = after.split(';').next().unwrap_or_default();
                expand(tree.trim(), &[], &mut leaves);
            } else if before != Some(':') && before != Some('$') && after.trim_start().starts_with("::") {
                let path: String = text[start..].chars().take_while(|c| word(*c) || *c == ':').collect();
                leaves.push(path.trim_end_matches(':').split("::").map(str::to_owned).collect());
            }
            let own = leaves.into_iter().filter_map(|leaf| absolute(&file.module, leaf));
            found.extend(own.map(|path| Import { path, line, scope: keyword == "use" }));
        }
    }
    found
}

/// The leaves of a tree of imports; what is renamed keeps its name.
fn expand(tree: &str, prefix: &[String], leaves: &mut Vec<Vec<String>>) {
    let Some(open) = tree.find('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        let parts = path.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
        leaves.push(prefix.iter().cloned().chain(parts.filter(|part| part != "self")).collect());
        return;
    };
    let parts = tree[..open].split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    let prefix: Vec<String> = prefix.iter().cloned().chain(parts).collect();
    let inner = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !inner[start..at].trim().is_empty() {
                    expand(inner[start..at].trim(), &prefix, leaves);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// A path from the crate's root; `None` for one of another crate. A path that begins with a module of the file itself is
/// one of the file's folder.
fn absolute(module: &[String], path: Vec<String>) -> Option<Vec<String>> {
    let supers = path.iter().take_while(|part| *part == "super").count();
    match path.first().map(String::as_str) {
        Some("crate") => Some(path[1..].to_vec()),
        Some("super") => {
            Some(module[..module.len().checked_sub(supers)?].iter().chain(&path[supers..]).cloned().collect())
        }
        Some(_) => Some(module.iter().chain(&path).cloned().collect()),
        None => None,
    }
}

/// What is imported from where.
struct House {
    files: BTreeMap<Vec<String>, (File, Vec<Import>)>,
}

impl House {
    fn new() -> Self {
        let read = |file: File| {
            let found = imports(&file);
            (file.module.clone(), (file, found))
        };
        House { files: files(&root().join("istar/src")).into_iter().map(read).collect() }
    }

    /// The file that a path comes from, through re-exports; `None` for what is of another crate or no file.
    fn source(&self, path: &[String], depth: usize) -> Option<&[String]> {
        let module = (1..=path.len()).rev().map(|n| &path[..n]).find(|at| self.files.contains_key(*at))?;
        let (module, (file, imports)) = self.files.get_key_value(module)?;
        let Some(name) = path.get(module.len()).filter(|_| depth > 0) else { return Some(module) };
        let defines = |text: &str| {
            let kinds = ["struct ", "enum ", "trait ", "fn ", "type ", "const ", "macro_rules! "];
            let at = |kind: &&str| {
                text.split(kind).skip(1).any(|rest| {
                    rest.strip_prefix(name.as_str())
                        .is_some_and(|rest| !rest.chars().next().is_some_and(word))
                })
            };
            kinds.iter().any(at)
        };
        if defines(&file.text) {
            return Some(module);
        }
        let brought = imports.iter().filter(|import| import.scope && import.path.last() == Some(name));
        let globs = imports.iter().filter(|import| import.path.last().is_some_and(|last| last == "*"));
        let direct = brought.map(|import| &import.path[..]).find_map(|path| self.source(path, depth - 1));
        let through = globs
            .filter_map(|import| self.source(&import.path[..import.path.len() - 1], 0))
            .find(|at| self.files.get(*at).is_some_and(|(file, _)| defines(&file.text)));
        Some(direct.or(through).unwrap_or(module))
    }
}

#[test]
fn imports_run_one_way_through_the_rooms() {
    let (house, rooms) = (House::new(), rooms());
    let place = |room: &str| rooms.iter().position(|at| at == room);
    let unlisted: BTreeSet<&str> =
        house.files.keys().map(|module| module[0].as_str()).filter(|room| place(room).is_none()).collect();
    assert!(unlisted.is_empty(), "DESIGN.md lists no room {unlisted:?}");
    let mut rising = Vec::new();
    for (module, (file, imports)) in &house.files {
        for Import { path, line, .. } in imports {
            let (from, Some(to)) = (&module[0], path.first()) else { continue };
            if place(to).is_some_and(|to| Some(to) > place(from)) {
                let file = file.path.strip_prefix(root()).unwrap_or(&file.path);
                rising.push(format!("{}:{line}: `{}` is of a room below", file.display(), path.join("::")));
            }
        }
    }
    assert!(rising.is_empty(), "DESIGN.md lists the rooms in the order of imports:\n{}", rising.join("\n"));
}

#[test]
fn no_files_stand_in_a_circle() {
    let house = House::new();
    let mut edges: BTreeMap<&[String], BTreeMap<&[String], String>> = BTreeMap::new();
    for (module, (file, imports)) in &house.files {
        for Import { path, line, .. } in imports {
            let Some(to) = house.source(path, 4) else { continue };
            if !to.starts_with(module) && !module.starts_with(to) && to[0] == module[0] {
                let file = file.path.strip_prefix(root()).unwrap_or(&file.path);
                let words = format!("{}:{line}: `{}`", file.display(), path.join("::"));
                edges.entry(module).or_default().entry(to).or_insert(words);
            }
        }
    }
    let mut circles = Vec::new();
    for (from, to) in edges.iter().flat_map(|(from, to)| to.keys().map(|to| (*from, *to))) {
        // Back by any way.
        let (mut met, mut next) = (BTreeSet::new(), vec![to]);
        while let Some(at) = next.pop() {
            if met.insert(at) {
                next.extend(edges.get(at).into_iter().flat_map(|to| to.keys().copied()));
            }
        }
        if met.contains(from) {
            circles.push(edges[from][to].clone());
        }
    }
    assert!(circles.is_empty(), "imports that go round in a circle:\n{}", circles.join("\n"));
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let text = "// crate::a\nuse crate::{b::{self, C}, d::*}; /* x */\n#[cfg(test)]\nmod tests {\n use crate::e;\n}\n\
                fn f() -> super::g::H { \"crate::i\"; crate::j::k() }\n#[cfg(test)]\nmod far;\n";
    let (text, hidden) = strip(text);
    assert_eq!(hidden, ["far"]);
    let module = vec!["room".to_owned(), "file".to_owned()];
    let found = imports(&File { path: PathBuf::new(), module, text });
    let found: BTreeSet<(String, usize)> =
        found.iter().map(|import| (import.path.join("::"), import.line)).collect();
    let expected = [("b", 2), ("b::C", 2), ("d::*", 2), ("room::g::H", 7), ("j::k", 7)];
    assert!(expected.iter().all(|(path, line)| found.contains(&((*path).to_owned(), *line))), "{found:?}");
    assert!(!found.iter().any(|(path, _)| ["a", "e", "i"].contains(&path.as_str())), "{found:?}");
}
