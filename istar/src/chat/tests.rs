//! The client against a server that also fails, hangs and lies.

use super::testing::{Act, Local, SECRET, said};
use super::*;
use crate::env::EnvError;
use crate::seed::Streams;
use std::fs;
use std::time::{Duration, Instant};

fn say(text: &str) -> Act {
    Act::Say(text.to_owned())
}

fn status(code: u16, body: &str) -> Act {
    Act::Status(code, "", body.to_owned())
}

fn ask(server: &Server) -> Result<Answer, ChatError> {
    server.complete(&[Message::user("Hello?")], Options::default())
}

/// A client that waits 100 ms for an answer.
fn hasty(local: &Local) -> Server {
    local.client_with(|settings| settings.timeout = Duration::from_millis(100))
}

/// What it fails with, and how often it was asked; the server's URL is left out of the words.
fn failure(acts: impl Into<Vec<Act>>) -> (String, usize) {
    let acts = acts.into();
    let hangs = acts.iter().any(|act| matches!(act, Act::Hang));
    let local = Local::new(acts);
    let client = if hangs { hasty(&local) } else { local.client() };
    let error = ask(&client).expect_err("no answer").to_string();
    assert!(!error.contains('\n'), "{error}");
    (error.replace(&local.url(), "it"), local.came().len())
}

#[test]
fn an_answer_comes_back() {
    let local = Local::new([say(" Hello. ")]);
    let options = Options { temperature: Some(0.5), max_tokens: Some(9), seed: Some(3) };
    let answer = local.client().complete(&[Message::system("Be brief."), Message::user("Hello?")], options);
    let expected = Answer {
        text: "Hello.".into(),
        cut: false,
        model: Some("small-1".into()),
        read: Some(5),
        written: Some(2),
    };
    assert_eq!(answer, Ok(expected));
    let came = local.came();
    assert!(came[0].head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", came[0].head);
    assert!(came[0].head.contains(&format!("authorization: Bearer {SECRET}\r\n")), "{}", came[0].head);
    assert!(came[0].head.contains("content-type: application/json\r\n"), "{}", came[0].head);
    let body = &came[0].body;
    assert_eq!((&body["model"], &body["max_tokens"], &body["seed"]), (&"small".into(), &9.into(), &3.into()));
    assert_eq!((&body["temperature"], &body["stream"]), (&0.5.into(), &false.into()));
    assert_eq!(body["messages"][0]["role"], "system");
}

#[test]
fn what_fails_for_a_moment_is_tried_again() {
    let refusals = [status(500, ""), status(503, "busy"), status(408, ""), status(429, "")];
    for act in refusals.into_iter().chain([Act::Break, Act::Close]) {
        let local = Local::new([act.clone(), say("Hello.")]);
        assert_eq!(ask(&local.client()).map(|answer| answer.text), Ok("Hello.".to_owned()), "{act:?}");
        assert_eq!(local.came().len(), 2, "{act:?}");
    }
    for act in [Act::Hang, Act::HangInBody] {
        let local = Local::new([act, say("Hello.")]);
        assert_eq!(ask(&hasty(&local)).map(|answer| answer.text), Ok("Hello.".to_owned()));
    }
}

#[test]
fn a_server_that_asks_for_time_is_given_it_up_to_a_bound() {
    let later = |seconds| Act::Status(429, seconds, "slower".to_owned());
    for (header, least, most) in [("retry-after: 0.03\r\n", 30, 500), ("Retry-After: 3600\r\n", 50, 1000)] {
        let local = Local::new([later(header), say("Hello.")]);
        let start = Instant::now();
        assert!(ask(&local.client()).is_ok());
        let waited = start.elapsed();
        let (least, most) = (Duration::from_millis(least), Duration::from_millis(most));
        assert!((least..most).contains(&waited), "{header:?}: {waited:?}");
    }
}

#[test]
fn what_stays_is_named_in_a_line() {
    let three = "(tried 3×)";
    let error = r#"{"error":{"message":"out of\nmemory"}}"#;
    assert_eq!(failure([status(500, error)]), (format!("it says 500 {three}: out of memory"), 3));
    let (late, tries) = failure([Act::Hang]);
    let way_out = "give it longer, or ask for less at once";
    assert_eq!((late, tries), (format!("it did not answer in 0.1 s {three}: {way_out}"), 3));
    let (broken, tries) = failure([Act::Break]);
    assert!(broken.starts_with("it cannot be reached (") && broken.contains("tried 3×"), "{broken}");
    assert_eq!(tries, 3);
}

#[test]
fn what_would_be_said_again_is_not_asked_again() {
    for code in [400, 401, 404, 422, 301] {
        let found = failure([status(code, r#"{"error":"no"}"#), say("Hello.")]);
        assert_eq!(found, (format!("it says {code} (tried 1×): no"), 1));
    }
    let body = |text: &str| failure([Act::Body(text.to_owned()), say("Hello.")]);
    let (html, tries) = body("<html>busy</html>");
    assert!(html.starts_with("it did not answer in JSON (") && html.contains("<html>busy</html>"), "{html}");
    assert_eq!(tries, 1);
    assert_eq!(
        body(r#"{"choices":[]}"#),
        (r#"it answered without a choice: `{"choices":[]}`"#.to_owned(), 1)
    );
    let (empty, tries) = body(&said(" \n"));
    assert!(empty.starts_with("it answered with an empty message"), "{empty}");
    assert_eq!(tries, 1);
    for endless in [Act::Endless, Act::Body("x".repeat((1 << 16) + 1))] {
        let (long, tries) = failure([endless]);
        assert!(long.starts_with("it answered with more than 65536 bytes"), "{long}");
        assert_eq!(tries, 1);
    }
}

#[test]
fn where_nobody_is_there_the_address_is_named() {
    let local = Local::new([say("Hello.")]);
    let (url, client) = (local.url(), local.client());
    drop(local);
    let error = ask(&client).expect_err("nobody").to_string();
    assert!(error.starts_with(&format!("{url} cannot be reached (")), "{error}");
    assert!(error.ends_with("tried 3×): start it, or correct its URL"), "{error}");
}

#[test]
fn the_key_is_found_nowhere() {
    let repeated = format!("no such key: {SECRET}");
    let escaped = SECRET.replacen('s', "\\u0073", 1);
    let dir = tempfile::tempdir().expect("a directory");
    for (number, act) in [
        status(401, &repeated),
        status(400, &format!("{}{SECRET}", "x".repeat(190))),
        Act::Body(repeated.clone()),
        Act::Body(format!(r#"{{"error":{{"message":"{repeated}"}}}}"#)),
        Act::Body(said(&repeated)),
        Act::Body(said("KEY").replace("KEY", &escaped)),
    ]
    .into_iter()
    .enumerate()
    {
        let local = Local::new([act.clone()]);
        let (client, file) = (local.client(), dir.path().join(format!("{number}.jsonl")));
        let mut told = Told::default();
        told.record(&file).expect("a record");
        Told::begin_all(&mut [&mut told], AT);
        let prompt = Prompt { messages: vec![Message::user("Hello?")], ..Prompt::default() };
        let recorded = client.tell_all(&[prompt], &mut [&mut told]);
        let seen = format!("{client:?} {:?} {recorded:?}", ask(&client));
        let kept = fs::read_to_string(&file).expect("the record");
        for text in [&seen, &kept] {
            assert!(!text.contains(SECRET) && !text.contains("sk-012"), "{act:?}: {text}");
        }
        assert!(seen.contains("Key(..)") && seen.contains("(key)"), "{seen}");
    }
}

#[test]
fn the_environment_names_a_server() {
    let of = |set: &[(&str, &str)]| {
        Server::from_variables(|name| {
            set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    };
    let said = |set: &[(&str, &str)]| of(set).expect_err("no server").to_string();
    assert_eq!(said(&[]), "OPENAI_BASE_URL is not set: export it, such as http://127.0.0.1:8000/v1");
    let (url, model) = (("OPENAI_BASE_URL", "http://gpu:8000/v1/"), ("ISTAR_CHAT_MODEL", "small"));
    assert!(said(&[url]).starts_with("ISTAR_CHAT_MODEL is not set"));
    let server = of(&[url, model, ("OPENAI_API_KEY", " ")]).expect("a server");
    assert_eq!((server.url(), server.model()), ("http://gpu:8000/v1", "small"));
    assert_eq!(server.settings(), &Settings::default());
    assert!(format!("{server:?}").contains("key: None"), "an empty variable is none: {server:?}");
    let numbers = [("ISTAR_CHAT_TIMEOUT", "2.5"), ("ISTAR_CHAT_RETRIES", "0"), ("ISTAR_CHAT_AT_ONCE", "32")];
    let server = of(&[&[url, model][..], &numbers].concat()).expect("a server");
    let Settings { timeout, retries, at_once, .. } = *server.settings();
    assert_eq!((timeout, retries, at_once), (Duration::from_millis(2500), 0, 32));
    let none = said(&[url, model, ("ISTAR_CHAT_AT_ONCE", "0")]);
    assert_eq!(none, "ISTAR_CHAT_AT_ONCE is `0`, and must be a number of requests, 1 to 1024");
}

#[test]
fn answers_come_in_order_and_so_many_at_once() {
    // The earlier it is asked, the later it is answered.
    let local = Local::scripted(|came, _| {
        let number: u64 = came.last().parse().expect("a number");
        Act::Late(if number.is_multiple_of(3) { 20 } else { 5 }, format!("to {number}"))
    });
    let prompt =
        |number: u32| Prompt { messages: vec![Message::user(number.to_string())], ..Prompt::default() };
    let prompts: Vec<Prompt> = (0..12).map(prompt).collect();
    let client = local.client();
    let both = std::thread::scope(|scope| {
        let other = scope.spawn(|| client.clone().complete_all(&prompts));
        [client.complete_all(&prompts), other.join().expect("answers")]
    });
    for answers in both {
        for (number, answer) in answers.into_iter().enumerate() {
            assert_eq!(answer.expect("an answer").text, format!("to {number}"));
        }
    }
    assert!((2..=4).contains(&local.most()), "{} at once", local.most());
    assert!(client.complete_all(&[]).is_empty());
}

#[test]
fn a_setting_that_is_none_is_refused_before_anything_is_sent() {
    let local = Local::new([say("Hello.")]);
    for temperature in [f64::NAN, -1.0, f64::INFINITY] {
        let options = Options { temperature: Some(temperature), ..Options::default() };
        let error = local.client().complete(&[Message::user("Hello?")], options).expect_err("no temperature");
        assert_eq!(error.to_string(), format!("the temperature is {temperature}, and must be 0 or more"));
    }
    assert!(local.came().is_empty());
    let model = Server::new(&local.url(), " ", None, Settings::default()).expect_err("no model");
    assert!(model.to_string().starts_with("the model is empty"), "{model}");
}

const AT: Streams<'_> = Streams { seed: 1, name: "rollout", index: 3 };

fn goal() -> Vec<Dimension> {
    vec![Dimension::new("goal", 0.0, 10.0, "how far they got what they wanted")]
}

const CASE: Case<'_> = Case { about: "Ann wants 80.", whom: "Ann", transcript: "Ann: 80.\nBen: 50." };

#[test]
fn a_judge_that_lies_is_told_so_and_asked_again() {
    let local = Local::new([say(r#"{"goal": {"score": 11}}"#), say(r#"{"goal": {"score": 7}}"#)]);
    let scores = Judge::new(local.client(), goal()).score(&CASE).expect("scores");
    assert_eq!(scores.value("goal"), Some(7.0));
    let came = local.came();
    let messages = came[1].body["messages"].as_array().expect("messages");
    assert_eq!(messages.len(), 4);
    assert_eq!(
        (&messages[2]["role"], &messages[2]["content"]),
        (&"assistant".into(), &r#"{"goal": {"score": 11}}"#.into())
    );
    assert!(came[1].last().contains("the score of `goal` is 11, not from 0 to 10"), "{}", came[1].last());
    assert!(came[0].last().contains("> Ann: 80.\n> Ben: 50.\n"), "{}", came[0].last());
    assert_eq!(came[0].body["temperature"], 0.0);
}

#[test]
fn a_judge_that_always_lies_costs_the_episode() {
    let local = Local::new([say(r#"{"goal": "a lot"}"#)]);
    let error = Judge::new(local.client(), goal()).score(&CASE).expect_err("no scores");
    let mistakes = "the score of `goal` is \"a lot\", no number".to_owned();
    assert_eq!(error, ChatError::NoScores { answers: 3, mistakes });
    assert_eq!(local.came().len(), 3);
    let words = error.to_string();
    assert_eq!(EnvError::from(error).reason(), words);
}

/// Judges three episodes: the second lies once, the third always.
fn verdicts(server: &Server, told: &mut [Told]) -> Vec<Result<f64, String>> {
    let cases = ["one", "two", "three"].map(|whom| Case { whom, ..CASE });
    let judge = Judge::new(server.clone(), goal());
    let verdicts = judge.score_all(&cases, &mut told.iter_mut().collect::<Vec<_>>());
    let goals = verdicts.into_iter().map(|scores| scores.map(|scores| scores.mean()));
    goals.map(|goal| goal.map_err(|error| error.to_string())).collect()
}

fn liar() -> Local {
    Local::scripted(|came, number| {
        let again = came.body["messages"].as_array().is_some_and(|messages| messages.len() > 2);
        let whom = came.body["messages"][1]["content"].as_str().unwrap_or_default();
        match (whom.ends_with("two."), whom.ends_with("three.")) {
            (true, _) if !again => say("seven"),
            (_, true) => say(r#"{"goal": -1}"#),
            // Never the same twice.
            _ => say(&format!("{{\"goal\": {}}}", number as f64 / 100.0)),
        }
    })
}

fn begun(file: &std::path::Path) -> Vec<Told> {
    let mut told = Told::default();
    told.record(file).expect("a record");
    let mut all = vec![told; 3];
    Told::begin_all(&mut all.iter_mut().collect::<Vec<_>>(), AT);
    all
}

#[test]
fn a_run_that_resumes_is_told_the_same_again() {
    let (local, dir) = (liar(), tempfile::tempdir().expect("a directory"));
    let (file, client) = (dir.path().join("answers.jsonl"), local.client());
    let first = verdicts(&client, &mut begun(&file));
    assert!(first[0].is_ok() && first[1].is_ok(), "{first:?}");
    let lost = "the judge gave no scores in 3 answers: the score of `goal` is -1, not from 0 to 10";
    assert_eq!(first[2], Err(lost.to_owned()));
    assert_eq!(local.came().len(), 6);

    assert_eq!(verdicts(&client, &mut begun(&file)), first, "to the bit");
    assert_eq!(local.came().len(), 6, "nobody was asked");

    // A kill tears the last line: the third episode's last lie is asked for again.
    let whole = fs::read(&file).expect("the record");
    fs::write(&file, &whole[..whole.len() - 9]).expect("torn");
    assert_eq!(verdicts(&client, &mut begun(&file)), first);
    assert_eq!(local.came().len(), 7);
    assert_eq!(fs::read(&file).expect("the record"), whole, "it was written down in its place");

    // Another model is another question.
    let other = client.with_model("large").expect("a server");
    assert_ne!(verdicts(&other, &mut begun(&file)), first);
    assert_eq!(local.came().len(), 13);
}

#[test]
fn an_error_is_on_record_too() {
    let (local, dir) = (Local::new([Act::Hang]), tempfile::tempdir().expect("a directory"));
    let hasty = |settings: &mut Settings| {
        (settings.retries, settings.timeout) = (0, Duration::from_millis(100));
    };
    let (file, client) = (dir.path().join("answers.jsonl"), local.client_with(hasty));
    let first = verdicts(&client, &mut begun(&file));
    assert!(
        first.iter().all(|goal| goal.as_ref().is_err_and(|why| why.contains("did not answer in 0.1 s"))),
        "{first:?}"
    );
    assert_eq!(verdicts(&client, &mut begun(&file)), first);
    assert_eq!(local.came().len(), 3);
}

#[test]
fn a_speaker_says_one_line() {
    let local =
        Local::new([say("<think>He has 50.</think>\nAnn: \"65, and the lock is yours.\"\nBen: Agreed.")]);
    let part = Part { name: "Ann", about: "Ann wants 80.", transcript: "Ben: I have 50." };
    let speaker = Speaker::new(local.client());
    assert_eq!(speaker.say(&part), Ok("65, and the lock is yours.".to_owned()));
    assert_eq!(local.came()[0].last(), "So far:\n> Ben: I have 50.\n\nWhat does Ann say?");
    let silent = Local::new([say("Ann:")]);
    assert_eq!(Speaker::new(silent.client()).say(&part), Err(ChatError::Silent { said: "Ann:".into() }));
}
