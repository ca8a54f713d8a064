use istar::objective;

pub struct Mine<S>(std::marker::PhantomData<S>);

objective! {
    pub X = rl(adv = traj + Mine(0.5))
}

fn main() {}
