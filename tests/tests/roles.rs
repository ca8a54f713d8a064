//! Steps of several tokens: what the sampler writes down, and what routed credit trains.

use dfdx::prelude::Cpu;
use istar::batch::{Batch, Role, Scope};
use istar::credit::Credit;
use istar::env::sokoban::{LevelSpec, Levels, Planned, Room, Scene, Sokoban, Split};
use istar::env::{Demonstrate, Env, Offers, Subgoals};
use istar::graph::Phase;
use istar::kernels::set_threads;
use istar::objective;
use istar::objective::{NeedsOf, Objective, Term};
use istar::policy::PixelPolicy;
use istar::recipes::{HiPer, HiPerIStar, HiPerPaper};
use istar::rollout::{Rollout, Sampling, sample};
use istar::trainer::{Demonstrations, Settings, Trainer};

type Net = PixelPolicy<Scene, Cpu, usize>;

const BOXES: usize = 2;

fn levels(n: usize) -> Vec<Room> {
    let levels = Levels::new(LevelSpec { size: 6, boxes: BOXES, depth: 30 }).expect("in range");
    levels.draw(Split::Train, 3, n).expect("there are many")
}

fn net() -> Net {
    PixelPolicy::with_actions(&Cpu::default(), (6, 6), 8, Planned::tokens(BOXES), 7)
}

objective! { Routed = rl(adv = route(action = traj, switch = switch - p_switch, subgoal = norm(sum(reward, per = segment)))) }

fn rollout() -> Rollout<NeedsOf<Routed>, Scene> {
    let sampling = Sampling { per_group: 4, ..Sampling::default() };
    sample::<Routed, _, _, Cpu>(&Planned::new(8), &levels(3), &net(), &sampling, (5, "rollout", 0), None)
        .expect("none is lost")
}

/// The columns of a batch with a step's tokens one after the other: replayed in the environment they are what it says.
#[test]
fn the_sampler_writes_down_what_each_token_is_for() {
    let Rollout { batch, rewards, .. } = rollout();
    let (layout, policy) = (&batch.layout, net());
    let tasks = levels(3);
    let mut kinds = [0; 3];
    for traj in 0..layout.trajs() {
        let mut env = Planned::new(8);
        env.reset(&tasks[layout.group_of_traj()[traj] as usize]);
        for step in layout.steps_of(traj) {
            let at = layout.tokens_of(step);
            let tokens = &batch.token[at.clone()];
            assert_eq!(batch.segment[step], env.segment_with(tokens));
            let said_switch = tokens[0] == Planned::SWITCH;
            assert_eq!(batch.switch[step], f64::from(u8::from(said_switch)));
            kinds[if tokens.len() == 2 {
                0
            } else if said_switch {
                1
            } else {
                2
            }] += 1;
            for (said, token) in at.clone().enumerate() {
                let under = match said {
                    0 => env.observe(),
                    _ => env.next(&tokens[..said]).expect("the step goes on"),
                };
                let number = batch.observation[token] as usize;
                let legal = env.legal(&tokens[..said]);
                assert_eq!((&batch.observations[number], &batch.legal[number]), (&under, &legal));
                assert!(legal.contains(tokens[said]));
                let all = policy.distribution(std::slice::from_ref(&under), &[legal]);
                let logp = |token: u32| f64::from(all[token as usize]);
                assert!((batch.old[token] - logp(tokens[said])).abs() < 1e-5);
                let role = [Role::Switch, Role::Subgoal, Role::Action];
                let expected = if said > 0 && tokens.len() == 2 { Role::Action } else { role[said] };
                assert_eq!(batch.role[token], expected);
                if said == 0 {
                    assert!((batch.p_switch[step] - logp(Planned::SWITCH).exp()).abs() < 1e-5);
                }
            }
            assert_eq!(env.next(tokens), None, "the step is complete");
            let moved = env.step(tokens);
            assert!(moved.valid);
            assert_eq!(rewards[step], moved.reward);
        }
    }
    assert!(kinds.iter().all(|n| *n > 0), "kept, switched, and a first step that said keep: {kinds:?}");
    let Batch { role, switch, .. } = &batch;
    assert_eq!((role.len(), switch.len()), (layout.tokens(), layout.steps()));
}

#[test]
fn threads_do_not_show_in_a_batch_of_several_tokens_a_step() {
    let run = |threads| {
        set_threads(threads);
        let Rollout { batch, entropy, .. } = rollout();
        set_threads(1);
        (batch.token, batch.old, batch.role, batch.p_switch, batch.segment, entropy.to_bits())
    };
    assert!(run(1) == run(3));
}

#[test]
fn tokens_of_a_role_not_named_have_no_place_in_the_loss() {
    objective! { Moves = rl(adv = 2 * route(action = traj) + 0.5 * clip(route(action = loo, switch = traj), -1, 1)) }
    let rollout = rollout();
    let at = Scope::new(&[], &[]);
    let cx = Credit { batch: rollout.batch.columns(), at };
    let prepared = <Moves as Objective>::Graph::prepare(&cx, Phase::Policy);
    let kept = prepared.kept.expect("some are left out");
    for (kept, role) in kept.iter().zip(&rollout.batch.role) {
        assert_eq!(*kept, *role == Role::Action);
    }
}

#[test]
fn an_expert_is_imitated_token_by_token() {
    let tasks = levels(2);
    let seen = Demonstrations::follow(&Planned::new(60), &tasks, Demonstrate::demonstrate);
    let (mut tokens, mut env) = (Vec::new(), Planned::new(60));
    for task in &tasks {
        env.reset(task);
        while let Some(step) = env.demonstrate() {
            tokens.extend_from_slice(&step);
            env.step(&step);
        }
    }
    assert_eq!(seen.token, tokens);
    for (token, observation) in tokens.iter().zip(&seen.observation) {
        assert!(seen.legal[*observation as usize].contains(*token));
    }
}

/// Three iterations, twice: the same bits, and other parameters than before.
fn smoke<O: Objective + Default>()
where
    Planned: Offers<O>,
{
    let sampling = Sampling { per_group: 4, ..Sampling::default() };
    let settings = Settings { sampling, minibatch: 64, ..Settings::default() };
    let run = || {
        let mut trainer: Trainer<O, Net, Cpu> =
            Trainer::new(O::default(), net(), settings, 5).expect("defaults are in range");
        let before = trainer.export();
        for _ in 0..3 {
            let metrics = trainer.iterate(&Planned::new(8), &levels(3)).expect("finite");
            assert!(metrics.values().all(|value| value.is_finite()), "{}: {metrics:?}", O::NAME);
        }
        let after = trainer.export();
        assert!(before != after, "{} moved nothing", O::NAME);
        after
    };
    assert!(run() == run(), "{}: the same bits", O::NAME);
}

#[test]
fn routed_credit_trains() {
    smoke::<Routed>();
    smoke::<HiPer>();
    smoke::<HiPerPaper>();
    smoke::<HiPerIStar>();
}

/// A one-token environment is no step of several tokens: the tokens of the plain game are its moves.
#[test]
fn a_plain_step_is_one_token() {
    let mut env = Sokoban::default();
    env.reset(&levels(1)[0]);
    assert_eq!(env.next(&[0]), None);
}
