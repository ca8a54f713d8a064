//! Checklists and descriptions of states from the environment to the trained policy.

use dfdx::prelude::Cpu;
use istar::batch::{Item, Turns};
use istar::credit::clusters;
use istar::env::sokoban::{Frame, LevelSpec, Levels, Room, Sokoban, Split};
use istar::env::{Checklist, Env, EnvError, Offers, Subgoals, Transition};
use istar::objective::Objective;
use istar::policy::{Parameters, PixelPolicy};
use istar::recipes::{Cm2Step, Cm2Traj, Cm2Turn, GiGpo, GiGpoSimilar};
use istar::rollout::{Rollout, Sampling, sample};
use istar::trainer::{Settings, Trainer};
use std::collections::BTreeSet;

type Net = PixelPolicy<Frame, Cpu>;

fn levels(n: usize) -> Vec<Room> {
    let levels = Levels::new(LevelSpec { size: 6, boxes: 2, depth: 30 }).expect("in range");
    levels.draw(Split::Train, 3, n).expect("there are many")
}

fn net() -> Net {
    PixelPolicy::new(&Cpu::default(), (6, 6), 8, 7)
}

fn sampling() -> Sampling {
    Sampling { per_group: 8, ..Sampling::default() }
}

/// Parameters after three iterations on rooms of two boxes.
fn trained<O: Objective + Default>() -> Vec<f32>
where
    Sokoban: Offers<O>,
{
    let settings = Settings { sampling: sampling(), minibatch: 128, ..Settings::default() };
    let mut trainer = Trainer::<O, Net, Cpu>::new(O::default(), net(), settings, 5).expect("in range");
    for _ in 0..3 {
        let metrics = trainer.iterate(&Sokoban::default(), &levels(2)).expect("finite");
        assert!(metrics.values().all(|x| x.is_finite()), "{}: {metrics:?}", O::NAME);
    }
    trainer.nets.policy.net.parameters().iter().flat_map(|(_, parameter)| parameter.values()).collect()
}

#[test]
fn each_recipe_trains_and_gives_the_same_bits_again() {
    fn check<O: Objective + Default>()
    where
        Sokoban: Offers<O>,
    {
        let found = trained::<O>();
        let before: Vec<f32> =
            net().parameters().iter().flat_map(|(_, parameter)| parameter.values()).collect();
        assert!(found.iter().all(|x| x.is_finite()));
        assert_ne!(found, before, "{} moves the policy", O::NAME);
        assert_eq!(found, trained::<O>(), "{}", O::NAME);
    }
    check::<Cm2Traj>();
    check::<Cm2Turn>();
    check::<Cm2Step>();
    check::<GiGpoSimilar>();
}

/// Sokoban with two user turns of four steps each. The first asks for a look into the right half and, after that, into
/// the left; the second for nothing. The judge fails in the top row.
#[derive(Clone)]
struct Guided(Sokoban);

impl Guided {
    fn player(&self) -> (usize, usize) {
        let rows = self.0.room().rows();
        let place = |row: &String| row.find(['@', '+']);
        rows.iter().enumerate().find_map(|(row, text)| Some((row, place(text)?))).expect("one player")
    }
}

impl Env for Guided {
    type Task = Room;
    type Observation = Frame;

    fn reset(&mut self, task: &Room) -> Result<(), EnvError> {
        self.0.reset(task);
        Ok(())
    }
    fn observe(&self) -> Frame {
        self.0.observe()
    }
    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        let moved = self.0.step(tokens);
        Ok(Transition { ended: self.0.steps() == 8, ..moved })
    }
}

impl Subgoals for Guided {
    fn segment(&self) -> u32 {
        self.0.steps() / 4
    }
}

impl Checklist for Guided {
    fn checklist(&self) -> Turns {
        vec![vec![Item { weight: 0.5, deps: vec![] }, Item { weight: 0.5, deps: vec![0] }], vec![]]
    }
    fn turn(&self) -> u32 {
        self.segment()
    }
    fn satisfied(&self, turn: u32) -> Option<Vec<bool>> {
        let (row, column) = self.player();
        let right = column >= 3;
        (row > 1).then(|| if turn == 0 { vec![right, !right] } else { vec![] })
    }
}

#[test]
fn the_sampler_asks_the_judge_after_each_step_of_its_turn() {
    let tasks = levels(4);
    let found: Rollout<_, _> = sample::<Cm2Turn, _, Net, Cpu>(
        &Guided(Sokoban::default()),
        &tasks,
        &net(),
        &sampling(),
        (1, "test", 0),
        None,
    )
    .expect("none is lost");
    let batch = &found.batch;
    let list = &batch.checklist;
    let (mut failed, mut satisfied) = (0, 0);
    for traj in 0..batch.layout.trajs() {
        let task = &tasks[batch.layout.group_of_traj()[traj] as usize];
        let mut env = Guided(Sokoban::default());
        env.reset(task).expect("Sokoban cannot fail");
        let mut judged = true;
        for step in batch.layout.steps_of(traj) {
            let turn = env.turn();
            assert_eq!((list.turn_of_step()[step], batch.segment[step]), (turn, turn));
            env.step(&batch.token[batch.layout.tokens_of(step)]).expect("Sokoban cannot fail");
            let answer = env.satisfied(turn);
            let of_step = list.step_of_item().iter().zip(list.satisfied());
            let recorded: Vec<bool> =
                of_step.filter(|(s, _)| **s as usize == step).map(|(_, satisfied)| *satisfied).collect();
            let items = if turn == 0 { 2 } else { 0 };
            assert_eq!(recorded, answer.clone().unwrap_or_else(|| vec![false; items]));
            judged &= answer.is_some();
            satisfied += recorded.iter().filter(|satisfied| **satisfied).count();
        }
        assert_eq!(batch.judged[traj], f64::from(u8::from(judged)));
        failed += usize::from(!judged);
    }
    assert!(
        failed > 0 && failed < batch.layout.trajs() && satisfied > 0,
        "{failed} failed, {satisfied} satisfied"
    );
}

#[test]
fn descriptions_are_of_the_state_before_the_step() {
    let tasks = levels(2);
    let similar = sample::<GiGpoSimilar, _, Net, Cpu>(
        &Sokoban::default(),
        &tasks,
        &net(),
        &sampling(),
        (1, "test", 0),
        None,
    )
    .expect("none is lost");
    let exact =
        sample::<GiGpo, _, Net, Cpu>(&Sokoban::default(), &tasks, &net(), &sampling(), (1, "test", 0), None)
            .expect("none is lost");
    // What is recorded changes nothing of what is sampled.
    assert_eq!(similar.batch.token, exact.batch.token);
    let layout = &similar.batch.layout;
    for (group, task) in tasks.iter().enumerate() {
        let steps = layout.trajs_of(group).flat_map(|traj| layout.steps_of(traj));
        let steps: Vec<usize> = steps.collect();
        for (a, b) in steps.iter().flat_map(|a| steps.iter().map(move |b| (*a, *b))) {
            assert_eq!(
                similar.batch.text[a] == similar.batch.text[b],
                exact.batch.state[a] == exact.batch.state[b]
            );
        }
        let first = layout.steps_of(layout.trajs_of(group).start).start;
        assert_eq!(similar.batch.text[first], task.to_string());
        // The text has 41 characters: where the player stands is too little to tell two states apart at 0.95.
        let texts: Vec<&str> = steps.iter().map(|step| similar.batch.text[*step].as_str()).collect();
        let count = |least| clusters(&texts, least).into_iter().max().map_or(0, |last| last + 1);
        let boxes: BTreeSet<String> =
            texts.iter().map(|text| text.replace('@', " ").replace('+', ".")).collect();
        assert!(
            count(0.95) <= boxes.len() as u32 && 2 * count(0.95) < count(1.0),
            "{} {}",
            count(0.95),
            count(1.0)
        );
    }
}
