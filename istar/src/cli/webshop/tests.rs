use super::*;
use crate::cli::testing::{file, objects};
use clap::error::ErrorKind;

fn run(arguments: &[&str]) -> Result<String, String> {
    crate::cli::testing::run(job, arguments)
}

fn lines(arguments: &[&str]) -> Vec<Value> {
    objects(&run(arguments).expect("results"))
}

/// Two products of one kind.
fn small() -> (tempfile::TempDir, String) {
    let product = |asin: &str, name: &str, price: f64, wanted: bool| {
        serde_json::json!({
            "asin": asin, "name": name, "category": "garden", "query": "kettles", "product_category": "Kitchen › Tea › Kettles",
            "pricing": [price], "options": {"size": ["1 litre", "2 litres"], "color": ["red", "sea green"]},
            "Attributes": ["light weight", "steel lid"], "Description": "", "BulletPoints": ["Boils."],
            "instruction_text": wanted.then_some("Find me light weight kettles with steel lid"),
            "instruction_attributes": wanted.then_some(["light weight", "steel lid"]), "nouns": ["kettle"], "contents": "unused",
        })
    };
    let products = [
        product("K000000001", "Steel kettle", 14.5, true),
        product("K000000002", "Blue kettle", 200.0, false),
    ];
    file(&serde_json::to_string(&products).expect("JSON"))
}

#[test]
fn a_script_prints_each_step_and_stops_with_the_purchase() {
    let (_catalogue, catalogue) = small();
    let script = "# to the kettle\nsearch[Kettle]\n\nclick[nothing]\nclick[K000000001]\nclick[1 litre]\nclick[red]\nclick[Buy Now]\nsearch[more]";
    let (_script, script) = file(script);
    let steps = lines(&["--catalogue", &catalogue, "--script", &script]);
    let valid: Vec<bool> = steps.iter().map(|step| step["valid"] == true).collect();
    assert_eq!(valid, [true, false, true, true, true, true]);
    let text = steps[0]["observation"].as_str().expect("a text");
    assert!(text.contains(" [SEP] Page 1 (Total results: 2) [SEP] Next > [SEP] K000000001 [SEP] Steel kettle [SEP] $14.5 [SEP] "), "{text}");
    assert_eq!(steps[1]["observation"], steps[0]["observation"], "nothing happened");
    let last = &steps[5];
    assert_eq!(
        (&last["score"], &last["reward"], &last["success"]),
        (&1.0.into(), &10.0.into(), &true.into())
    );
    assert_eq!(last["parts"]["num_option_matches"], 2);
    let cut = lines(&["--catalogue", &catalogue, "--script", &script, "--max-steps", "2"]);
    assert_eq!((cut.len(), &cut[1]["done"], &cut[1]["score"]), (2, &true.into(), &0.0.into()));
}

#[test]
fn purchases_are_scored_and_queries_answered() {
    let (_catalogue, catalogue) = small();
    let goals = lines(&["--catalogue", &catalogue, "--goals"]);
    assert_eq!(goals.len(), 4, "one for each choice of both options");
    let case = |asin: &str, color: &str| serde_json::json!({"id": asin, "goal": goals[0], "purchased_asin": asin, "options": {"color": color}});
    let cases = serde_json::json!({"cases": [case("K000000001", "red"), case("K000000002", "sea green")]});
    let (_cases, cases) = file(&cases.to_string());
    let scored = lines(&["--catalogue", &catalogue, "--score", &cases]);
    let rewards: Vec<f64> = scored.iter().map(|line| line["reward"].as_f64().expect("a number")).collect();
    // Two attributes, one option of two and the price; then no option, and too dear.
    assert_eq!(rewards, [0.8, 0.4]);
    let (_queries, queries) = file("{\"q\": \"steel kettles\", \"more\": 1}\n\n{\"q\": \"the\"}\n");
    let found = lines(&["--catalogue", &catalogue, "--search", &queries]);
    assert_eq!(found[0]["hits"][0][0], "K000000001");
    assert_eq!(found[1], serde_json::json!({"q": "the", "hits": []}));
}

#[test]
fn who_plays_sees_pages_and_can_leave() {
    let catalogue = Arc::new(Catalogue::made(1));
    let arguments = Arguments::try_parse_from(["webshop", "--play"]).expect("arguments");
    let play = |said: &str| {
        let mut out = Vec::new();
        let env = begin(&catalogue, &arguments).expect("a goal");
        play::play(env, &mut said.as_bytes(), &mut out).expect("a visit");
        String::from_utf8(out).expect("text")
    };
    assert!(play("q\n").contains("  0  search[<words>]"));
    let bought = play("brushes\n2\nclick[nowhere]\nclick[buy now]\nnever read\n");
    for part in ["Page 1 (Total results:", "`click[nowhere]` means nothing here.", "Bought.", "\"r_type\""] {
        assert!(bought.contains(part), "{part}: {bought}");
    }
}

#[test]
fn baselines_are_measured_on_each_split() {
    let (_catalogue, catalogue) = small();
    let found = lines(&["--catalogue", &catalogue, "--baselines"]);
    assert_eq!(found.len(), 9);
    let train: Vec<&Value> = found.iter().filter(|line| line["goals"] == 4).collect();
    assert_eq!(train.len(), 3, "one product is of one split");
    assert_eq!((&train[0]["baseline"], &train[0]["success"]), (&"expert".into(), &1.0.into()));
}

#[test]
fn mistakes_are_named() {
    let (_catalogue, catalogue) = small();
    let (_bad, bad) = file("[{\"id\": 1}]");
    let (_text, text) = file("words");
    for (arguments, part) in [
        (&["--catalogue", "no/such/file", "--goals"][..], "cannot read no/such/file"),
        (&["--catalogue", &text, "--goals"], "is no catalogue"),
        (&["--catalogue", &catalogue, "--play", "--goal", "4"], "--goal 4: there are goals 0 to 3"),
        (&["--catalogue", &catalogue, "--score", &bad], "purchase 0: missing field"),
        (&["--catalogue", &catalogue, "--score", &text], "a list of purchases is wanted"),
        (&["--catalogue", &catalogue, "--search", &text], "line 1: "),
        (&["--catalogue", &catalogue, "--script", "no/such/script"], "cannot read no/such/script"),
        (&["--play", "--max-steps", "0"], "a whole number from 1"),
    ] {
        let error = run(arguments).expect_err("a mistake");
        assert!(error.contains(part), "{arguments:?}: {error}");
    }
    for arguments in [&["webshop"][..], &["webshop", "--play", "--goals"]] {
        let error = Arguments::try_parse_from(arguments).expect_err("one thing is to be done").kind();
        assert!(matches!(error, ErrorKind::MissingRequiredArgument | ErrorKind::ArgumentConflict), "{error}");
    }
}
