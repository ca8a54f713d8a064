use istar::objective;

objective! {
    pub X = rl(adv = norm(outcome, where = has(action, subgoal, action)))
}

fn main() {}
