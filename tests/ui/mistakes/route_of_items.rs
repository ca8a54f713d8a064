use istar::objective;

objective! {
    pub X = rl(adv = route(action = checklist))
}

fn main() {}
