use super::*;
use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};

/// Answers with the number of requests that it has had; each fifth one fails. So it never says the same twice.
#[derive(Default)]
struct Counter {
    asked: AtomicU32,
    calls: AtomicU32,
}

impl Partner for Counter {
    type Task = u32;
    type Observation = (u32, String);

    fn answer(
        &self,
        requests: &[Request<'_, u32, (u32, String)>],
    ) -> Vec<Result<Answer<(u32, String)>, EnvError>> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let one = |request: &Request<'_, u32, (u32, String)>| {
            let asked = self.asked.fetch_add(1, Ordering::Relaxed);
            if asked % 5 == 4 {
                return Err(EnvError::new(format!("request {asked} timed out")));
            }
            let words = format!("task {}, {} before, {:?}", request.task, request.past.len(), request.tokens);
            let transition = Transition { reward: f64::from(asked) / 3.0, ..Transition::default() };
            Ok(Answer { observation: (asked, words), transition })
        };
        requests.iter().map(one).collect()
    }
}

const AT: Streams<'_> = Streams { seed: 1, name: "rollout", index: 3 };

fn refs<P: Partner>(envs: &mut [Remote<P>]) -> Vec<&mut Remote<P>> {
    envs.iter_mut().collect()
}

/// Three episodes of two steps; what each of them saw and got, and what it failed with.
fn run(env: &Remote<Counter>, at: Streams<'_>) -> Vec<(Vec<Exchange<(u32, String)>>, Option<EnvError>)> {
    let mut envs = vec![env.clone(); 3];
    let begun = Remote::reset_all(&mut refs(&mut envs), &[&7, &8, &9], at);
    let mut failed: Vec<Option<EnvError>> = begun.into_iter().map(Result::err).collect();
    for tokens in [&[1, 2][..], &[3]] {
        let mut acting: Vec<(&mut Remote<Counter>, &mut Option<EnvError>)> =
            envs.iter_mut().zip(&mut failed).filter(|(_, failed)| failed.is_none()).collect();
        let mut alive: Vec<&mut Remote<Counter>> = acting.iter_mut().map(|(env, _)| &mut **env).collect();
        let steps = vec![tokens; alive.len()];
        let moved = Remote::step_all(&mut alive, &steps);
        acting.iter_mut().zip(moved).for_each(|((_, failed), moved)| **failed = moved.err());
    }
    envs.into_iter().map(|env| env.past).zip(failed).collect()
}

fn recorded(path: &Path) -> Remote<Counter> {
    let mut env = Remote::new(Counter::default());
    env.record(path).expect("a record");
    env
}

#[test]
fn what_is_asked_at_once_is_asked_together_and_says_all_that_was() {
    let env = Remote::new(Counter::default());
    let found = run(&env, AT);
    assert_eq!(env.partner().calls.load(Ordering::Relaxed), 3);
    // The fifth request is the second episode's first step.
    assert_eq!(found[1].1, Some(EnvError::new("request 4 timed out")));
    assert_eq!(found[1].0.len(), 1, "nothing is asked of it afterwards");
    let last = found[2].0.last().expect("a step");
    assert_eq!(last.answer.observation, (7, "task 9, 2 before, [3]".to_owned()));
    assert_eq!(last.tokens, [3]);
    assert_eq!(env.partner().asked.load(Ordering::Relaxed), 8);
}

#[test]
fn a_record_is_told_again_and_then_gone_on_with() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("answers.jsonl");
    let first = recorded(&path);
    let (one, two) = (run(&first, AT), run(&first, AT));
    assert_ne!(one, two, "the partner never says the same twice");

    let again = recorded(&path);
    assert_eq!(
        (run(&again, AT), run(&again, AT)),
        (one.clone(), two.clone()),
        "answers and failures, to the bit"
    );
    assert_eq!(again.partner().asked.load(Ordering::Relaxed), 0, "nobody was asked");
    let third = run(&again, AT);
    assert_eq!(again.partner().asked.load(Ordering::Relaxed), 8, "what is not on record is asked for");

    // A kill tears the last line: what it held is asked for, all before it is told.
    let whole = fs::read(&path).expect("the record");
    fs::write(&path, &whole[..whole.len() - 9]).expect("torn");
    let torn = recorded(&path);
    assert_eq!((run(&torn, AT), run(&torn, AT)), (one.clone(), two.clone()));
    let found = run(&torn, AT);
    assert_eq!(torn.partner().asked.load(Ordering::Relaxed), 1);
    assert_eq!((&found[..2], &found[2].0[..2]), (&third[..2], &third[2].0[..2]));
    assert_ne!(found[2].0[2], third[2].0[2], "a new answer");
    // It was written down in the place of the torn one.
    let healed = recorded(&path);
    assert_eq!((run(&healed, AT), run(&healed, AT), run(&healed, AT)), (one, two, found));
    assert_eq!(healed.partner().asked.load(Ordering::Relaxed), 0);
}

#[test]
fn who_acts_otherwise_is_not_told_what_came_of_the_old_way() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("answers.jsonl");
    let way = |tokens: [u32; 2]| {
        let mut env = recorded(&path);
        let begun = Remote::reset_all(&mut [&mut env], &[&7], AT);
        assert_eq!(begun, [Ok(())]);
        for token in tokens {
            env.step(&[token]).expect("an answer");
        }
        (env.past().to_vec(), env.partner().asked.load(Ordering::Relaxed))
    };
    let (old, asked) = way([1, 2]);
    assert_eq!(asked, 3);
    let (new, asked) = way([5, 2]);
    assert_eq!((asked, &new[0]), (2, &old[0]), "how it began is on record");
    assert_eq!(way([5, 2]), (new, 0), "the new way has taken the place of the old one");
}

#[test]
fn a_batch_of_which_nothing_came_can_be_asked_for_again() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("answers.jsonl");
    forget(&path, "rollout", 3).expect("no record, nothing to forget");
    let first = recorded(&path);
    let kept = run(&first, AT);
    run(&first, AT);
    forget(&path, "rollout", 3).expect("written");
    let again = recorded(&path);
    assert_eq!(run(&again, AT), kept, "the one before is still there");
    assert_eq!(again.partner().asked.load(Ordering::Relaxed), 0);
    run(&again, AT);
    assert_eq!(again.partner().asked.load(Ordering::Relaxed), 8, "the last one is not");
}

#[test]
fn what_cannot_be_gone_on_with_is_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("answers.jsonl");
    run(&recorded(&path), AT);
    let whole = fs::read_to_string(&path).expect("the record");
    let lines: Vec<&str> = whole.lines().collect();
    let refused = |text: String| {
        fs::write(&path, text).expect("written");
        let error = Remote::new(Counter::default()).record(&path).expect_err("damaged").to_string();
        error.split_once("answers.jsonl").expect("the file's name").1.to_owned()
    };
    let garbled = refused(format!("{}\n{{\"answer\":7}}\n", lines[0]));
    assert!(garbled.starts_with(" is damaged in line 2 (invalid type"), "{garbled}");
    assert!(garbled.ends_with("delete it, and what it holds is asked again"), "{garbled}");
    let gap = refused(format!("{}\n{}\n", lines[0], lines[6]));
    assert!(gap.starts_with(" is damaged in line 2 (step 2 follows step 1 of its episode)"), "{gap}");
    let missing = Remote::new(Counter::default()).record(dir.path()).expect_err("a directory is no file");
    assert!(matches!(missing, RecordError::File { .. }), "{missing}");
}

#[test]
fn what_is_not_written_down_is_not_used() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut env = recorded(&dir.path().join("not there").join("answers.jsonl"));
    let begun = Remote::reset_all(&mut [&mut env], &[&7], AT);
    let error = begun[0].as_ref().expect_err("nowhere to write");
    assert!(error.reason().starts_with("the answer could not be recorded: "), "{error}");
    assert!(env.past().is_empty());
    let alone = env.reset(&7).expect_err("an episode needs a number");
    assert!(alone.reason().contains("`reset_all`"), "{alone}");
}

/// Says a number that is none, or nothing.
struct Wrong;
impl Partner for Wrong {
    type Task = bool;
    type Observation = ();
    fn answer(&self, requests: &[Request<'_, bool, ()>]) -> Vec<Result<Answer<()>, EnvError>> {
        let transition = Transition { reward: f64::NAN, ..Transition::default() };
        requests
            .iter()
            .filter(|request| *request.task)
            .map(|_| Ok(Answer { observation: (), transition }))
            .collect()
    }
}

#[test]
fn a_partner_that_answers_wrongly_costs_the_episode_alone() {
    let mut env = Remote::new(Wrong);
    let said = env.reset(&true).expect_err("no number");
    assert_eq!(said.to_string(), "the partner's answer has NaN for a number");
    let silent = env.reset(&false).expect_err("no answer");
    assert_eq!(silent.to_string(), "the partner did not answer this request");
}

/// Asks three questions, of which `second` is the second, and counts how many came through.
fn questions(file: &Path, second: &str) -> (Vec<Result<u32, EnvError>>, u32) {
    let mut told: Told<String, u32> = Told::default();
    told.record(file).expect("a record");
    Told::begin_all(&mut [&mut told], AT);
    let mut asked = 0;
    let answers = ["one", second, "three"].map(|question| {
        told.ask(question.to_owned(), |episode| {
            asked += 1;
            assert_eq!((episode.index, episode.number), (3, 0));
            if question == "none" { Err(EnvError::new("no answer")) } else { Ok(question.len() as u32) }
        })
    });
    (answers.into(), asked)
}

#[test]
fn a_question_is_known_by_its_words_and_its_place() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("answers.jsonl");
    let (answers, asked) = questions(&path, "none");
    assert_eq!((answers, asked), (vec![Ok(3), Err(EnvError::new("no answer")), Ok(5)], 3));
    let (answers, asked) = questions(&path, "none");
    assert_eq!((answers[1].is_err(), asked), (true, 0), "an error is told again, and keeps its place");
    assert_eq!(questions(&path, "other"), (vec![Ok(3), Ok(5), Ok(5)], 2), "the old way is forgotten");
    assert_eq!(questions(&path, "other").1, 0);
}

#[test]
fn what_is_not_written_down_takes_no_place() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("not there").join("answers.jsonl");
    let (answers, asked) = questions(&path, "two");
    assert!(answers.iter().all(Result::is_err), "{answers:?}");
    fs::create_dir(dir.path().join("not there")).expect("made");
    assert_eq!((questions(&path, "two"), asked), ((vec![Ok(3), Ok(3), Ok(5)], 3), 3));
    assert_eq!(questions(&path, "two").1, 0);
}

#[test]
fn a_record_of_before_is_read() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("answers.jsonl");
    let kept = run(&recorded(&path), AT);
    let text = fs::read_to_string(&path).expect("the record");
    assert!(text.contains("\"asked\":[1,2]"), "{text}");
    fs::write(&path, text.replace("\"asked\"", "\"tokens\"")).expect("written");
    let again = recorded(&path);
    assert_eq!((run(&again, AT), again.partner().asked.load(Ordering::Relaxed)), (kept, 0));
}
