//! All modules of a folder translate and compile.
//!
//! The folder is given by the environment variable `PTX_FOLDER`, such as the one that dfdx's build script fills.

use std::path::PathBuf;
use std::time::Instant;

#[test]
fn modules_of_a_folder() {
    let Some(folder) = std::env::var_os("PTX_FOLDER") else {
        eprintln!("skipped: PTX_FOLDER is not set");
        return;
    };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder can be read")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "ptx"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no .ptx in {}", folder.display());
    let start = Instant::now();
    let failures: Vec<String> = std::thread::scope(|scope| {
        let halves: Vec<_> = paths
            .chunks(paths.len().div_ceil(2))
            .map(|paths| scope.spawn(|| paths.iter().filter_map(failure).collect::<Vec<_>>()))
            .collect();
        halves.into_iter().flat_map(|half| half.join().expect("no panic")).collect()
    });
    eprintln!("{} modules in {:.1?}", paths.len(), start.elapsed());
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

fn failure(path: &PathBuf) -> Option<String> {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    istar_emulator::module::Module::load(&text).err().map(|why| format!("{}: {why}", path.display()))
}
