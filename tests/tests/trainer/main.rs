//! What a trainer carries, what it forwards, and that nothing but its arguments decides what it becomes.

mod counted;
mod critic;
mod replay;

use counted::Counted;
use dfdx::prelude::Cpu;
use istar::env::Offers;
use istar::env::sokoban::{LevelSpec, Levels, Room, Sokoban, Split};
use istar::kernels::set_threads;
use istar::need::bit::Absent;
use istar::objective;
use istar::objective::Objective;
use istar::recipes::*;
use istar::rollout::Sampling;
use istar::trainer::adam::AdamConfig;
use istar::trainer::{Network, Settings, Trainer};

type Of<O> = Trainer<O, Counted, Cpu>;

fn levels(n: usize) -> Vec<Room> {
    let levels = Levels::new(LevelSpec { size: 6, boxes: 1, depth: 30 }).expect("in range");
    levels.draw(Split::Train, 3, n).expect("there are many")
}

fn settings() -> Settings {
    let sampling = Sampling { per_group: 4, ..Sampling::default() };
    Settings { sampling, minibatch: 16, ..Settings::default() }
}

fn trainer<O: Objective + Default>(settings: Settings) -> Of<O> {
    Trainer::new(O::default(), Counted::new(7), settings, 5).expect("defaults are in range")
}

fn train<O: Objective>(trainer: &mut Of<O>, iterations: usize)
where
    Sokoban: Offers<O>,
{
    for _ in 0..iterations {
        trainer.iterate(&Sokoban::new(8), &levels(3)).expect("finite");
    }
}

#[test]
fn what_is_not_demanded_has_no_size() {
    let grpo: Of<Grpo> = trainer(settings());
    let _: (Absent, Absent, Absent, Absent, Absent) =
        (grpo.nets.prm, grpo.nets.critic, grpo.nets.init, grpo.nets.snapshot, grpo.nets.ema);
    assert_eq!(size_of_val(&grpo.nets.prm), 0);
    let network = size_of::<Network<Counted, Cpu>>();
    // A parameter-free objective has no size either.
    let bare = size_of::<Of<Grpo>>();
    assert!(bare >= network && bare < 2 * network);
    assert_eq!(size_of::<Of<PrmOnly>>(), bare + network + size_of::<f64>(), "PRM and beta");
    assert_eq!(size_of::<Of<IStar>>(), bare + size_of::<Counted>() + 2 * size_of::<f64>(), "initial policy");
}

/// Forward passes of one iteration, sampling excluded, by network, and the number of mini-batches.
fn forwards<O: Objective + Default>() -> [usize; 4]
where
    Sokoban: Offers<O>,
{
    use istar::need::bit::Bit;
    use istar::need::demand::Needs;
    use istar::objective::NeedsOf;
    let mut trainer: Of<O> = trainer(settings());
    train(&mut trainer, 1);
    let steps = trainer.env_steps as f64;
    let prm = <NeedsOf<O> as Needs>::PrmNet::get(&trainer.nets.prm).map_or(0, |prm| prm.net.forwards());
    let init = <NeedsOf<O> as Needs>::InitRef::get(&trainer.nets.init).map_or(0, |init| init.net.forwards());
    [trainer.nets.policy.net.forwards(), prm, init, (steps / 16.0).round() as usize]
}

#[test]
fn forward_passes_are_exactly_those_that_each_recipe_needs() {
    // Per iteration beside one policy pass per mini-batch: passes of the policy, of the PRM, of the initial policy.
    macro_rules! table {
        ($($recipe:ty: $policy:literal, $prm:literal, $init:literal;)*) => {$(
            let [policy, prm, init, minibatches] = forwards::<$recipe>();
            let found = [policy - minibatches, prm, init];
            assert_eq!(found, [$policy, $prm, $init], "{}", <$recipe as Objective>::NAME);
        )*};
    }
    objective! { Penalised<coef = 0.01> = rl(adv = traj) + kl(coef, ref = init) }
    objective! { Frozen<beta = 0.05> = 0 * dpo_prm(beta, net = separate, ref = old, pairs = success, read = before) + rl(adv = traj + step) }
    table! {
        Grpo:           0, 0, 0;
        Rloo:           0, 0, 0;
        GiGpo:          0, 0, 0;
        IStarEnvReward: 0, 0, 0;
        Penalised:      0, 0, 1;
        // Phase A's own pass serves the reading before it.
        PrmOnly:        0, 1, 0;
        IStarPaper:     0, 1, 0;
        IStarPaperRloo: 0, 1, 0;
        IStarStable:    0, 1, 0;
        IStarMerged:    0, 1, 0;
        Frozen:         0, 1, 0;
        // One network: its pass in phase A, and the reading after it.
        IStar:          2, 0, 1;
    }
}

#[test]
fn threads_do_not_show_in_the_parameters() {
    let run = |threads| {
        set_threads(threads);
        let mut trainer: Of<IStarPaper> = trainer(settings());
        train(&mut trainer, 2);
        set_threads(1);
        trainer.export()
    };
    let one = run(1);
    assert!(one == run(2) && one == run(3), "the same bits");
}

#[test]
fn a_trainer_goes_on_from_its_export_bit_by_bit() {
    let mut through: Of<IStar> = trainer(settings());
    train(&mut through, 2);
    let half = through.export();
    train(&mut through, 2);
    let mut resumed: Of<IStar> =
        Trainer::new(IStar::default(), Counted::new(99), settings(), 0).expect("in range");
    resumed.import(&half).expect("the same shapes");
    assert_eq!((resumed.iteration, resumed.seed), (2, 5));
    train(&mut resumed, 2);
    assert!(resumed.export() == through.export(), "the same bits");
}

#[test]
fn weight_zero_reads_the_prm_and_never_moves_it() {
    objective! { Frozen<beta = 0.05> = 0 * dpo_prm(beta, net = separate, ref = old, pairs = success, read = before) + rl(adv = traj + step) }
    let mut trainer: Of<Frozen> = trainer(settings());
    let before = trainer.nets.prm.net.values();
    train(&mut trainer, 2);
    assert_eq!(trainer.nets.prm.net.values(), before);
    assert_eq!(trainer.nets.prm.adam.steps, 0);
    assert_ne!(trainer.nets.policy.net.values(), before);
}

#[test]
fn a_loss_that_is_not_finite_stops_with_its_name_and_leaves_the_last_good_parameters() {
    let policy = AdamConfig { lr: 1e30, max_norm: None, ..AdamConfig::default() };
    let mut trainer: Of<Grpo> = trainer(Settings { policy, ..settings() });
    let stop = (0..4).find_map(|_| trainer.iterate(&Sokoban::new(8), &levels(3)).err());
    let stop = stop.expect("a step of 1e30 leaves nothing finite").to_string();
    assert!(stop.contains("is not finite") && stop.contains("phase Policy of iteration"), "{stop}");
}

#[test]
fn numbers_out_of_range_make_no_trainer() {
    let objective = IStar { beta: -1.0, ..IStar::default() };
    let refused =
        Of::<IStar>::new(objective, Counted::new(0), settings(), 0).err().expect("beta is negative");
    assert!(refused.to_string().contains("beta"), "{refused}");
}
