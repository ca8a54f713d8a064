use istar::objective;

objective! {
    pub X = kl(0.1, ref = initial)
}

fn main() {}
