use super::*;

const NEVER: &str = "a shop cannot fail";

fn env(seed: u64) -> WebShop {
    WebShop::new(Arc::new(Catalogue::made(seed)), WebShop::MAX_STEPS)
}

fn tokens(env: &WebShop) -> Vec<u32> {
    env.legal(&[]).below(env.tokens()).collect()
}

#[test]
fn what_is_legal_is_what_the_page_has() {
    let mut env = env(0);
    assert_eq!(tokens(&env), [0, 1, 2]);
    env.step(&[0]).expect(NEVER);
    assert_eq!(tokens(&env), [vec![3, 5], (11..21).collect()].concat());
    env.step(&[5]).expect(NEVER);
    assert_eq!(tokens(&env)[..3], [3, 4, 5], "the second page has a way back");
    let before = env.state_key();
    let moved = env.step(&[10]).expect(NEVER);
    assert!(
        !moved.valid && env.state_key() == before && env.steps() == 3,
        "there is nothing to buy on a page of results"
    );
    env.step(&[11]).expect(NEVER);
    assert_eq!(tokens(&env)[..6], [3, 4, 6, 7, 8, 10]);
    let product = &env.shop().catalogue().products()[env.shop().product().expect("a product")];
    let values: usize = product.options.iter().map(|(_, values)| values.len()).sum();
    assert_eq!(tokens(&env).len(), 6 + values);
    for (token, name) in [(6, "Description"), (7, "Features"), (8, "Reviews")] {
        env.step(&[token]).expect(NEVER);
        assert!(matches!(env.shop().page(), Page::About(about) if about.name() == name));
        env.step(&[4]).expect(NEVER);
    }
    assert!(env.step(&[10]).expect(NEVER).ended);
    assert_eq!(tokens(&env), [] as [u32; 0]);
}

#[test]
fn every_action_of_a_page_can_be_said_as_text_and_as_token() {
    let mut env = env(3);
    for token in [1, 13, 6, 4, 4, 5, 12] {
        let texts = env.shop().actions();
        assert!(texts.iter().all(|text| env.shop().read(text).is_some()), "{texts:?}");
        let searches = if env.shop().page() == Page::Search { 2 } else { 0 };
        assert_eq!(texts.len() + searches, tokens(&env).len(), "{texts:?}");
        assert!(env.step(&[token]).expect(NEVER).valid, "{token}");
    }
}

#[test]
fn the_expert_buys_what_was_meant_and_chance_does_not() {
    let catalogue = Arc::new(Catalogue::made(0));
    let goals = catalogue.draw(Split::Test, 0, 60);
    let [expert, rule, random] = Baseline::ALL.map(|baseline| baseline.play(&catalogue, &goals, 15, 0));
    assert!(expert.success > 0.8 && expert.score > 0.95, "{expert:?}");
    assert!((0.3..0.85).contains(&rule.success) && rule.success < expert.success, "{rule:?}");
    assert!(random.success < 0.05 && random.score < 0.2, "{random:?}");
}

#[test]
fn a_state_is_gone_back_to() {
    let mut env = env(1);
    env.step(&[1]).expect(NEVER);
    env.step(&[12]).expect(NEVER);
    let (saved, key, seen) = (env.save(), env.state_key(), env.observe());
    let ending = |env: &mut WebShop| [6, 4, 10].map(|token| env.step(&[token]).expect(NEVER));
    let first = ending(&mut env);
    env.restore(&saved);
    assert_eq!((env.state_key(), env.observe(), env.steps()), (key, seen, 2));
    assert_eq!(ending(&mut env), first);
}

#[test]
fn an_episode_is_cut_off_without_a_score() {
    let mut env = WebShop::new(Arc::new(Catalogue::made(0)), 2);
    assert_eq!(env.act("search[lamps]").score, None);
    let last = env.act("search[lamps]");
    assert!(last.truncated && !last.ended && last.score == Some(0.0) && last.reward == 0.0);
}

#[test]
fn actions_are_read_as_the_original_reads_them() {
    let mut env = env(0);
    let searched = |words: &str| Some(Action::Search(words.to_owned()));
    for (text, means) in [
        ("search[Red Shoes]", searched("red shoes")),
        ("search[a] and more", searched("a")),
        ("search[[a]]", None),
        ("search[]", None),
        ("search red", None),
        ("Search[red]", None),
        ("click[search]", None),
        ("click[Buy Now]", None),
    ] {
        assert_eq!(env.shop().read(text), means, "{text}");
    }
    env.act("search[lamps]");
    assert_eq!(env.shop().read("click[NEXT >]"), Some(Action::Click(Button::Next)));
    assert_eq!(env.shop().read("search[again]"), searched("again"), "from every page");
}

#[test]
fn a_made_catalogue_is_a_function_of_its_seed() {
    let [first, again, other] = [4, 4, 5].map(Catalogue::made);
    assert!(first.products() == again.products() && first.goals() == again.goals());
    assert_ne!(first.products()[0], other.products()[0]);
}

#[test]
fn a_made_catalogue_has_the_statistics_of_webshops() {
    let catalogue = Catalogue::made(0);
    let products = catalogue.products();
    let count = |is: fn(&Product) -> bool| products.iter().filter(|product| is(product)).count();
    assert_eq!(products.len(), 1000);
    for (what, found, expected) in [
        ("with options", count(|product| !product.options.is_empty()), 423),
        ("without an attribute", count(|product| product.attributes.is_empty()), 185),
        ("with an instruction", count(|product| product.instruction_text.is_some()), 315),
        ("with a range of prices", count(|product| product.pricing.len() == 2), 93),
        ("without a price", count(|product| product.pricing.is_empty()), 89),
        ("of beauty", count(|product| product.category == "beauty"), 238),
    ] {
        assert!(found.abs_diff(expected) <= 50, "{what}: {found}, about {expected} expected");
    }
}

#[test]
fn splits_have_no_product_in_common_and_no_product_prevails() {
    let catalogue = Catalogue::made(0);
    let all: usize = [Split::Train, Split::Validation, Split::Test]
        .map(|split| catalogue.goals_of(split).len())
        .iter()
        .sum();
    assert_eq!(all, catalogue.goals().len());
    let asins = |goals: Vec<&Goal>| goals.into_iter().map(|goal| goal.asin.clone()).collect::<Vec<_>>();
    let few = asins(catalogue.draw(Split::Test, 0, 30));
    let mut once = few.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), 30, "each of another product");
    assert_eq!(asins(catalogue.draw(Split::Test, 0, 50))[..30], few);
}

#[test]
fn a_catalogue_that_cannot_be_is_refused() {
    let product = |asin: &str, price: f64, attributes: &[&str]| Product {
        asin: asin.to_owned(),
        pricing: vec![price],
        instruction_text: Some("Find me".to_owned()),
        instruction_attributes: Some(attributes.iter().map(|attribute| (*attribute).to_owned()).collect()),
        ..Catalogue::made(0).products()[0].clone()
    };
    let (good, a) = (product("A", 1.0, &["a"]), &["a"][..]);
    for (products, error) in [
        (vec![good.clone(), product("A", 2.0, a)], "product A stands in the catalogue twice"),
        (vec![product("B", -1.0, a)], "product B costs -1; a price is a finite number from 0"),
        (
            vec![product("C", 1.0, &[])],
            "product C has an instruction without attributes (`instruction_attributes`)",
        ),
        (vec![Product { instruction_text: None, ..good }], "no product of the catalogue has an instruction"),
    ] {
        let found = Catalogue::new(products, 0).expect_err("a mistake").to_string();
        assert!(found.starts_with(error), "{found}");
    }
}
