//! PRMs off line: `istar ablate` with frozen batches.

use super::{Error, ablation};
use clap::Parser;
use std::io::Write;

/// Teaches the PRMs of rows on batches that were sampled once, with no policy in the loop: is the PRM bad, or the loop?
///
/// This is `istar ablate --frozen 16` of all rows of the world's table that have a PRM. What each says of held-out groups is
/// compared, update by update, with the exact credit and with the advantage under the policy that acted. Learning
/// rate, steps and replay are settings (`--setting prm.lr=1e-4,1e-3`), reference and loss are rows or lines (`--line`); references
/// differ from the policy where it learns between the batches (`--learning`).
#[derive(Debug, Parser)]
#[command(name = "prm", version, max_term_width = 100)]
#[group(skip)]
pub struct Arguments {
    #[command(flatten)]
    ablate: ablation::Arguments,
}

/// Runs the job.
///
/// # Errors
/// Those of `istar ablate`, and rows without a PRM.
// Inline for the same reason as `ablation::job`.
#[inline]
pub fn job(arguments: Arguments, out: &mut dyn Write) -> Result<(), Error> {
    ablation::job(arguments.ablate.of_prms(), out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn its_arguments_are_those_of_ablate_under_a_text_of_its_own() {
        let mut command = Arguments::command();
        command.clone().debug_assert();
        let help = command.render_long_help().to_string();
        assert!(help.starts_with("Teaches the PRMs of rows on batches that were sampled once"), "{help}");
        assert!(help.contains("--recipes") && help.contains("Off line:"), "{help}");
        let asked = Arguments::try_parse_from(["prm", "--recipes", "istar-stable"]).expect("good").ablate;
        assert_eq!(asked.of_prms().off_line(), Some(16));
    }
}
