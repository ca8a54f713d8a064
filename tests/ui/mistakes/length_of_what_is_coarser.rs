use istar::objective;

objective! {
    pub Short<c = 0.01> = rl(adv = norm(outcome - c * length(per = step, of = segment)))
}

fn main() {}
