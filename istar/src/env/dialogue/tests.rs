use super::outcome::Dimension::{Believability, Goal, Knowledge, Relationship, Secret, SocialRules};
use super::*;
use crate::seed::Streams;
use crate::statistics::correlation;
use std::collections::HashSet;

const NEVER: &str = "simulated partners and judges do not fail";

fn scenes() -> Scenes {
    Scenes::made(0)
}

fn of_family(family: Family) -> Arc<Scenario> {
    scenes().scenarios().iter().find(|scenario| scenario.family == family).expect("120 of each").clone()
}

/// The scenario with these public and private numbers.
fn with(family: Family, sizes: &[u32], settlements: &[&[u32]], values: [&[u32]; 2]) -> Scenario {
    let mut scenario = of_family(family).as_ref().clone();
    scenario.sizes = sizes.to_vec();
    scenario.settlements = settlements.iter().map(|settled| settled.to_vec()).collect();
    for (party, values) in scenario.parties.iter_mut().zip(values) {
        party.values = values.to_vec();
    }
    scenario
}

#[test]
fn settlements_are_worth_what_the_formulas_say() {
    let near = |scenario: &Scenario, expected: &[[f64; 2]]| {
        for (settlement, expected) in expected.iter().enumerate() {
            let found = [0, 1].map(|side| scenario.true_worth(side, settlement));
            assert!(
                found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9),
                "{:?}: {found:?}, not {expected:?}",
                scenario.family
            );
        }
    };
    // Three, two and one thing, worth 5, 3, 2 and 2, 5, 3 points: 23 and 19 in all.
    let all: &[&[u32]] = &[&[3, 0, 0], &[3, 2, 1], &[0, 0, 0]];
    let divided = with(Family::Bargain, &[3, 2, 1], all, [&[5, 3, 2], &[2, 5, 3]]);
    near(&divided, &[[150.0 / 23.0, 130.0 / 19.0], [10.0, 0.0], [0.0, 10.0]]);
    // Listed at $200; targets $160 and $140; a quarter is $50.
    let prices: &[&[u32]] = &[&[16_000], &[15_000], &[22_000], &[10_000]];
    let sold = with(Family::Price, &[20_000], prices, [&[16_000], &[14_000]]);
    near(&sold, &[[5.0, 7.0], [6.0, 6.0], [0.0, 10.0], [10.0, 1.0]]);
    let shared = with(Family::Share, &[10], &[&[4], &[9]], [&[8], &[6]]);
    near(&shared, &[[5.0, 10.0], [10.0, 10.0 / 6.0]]);
    let given = with(Family::Give, &[10_000], &[&[4_000], &[6_000], &[10_000]], [&[8_000], &[4_000]]);
    near(&given, &[[5.0, 10.0], [7.5, 5.0], [10.0, 0.0]]);
    let known = of_family(Family::Acquaintance);
    let mutual: Vec<usize> = (0..known.names.len()).filter(|name| known.is_mutual(*name)).collect();
    assert_eq!((mutual.len(), known.true_worth(0, mutual[0])), (1, 10.0));
}

#[test]
fn scores_are_counted_from_acts() {
    let sold = with(Family::Price, &[20_000], &[&[15_000], &[18_000]], [&[16_000], &[14_000]]);
    let mut talk = Talk::new(Arc::new(sold), 20, 0);
    for act in [
        Act::Chat,
        Act::Offer(1),
        Act::Threaten,
        Act::Tell(0),
        Act::Chat,
        Act::Chat,
        Act::Ask(0),
        Act::Chat,
        Act::Offer(0),
        Act::Accept,
    ] {
        talk.say(act);
    }
    let [buyer, seller] = [0, 1].map(|side| scores(&talk, side));
    assert_eq!((buyer.goal(), seller.goal(), talk.settled()), (6.0, 6.0, Some(0)));
    assert_eq!([Believability, Relationship, Knowledge].map(|d| buyer.get(d)), [7.0, 0.5, 10.0]);
    assert_eq!([Secret, SocialRules, Dimension::Financial].map(|d| buyer.get(d)), [0.0, -4.0, 1.0]);
    assert_eq!([Secret, SocialRules, Knowledge].map(|d| seller.get(d)), [-10.0, 0.0, 0.0]);
    assert!((buyer.overall() - (7.0 + 0.5 + 10.0 - 4.0 + 1.0 + 6.0) / 7.0).abs() < 1e-12);
    let json = serde_json::to_value(buyer).expect("an object");
    assert_eq!((&json["goal"], &json["financial_and_material_benefits"]), (&6.0.into(), &1.0.into()));
    talk.said.truncate(2);
    talk.say(Act::Leave);
    let gone = scores(&talk, 0);
    assert_eq!((gone.goal(), gone.get(SocialRules), gone.get(Relationship)), (0.0, -3.0, -1.5));
}

#[test]
fn all_scores_lie_in_their_ranges() {
    let scenes = scenes();
    let env = Dialogue::new(&scenes, 0.4);
    for task in scenes.draw(Split::Train, &Temperament::ALL, 3, 120) {
        let mut env = env.clone();
        env.reset(&task).expect(NEVER);
        let mut token = task.seed as u32;
        while {
            let choices: Vec<Act> = env.seat().choices().filter(|act| *act != Act::Leave).collect();
            token = token.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let act = choices[(token >> 8) as usize % choices.len()];
            !env.step(&[act.token()]).expect(NEVER).done()
        } {}
        for side in 0..2 {
            let [judge, second] = env.verdicts(side).expect(NEVER);
            for (seen, whole) in [(scores(env.talk(), side), false), (judge, true), (second, true)] {
                for dimension in Dimension::ALL {
                    let (low, high) = dimension.range();
                    let score = seen.get(dimension);
                    assert!((low..=high).contains(&score), "{dimension:?}: {score}");
                    assert!(!whole || score.fract() == 0.0, "{dimension:?}: {score}");
                }
            }
        }
    }
}

/// CaSiNo's points are 18.59 ± 3.60 of 36.
#[test]
fn judges_are_as_noisy_as_people() {
    let judge = NoisyJudge::casino();
    let (mut truth, mut goal, mut liking) = (Vec::new(), Vec::new(), Vec::new());
    for draw in 0..6_000u64 {
        // Equal steps through a normal distribution, by Tukey's lambda.
        let p = (draw as f64 + 0.5) / 6_000.0;
        let z = (p.powf(0.135) - (1.0 - p).powf(0.135)) / 0.1975;
        let share = (18.59 + 3.60 * z) / 36.0;
        let said =
            judge.read(&Scores::of(|d| d.range().0 + (d.range().1 - d.range().0) * share), 14, 0.0, draw);
        truth.push(share);
        goal.push(said.goal());
        liking.push(said.get(Relationship));
    }
    let near = |seen: &[f64], expected: f64| {
        let found = correlation(&truth, seen).expect("it varies");
        assert!((found - expected).abs() < 0.04, "{found}, {expected} in CaSiNo");
    };
    near(&goal, 0.379);
    near(&liking, 0.279);
}

#[test]
fn noise_grows_with_length_and_is_none_at_zero() {
    let truth = Scores::of(|dimension| if dimension == Goal { 4.6 } else { 0.0 });
    let spread = |utterances: usize| {
        let judge = NoisyJudge::training(0.1);
        let said: Vec<f64> =
            (0..2_000).map(|draw| judge.read(&truth, utterances, 0.0, draw).goal()).collect();
        let mean = said.iter().sum::<f64>() / 2_000.0;
        (said.iter().map(|said| (said - mean).powi(2)).sum::<f64>() / 2_000.0).sqrt()
    };
    assert!(
        (spread(14) - 1.0).abs() < 0.1 && (spread(28) - 1.5).abs() < 0.1,
        "{} {}",
        spread(14),
        spread(28)
    );
    for judge in [NoisyJudge::training(0.0), NoisyJudge::second(0.0)] {
        assert_eq!(judge.read(&truth, 20, 0.0, 1).goal(), 5.0, "in whole numbers");
    }
    let mean = |judge: NoisyJudge| {
        (0..500).map(|draw| judge.read(&truth, 14, 0.0, draw).goal()).sum::<f64>() / 500.0
    };
    assert!(
        mean(NoisyJudge::training(0.2)) > mean(NoisyJudge::second(0.2)) + 0.4,
        "they lean to other sides"
    );
}

#[test]
fn acts_are_tokens_and_words() {
    for token in 0..TOKENS as u32 {
        assert_eq!(Act::of(token).map(Act::token), Some(token));
    }
    assert_eq!(Act::of(TOKENS as u32), None);
    for scenario in scenes().scenarios().iter().step_by(7) {
        assert!((1..=OFFERS).contains(&scenario.settlements.len()) && scenario.topics.len() <= TOPICS);
        let talk = Talk::new(scenario.clone(), 20, 5);
        for side in 0..2 {
            let acts: Vec<Act> = talk.seat(side).choices().chain([Act::Accept, Act::Reject]).collect();
            for act in acts {
                let action = scenario.action(side, act);
                assert_eq!(
                    scenario.read(side, &format!("  {} ", action.to_uppercase())),
                    Some(act),
                    "{action}"
                );
                assert!((0..3).all(|phrase| !scenario.say(side, act, phrase).is_empty()));
            }
        }
        for text in ["", "offer", "offer everything", "sing", "ask"] {
            assert_eq!(scenario.read(0, text), None, "{text}");
        }
    }
}

#[test]
fn the_same_task_and_tokens_give_the_same_dialogue() {
    let scenes = scenes();
    let tasks = scenes.draw(Split::Train, &Temperament::ALL, 0, 24);
    let walk = |env: &mut Dialogue| -> (Vec<Transition>, Vec<String>) {
        let mut moves = Vec::new();
        while moves.last().is_none_or(|moved: &Transition| !moved.done()) {
            let act = baseline::expert(&env.seat()).unwrap_or(Act::Chat);
            moves.push(env.step(&[act.token()]).expect(NEVER));
        }
        (moves, env.talk().transcript())
    };
    for task in &tasks {
        let [first, again] = [0, 1].map(|_| {
            let mut env = Dialogue::new(&scenes, 0.2);
            env.reset(task).expect(NEVER);
            walk(&mut env)
        });
        assert_eq!(first, again);
    }
    // In a batch, the noise is that of the episode's stream: equal for equal streams, another for another episode.
    let judged = |seed: u64, index: u64| -> Vec<(f64, Vec<String>)> {
        let mut envs = vec![Dialogue::new(&scenes, 0.4); tasks.len()];
        let at = Streams { seed, name: "rollout", index };
        let begun = Dialogue::reset_all(
            &mut envs.iter_mut().collect::<Vec<_>>(),
            &tasks.iter().collect::<Vec<_>>(),
            at,
        );
        assert!(begun.iter().all(Result::is_ok));
        let ends = envs.iter_mut().map(|env| {
            let (moves, said) = walk(env);
            (moves.last().expect("a step").reward, said)
        });
        ends.collect()
    };
    assert_eq!(judged(1, 2), judged(1, 2));
    let (one, other) = (judged(1, 2), judged(1, 3));
    assert_ne!(one, other, "the judge draws anew");
    assert!(one.iter().zip(&other).all(|((_, a), (_, b))| a == b), "and the partner does not");
}

#[test]
fn the_truth_is_hidden_from_training() {
    let scenes = scenes();
    let mut differ = 0;
    for task in scenes.draw(Split::Train, &[Temperament::Conceder], 0, 80) {
        let mut env = Dialogue::new(&scenes, 0.4);
        let end = |env: &mut Dialogue, held_out: bool| loop {
            if env.steps() == 0 {
                env.reset(&Task { held_out, ..task.clone() }).expect(NEVER);
            }
            let act = baseline::expert(&env.seat()).unwrap_or(Act::Chat);
            let moved = env.step(&[act.token()]).expect(NEVER);
            if moved.done() {
                return moved;
            }
        };
        let learnt = end(&mut env, false);
        let [training, _] = env.verdicts(task.side).expect(NEVER);
        assert_eq!((learnt.reward, learnt.success), (training.goal(), training.goal() > GOAL));
        assert_eq!(learnt.score, Some(training.overall()));
        let mut env = Dialogue::new(&scenes, 0.4);
        let held_out = end(&mut env, true);
        let [_, second] = env.verdicts(task.side).expect(NEVER);
        let truth = scores(env.talk(), task.side).goal();
        assert_eq!((held_out.reward, held_out.success), (second.goal(), truth > GOAL));
        assert_eq!(held_out.score, Some(truth));
        differ += usize::from(learnt.success != held_out.success);
    }
    assert!(differ > 5, "{differ}");
}

#[test]
fn what_the_other_keeps_is_neither_seen_nor_said() {
    for scenario in scenes().scenarios().iter().step_by(3) {
        let mut twin = scenario.as_ref().clone();
        for value in &mut twin.parties[1].values {
            *value = if *value > 2 { *value - 1 } else { *value + 1 };
        }
        twin.parties[1].goal = "another".into();
        let [mut talk, mut other] = [scenario.clone(), Arc::new(twin)].map(|of| Talk::new(of, 20, 9));
        let named = scenario.family == Family::Acquaintance;
        for act in [Act::Chat, if named { Act::Chat } else { Act::Offer(1) }, Act::Ask(0), Act::Chat] {
            talk.say(act);
            other.say(act);
        }
        let [own, twin] = [talk.seat(0), other.seat(0)];
        assert_eq!(
            (own.text(), own.actions(), view::view(&own)),
            (twin.text(), twin.actions(), view::view(&twin))
        );
        let kept = &scenario.parties[1].goal;
        assert!(*kept == scenario.parties[0].goal || !own.text().contains(kept.as_str()));
        // Whom the other alone knows is not named.
        for friend in &scenario.parties[1].friends {
            let shared = scenario.parties[0].friends.iter().any(|own| own.name == friend.name);
            assert!(shared || !own.text().contains(&friend.name), "{}", own.text());
            assert!(shared || !own.actions().contains(&format!("offer {}", friend.name)));
        }
        // What is told is known.
        if scenario.family != Family::Acquaintance {
            talk.said[3] = (1, Act::Tell(0));
            other.said[3] = (1, Act::Tell(0));
            assert_ne!(talk.seat(0).text(), other.seat(0).text());
        }
    }
}

#[test]
fn a_friend_is_found_by_asking() {
    let scenario = of_family(Family::Acquaintance);
    let mut talk = Talk::new(scenario.clone(), 20, 0);
    let mutual = (0..scenario.names.len()).find(|name| scenario.is_mutual(*name)).expect("one");
    assert_eq!(talk.seat(0).worth(mutual), 2.0, "one of five");
    for topic in 0..3 {
        talk.say(Act::Ask(topic));
        talk.say(Act::Tell(topic));
    }
    assert!(talk.seat(0).worth(mutual) > 2.0);
    let unknown = (0..scenario.names.len()).find(|name| !scenario.can_offer(1, *name)).expect("some");
    talk.say(Act::Offer(unknown));
    let seat = talk.seat(1);
    assert!(!seat.can(Act::Accept) && seat.can(Act::Reject) && !seat.can(Act::Offer(unknown)));
    talk.say(Act::Reject);
    talk.say(Act::Offer(mutual));
    assert!(talk.seat(1).can(Act::Accept));
    talk.say(Act::Accept);
    assert_eq!([0, 1].map(|side| scores(&talk, side).goal()), [7.5, 10.0], "a name in vain costs");
}

#[test]
fn offers_stand_until_they_are_turned_down() {
    let mut talk = Talk::new(of_family(Family::Price), 20, 0);
    assert!(!talk.seat(0).can(Act::Accept));
    talk.say(Act::Offer(3));
    talk.say(Act::Chat);
    assert_eq!(talk.standing(), Some((0, 3)));
    assert!(!talk.seat(0).can(Act::Accept), "one's own offer");
    talk.say(Act::Chat);
    assert!(talk.seat(1).can(Act::Accept) && !talk.seat(1).can(Act::Offer(3)));
    talk.say(Act::Reject);
    assert_eq!(talk.standing(), None);
    assert!(!talk.has_ended() && !talk.is_cut_off());
}

#[test]
fn what_cannot_be_said_is_small_talk() {
    let scenes = scenes();
    let task = &scenes.draw(Split::Train, &[Temperament::Conceder], 0, 1)[0];
    let mut env = Dialogue::new(&scenes, 0.2);
    env.reset(task).expect(NEVER);
    for tokens in [&[][..], &[0, 0], &[999], &[15]] {
        assert!(!env.step(tokens).expect(NEVER).valid, "{tokens:?}");
    }
    assert!(env.talk().acts(task.side).all(|act| act == Act::Chat));
    while !env.step(&[3]).expect(NEVER).done() {}
    assert_eq!((env.steps(), env.talk().said.len()), (10, 20));
}

#[test]
fn who_knows_more_does_better() {
    let scenes = scenes();
    let env = Dialogue::new(&scenes, NoisyJudge::NOISE);
    for partner in [Temperament::Conceder, Temperament::Hard, Temperament::Tit] {
        let tasks = scenes.draw(Split::Test, &[partner], 0, 200);
        let [expert, rule, random] =
            Baseline::ALL.map(|baseline| baseline.play(&env, &tasks, 0.2, 0).expect(NEVER));
        assert!(
            expert.goal > rule.goal && rule.goal > random.goal,
            "{partner:?}: {expert:?} {rule:?} {random:?}"
        );
        assert!(expert.success > rule.success, "{partner:?}: {expert:?} {rule:?}");
        assert!(expert.judged > expert.second, "{expert:?}");
        assert!((0.2..0.99).contains(&random.correlation.expect("it varies")), "{random:?}");
    }
}

#[test]
fn splits_have_no_scenario_in_common() {
    let scenes = scenes();
    let all = [Split::Train, Split::Validation, Split::Test].map(|split| scenes.of_split(split));
    assert_eq!(all.iter().map(Vec::len).sum::<usize>(), 600);
    assert!(all[1].len() > 30 && all[2].len() > 80);
    let keys = |of: &[Arc<Scenario>]| of.iter().map(|scenario| scenario.key.clone()).collect::<HashSet<_>>();
    assert!(keys(&all[0]).is_disjoint(&keys(&all[2])) && keys(&all[0]).is_disjoint(&keys(&all[1])));
    let [few, more] = [10, 20].map(|n| scenes.draw(Split::Test, &Temperament::ALL, 0, n));
    assert_eq!(more[..10], few);
    assert!(few.iter().all(|task| task.held_out));
    assert!(scenes.draw(Split::Train, &[], 0, 3).iter().all(|task| !task.held_out));
    assert_eq!(scenes.hash(), Scenes::made(0).hash());
    assert_ne!(scenes.hash(), Scenes::made(1).hash());
}

#[test]
fn in_self_play_both_are_the_policy() {
    let scenes = scenes();
    let task = scenes.draw(Split::Test, &[], 1, 1).remove(0);
    let mut env = Dialogue::new(&scenes, 0.0).self_play();
    env.reset(&task).expect(NEVER);
    let mut sides = Vec::new();
    let last = loop {
        sides.push(env.side());
        let tokens = env.demonstrate().expect("it goes on");
        let moved = env.step(&tokens).expect(NEVER);
        if moved.done() {
            break moved;
        }
    };
    assert!(sides.iter().enumerate().all(|(turn, side)| turn % 2 == *side));
    let goals = [0, 1].map(|side| scores(env.talk(), side).goal());
    let judged = [0, 1].map(|side| env.verdicts(side).expect(NEVER)[1].goal());
    assert_eq!(last.reward, (judged[0] + judged[1]) / 2.0);
    assert_eq!(last.success, (goals[0] + goals[1]) / 2.0 > GOAL);
    assert_eq!(env.demonstrate(), None);
}

/// Somebody from outside, who has nothing to say.
#[derive(Debug)]
struct Mute;

impl Partner for Mute {
    fn answer(&self, _: &Seat<'_>, _: u64) -> Result<Act, EnvError> {
        Err(EnvError::new("no answer"))
    }
}

impl Judge for Mute {
    fn judge(&self, _: &Talk, _: usize, _: u64) -> Result<Scores, EnvError> {
        Err(EnvError::new("no verdict"))
    }
}

#[test]
fn a_partner_or_a_judge_from_outside_may_fail() {
    let scenes = scenes();
    let task = Task { side: 0, ..scenes.draw(Split::Test, &[], 0, 1).remove(0) };
    let mut env = Dialogue::new(&scenes, 0.2).with_partner(Mute);
    env.reset(&task).expect("the policy speaks first");
    assert_eq!(env.step(&[3]).expect_err("mute").reason(), "no answer");
    let mut env = Dialogue::new(&scenes, 0.2).with_judges(Mute, Mute);
    env.reset(&task).expect(NEVER);
    assert_eq!(env.step(&[2]).expect_err("mute").reason(), "no verdict");
}
