//! Through `macro_rules!`: a fragment is one unit, whatever stands around it.
use istar::objective;
use istar::objective::Objective;

macro_rules! family {
    ($($name:ident $weight:literal $signal:expr),*) => {$(
        objective! {
            pub $name<lambda = $weight> = dpo_prm(0.1) + rl(adv = token + lambda * $signal)
        }
    )*};
}
family!(Low 0.5 step, High -1.5 outcome + 0.5 * reward);

#[test]
fn holds() {
    assert_eq!(High::default().lambda, -1.5);
    assert_eq!(High::SOURCE, "dpo_prm(0.1) + rl(adv = token + lambda * (outcome + 0.5 * reward))");
    assert_eq!(Low::NAME, "Low");
}
