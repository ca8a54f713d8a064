use istar::objective;

objective! {
    pub X = rl(adv = sum(outcome, per = step) + mean(reward, per = step))
}

fn main() {}
