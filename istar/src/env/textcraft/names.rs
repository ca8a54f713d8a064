//! What things are called in a book of our own.

/// Materials, each with what can be got of it.
pub(super) const MATERIALS: [(&str, &str); 24] = [
    ("oak", "oak log"),
    ("pine", "pine log"),
    ("birch", "birch log"),
    ("willow", "willow log"),
    ("bamboo", "bamboo stem"),
    ("cork", "cork bark"),
    ("iron", "iron ore"),
    ("copper", "copper ore"),
    ("tin", "tin ore"),
    ("silver", "silver ore"),
    ("zinc", "zinc ore"),
    ("lead", "lead ore"),
    ("slate", "slate stone"),
    ("marble", "marble stone"),
    ("granite", "granite stone"),
    ("clay", "clay lump"),
    ("glass", "glass sand"),
    ("wool", "wool tuft"),
    ("flax", "flax stalk"),
    ("hemp", "hemp stalk"),
    ("silk", "silk cocoon"),
    ("leather", "leather hide"),
    ("bone", "bone piece"),
    ("wax", "wax comb"),
];

/// Forms by height: what is made of what can be got, what is made of that, and so on.
pub(super) const FORMS: [&[&str]; 4] = [
    &["bar", "rod", "sheet", "strip"],
    &["frame", "panel", "hook", "band", "tile"],
    &["box", "wheel", "lamp", "door", "pump"],
    &["cart", "mill", "loom", "bench"],
];
