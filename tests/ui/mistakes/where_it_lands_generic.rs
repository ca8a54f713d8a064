//! In a generic function, where a line stands as an expression, what the macro finds is at its token. What the trait system
//! finds in types of the function is said of the whole line, and names the type.

use istar::objective;
use istar::objective::kind::Return;
use istar::objective::level::Step;
use istar::objective::{Objective, Signal};

fn values<O: Objective>(objective: &O) -> Vec<f64> {
    objective.values()
}

fn accumulated<Mine: Signal<Level = Step, Kind = Return>>() -> Vec<f64> {
    values(&objective!(rl(adv = norm(to_go(Mine)))))
}

fn unread<Mine: Signal<Level = Step, Kind = Return>>() -> Vec<f64> {
    values(&objective!(rl(adv = norm(Mine) + step)))
}

fn unbounded<Mine>() -> Vec<f64> {
    values(&objective!(rl(adv = traj + Mine)))
}

fn main() {}
