use istar::objective;

objective! {
    pub X = rl(adv = sum(reward, per = episode))
}

fn main() {}
