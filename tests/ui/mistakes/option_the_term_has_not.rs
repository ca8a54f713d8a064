use istar::objective;

objective! {
    pub X = kl(0.1, net = shared)
}

fn main() {}
