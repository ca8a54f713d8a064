//! The open questions as a table: which rows a world can ask depends on its environment alone.

use crate::ablations;
use crate::recipes::IStarPaper;
use crate::recipes::open::{Clipped, CommonSteps, MeanScore, Reset, ResetOnDrift};

ablations! {
    /// The open questions that every environment can ask, beside the lines that they change.
    pub OpenQuestions {
        "iStar (paper, GRPO)" = IStarPaper,
        "reference reset on schedule" = Reset,
        "reference reset on drift" = ResetOnDrift,
        "clipped step rewards" = Clipped,
        "mean over steps" = MeanScore,
        "common steps" = CommonSteps,
    }
}
