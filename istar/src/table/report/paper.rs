//! What the iStar paper itself reports for VisualSokoban, to be printed beneath our own tables and never among them.

/// Title of the paper's numbers wherever they are printed.
pub(super) const TITLE: &str = "The iStar paper's own numbers, VisualSokoban success in %";

/// Why they stand apart.
pub(super) const CAVEAT: &str =
    "Another policy (Qwen2.5-VL-7B), another scale; not comparable with the table above.";

/// One result: where it is printed, the method, mean, spread over seeds if given.
pub(super) type Result = (&'static str, &'static str, f64, Option<f64>);

const MAIN: &str = "Table 1: 3 seeds, best validation";
const ABLATION: &str = "Table 3: one seed";

/// Tables 1 and 3 of "Agentic Reinforcement Learning with Implicit Step Rewards" (arXiv 2509.19199).
pub(super) const RESULTS: [Result; 11] = [
    (MAIN, "base policy (ReAct)", 14.1, None),
    (MAIN, "REINFORCE++", 81.4, Some(8.8)),
    (MAIN, "GRPO", 85.6, Some(2.8)),
    (MAIN, "GiGPO", 85.9, Some(2.6)),
    (MAIN, "RLOO", 86.3, Some(0.6)),
    (MAIN, "RLOO with iStar", 91.7, Some(1.2)),
    (ABLATION, "RLOO, outcome only", 85.9, None),
    (ABLATION, "with the environment's step rewards", 87.5, None),
    (ABLATION, "with merged rewards", 88.3, None),
    (ABLATION, "with token-level process rewards", 89.1, None),
    (ABLATION, "with iStar", 93.0, None),
];

/// `91.7 ± 1.2`.
pub(super) fn show(&(_, _, mean, spread): &Result) -> String {
    spread.map_or(format!("{mean:.1}"), |spread| format!("{mean:.1} ± {spread:.1}"))
}
