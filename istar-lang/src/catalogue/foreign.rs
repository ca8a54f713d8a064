//! What readers bring along from elsewhere, and what the language writes in its place.

use crate::ast::Arg;

/// A function that there is not.
#[derive(Debug)]
pub struct Foreign {
    /// The names under which it is asked for.
    pub names: &'static [&'static str],
    /// What does the same: `{x}` and `{y}` stand for its first two arguments, `{all}` for all of them. One with `{per}` is
    /// meant where a level is given.
    pub code: &'static [&'static str],
    /// What else there is to say.
    pub note: &'static str,
}

/// An objective of `istar::recipes` that is asked for by its name.
#[derive(Debug)]
pub struct Recipe {
    /// Its type.
    pub name: &'static str,
    /// How it is asked for by those who do not know that.
    pub asked: &'static [&'static str],
    /// Its line.
    pub line: &'static str,
}

/// What trains an implicit PRM that a policy can learn from: as the recipe `IStarStable` has it.
pub const TRAINS_IMPLICIT: &str =
    "dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)";

const YOUR_OWN: &str = "a function of a signal is a signal of your own, `istar::objective::Signal`";

/// The functions.
pub static FOREIGN: &[Foreign] = &[
    Foreign {
        names: &["log", "ln", "logprob", "log_prob"],
        code: &[],
        note: "`log_ratio(p, q)` is the difference of two log-probabilities; any other function of a signal is a signal of your own, `istar::objective::Signal`",
    },
    Foreign { names: &["sqrt", "pow", "tanh", "sigmoid", "relu"], code: &[], note: YOUR_OWN },
    Foreign { names: &["clamp"], code: &["clip({all})"], note: "" },
    Foreign {
        names: &["zscore", "z_score", "normalize", "normalise", "standardize", "standardise"],
        code: &["norm({x})"],
        note: "",
    },
    Foreign {
        names: &["std", "var"],
        code: &["norm({x})"],
        note: "which divides by the standard deviation of a pool",
    },
];

/// What aggregates, and what does the same to two signals, element by element.
pub static PAIRWISE: &[(&str, &str)] = &[("max", "maximum"), ("min", "minimum")];

/// The recipes with short lines that are asked for most.
pub static RECIPES: &[Recipe] = &[
    Recipe { name: "Grpo", asked: &["grpo"], line: "rl(adv = traj)" },
    Recipe { name: "Rloo", asked: &["rloo"], line: "rl(adv = loo)" },
    Recipe { name: "Dapo", asked: &["dapo"], line: "rl(adv = traj, clip = (0.2, 0.28), groups = mixed)" },
    Recipe {
        name: "DrGrpo",
        asked: &["dr_grpo", "drgrpo"],
        line: "rl(adv = traj(scale = none), reduce = constant(max_tokens))",
    },
    Recipe {
        name: "Gspo",
        asked: &["gspo"],
        line: "rl(adv = traj, clip = (0.0003, 0.0004), ratio = mean(step), reduce = mean(step))",
    },
    Recipe {
        name: "GiGpo",
        asked: &["gigpo", "gi_gpo"],
        line: "rl(adv = traj + omega * anchor(gamma, scale = std))",
    },
    Recipe {
        name: "Ppo",
        asked: &["ppo"],
        line: "rl(adv = whiten(gae(place(outcome, at = token), gamma, lam))) + critic(0.5, per = token)",
    },
    Recipe { name: "Eto", asked: &["eto"], line: "dpo(beta, ref = old, pairs = success)" },
    Recipe { name: "IStar", asked: &[], line: "dpo_prm(beta) + rl(adv = traj + lambda * step)" },
    Recipe {
        name: "IStarStable",
        asked: &["istar", "i_star", "istar_stable"],
        line: "dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before) + rl(adv = traj + lambda * step(scale = none), ratio = sum(step), reduce = mean(step))",
    },
];

impl Foreign {
    /// The function of this name.
    pub fn find(name: &str) -> Option<&'static Foreign> {
        FOREIGN.iter().find(|foreign| foreign.names.contains(&name))
    }

    /// The way out where it is called with these arguments.
    pub fn instead(&self, args: &[Arg]) -> String {
        let unnamed: Vec<String> =
            args.iter().filter(|arg| arg.key.is_none()).map(|arg| arg.value.to_string()).collect();
        let per = args.iter().find(|arg| arg.key.as_ref().is_some_and(|key| key.text == "per"));
        let x = unnamed.first().map_or("x", String::as_str);
        let y = unnamed.get(1).map_or("0", String::as_str);
        let fits = |code: &&&str| code.contains("{per}") == per.is_some();
        let code = self.code.iter().find(fits).or(self.code.first()).map(|code| {
            let per = per.map_or_else(|| "traj".to_owned(), |per| per.value.to_string());
            let code = code.replace("{per}", &per).replace("{all}", &unnamed.join(", "));
            format!("write `{}`", code.replace("{x}", x).replace("{y}", y))
        });
        let note = Some(self.note.to_owned()).filter(|note| !note.is_empty());
        code.into_iter().chain(note).collect::<Vec<_>>().join(", ")
    }
}

impl Recipe {
    /// The recipe of this name.
    pub fn find(name: &str) -> Option<&'static Recipe> {
        RECIPES.iter().find(|recipe| recipe.name == name)
    }

    /// The recipe that is asked for by this name.
    pub fn asked(name: &str) -> Option<&'static Recipe> {
        RECIPES.iter().find(|recipe| recipe.asked.contains(&name))
    }
}
