use istar::objective;

objective! {
    pub X<beta = 0.05> = dar(beta, 0.1, adv = norm(reward))
}

fn main() {}
