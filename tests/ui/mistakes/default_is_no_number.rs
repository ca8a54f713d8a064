use istar::objective;

objective! {
    pub X<beta = tiny> = dpo_prm(beta)
}

fn main() {}
