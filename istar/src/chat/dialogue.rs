//! Language models as partner and judge in [social dialogues](dialogue).
//!
//! A [`Speaker`] reads what its party knows and may do, and answers with one of the acts as they are written; anything else is small talk.
//! A [`Judge`] reads what both parties want and what was said. Neither is told a number that does not stand in a goal.

use super::{Judge, Part, Speaker, Told};
use crate::env::EnvError;
use crate::env::dialogue::{self, Act, Case, Dimension, Partner, Scores, Seat, Talk, Temperament, Turn};
use std::fmt::Write;

impl Partner for Speaker {
    fn answer(&self, seat: &Seat<'_>, seed: u64) -> Result<Act, EnvError> {
        let (told, temperament) = (&mut Told::default(), Temperament::default());
        self.answer_all(&mut [Turn { seat: *seat, temperament, seed, told }]).remove(0)
    }

    fn answer_all(&self, turns: &mut [Turn<'_>]) -> Vec<Result<Act, EnvError>> {
        let seats: Vec<Seat<'_>> = turns.iter().map(|turn| turn.seat).collect();
        let texts: Vec<[String; 2]> =
            seats.iter().map(|seat| [about(seat), seat.talk().transcript().join("\n")]).collect();
        let parts = seats.iter().zip(&texts).map(|(seat, [about, transcript])| Part {
            name: &seat.talk().scenario.parties[seat.side()].name,
            about,
            transcript,
        });
        let parts: Vec<Part<'_>> = parts.collect();
        let mut told: Vec<&mut Told> = turns.iter_mut().map(|turn| &mut *turn.told).collect();
        let said = self.say_all(&parts, &mut told).into_iter().zip(&seats);
        said.map(|(said, seat)| Ok(understood(seat, &said?))).collect()
    }

    fn is_outside(&self) -> bool {
        true
    }
}

/// What a party knows, and how what it can do is written.
fn about(seat: &Seat<'_>) -> String {
    let mut text = seat.about();
    text.push_str("\nYou speak in moves. What you say is exactly one of these lines, copied as it stands:");
    seat.actions().iter().for_each(|action| _ = write!(text, "\n{action}"));
    text
}

/// The act that a model means: small talk, unless it says one as it is written, a full stop or a mark of a list aside.
fn understood(seat: &Seat<'_>, said: &str) -> Act {
    let said = said.trim_start_matches(['-', '*', '•', ' ']).trim_end_matches(['.', '!', ' ']);
    seat.talk().scenario.read(seat.side(), said).unwrap_or(Act::Chat)
}

impl dialogue::Judge for Judge {
    fn judge(&self, talk: &Talk, side: usize, draw: u64) -> Result<Scores, EnvError> {
        let told = &mut Told::default();
        self.judge_all(&mut [Case { talk, side, draw, told }]).remove(0)
    }

    fn judge_all(&self, cases: &mut [Case<'_>]) -> Vec<Result<Scores, EnvError>> {
        let read = |case: &Case<'_>| [parties(case.talk), case.talk.transcript().join("\n")];
        let texts: Vec<[String; 2]> = cases.iter().map(read).collect();
        let (mut asked, mut told) = (Vec::new(), Vec::new());
        for (case, [about, transcript]) in cases.iter_mut().zip(&texts) {
            asked.push(super::Case { about, whom: &case.talk.scenario.parties[case.side].name, transcript });
            told.push(&mut *case.told);
        }
        self.score_all(&asked, &mut told).into_iter().map(|said| read_scores(&said?)).collect()
    }

    fn is_outside(&self) -> bool {
        true
    }
}

/// Where two people meet and why, who they are and what each of them wants.
fn parties(talk: &Talk) -> String {
    let scenario = &talk.scenario;
    let mut text = scenario.setting.clone();
    for party in &scenario.parties {
        let (name, profile, goal) = (&party.name, &party.profile, &party.goal);
        _ = write!(text, "\n{name}: {profile}. What {name} was told: {goal}");
        if let Some(topic) = party.secret {
            _ = write!(text, " Better kept to oneself: {}.", scenario.topics[topic]);
        }
    }
    text
}

/// # Errors
/// The judge has no such dimension.
fn read_scores(said: &super::Scores) -> Result<Scores, EnvError> {
    let missing = Dimension::ALL.into_iter().find(|dimension| said.value(dimension.name()).is_none());
    if let Some(dimension) = missing {
        let name = dimension.name();
        return Err(EnvError::new(format!(
            "the judge does not score `{name}`: give it `Dimension::social()`"
        )));
    }
    Ok(Scores::of(|dimension| said.value(dimension.name()).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Act as Reply, Came, Local};
    use super::*;
    use crate::env::dialogue::{Dialogue, Family, Scenes, Task, scores};
    use crate::env::{Env, Transition};
    use crate::seed::Streams;

    /// What is no act.
    const REMARK: &str = "I hold out for more.";

    /// A model that accepts what it can, and judges with a goal of 7; `judged` is what else it says of a case.
    fn model(judged: &'static str) -> Local {
        Local::scripted(move |came: &Came, _| {
            let task = came.body["messages"][0]["content"].as_str().expect("a text");
            let scores = Dimension::ALL.map(|dimension| {
                let score = if dimension == Dimension::Goal { 7 } else { 0 };
                format!("\"{}\": {{\"reasoning\": \"so\", \"score\": {score}}}", dimension.name())
            });
            Reply::Say(match task {
                task if task.starts_with("You grade") && judged.is_empty() => {
                    format!("{{{}}}", scores.join(", "))
                }
                task if task.starts_with("You grade") => judged.to_owned(),
                task if task.lines().any(|line| line == "accept") => "- Accept.".to_owned(),
                _ => REMARK.to_owned(),
            })
        })
    }

    fn with(local: &Local) -> Dialogue {
        let server = local.client();
        let judge = Judge::new(server.clone(), crate::chat::Dimension::social());
        Dialogue::new(&Scenes::made(0), 0.0)
            .with_partner(Speaker::new(server))
            .with_judges(judge.clone(), judge)
    }

    fn haggling(held_out: bool) -> Task {
        let scenes = Scenes::made(0);
        let scenario = scenes.scenarios().iter().find(|scenario| scenario.family == Family::Price);
        let temperament = Temperament::Hard;
        Task { scenario: scenario.expect("120 of each").clone(), side: 0, temperament, seed: 3, held_out }
    }

    /// An argument, and then what one would settle on.
    fn play(envs: &mut [&mut Dialogue], tasks: &[&Task]) -> Vec<Result<Transition, String>> {
        let begun = Dialogue::reset_all(envs, tasks, Streams { seed: 0, name: "rollout", index: 0 });
        assert!(begun.iter().all(Result::is_ok));
        let offer =
            |env: &Dialogue| vec![env.seat().offers().map(Act::Offer).next().expect("an offer").token()];
        let tokens: Vec<Vec<u32>> = envs.iter().map(|env| offer(env)).collect();
        let tokens: Vec<&[u32]> = tokens.iter().map(Vec::as_slice).collect();
        let said = Dialogue::step_all(envs, &tokens).into_iter();
        said.map(|moved| moved.map_err(|error| error.to_string())).collect()
    }

    #[test]
    fn a_model_settles_and_another_judges() {
        let local = model("");
        let (mut training, mut held_out) = (with(&local), with(&local));
        let tasks = [haggling(false), haggling(true)];
        let moved = play(&mut [&mut training, &mut held_out], &[&tasks[0], &tasks[1]]);
        let truth = scores(training.talk(), 0).goal();
        for (moved, (success, score)) in moved.iter().zip([(true, 1.0), (truth > 6.0, truth)]) {
            let moved = moved.as_ref().expect("an answer and a verdict");
            assert!(
                moved.ended && moved.valid && moved.reward == 7.0 && moved.success == success,
                "{moved:?}"
            );
            assert_eq!(moved.score, Some(score), "the mean of the seven, or the truth");
        }
        assert_eq!(local.came().len(), 4, "two answers and two verdicts, and nobody was asked again");
        let asked = local.came()[0].body["messages"][0]["content"].as_str().expect("a text").to_owned();
        let other = &tasks[0].scenario.parties[0];
        assert!(!asked.contains(&other.goal), "what the other wants is no business of a partner");
        assert_eq!(training.talk().said[1], (1, Act::Accept));
    }

    #[test]
    fn what_models_said_is_told_again() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("answers.jsonl");
        let run = |local: &Local| {
            let mut env = with(local);
            env.record(&file).expect("a record");
            let (mut one, mut two) = (env.clone(), env);
            let task = haggling(false);
            let moved = play(&mut [&mut one, &mut two], &[&task, &task]);
            (moved, one.talk().clone(), two.talk().clone())
        };
        let (first, second) = (model(""), model("nothing of use"));
        let told = run(&first);
        assert_eq!(run(&second), told);
        assert!(second.came().is_empty());
        let alone = || {
            let mut env = with(&first);
            env.record(&file).expect("a record");
            env.reset(&haggling(false)).map_err(|error| error.to_string())
        };
        assert!(alone().is_err_and(|error| error.contains("reset_all")));
    }

    #[test]
    fn who_does_not_judge_costs_the_episode() {
        let local = model("a fine talk");
        let mut env = with(&local);
        let moved = play(&mut [&mut env], &[&haggling(false)]).remove(0).expect_err("no scores");
        assert!(moved.contains("no scores") || moved.contains("3 answers"), "{moved}");
    }

    #[test]
    fn an_act_is_understood_as_it_is_written() {
        let mut env = Dialogue::new(&Scenes::made(0), 0.0);
        env.reset(&haggling(false)).expect("simulated");
        let seat = env.seat();
        for act in seat.choices() {
            let written = seat.talk().scenario.action(0, act);
            assert_eq!(understood(&seat, &format!("- {}.", written.to_uppercase())), act, "{written}");
        }
        assert_eq!(understood(&seat, "I cannot accept that"), Act::Chat);
    }
}
