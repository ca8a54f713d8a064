use super::*;
use crate::env::dialogue::{Dialogue, Scenes, Split, Temperament};
use crate::env::textcraft::{Book, TextCraft};
use crate::env::webshop::{Catalogue, WebShop};
use crate::tokenizer::Pairs;

const NEVER: &str = "nothing fails here";

/// A tokenizer that knows little more than bytes, so that every word has several tokens.
fn spelling() -> Arc<Spelling> {
    let texts = ["get 2 oak log\ncraft 4 oak plank using 1 oak log\nclick[back to search]"];
    let pairs = Pairs::train(texts, 280, &["<start>", "<end>"]).expect("room for all bytes");
    Arc::new(Spelling::new(Tokenizer::Pairs(pairs), 1))
}

fn shop() -> (Spelled<WebShop>, Arc<crate::env::webshop::Goal>) {
    let catalogue = Arc::new(Catalogue::made(0));
    let goal = Arc::new(catalogue.goals()[0].clone());
    (Spelled::new(WebShop::new(catalogue, 15), spelling()), goal)
}

fn crafts() -> (Spelled<TextCraft>, Book) {
    let book = Book::made(0);
    (Spelled::new(TextCraft::new(&book, 20), spelling()), book)
}

/// Follows the expert to the end, beside the environment alone, and returns what was read and said.
fn follow<E>(mut env: Spelled<E>, task: &E::Task) -> String
where
    E: Words + Demonstrate,
{
    let mut alone = env.inner().clone();
    env.reset(task).expect(NEVER);
    alone.reset(task).expect(NEVER);
    let mut text = env.spelling.text(&env.observe());
    loop {
        assert_eq!(text.ends_with(&alone.read()), !text.is_empty());
        let (Some(said), Some(meant)) = (env.demonstrate(), alone.demonstrate()) else { return text };
        for so_far in 0..said.len() {
            assert!(env.legal(&said[..so_far]).contains(said[so_far]), "token {so_far} of {said:?}");
            assert_eq!(env.next(&said[..so_far]), Some([].into()), "after {so_far} tokens");
        }
        assert_eq!(env.next(&said), None, "it is over with its end");
        let (_, words) =
            alone.sayings().into_iter().find(|(token, _)| [*token] == *meant).expect("it is legal");
        assert_eq!(env.spelling.text(&said), words);
        let moved = env.step(&said).expect(NEVER);
        assert_eq!(Ok(moved), alone.step(&meant));
        text += &format!("> {words}\n{}", env.spelling.text(&env.observe()));
        if moved.done() {
            return text;
        }
    }
}

#[test]
fn crafting_is_read_and_written() {
    let (env, book) = crafts();
    for task in book.tasks().iter().step_by(40) {
        let text = follow(env.clone(), task);
        assert!(text.starts_with("Crafting commands:\ncraft ") && text.contains("\nGoal: craft "), "{text}");
        let (said, heard) = text.rsplit_once("> craft ").expect("the last step crafts");
        assert!(said.contains("> get ") && said.contains("\nGot "), "{text}");
        assert!(heard.contains("\nCrafted "), "{text}");
    }
}

#[test]
fn a_shop_is_read_and_written() {
    let (env, goal) = shop();
    let text = follow(env, &goal);
    assert!(text.starts_with("WebShop [SEP] Instruction: [SEP] "), "{text}");
    for part in ["> search[", "[SEP] Page 1 (Total results: ", "> click[", "> click[buy now]"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn a_dialogue_is_read_and_written() {
    let scenes = Scenes::made(0);
    let env = Spelled::new(Dialogue::new(&scenes, 0.2), spelling());
    for task in scenes.draw(Split::Train, &Temperament::ALL, 0, 20) {
        let text = follow(env.clone(), &task);
        let names: Vec<String> =
            task.scenario.parties.iter().map(|party| format!("{}: ", party.name)).collect();
        assert!(
            text.contains(&format!("You talk with {}", task.scenario.parties[1 - task.side].name)),
            "{text}"
        );
        assert!(text.contains(&names[1 - task.side]), "the partner is heard: {text}");
        assert!(
            !text.contains(&format!("\n{}", names[task.side])),
            "nobody hears what they said themselves: {text}"
        );
    }
}

#[test]
fn utterances_that_mean_different_things_differ() {
    let scenes = Scenes::made(0);
    let mut env = Dialogue::new(&scenes, 0.0);
    for task in scenes.draw(Split::Train, &Temperament::ALL, 1, 60) {
        env.reset(&task).expect(NEVER);
        let mut said: Vec<String> = env.sayings().into_iter().map(|(_, text)| text).collect();
        let all = said.len();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), all, "{said:?}");
    }
}

#[test]
fn what_is_legal_is_said_and_nothing_else() {
    let (mut env, book) = crafts();
    env.reset(&book.tasks()[3]).expect(NEVER);
    let mut known = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(so_far) = open.pop() {
        if so_far.last() == Some(&env.spelling.end()) {
            known.push(env.spelling.text(&so_far));
            continue;
        }
        open.extend(env.legal(&so_far).below(280).map(|token| [&so_far[..], &[token]].concat()));
    }
    let mut all: Vec<String> = env.inner().sayings().into_iter().map(|(_, text)| text).collect();
    known.sort_unstable();
    all.sort_unstable();
    assert_eq!(known, all);
    // What is none is no action, costs a step, and says so.
    let gibberish = env.spelling.read("sing").expect(NEVER);
    assert_eq!(env.next(&gibberish), None);
    assert!(!env.step(&gibberish).expect(NEVER).valid && env.inner().steps() == 1);
    assert_eq!(env.spelling.text(&env.observe()), "That is no action.\n");
}

#[test]
fn many_at_once_are_as_one_after_the_other_and_a_state_comes_back() {
    let (env, book) = crafts();
    let tasks = [&book.tasks()[0], &book.tasks()[9]];
    let (mut one, mut many) = (env.clone(), [env.clone(), env]);
    let [a, b] = &mut many;
    let at = Streams { seed: 1, name: "test", index: 0 };
    assert_eq!(Spelled::reset_all(&mut [a, b], &tasks, at), [Ok(()), Ok(())]);
    one.reset(tasks[0]).expect(NEVER);
    let said = [&one, &*a, &*b].map(|env| env.demonstrate().expect("a way"));
    let saved = one.save();
    let expected = one.step(&said[0]);
    let found = Spelled::step_all(&mut [a, b], &[&said[1], &said[2]]);
    assert_eq!((&found[0], one.observe()), (&expected, a.observe()));
    assert_eq!(one.state_key(), a.state_key());
    one.restore(&saved);
    assert_eq!((one.demonstrate().as_ref(), one.step(&said[0])), (Some(&said[0]), expected));
}

#[test]
fn all_else_is_the_inner_environments() {
    let (mut env, book) = crafts();
    let task = &book.tasks()[5];
    env.reset(task).expect(NEVER);
    Spelled::<TextCraft>::search(task);
    let alone = env.inner().clone();
    assert_eq!((env.budget(), env.remaining(&mut ())), (20, alone.remaining(&mut ())));
    assert_eq!((env.state_text(), env.segment()), (alone.state_text(), alone.segment()));
    assert_eq!((env.turn(), env.satisfied(0)), (0, alone.satisfied(0)));
    assert_eq!(env.checklist().len(), alone.checklist().len());
}
