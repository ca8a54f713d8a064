//! What "Agentic Reinforcement Learning with Implicit Step Rewards" (arXiv 2509.19199) prints in its tables.

/// A number with its spread over seeds, if one is given.
pub(super) type Number = Option<(f64, Option<f64>)>;

/// One table of the paper.
pub(super) struct PaperTable {
    pub name: &'static str,
    pub what: &'static str,
    /// The headings of its numbers.
    pub heads: &'static [&'static str],
    pub rows: &'static [PaperRow],
    /// What a reader should know of it.
    pub remarks: &'static [&'static str],
    /// The world of this crate in which its rows are run, where no other is asked for.
    pub world: &'static str,
}

/// One row of it.
pub(super) struct PaperRow {
    pub method: &'static str,
    pub numbers: &'static [Number],
    /// The recipe that is the same line here.
    pub recipe: Option<&'static str>,
}

const fn row(method: &'static str, numbers: &'static [Number], recipe: Option<&'static str>) -> PaperRow {
    PaperRow { method, numbers, recipe }
}

const fn of(mean: f64, spread: f64) -> Number {
    Some((mean, Some(spread)))
}

const fn one(mean: f64) -> Number {
    Some((mean, None))
}

pub(super) const TABLES: [PaperTable; 3] = [
    PaperTable {
        name: "table1",
        what: "Table 1: success and score in %, three seeds, best validation value over training",
        heads: &["WebShop\nsuccess", "WebShop\nscore", "VisualSokoban\nsuccess"],
        rows: &[
            row("GPT-5", &[one(37.5), one(66.1), one(16.6)], None),
            row("Gemini-2.5-Pro", &[one(30.5), one(38.4), one(16.0)], None),
            row("DeepSeek-R1", &[one(29.3), one(39.8), None], None),
            row("Claude-Sonnet-4-Thinking", &[one(35.2), one(62.0), one(19.1)], None),
            row("base policy (ReAct)", &[one(21.5), one(47.3), one(14.1)], None),
            row("PPO", &[of(78.2, 4.5), of(86.6, 1.1), None], Some("PPO")),
            row("GRPO", &[of(80.1, 1.7), of(89.3, 2.8), of(85.6, 2.8)], Some("GRPO")),
            row("RLOO", &[of(77.4, 1.1), of(87.6, 4.7), of(86.3, 0.6)], Some("RLOO")),
            row("REINFORCE++", &[of(77.0, 3.9), of(85.8, 0.1), of(81.4, 8.8)], Some("REINFORCE++ baseline")),
            row("PRIME", &[of(81.5, 1.8), of(91.3, 0.6), None], Some("PRIME (released recipe)")),
            row("GiGPO", &[of(84.1, 3.9), of(91.2, 1.5), of(85.9, 2.6)], Some("GiGPO")),
            row(
                "RLOO with iStar",
                &[of(86.5, 2.8), of(93.6, 1.0), of(91.7, 1.2)],
                Some("iStar (paper, RLOO)"),
            ),
        ],
        remarks: &[
            "The paper chooses the best of 40 validations by looking; \"best validation\" here does the same, \"final\" does not.",
            "Its REINFORCE++ is the variant with the group's mean as baseline, as its code runs it.",
        ],
        world: "sokoban",
    },
    PaperTable {
        name: "table2",
        what: "Table 2: SOTOPIA, the goal's score from 0 to 10 by a GPT-4o judge, three seeds",
        heads: &["self-chat\nhard", "self-chat\nall", "with GPT-4o\nhard", "with GPT-4o\nall"],
        rows: &[
            row("GPT-5", &[one(7.21), one(8.95), one(7.70), one(8.90)], None),
            row("Gemini-2.5-Pro", &[one(6.74), one(8.27), one(7.43), one(8.41)], None),
            row("DeepSeek-R1", &[one(6.98), one(8.56), one(7.30), one(8.44)], None),
            row("Claude-Sonnet-4-Thinking", &[one(6.39), one(8.64), one(7.02), one(8.62)], None),
            row("Qwen2.5-7B (ReAct)", &[one(5.56), one(6.77), one(5.51), one(7.30)], None),
            row(
                "Qwen2.5-7B, PPO",
                &[of(6.63, 0.24), of(8.25, 0.09), of(6.27, 0.14), of(8.07, 0.08)],
                Some("PPO"),
            ),
            row(
                "Qwen2.5-7B, GRPO",
                &[of(6.97, 0.24), of(8.31, 0.06), of(6.42, 0.31), of(7.84, 0.06)],
                Some("GRPO"),
            ),
            row(
                "Qwen2.5-7B, RLOO",
                &[of(5.70, 0.16), of(7.13, 0.02), of(6.09, 0.13), of(7.77, 0.03)],
                Some("RLOO"),
            ),
            row(
                "Qwen2.5-7B, REINFORCE++",
                &[of(6.17, 0.30), of(7.87, 0.09), of(6.38, 0.05), of(7.93, 0.09)],
                Some("REINFORCE++ baseline"),
            ),
            row(
                "Qwen2.5-7B, GRPO with iStar",
                &[of(7.11, 0.19), of(8.42, 0.03), of(6.76, 0.18), of(8.36, 0.03)],
                Some("iStar (paper, GRPO)"),
            ),
            row("Llama3.1-8B (ReAct)", &[one(5.89), one(6.95), one(5.82), one(7.43)], None),
            row("Llama3.1-8B, PPO", &[of(7.76, 0.14), of(9.05, 0.03), of(6.64, 0.03), of(8.14, 0.01)], None),
            row("Llama3.1-8B, GRPO", &[of(7.92, 0.08), of(9.12, 0.02), of(6.68, 0.03), of(8.14, 0.02)], None),
            row("Llama3.1-8B, RLOO", &[of(6.48, 0.15), of(8.33, 0.03), of(6.51, 0.14), of(8.02, 0.06)], None),
            row(
                "Llama3.1-8B, REINFORCE++",
                &[of(7.84, 0.14), of(9.06, 0.04), of(6.38, 0.23), of(7.99, 0.10)],
                None,
            ),
            row(
                "Llama3.1-8B, GRPO with iStar",
                &[of(8.06, 0.11), of(9.20, 0.03), of(7.16, 0.14), of(8.45, 0.03)],
                None,
            ),
        ],
        remarks: &[
            "\"+14 %\" is 7.92 to 8.06 (Llama3.1-8B, self-chat, hard): 0.14 points of 10, or 1.8 % of 7.92.",
            "\"+48 %\" is 6.68 to 7.16 (Llama3.1-8B, with GPT-4o, hard): 0.48 points of 10, or 7.2 % of 6.68.",
            "Both are differences of points times a hundred, and no percentages of anything.",
            "Nothing was released for SOTOPIA; REINFORCE++ is taken to be the variant of Table 1's code.",
        ],
        world: "dialogue",
    },
    PaperTable {
        name: "table3",
        what: "Table 3: what the step rewards are made of, success and score in %, one seed",
        heads: &["WebShop\nsuccess", "WebShop\nscore", "VisualSokoban\nsuccess"],
        rows: &[
            row("RLOO, outcome only", &[one(76.6), one(84.2), one(85.9)], Some("RLOO")),
            row("the environment's step rewards", &[None, None, one(87.5)], Some("iStar env step rewards")),
            row("merged rewards", &[one(81.3), one(90.7), one(88.3)], Some("iStar merged rewards")),
            row("token-level process rewards", &[one(82.0), one(90.0), one(89.1)], Some("iStar token level")),
            row("iStar", &[one(89.1), one(94.7), one(93.0)], Some("iStar (paper, RLOO)")),
        ],
        remarks: &[
            "One seed: over seeds, Table 1 has 86.3 and 91.7 for the first and the last row on VisualSokoban.",
        ],
        world: "sokoban",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advertised_gains_are_differences_of_points() {
        let table = &TABLES[1];
        let of = |method: &str, column: usize| {
            let row = table.rows.iter().find(|row| row.method == method).expect("a row");
            row.numbers[column].expect("a number").0
        };
        for (column, points, percent) in [(0, 0.14, 1.8), (2, 0.48, 7.2)] {
            let [grpo, istar] =
                ["Llama3.1-8B, GRPO", "Llama3.1-8B, GRPO with iStar"].map(|row| of(row, column));
            assert!((istar - grpo - points).abs() < 1e-9);
            assert!((100.0 * (istar - grpo) / grpo - percent).abs() < 0.05);
            let said = format!("\"+{:.0} %\" is {grpo:.2} to {istar:.2}", 100.0 * points);
            assert!(table.remarks.iter().any(|remark| remark.starts_with(&said)), "{said}");
        }
    }

    #[test]
    fn every_row_with_a_recipe_runs_where_its_table_does() {
        for table in &TABLES {
            let known = crate::worlds::rows(table.world).expect("a world");
            for recipe in table.rows.iter().filter_map(|row| row.recipe) {
                assert!(known.iter().any(|name| name == recipe), "{} in {}", recipe, table.world);
            }
        }
    }

    #[test]
    fn every_row_has_its_numbers_and_its_recipe() {
        let titles: Vec<&str> = crate::recipes::all().iter().map(|recipe| recipe.title).collect();
        for table in &TABLES {
            for row in table.rows {
                assert_eq!(row.numbers.len(), table.heads.len(), "{}", row.method);
                assert!(row.recipe.is_none_or(|recipe| titles.contains(&recipe)), "{}", row.method);
            }
        }
    }
}
