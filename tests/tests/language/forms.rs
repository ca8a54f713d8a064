//! The three forms and the table, as a user writes them.

use istar::objective::Objective;
use istar::objective::{Param, demand_of};
use istar::{ablations, objective};

objective! {
    /// Trajectory preference teaches the step reward; both drive the policy.
    pub IStar<beta = 0.05, lambda = 1.0> = dpo_prm(beta) + rl(adv = traj + lambda*step)
}
objective! {
    /// The group baseline.
    pub Grpo = rl(adv = traj)
}
objective! {
    /// A signal with a name.
    pub Shaped<gamma = 0.95, cost = 0.1> =
        rl(adv = norm(to_go(r, gamma)) + norm(sum(r, per = traj))) where r = reward - cost * invalid
}

type Fixed = objective!(< dpo_prm(0.05) + rl(adv = traj + 1.0 * step) >);

#[test]
fn forms() {
    assert_eq!(IStar::NAME, "IStar");
    assert_eq!(IStar::SOURCE, "dpo_prm(beta) + rl(adv = traj + lambda * step)");
    assert_eq!(IStar::default(), IStar { beta: 0.05, lambda: 1.0 });
    assert_eq!(IStar::PARAMS[1], Param { name: "lambda", default: Some(1.0) });
    let free = objective!(< dpo_prm(beta) + rl(adv = traj + lambda*step) >);
    assert_eq!(free.names(), ["beta", "lambda"]);
    let bound = free.bind([0.05, 1.0]);
    assert_eq!(bound.values(), [0.05, 1.0]);
    let (beta, lambda) = (0.05, 1.0f32);
    let here = objective!(dpo_prm(beta) + rl(adv = traj + lambda * step));
    assert_eq!(here.values(), [0.05, 1.0]);
    fn source<O: Objective>(_: O) -> &'static str {
        O::SOURCE
    }
    assert_eq!(source(here), IStar::SOURCE);
    assert_eq!(source(bound), IStar::SOURCE);
    assert_eq!(Fixed::SOURCE, "dpo_prm(0.05) + rl(adv = traj + 1.0 * step)");
    assert!(
        demand_of::<Fixed>().trains_prm
            && !demand_of::<Grpo>().trains_prm
            && demand_of::<Shaped>().step_rewards
    );
    assert_eq!(serde_json::to_string(&IStar::default()).expect("numbers"), r#"{"beta":0.05,"lambda":1.0}"#);
}

#[test]
fn records() {
    let read = |text: &str| serde_json::from_str::<IStar>(text).map_err(|error| error.to_string());
    assert_eq!(read(r#"{"lambda": 2}"#), Ok(IStar { beta: 0.05, lambda: 2.0 }));
    let unknown = read(r#"{"lamda": 2}"#).expect_err("no such name");
    assert!(
        unknown.starts_with("IStar has no hyper-parameter `lamda`; it has `beta`, `lambda`"),
        "{unknown}"
    );
    assert!(read(r#"{"beta": 1, "beta": 1}"#).expect_err("twice").contains("given twice"));
    assert_eq!(serde_json::from_str::<Grpo>("{}").map_err(|error| error.to_string()), Ok(Grpo));
}

ablations! {
    /// Which credit signal carries the gain?
    pub Credit {
        "GRPO" = Grpo,
        "inline" = dpo_prm(beta = 0.05) + rl(adv = step),
        "iStar" = IStar,
        "half" = IStar { lambda: 0.5, ..Default::default() },
    }
}

struct Rows(Vec<(&'static str, &'static str, Vec<f64>)>);

impl<E: istar::env::Env> istar::table::Visitor<E> for Rows {
    fn row<O: Objective>(&mut self, name: &'static str, objective: O)
    where
        E: istar::env::Offers<O>,
    {
        self.0.push((name, O::SOURCE, objective.values()));
    }
}

#[test]
fn tables() {
    let mut rows = Rows(Vec::new());
    <Credit as istar::table::Ablation<istar::env::sokoban::Sokoban>>::rows(&mut rows);
    let line = IStar::SOURCE;
    assert_eq!(
        rows.0,
        [
            ("GRPO", Grpo::SOURCE, vec![]),
            ("inline", "dpo_prm(beta = 0.05) + rl(adv = step)", vec![]),
            ("iStar", line, vec![0.05, 1.0]),
            ("half", line, vec![0.05, 0.5]),
        ]
    );
}
