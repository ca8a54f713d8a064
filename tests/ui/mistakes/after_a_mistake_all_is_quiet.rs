use istar::objective;
use istar::objective::Objective;

objective! {
    pub X<beta = 0.05> = dpo_pmr(beta)
}

fn main() {
    let x = X { beta: 0.1 };
    let _ = (x.values(), X::default().beta, X::from_values(&[0.2]));
}
