//! Behind `macro_rules!` a mistake is at the token that the caller wrote, or at the macro's own.

use istar::objective;

macro_rules! family {
    ($($name:ident $weight:literal $signal:expr;)*) => {$(
        objective! {
            pub $name<lambda = $weight> = dpo_prm(0.1) + rl(adv = traj + lambda * $signal)
        }
    )*};
}
family! {
    Good 0.5 step;
    Misspelled 0.5 stpe;
    NoWeight 0.5 outcome * reward;
}

macro_rules! clipped {
    ($($name:ident $advantage:ident;)*) => {$(
        objective! {
            pub $name = rl(adv = $advantage, clp = 0.2)
        }
    )*};
}
clipped! { Clipped traj; }

fn main() {}
