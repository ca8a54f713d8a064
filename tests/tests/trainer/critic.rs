//! The critic: what it learns, and that nothing but the arguments decides what it becomes.

use super::{Of, levels, settings, train, trainer};
use dfdx::prelude::{Cpu, NoneTape};
use istar::batch::{Batch, History, Layout, LevelId, Scope};
use istar::credit::Credit;
use istar::env::Env;
use istar::env::sokoban::{Frame, Room, Sokoban};
use istar::graph::Phase;
use istar::kernels::set_threads;
use istar::objective;
use istar::objective::{CriticPlan, NeedsOf, Objective, Plan, Term};
use istar::policy::{Asked, Model, Parameters, Policy};
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

fn batch<O: Objective>(trainer: &Of<O>) -> Batch<NeedsOf<O>, Frame>
where
    Sokoban: istar::env::Offers<O>,
{
    let sampling = Sampling { per_group: 4, ..Sampling::default() };
    let at = (3, "fixed", 0);
    let (env, net) = (Sokoban::new(8), &trainer.nets.policy.net);
    sample::<O, _, _, Cpu>(&env, &levels(4), net, &sampling, at, None).expect("none is lost").batch
}

#[test]
fn ppo_trains_policy_and_critic() {
    let mut ppo: Of<Ppo> = trainer(settings());
    let (policy, critic) = (ppo.nets.policy.net.values(), values(&ppo.nets.critic.net));
    for _ in 0..3 {
        let metrics = ppo.iterate(&Sokoban::new(8), &levels(3)).expect("finite");
        for name in ["losses/policy", "losses/critic", "charts/explained_variance", "charts/critic_grad_norm"]
        {
            assert!(metrics.get(name).is_some_and(|x| x.is_finite()), "{name}: {metrics:?}");
        }
    }
    assert_ne!(ppo.nets.policy.net.values(), policy);
    assert_ne!(values(&ppo.nets.critic.net), critic);
    // one update of each per mini-batch
    assert_eq!(ppo.nets.critic.adam.steps, ppo.nets.policy.adam.steps);
}

#[test]
fn a_critic_learns_a_fixed_batch() {
    // one update on all of the batch; the policy stands still
    let mut ppo: Of<Ppo> = trainer(Settings { minibatch: usize::MAX, ..settings() });
    ppo.nets.policy.adam.config.lr = 0.0;
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
    let plan = CriticPlan { heads: vec!["near".into(), "far".into()], level: LevelId::Step };
    let batch = heads.read_references(batch, &Plan { critic: Some(plan), ..Plan::default() });
    let value = batch.columns().value.expect("a column").to_vec();
    assert_eq!((value.len(), value[0].len()), (2, batch.layout.steps()));
    for (head, column) in value.iter().enumerate() {
        // one token a step here
        let rows: Vec<u32> = (0..batch.token.len() as u32).collect();
        let asked = Asked::whole(batch.history(), rows, vec![head as u32; batch.token.len()]);
        let expected = heads.nets.critic.net.read(&asked, false, NoneTape).logp.as_vec();
        assert!(column.iter().zip(expected).all(|(a, b)| *a == f64::from(b)));
    }
    assert_ne!(value[0], value[1]);
}

objective! {
    /// What a cut-off trajectory would have gone on to is the critic's estimate of where it was cut off.
    Onward = rl(adv = gae(reward, 0.9, 0.5, cut = value)) + critic(0.5, clip = none)
}

/// Sokoban cuts off after three steps: some of these trajectories are solved by then, others are not. Advantages and targets
/// by hand, with estimates that are asked of the critic one picture at a time.
#[test]
fn what_was_cut_off_goes_on_as_the_critic_says() {
    let mut onward: Of<Onward> = trainer(settings());
    let sampling = Sampling { per_group: 4, ..Sampling::default() };
    let mut seen: Vec<Vec<Frame>> = vec![Vec::new(); 24];
    let mut watch = |traj: usize, env: &Sokoban| seen[traj].push(env.observe());
    let (env, net, at) = (Sokoban::new(3), &onward.nets.policy.net, (3, "fixed", 0));
    // One push to the right solves it.
    let level: Room = "######\n#@$. #\n#    #\n#    #\n#    #\n######".parse().expect("a level");
    let rollout = sample::<Onward, _, _, Cpu>(&env, &[level; 6], net, &sampling, at, Some(&mut watch));
    let rollout = rollout.expect("none is lost");
    let batch = rollout.batch;
    let of = |ended: f64| batch.ended.iter().filter(|e| **e == ended).count();
    assert!(of(0.0) > 0 && of(1.0) > 0, "some are cut off, some end: {:?}", batch.ended);
    assert_eq!(batch.ended, batch.success, "whoever does not end on the third step was cut off there");

    let estimate = |frame: &Frame| {
        let layout = Layout::from_lengths([1], [1], [1]);
        let asked = Asked::all(History::new(&layout, std::slice::from_ref(frame), &[0], &[0]));
        f64::from(onward.nets.critic.net.read(&asked, false, NoneTape).logp.as_vec()[0])
    };
    let mut expected = Vec::new();
    for (traj, seen) in seen.iter().enumerate() {
        let steps = batch.layout.steps_of(traj);
        assert_eq!(seen.len(), steps.len() + 1);
        let mut values: Vec<f64> = seen.iter().map(estimate).collect();
        values[steps.len()] *= 1.0 - batch.ended[traj];
        let delta = |t: usize| batch.reward[steps.start + t] + 0.9 * values[t + 1] - values[t];
        let from = |t: usize| (t..steps.len()).map(|k| 0.45f64.powi((k - t) as i32) * delta(k)).sum::<f64>();
        expected.extend((0..steps.len()).map(|t| (from(t), from(t) + values[t])));
    }

    let at = Scope::new(&[], &[]);
    let mut plan = Plan::default();
    <Onward as Objective>::Graph::plan(&at, &mut plan);
    let read = onward.read_references(batch.clone(), &plan);
    let credit = Credit { batch: read.columns(), at };
    let prepared = <Onward as Objective>::Graph::prepare(&credit, Phase::Policy);
    // One token a step here.
    let advantage = <Onward as Objective>::Graph::advantage(&prepared).expect("an advantage");
    for (found, (expected, _)) in advantage.iter().zip(&expected) {
        assert!((found - expected).abs() < 1e-5, "{found}, expected {expected}");
    }
    // Before the first update the clipped loss is the mean square of what the critic is short of its targets.
    let squares = expected.iter().map(|(advantage, _)| advantage * advantage).sum::<f64>();
    onward.settings.minibatch = usize::MAX;
    let metrics = onward.learn(batch, None).expect("finite");
    let mean = squares / expected.len() as f64;
    assert!((metrics["losses/critic"] - mean).abs() < 1e-4 * mean, "{metrics:?}, expected {mean}");
}

#[test]
fn a_critic_starts_as_the_policy_with_a_layer_of_its_own() {
    let heads: Of<Heads> = trainer(settings());
    let expected = heads.nets.policy.net.estimator(2, 5);
    assert_eq!(values(&heads.nets.critic.net), values(&expected));
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
