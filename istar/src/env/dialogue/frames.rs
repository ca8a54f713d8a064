//! Where the parties of our own scenarios meet, and what about: six surfaces for each family.

/// What is divided, and where: the kinds of things, in the singular and the plural.
pub(super) const BARGAINS: [(&str, [(&str, &str); 3]); 6] = [
    (
        "Two flatmates move out and divide what they bought together",
        [("book", "books"), ("lamp", "lamps"), ("chair", "chairs")],
    ),
    (
        "Two hikers divide their supplies before their ways part",
        [("bottle", "bottles"), ("blanket", "blankets"), ("lantern", "lanterns")],
    ),
    (
        "Two neighbours divide the harvest of a garden that they share",
        [("pumpkin", "pumpkins"), ("melon", "melons"), ("cabbage", "cabbages")],
    ),
    (
        "Two teachers divide what a school gave away",
        [("globe", "globes"), ("easel", "easels"), ("drum", "drums")],
    ),
    (
        "Two siblings divide the toys of their childhood",
        [("kite", "kites"), ("puzzle", "puzzles"), ("doll", "dolls")],
    ),
    (
        "Two bakers divide the order of a supplier who delivered too little",
        [
            ("sack of flour", "sacks of flour"),
            ("crate of eggs", "crates of eggs"),
            ("jar of honey", "jars of honey"),
        ],
    ),
];

/// What is sold, by whom, and about how much it costs, in dollars.
pub(super) const SALES: [(&str, &str, u32); 6] = [
    ("a bicycle", "Somebody answers an advertisement for a bicycle", 240),
    ("an oak table", "A couple that moves abroad sells an oak table", 320),
    ("a telescope", "A student sells a telescope at a flea market", 160),
    ("a guitar", "A musician sells a guitar after a concert", 400),
    ("a camera", "A photographer sells a camera that is no longer needed", 520),
    ("a tent", "A family sells a tent at the end of summer", 80),
];

/// What is shared, unit by unit, and where.
pub(super) const SHARES: [(&str, &str); 6] = [
    ("hours in the rehearsal room", "Two bands have one rehearsal room this week"),
    ("nights with the car", "Two friends own a car together and plan the fortnight"),
    ("litres of water", "Two gardeners share a tank in a dry summer"),
    ("hours at the telescope", "Two astronomers have one clear night"),
    ("beds of the garden", "Two neighbours plan the beds of a common garden"),
    ("days of the crew", "Two foremen of a firm need the same crew"),
];

/// What is asked for, where, and about the most that somebody gives, in dollars.
pub(super) const CAUSES: [(&str, &str, u32); 6] = [
    ("the animal shelter", "Two friends meet at a charity run", 100),
    ("the school library", "A parent talks with the owner of a shop", 200),
    ("the flood relief", "A volunteer rings at a neighbour's door", 100),
    ("the children's hospital", "Two colleagues talk at a gala", 500),
    ("the village well", "Two old friends meet at a bazaar", 300),
    ("the lifeboats", "A volunteer talks with a visitor at the harbour", 50),
];

/// Where two meet who may know the same person.
pub(super) const MEETINGS: [&str; 6] = [
    "Two guests meet at a party and feel that somebody connects them",
    "Two passengers talk on a long train ride",
    "Two people wait at the same gate and think that they have met",
    "Two newcomers stand at the buffet of a conference",
    "Two parents watch their children play football",
    "Two students share a table in a crowded café",
];

/// What is known of people: topics, each with what may be so.
pub(super) const TRAITS: [(&str, [&str; 6]); 3] = [
    ("school", ["Northfield", "St Anne's", "Harbour College", "Elm Park", "Kingsway", "Lakeside"]),
    ("work", ["the bakery", "the post office", "the clinic", "the museum", "the dairy", "the shipyard"]),
    ("hobby", ["chess", "rowing", "pottery", "birdwatching", "dancing", "carpentry"]),
];

/// First names.
pub(super) const NAMES: [&str; 32] = [
    "Ada", "Ben", "Cleo", "Dan", "Edna", "Finn", "Gina", "Hugo", "Iris", "Jon", "Kira", "Leo", "Mona",
    "Nils", "Olga", "Paul", "Quin", "Rosa", "Sven", "Tara", "Udo", "Vera", "Walt", "Xenia", "Yuri", "Zoe",
    "Abel", "Bea", "Carl", "Dora", "Emil", "Fay",
];
