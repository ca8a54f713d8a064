//! The critic: what it learns, and that nothing but the arguments decides what it becomes.

use super::{Of, levels, settings, train, trainer};
use dfdx::prelude::{Cpu, NoneTape};
use istar::batch::{Batch, LevelId};
use istar::env::sokoban::Sokoban;
use istar::kernels::set_threads;
use istar::objective;
use istar::objective::{CriticPlan, NeedsOf, Plan};
use istar::policy::{Choices, Estimator, Parameters, Policy};
use istar::recipes::{Grpo, Ppo};
use istar::rollout::{Sampling, sample};
use istar::trainer::{Settings, Trainer};

objective! {
    /// Two heads per step: one for all that follows, one for the next step.
    Heads<lam = 0.9> = rl(adv = gae(reward, 1, lam, value = value(far)) + gae(reward, 0.9, 1, value = value(near), within = step, next = value(far)))
        + critic(0.5, clip = none, heads = (near, far))
}

fn values(net: &impl Parameters<Cpu>) -> Vec<f32> {
    net.parameters().iter().flat_map(|(_, parameter)| parameter.values()).collect()
}

fn batch<O: objective::Objective>(trainer: &Of<O>) -> Batch<NeedsOf<O>, istar::env::sokoban::Frame>
where
    Sokoban: istar::env::Offers<O>,
{
    let sampling = Sampling { per_group: 4, ..Sampling::default() };
    let at = (3, "fixed", 0);
    sample::<O, _, _, Cpu>(&Sokoban::new(8), &levels(4), &trainer.policy.net, &sampling, at, None).batch
}

#[test]
fn ppo_trains_policy_and_critic() {
    let mut ppo: Of<Ppo> = trainer(settings());
    let (policy, critic) = (ppo.policy.net.values(), values(&ppo.critic.net));
    for _ in 0..3 {
        let metrics = ppo.iterate(&Sokoban::new(8), &levels(3)).expect("finite");
        for name in ["losses/policy", "losses/critic", "charts/explained_variance", "charts/critic_grad_norm"]
        {
            assert!(metrics.get(name).is_some_and(|x| x.is_finite()), "{name}: {metrics:?}");
        }
    }
    assert_ne!(ppo.policy.net.values(), policy);
    assert_ne!(values(&ppo.critic.net), critic);
    // one update of each per mini-batch
    assert_eq!(ppo.critic.adam.steps, ppo.policy.adam.steps);
}

#[test]
fn a_critic_learns_a_fixed_batch() {
    // one update on all of the batch; the policy stands still
    let mut ppo: Of<Ppo> = trainer(Settings { minibatch: usize::MAX, ..settings() });
    ppo.policy.adam.config.lr = 0.0;
    // with lam 1 the targets do not move either: the outcome, which here is the number of the level
    ppo.objective.lam = 1.0;
    let mut batch = batch(&ppo);
    let group = batch.layout.group_of_traj();
    batch.outcome = group.iter().map(|group| f64::from(*group)).collect();
    let learn = |ppo: &mut Of<Ppo>| {
        let metrics = ppo.learn(batch.clone(), None).expect("finite");
        (metrics["losses/critic"], metrics["charts/explained_variance"])
    };
    let (loss, explained) = learn(&mut ppo);
    let later = (0..30).map(|_| learn(&mut ppo)).last().expect("some");
    assert!(later.0 < 0.2 * loss, "the loss went from {loss} to {}", later.0);
    assert!(explained < 0.1 && later.1 > 0.8, "the variance explained went from {explained} to {}", later.1);
}

#[test]
fn the_column_is_what_each_head_says() {
    let mut heads: Of<Heads> = trainer(settings());
    let batch = batch(&heads);
    let plan = CriticPlan { heads: vec!["near", "far"], level: LevelId::Step };
    let batch = heads.read_references(batch, &Plan { critic: Some(plan), ..Plan::default() });
    let value = batch.columns().value.expect("a column").to_vec();
    assert_eq!((value.len(), value[0].len()), (2, batch.layout.steps()));
    for (head, column) in value.iter().enumerate() {
        // one token a step here
        let head = vec![head as u32; batch.observation.len()];
        let choices = Choices { observation: &batch.observation, token: &head };
        let expected = heads.critic.net.read(&batch.observations, choices, NoneTape).logp.as_vec();
        assert!(column.iter().zip(expected).all(|(a, b)| *a == f64::from(b)));
    }
    assert_ne!(value[0], value[1]);
}

#[test]
fn a_critic_starts_as_the_policy_with_a_layer_of_its_own() {
    let heads: Of<Heads> = trainer(settings());
    let expected = heads.policy.net.estimator(2, 5);
    assert_eq!(values(&heads.critic.net), values(&expected));
}

#[test]
fn threads_and_resuming_do_not_show() {
    let run = |threads| {
        set_threads(threads);
        let mut heads: Of<Heads> = trainer(settings());
        train(&mut heads, 2);
        set_threads(1);
        heads
    };
    let mut through = run(1);
    let half = through.export();
    assert!(half == run(3).export(), "the same bits with any number of threads");
    train(&mut through, 2);
    let mut resumed: Of<Heads> =
        Trainer::new(Heads::default(), super::Counted::new(99), settings(), 0).expect("in range");
    resumed.import(&half).expect("the same shapes");
    train(&mut resumed, 2);
    assert!(resumed.export() == through.export(), "the same bits after a resume");
}

#[test]
fn a_critic_leaves_sampling_alone() {
    let (ppo, grpo): (Of<Ppo>, Of<Grpo>) = (trainer(settings()), trainer(settings()));
    let (ours, theirs) = (batch(&ppo), batch(&grpo));
    assert_eq!((ours.token, ours.old, ours.outcome), (theirs.token, theirs.old, theirs.outcome));
}

#[test]
fn an_estimate_without_a_critic_makes_no_trainer() {
    type Estimate = objective::signal::Value;
    objective! { Unseen = rl(adv = outcome - Estimate) }
    let refused = Of::<Unseen>::new(Unseen, super::Counted::new(0), settings(), 0).err().expect("no critic");
    assert!(refused.to_string().contains("a critic that no term trains"), "{refused}");
}
