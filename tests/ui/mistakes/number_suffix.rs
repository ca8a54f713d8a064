use istar::objective;

objective! {
    pub X = kl(0.1f32)
}

fn main() {}
