use istar::objective;
use istar::objective::signal::Reward;

objective! {
    pub X<beta = 0.05> = dar(beta, 0.1, adv = Reward)
}

fn main() {}
