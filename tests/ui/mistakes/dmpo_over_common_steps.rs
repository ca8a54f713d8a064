use istar::objective;

objective! {
    pub X<beta = 0.05> = dpo(beta, over = common, weight = dmpo(0.9))
}

fn main() {}
