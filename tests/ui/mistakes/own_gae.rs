//! Types of the user's are checked by the trait system.
use istar::batch::Scope;
use istar::need::demand::Nothing;
use istar::objective::{Signal, kind, level};
use istar::{credit::Credit, objective};

struct Score;
impl Signal for Score {
    type Level = level::Step;
    type Kind = kind::Return;
    type Needs = Nothing;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        vec![1.0; cx.batch.layout.steps()]
    }
    fn show(_: &Scope<'_>) -> String {
        "Score".into()
    }
}

objective! {
    pub X = rl(adv = gae(Score, 1, 0.95)) + critic(0.5)
}

fn main() {}
