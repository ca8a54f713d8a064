//! The words that made catalogues are written in; all of them our own. A list is a text with commas.

/// A department: what is sold there, and what can be said of it.
pub(super) struct Department {
    /// Its name in the catalogue, and the widest category.
    pub name: &'static str,
    pub path: &'static str,
    /// How many of a thousand products are sold here.
    pub share: u32,
    /// For whom or where: the first word of a query.
    pub whose: &'static str,
    /// The rest of a query, in the plural.
    pub things: &'static str,
    /// Attributes that stand before a thing, behind `with`, and behind `for`.
    pub before: &'static str,
    pub with: &'static str,
    pub purpose: &'static str,
    /// What titles say beside that.
    pub styles: &'static str,
    /// What can be chosen: names of options and what their values are.
    pub options: [(&'static str, Values); 2],
}

/// What the values of an option are made from: each of the first list with each ending of the
/// second, with a space before one that begins with no hyphen.
pub(super) struct Values(pub &'static str, pub &'static str);

const COLOURS: &str = "black, white, navy blue, grey, red, dark green, khaki, pink, wine red, light blue, beige, \
    brown, teal, mustard yellow, silver, rose gold, purple, orange, ivory, multicolor, whitewash, \
    rosewood, sandstone";
const TURNS: &str = ", 2, | white, stripe, -a";

pub(super) const DEPARTMENTS: [Department; 5] = [
    Department {
        name: "beauty",
        path: "Beauty & Personal Care",
        share: 238,
        whose: "hair, face, body, nail, eye, lip, beard, foot",
        things: "brushes, serums, masks, care sets, oils, scrubs, trimmers",
        before: "long lasting, easy clean, cruelty free, fragrance free, travel size, paraben free, \
            non toxic, high quality, double sided, alcohol free, leak proof, eco friendly",
        with: "coconut oil, stainless steel, tea tree, vitamin c, argan oil, natural ingredients, \
            hyaluronic acid, bamboo handle, green tea, soft bristles, aloe vera, shea butter",
        purpose: "dry skin, sensitive skin, damaged hair, dark circles, fine lines, dead skin, hair growth, \
            split ends, daily use, men and women, home salon, oily skin",
        styles: "Gentle Formula, Salon Kit, Refill, Night Treatment, Gift Box, Compact Design, \
            Deep Cleansing, Starter Kit, Mini Set, Professional Line, Daily Routine, Spa Collection",
        options: [
            ("color", Values(COLOURS, TURNS)),
            ("size", Values("1, 1.7, 3, 5, 8, 12", "ounce, fl oz (pack of 2), count")),
        ],
    },
    Department {
        name: "electronics",
        path: "Electronics",
        share: 229,
        whose: "phone, tablet, laptop, camera, headphone, speaker, television, watch",
        things: "cases, chargers, cables, mounts, adapters, stands, remotes",
        before: "fast charging, high speed, heavy duty, water resistant, hands free, light weight, \
            plug play, gold plated, ultra slim, noise cancelling, shock proof, quick release",
        with: "carbon fiber, aluminum alloy, usb port, tempered glass, batteries included, bluetooth 5.2, \
            lcd display, remote control, braided nylon, led light, magnetic closure, stereo sound",
        purpose: "wireless charging, video calls, home theater, night vision, outdoor sports, car dashboard, \
            desk setup, streaming, long trips, small offices, gaming, photo studio",
        styles: "Second Generation, Upgraded Version, Two in One, Universal Fit, Slim Profile, Foldable, \
            Rotating, Value Pack, Desktop Edition, Travel Edition, Rugged Series, Classic Series",
        options: [
            ("color", Values(COLOURS, TURNS)),
            ("size", Values("3, 6, 10, 15, 25", "ft, inch, feet (2-pack)")),
        ],
    },
    Department {
        name: "garden",
        path: "Home & Kitchen",
        share: 216,
        whose: "living room, bedroom, kitchen, patio, office, bathroom, hallway, nursery",
        things: "tables, lamps, rugs, curtains, shelves, chairs, cushions",
        before: "easy assemble, space saving, machine washable, mid century, hand painted, \
            height adjustable, spot clean, ready hang, fully assembled, scratch resistant, stackable, \
            fade resistant",
        with: "solid wood, metal legs, memory foam, storage space, glass shade, faux leather, steel frame, \
            wood finish, brass hardware, cotton cover, drawer slides, wall brackets",
        purpose: "small spaces, dining room, guest room, reading corner, rental homes, garden parties, \
            plants, shoe storage, large families, book lovers, entryways, studio flats",
        styles: "Farmhouse, Modern Lines, Rustic Look, Industrial, Boho Pattern, Set of Two, Nordic, \
            Oversized, Corner Piece, Handmade, Vintage, Minimalist",
        options: [
            ("color", Values(COLOURS, TURNS)),
            ("size", Values("18 x 18, 24 x 36, 30 x 60, 52 x 84", " inch, cm, inch (set of 2)")),
        ],
    },
    Department {
        name: "fashion",
        path: "Clothing, Shoes & Jewelry",
        share: 200,
        whose: "women's, men's, girls', boys', maternity, plus size, toddler, unisex",
        things: "sweaters, pants, shirts, sneakers, jackets, socks, pajamas",
        before: "machine wash, slim fit, loose fit, hand wash, fleece lined, moisture wicking, quick drying, \
            slip resistant, wide leg, tummy control, light weight, wash cold",
        with: "long sleeve, elastic waist, rubber sole, button closure, drawstring waist, short sleeve, \
            high waist, polyester spandex, contrast color, cotton lining, side pockets, memory sole",
        purpose: "daily wear, gym workout, office days, teen girls, winter hikes, tumble dry, beach holidays, \
            evening wear, school uniforms, yoga classes, wedding guests, everyday wear",
        styles: "Crew Neck, Striped, Plain, Hooded, Colour Block, Vintage Print, Ribbed, Two Pack, Cropped, \
            Relaxed Cut, Knitted, Quilted",
        options: [
            ("color", Values(COLOURS, TURNS)),
            ("size", Values("x-small, small, medium, large, x-large, xx-large, 3x-large", ", tall, petite")),
        ],
    },
    Department {
        name: "grocery",
        path: "Grocery & Gourmet Food",
        share: 117,
        whose: "almond, oat, coconut, chocolate, berry, ginger, peanut, corn",
        things: "bars, cookies, drinks, snacks, spreads, teas, cereals",
        before: "gluten free, non gmo, certified organic, sugar free, high protein, low carb, dairy free, \
            plant based, freeze dried, ready eat, soy free, individually wrapped",
        with: "natural flavors, dietary fiber, sea salt, real fruit, natural ingredients, zero sugar, \
            whole grains, resealable bag, cane syrup, no colors added, omega three, vanilla beans",
        purpose: "school lunches, birthday party, keto diets, gift baskets, road trips, breakfast, \
            office kitchens, baking, movie nights, athletes, tea time, picnics",
        styles: "Variety Pack, Family Size, Sampler, Small Batch, Original Recipe, Crunchy, Chewy, \
            Snack Size, Pantry Box, Roasted, Stone Ground, Classic",
        options: [
            (
                "flavor name",
                Values(
                    "vanilla, dark chocolate, sea salt, maple, cinnamon, honey, apple, cherry",
                    ", crunch, blend",
                ),
            ),
            ("size", Values("4, 8, 12, 16", " ounce (pack of 1), ounce (pack of 2), ounce (pack of 6)")),
        ],
    },
];

/// Brands are made of these, a word of two or three.
pub(super) const SYLLABLES: &str = "va, lo, ra, kin, ta, ro, mi, den, sol, pe, tri, no, bel, ka, fer, li, zu, mar, o, quen, da, wy, hal, ste";

/// Sentences of descriptions. `THING`, `WHOSE` and `STYLE` are the product's, `OTHER` another thing of the department, `OWN` an
/// attribute of the product if it has one, `ANY` one of the department.
pub(super) const SENTENCES: [&str; 16] = [
    "Our THING are made for people who look twice before they buy.",
    "STYLE is what customers call it, and we agree.",
    "Thought of as WHOSE THING, and used for much more.",
    "We tested OWN in our own workshop for half a year.",
    "Made with care, with OWN in mind.",
    "Goes well with our OTHER, which are sold apart.",
    "If you look for ANY, write to us and we shall help you choose.",
    "Many customers buy it together with OTHER and come back for more.",
    "The box holds all parts, a leaflet in four languages and a spare.",
    "Colours on a screen may differ a little from what arrives.",
    "Please measure before you order, and leave a hand's breadth of room.",
    "Sent within two days, in paper and without plastic.",
    "A present for family and friends that nobody has yet.",
    "Reviewers compare it with ANY of other makers.",
    "The size of the parcel is small enough for every letter box.",
    "Return it within thirty days if it is not what you hoped for.",
];
