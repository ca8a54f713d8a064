//! Phase A on the latest batches again.

use super::{Of, levels, settings, train, trainer};
use istar::env::sokoban::Sokoban;
use istar::objective;
use istar::objective::Objective;
use istar::policy::Parameters;
use istar::recipes::{Grpo, IStar, IStarStable};
use istar::trainer::Settings;

objective! {
    /// An explicit PRM beside the outcome.
    Explicit = td_prm(1, 0.95) + rl(adv = loo + diff(q))
}

fn replaying(replay: usize) -> Settings {
    Settings { replay, ..settings() }
}

/// The latest three are kept, and so many of them drawn.
#[test]
fn what_is_replayed_is_drawn_of_the_memory() {
    let [one, all] = [1, 3].map(|replay| {
        let mut trainer: Of<IStarStable> = trainer(Settings { memory: 3, ..replaying(replay) });
        train(&mut trainer, 5);
        trainer
    });
    // Five batches of their own, and none, then one each; none, one, two, three and three.
    assert_eq!([&one, &all].map(|trainer| trainer.nets.prm.net.forwards()), [5 + 4, 5 + 9]);
    let kept = |trainer: &Of<IStarStable>| trainer.export_past().expect("plain data").expect("batches").len();
    let [few, many] = [kept(&one), kept(&all)];
    assert!(few.abs_diff(many) < many / 3, "both keep three: {few} and {many} bytes");
}

fn values<P: Parameters<dfdx::prelude::Cpu>>(net: &P) -> Vec<f32> {
    net.parameters().into_iter().flat_map(|(_, parameter)| parameter.values()).collect()
}

/// What phase A does by hand on batches that somebody else kept, under the policy that they were sampled under.
#[test]
fn the_latest_batches_come_before_the_own_one() {
    let (env, tasks) = (Sokoban::new(8), levels(3));
    let mut found: Of<IStarStable> = trainer(replaying(2));
    let mut hand: Of<IStarStable> = trainer(settings());
    let mut kept = Vec::new();
    for iteration in 0..4 {
        let sampled =
            hand.sample(&env, &tasks, &hand.settings.sampling, "rollout", None).expect("none is lost");
        let plan = hand.numbers().plan::<<IStarStable as Objective>::Graph>(iteration);
        kept.push(hand.read_references(sampled.batch, &plan));
        let latest = kept.len().saturating_sub(3);
        hand.teach(&kept[latest..]).expect("finite");
        train(&mut found, 1);
        assert_eq!(values(&hand.nets.prm.net), values(&found.nets.prm.net), "after iteration {iteration}");
        assert_eq!(hand.iteration, found.iteration);
        hand.nets.policy = found.nets.policy.clone();
    }
    let mut without: Of<IStarStable> = trainer(settings());
    train(&mut without, 4);
    assert_ne!(values(&without.nets.prm.net), values(&found.nets.prm.net), "replay teaches more");
}

#[test]
fn a_trainer_that_is_imported_replays_what_the_other_would_have() {
    fn check<O: Objective + Default>(replay: usize, kept: usize)
    where
        Sokoban: istar::env::Offers<O>,
    {
        let mut one: Of<O> = trainer(replaying(replay));
        train(&mut one, 3);
        let bytes = one.export_past().expect("plain data");
        assert_eq!(bytes.is_some(), kept > 0, "{}", O::NAME);
        let mut other: Of<O> = trainer(replaying(replay));
        train(&mut other, 1);
        other.import(&one.export()).expect("its own");
        other.import_past(bytes.as_deref()).expect("its own");
        train(&mut one, 2);
        train(&mut other, 2);
        assert_eq!(one.export(), other.export(), "{}", O::NAME);
        assert_eq!(one.export_past(), other.export_past());
    }
    check::<IStarStable>(2, 2);
    check::<Explicit>(1, 1);
    check::<IStarStable>(0, 0);
    // There is no PRM that could be taught.
    check::<Grpo>(2, 0);
}

#[test]
fn what_is_no_past_is_refused() {
    let mut one: Of<IStarStable> = trainer(replaying(1));
    train(&mut one, 1);
    let bytes = one.export_past().expect("plain data").expect("one batch");
    let cut = one.import_past(Some(&bytes[..bytes.len() / 2])).expect_err("cut short").to_string();
    assert!(cut.starts_with("the batches to be replayed: "), "{cut}");
    assert_eq!(one.export_past(), Ok(Some(bytes.clone())), "it keeps what it had");
    let mut more: Of<IStar> = trainer(replaying(1));
    let other = more.import_past(Some(&bytes)).expect_err("nobody read the initial policy").to_string();
    assert!(other.contains("other needs"), "{other}");
}
