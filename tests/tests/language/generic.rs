//! Types of the function around it, in every form that stands in a function.
use istar::objective;
use istar::objective::kind::Reward;
use istar::objective::level::Step;
use istar::objective::{Objective, Signal, signal};

fn source<O: Objective>(_: &O) -> &'static str {
    O::SOURCE
}

fn centred<Mine: Signal<Level = Step, Kind = Reward>>() -> Vec<f64> {
    let scale = 0.5;
    let captured = objective!(rl(adv = norm(Mine, count = first(traj)) + scale * outcome));
    let quoted = objective!(< rl(adv = norm(Mine)) >);
    assert_eq!(source(&quoted), "rl(adv = norm(Mine))");
    captured.values()
}

#[test]
fn holds() {
    assert_eq!(centred::<signal::Reward>(), [0.5]);
}
