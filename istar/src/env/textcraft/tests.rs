use super::*;
use crate::batch::Checklist as Columns;
use crate::batch::Layout;
use std::collections::{HashMap, VecDeque};

const NEVER: &str = "crafting cannot fail";

fn amounts(text: &str) -> Vec<(String, u32)> {
    let amount = |part: &str| {
        let (count, item) = part.trim().split_once(' ').expect("a count and a name");
        (item.to_owned(), count.parse().expect("a count"))
    };
    text.split(',').filter(|part| !part.trim().is_empty()).map(amount).collect()
}

/// A task of recipes as `2 a < 1 b, 3 c`.
fn draft(recipes: &[&str], start: &str, goal: &str) -> Draft {
    let recipe = |text: &&str| {
        let (makes, takes) = text.split_once('<').expect("made of something");
        (amounts(makes).remove(0), amounts(takes))
    };
    Draft {
        name: "a task".into(),
        recipes: recipes.iter().map(recipe).collect(),
        gathering: start.is_empty(),
        start: amounts(start).into_iter().collect(),
        goal: amounts(goal).into_iter().collect(),
    }
}

fn env(recipes: &[&str], start: &str, goal: &str) -> TextCraft {
    let task = Task::new(&draft(recipes, start, goal)).expect("a task");
    TextCraft::new(&Book::new(vec![task]).expect("one"), 30)
}

/// The distance to the goal by breadth-first search over inventories, no further than `limit`.
fn searched(env: &TextCraft, limit: u32) -> Option<u32> {
    let mut seen = HashMap::from([(env.state_key(), 0)]);
    let mut open = VecDeque::from([env.clone()]);
    while let Some(env) = open.pop_front() {
        let steps = seen[&env.state_key()];
        if env.task().is_done(env.inventory()) {
            return Some(steps);
        }
        if steps == limit {
            continue;
        }
        for (token, _) in env.task().choices(env.inventory()) {
            let mut next = env.clone();
            next.step(&[token]).expect(NEVER);
            if let std::collections::hash_map::Entry::Vacant(place) = seen.entry(next.state_key()) {
                place.insert(steps + 1);
                open.push_back(next);
            }
        }
    }
    None
}

fn exact(env: &TextCraft) -> Option<u32> {
    env.remaining(&mut ())
}

#[test]
fn the_distance_is_that_of_breadth_first_search() {
    let small = [
        env(&["1 chest < 8 plank", "4 plank < 1 log"], "", "1 chest"),
        env(
            &["1 bed < 3 wool, 3 plank", "4 plank < 1 log", "1 wool < 4 string", "1 net < 2 string"],
            "",
            "1 bed",
        ),
        // Two recipes for a thing, and a surplus that is used.
        env(
            &["1 box < 5 plank", "2 plank < 1 log", "3 plank < 1 beam, 1 log"],
            "9 log, 2 beam, 1 plank",
            "1 box",
        ),
        // Too little if anything is wasted.
        env(
            &["1 bow < 3 stick, 3 string", "4 stick < 2 plank", "1 rack < 2 string"],
            "2 plank, 4 string",
            "1 bow",
        ),
        // One more than there are, and two goals that share a part.
        env(&["4 stick < 2 plank", "1 sign < 1 stick, 2 plank"], "10 plank, 3 stick", "2 stick, 1 sign"),
    ];
    for start in small {
        // Every state within three steps of the beginning, dead ends too.
        let mut states = vec![start.clone()];
        for depth in 0..3 {
            let further = states.clone().into_iter().filter(|env| env.steps() == depth).flat_map(|env| {
                let choices = env.task().choices(env.inventory());
                choices.into_iter().map(move |(token, _)| {
                    let mut next = env.clone();
                    next.step(&[token]).expect(NEVER);
                    next
                })
            });
            states.extend(further.collect::<Vec<_>>());
        }
        for env in states {
            assert_eq!(exact(&env), searched(&env, 9), "{}", env.state_text());
        }
    }
}

#[test]
fn what_is_wasted_cannot_be_made_up_for() {
    let mut env = env(
        &["1 bow < 3 stick, 3 string", "4 stick < 2 plank", "1 rack < 2 string"],
        "2 plank, 4 string",
        "1 bow",
    );
    assert_eq!((exact(&env), env.demonstrate()), (Some(2), Some(vec![2])));
    assert!(env.act("craft 1 rack using 2 string").valid);
    assert_eq!((exact(&env), env.demonstrate(), env.cost(&mut ())), (None, None, 30.0));
    assert_eq!(env.legal(&[]).below(9).collect::<Vec<_>>(), [0, 2, 3], "one can still look");
}

#[test]
fn made_tasks_are_a_function_of_the_seed_and_their_experts_solve_them() {
    let [book, again, other] = [3, 3, 4].map(Book::made);
    assert_eq!(book.tasks(), again.tasks());
    assert_ne!(book.tasks()[0], other.tasks()[0]);
    let tasks = book.tasks();
    assert!(tasks.len() > 300, "{}", tasks.len());
    let env = TextCraft::new(&book, TextCraft::MAX_STEPS);
    let [expert, rule, random] = Baseline::ALL.map(|baseline| baseline.play(&env, tasks, 0));
    let mean = tasks.iter().map(|task| f64::from(task.steps())).sum::<f64>() / tasks.len() as f64;
    assert!(expert.success == 1.0 && (expert.steps - mean).abs() < 1e-9, "{expert:?}, {mean}");
    assert!(rule.success > random.success && rule.steps > expert.steps, "{rule:?}");
    assert!(random.success < 0.3, "{random:?}");
    assert!(tasks.iter().all(|task| (5..=16).contains(&task.steps())));
}

#[test]
fn every_step_of_an_expert_is_worth_one() {
    let book = Book::made(0);
    let mut env = TextCraft::new(&book, TextCraft::MAX_STEPS);
    for task in book.tasks().iter().step_by(7) {
        env.reset(task).expect(NEVER);
        for left in (0..task.steps()).rev() {
            let tokens = env.demonstrate().expect("a way");
            let moved = env.step(&tokens).expect(NEVER);
            assert_eq!((exact(&env), moved.success), (Some(left), left == 0), "{}", env.state_text());
        }
        assert_eq!(env.demonstrate(), None);
    }
}

#[test]
fn splits_have_no_tree_in_common() {
    let book = Book::made(0);
    let [train, validation, test] =
        [Split::Train, Split::Validation, Split::Test].map(|split| book.tasks_of(split, 16));
    assert_eq!(train.len() + validation.len() + test.len(), book.tasks().len());
    assert!(validation.len() > 10 && test.len() > 40, "{} {}", validation.len(), test.len());
    let trees =
        |tasks: &[Arc<Task>]| tasks.iter().map(|task| task.tree()).collect::<std::collections::HashSet<_>>();
    assert!(trees(&train).is_disjoint(&trees(&test)) && trees(&train).is_disjoint(&trees(&validation)));
    let few = book.draw(Split::Test, 16, 0, 10);
    assert_eq!(book.draw(Split::Test, 16, 0, 20)[..10], few);
}

#[test]
fn actions_are_read_as_they_are_said() {
    let env =
        env(&["1 bed < 3 wool, 3 oak plank", "4 oak plank < 1 oak log", "1 wool < 4 string"], "", "1 bed");
    let task = env.task();
    for action in task.tokens() {
        assert_eq!(task.read(&task.say(action)), Some(action));
    }
    let craft = |recipe| Some(Action::Craft(recipe));
    for (text, means) in [
        ("Craft 1 BED using 3 oak_plank, 3 wool", craft(0)),
        ("  craft  4 oak plank using 1 oak log ", craft(1)),
        ("craft 8 oak plank using 2 oak log", None),
        ("craft 1 bed", None),
        ("craft 1 bed using 3 wool", None),
        ("get 3 oak log", Some(Action::Get(3, 3))),
        ("get 0 oak log", None),
        ("get 65 oak log", None),
        ("get -1 oak log", None),
        ("get 99999999999999999999 oak log", None),
        ("get 1 diamond", None),
        ("get oak log", None),
        ("inventory", Some(Action::Inventory)),
        ("look", None),
        ("", None),
    ] {
        assert_eq!(task.read(text), means, "{text}");
    }
    assert_eq!(task.items()[3], "oak log");
}

#[test]
fn what_has_no_effect_costs_a_step() {
    let mut env = env(&["1 chest < 8 plank", "4 plank < 1 log"], "", "1 chest");
    let before = env.state_key();
    for (text, valid) in [
        ("craft 1 chest using 8 plank", true),
        ("get 1 plank", true),
        ("inventory", true),
        ("get 1 sword", false),
    ] {
        assert_eq!(env.act(text), Transition { valid, ..Transition::default() }, "{text}");
        assert_eq!(env.state_key(), before);
    }
    assert_eq!(env.steps(), 4);
    for tokens in [&[][..], &[9], &[0, 1], &[u32::MAX]] {
        assert!(!env.step(tokens).expect(NEVER).valid, "{tokens:?}");
    }
    let mut short = TextCraft { max_steps: 1, ..env };
    short.reset(&short.task().clone()).expect(NEVER);
    let cut = short.act("inventory");
    assert!(cut.truncated && !cut.ended && cut.reward == 0.0);
}

#[test]
fn states_have_keys_and_are_gone_back_to() {
    let book = Book::made(1);
    let mut env = TextCraft::new(&book, 20);
    for task in book.tasks().iter().step_by(29) {
        env.reset(task).expect(NEVER);
        let mut first = env.clone();
        for token in [1, 2, 3] {
            env.step(&[token]).expect(NEVER);
        }
        let (saved, key, seen) = (env.save(), env.state_key(), env.observe());
        let ending = |env: &mut TextCraft| -> Vec<(Transition, View, u32)> {
            let step = |token| (env.step(&[token]).expect(NEVER), env.observe(), env.segment());
            (1..9).map(step).collect()
        };
        let went = ending(&mut env);
        first.restore(&saved);
        assert_eq!((first.state_key(), first.observe(), first.steps()), (key, seen, 3));
        assert_eq!(ending(&mut first), went);
        assert_eq!(first.state_text(), env.state_text());
    }
    let mut one = TextCraft::new(&book, 20);
    let mut other = one.clone();
    for (a, b) in [(1, 2), (2, 1)] {
        one.step(&[a]).expect(NEVER);
        other.step(&[b]).expect(NEVER);
    }
    assert_eq!((one.state_key(), one.observe()), (other.state_key(), other.observe()), "by whatever way");
}

#[test]
fn sub_ingredients_are_ticked_off_and_end_segments() {
    let mut env = env(
        &["1 bed < 3 wool, 3 plank", "4 plank < 1 log", "1 wool < 4 string", "1 flag < 1 wool"],
        "",
        "1 bed",
    );
    let list = env.checklist();
    let names: Vec<&str> =
        env.task().to_make().iter().map(|item| env.task().items()[*item].as_str()).collect();
    assert_eq!(names, ["wool", "plank", "bed"]);
    assert_eq!(
        list[0].iter().map(|item| item.deps.clone()).collect::<Vec<_>>(),
        [vec![], vec![], vec![0, 1]]
    );
    assert!((list[0].iter().map(|item| item.weight).sum::<f64>() - 1.0).abs() < 1e-12);
    let said = |env: &TextCraft| (env.satisfied(0).expect("the rules never fail"), env.segment());
    assert_eq!(said(&env), (vec![false; 3], 0));
    env.act("get 12 string");
    for text in ["craft 1 wool using 4 string"; 3] {
        assert_eq!(said(&env), (vec![false; 3], 0));
        env.act(text);
    }
    assert_eq!(said(&env), (vec![true, false, false], 1));
    env.act("craft 1 flag using 1 wool");
    assert_eq!(said(&env), (vec![false; 3], 1), "a segment never comes back");
    for text in ["get 4 string", "craft 1 wool using 4 string", "get 1 log", "craft 4 plank using 1 log"] {
        env.act(text);
    }
    assert_eq!(said(&env), (vec![true, true, false], 2));
    assert!(env.act("craft 1 bed using 3 wool, 3 plank").success);
    assert_eq!(said(&env), (vec![true; 3], 3));
    // What an objective reads of it.
    let layout = Layout::from_lengths([1], [1], [1]);
    assert_eq!(Columns::new(&layout, vec![list], vec![0], &[vec![true; 3]]).turns(0), 1);
}

#[test]
fn a_task_that_cannot_be_is_refused() {
    for (recipes, start, goal, error) in [
        (&["1 a < 1 b"][..], "", "", "nothing is wanted"),
        (&["0 a < 1 b"], "", "1 a", "0 of `a`; a count is a whole number from 1 to 1000000"),
        (&["1 a < 1 b", "1 b < 2 a"], "", "1 a", "the recipes of `b` lead back to it"),
        (&["1 a < "], "", "1 a", "the recipe of `a` takes nothing"),
        (&["1 a < 2 b"], "1 b", "1 a", "what is there and its recipes do not make what is wanted"),
    ] {
        let found = Task::new(&draft(recipes, start, goal)).expect_err("a mistake").to_string();
        assert_eq!(found, error);
    }
}

/// Three tasks in the form of the genuine files; the last names a tag.
const LINES: &str = r#"
{"goal": "Craft the following items: 1x green_bed", "id": "t.0", "max_steps": 50, "misc": {"target_items": {"green_bed": 1}, "initial_inventory": {"string": 13, "acacia_log": 2, "green_dye": 2}, "gold_trajectory": [{"action": "craft", "target": ["white_wool", 3], "ingredients": {"string": 12}, "result_count": 3}, {"action": "craft", "target": ["acacia_planks", 1], "ingredients": {"acacia_log": 1}, "result_count": 4}, {"action": "craft", "target": ["white_bed", 1], "ingredients": {"white_wool": 3, "acacia_planks": 3}, "result_count": 1}, {"action": "craft", "target": ["green_bed", 1], "ingredients": {"white_bed": 1, "green_dye": 1}, "result_count": 1}]}}

{"goal": "..", "id": "t.1", "max_steps": 75, "misc": {"target_items": {"bow": 1}, "initial_inventory": {"string": 4, "stick": 3, "stone": 2}, "gold_trajectory": [{"action": "craft", "target": ["bow", 1], "ingredients": {"string": 3, "stick": 3}, "result_count": 1}], "difficulty": "easy"}}
{"goal": "..", "id": "t.2", "max_steps": 50, "misc": {"target_items": {"sign": 1}, "initial_inventory": {"string": 2}, "gold_trajectory": [{"action": "craft", "target": ["loop", 1], "ingredients": {"string": 2}, "result_count": 1}, {"action": "craft", "target": ["sign", 1], "ingredients": {"tag:planks": 2}, "result_count": 1}]}}
"#;

#[test]
fn the_form_of_the_genuine_files() {
    let book = Book::of_lines("tasks.jsonl", LINES).expect("tasks");
    assert_eq!(
        (book.tasks().len(), book.left_out(), book.max_steps()),
        (2, &["t.2".to_owned()][..], Some(75))
    );
    let mut env = TextCraft::new(&book, 75);
    let text = env.state_text();
    assert!(
        text.contains("craft 3 white wool using 12 string\n")
            && text.contains("\nGoal: craft 1 green bed.\n"),
        "{text}"
    );
    // A craft of another task that its inventory would do.
    assert!(text.contains("craft 1 loop using 2 string\n") && !text.contains("bow"), "{text}");
    assert_eq!((exact(&env), env.task().steps(), env.task().basics().count()), (Some(4), 4, 0));
    assert!(env.act("craft 1 loop using 2 string").valid);
    assert_eq!(exact(&env), None, "11 are too few");
    let env = TextCraft::new(&book, 75);
    assert_eq!(Baseline::Expert.play(&env, book.tasks(), 0).success, 1.0);
    for (text, error) in [
        ("{}", "tasks.jsonl, line 1: missing field `id`"),
        ("\n[1]", "tasks.jsonl, line 2: "),
        ("", "there is no task that can be done"),
    ] {
        let found = Book::of_lines("tasks.jsonl", text).expect_err("a mistake").to_string();
        assert!(found.starts_with(error), "{found}");
    }
}
