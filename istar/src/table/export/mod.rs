//! What cells logged, for other programs.
//!
//! | file | is |
//! |---|---|
//! | `tensorboard` | event files, one per cell |
//! | `json_lines` | a line per cell and iteration |

mod json_lines;
mod tensorboard;

pub use json_lines::json_lines;
pub use tensorboard::{Event, events, read_events};

use super::files::{alone, write};
use super::report::Report;
use super::study::StudyError;
use crate::slug;
use std::fs;
use std::path::Path;

/// Writes `tensorboard/<row>-s<seed>/events.out.tfevents.0.istar` for every cell of a report.
///
/// # Errors
/// One of them cannot be written.
pub fn write_tensorboard(dir: &Path, report: &Report) -> Result<(), StudyError> {
    let _alone = alone(dir)?;
    let slugs = slug::unique(report.rows.iter().map(|row| row.name()));
    for (row, slug) in report.rows.iter().zip(slugs) {
        for cell in &row.cells {
            let folder = dir.join("tensorboard").join(format!("{slug}-s{}", cell.seed));
            fs::create_dir_all(&folder).map_err(StudyError::file("create the directory", &folder))?;
            write(&folder.join("events.out.tfevents.0.istar"), &events(cell))?;
        }
    }
    Ok(())
}

/// Writes `metrics.jsonl`: [`json_lines`] of every cell of a report.
///
/// # Errors
/// It cannot be written.
pub fn write_json_lines(dir: &Path, report: &Report) -> Result<(), StudyError> {
    let _alone = alone(dir)?;
    write(&dir.join("metrics.jsonl"), report.cells().map(json_lines).collect::<String>().as_bytes())
}
