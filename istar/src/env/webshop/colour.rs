//! Colours as the reward compares them.

/// The words for colours, in the order in which they are looked for (princeton-nlp/WebShop, MIT).
const COLOURS: &str = "\
    alabaster apricot aqua ash asphalt azure banana beige black blue blush bordeaux bronze brown burgundy \
    camel camo caramel champagne charcoal cheetah chestnut chocolate christmas coffee cognac copper coral \
    cranberry cream crystal dark denim eggplant elephant espresso fuchsia gold granite grape graphite grass \
    gray green grey heather indigo ivory ivy khaki lavender lemon leopard light lilac lime magenta maroon \
    mauve merlot midnight mint mocha multicolor mushroom mustard natural navy nude olive orange peach \
    pewter pink plum purple rainbow red rose royal rust sand sapphire seashell silver skull slate steel \
    stone stonewash sunflower tan taupe teal tiger turquoise violet walnut wheat white wine yellow";

fn colours() -> impl Iterator<Item = &'static str> {
    COLOURS.split(' ')
}

/// The first of the colours that the text contains, or else the text: `antique graywash` is `gray`, and `tank top` is `tan`.
///
/// ```
/// use istar::env::webshop::normalize_color;
///
/// assert_eq!(normalize_color("12 pack tank top"), "tan");
/// assert_eq!(normalize_color("x-large"), "x-large");
/// ```
#[must_use]
pub fn normalize_color(text: &str) -> &str {
    colours().find(|colour| text.contains(colour)).unwrap_or(text)
}

/// The first of the colours that one of the texts is.
pub(super) fn colour_among(texts: [&str; 2]) -> Option<&'static str> {
    colours().find(|colour| texts.contains(colour))
}
