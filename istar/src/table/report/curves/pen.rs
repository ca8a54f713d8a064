//! What tells rows apart: a colour, a marker and a line style each.

/// Ten colours that differ for normal sight and without red or green cones, on white and on dark grey.
pub(super) const COLOURS: [&str; 10] = [
    "#3c87c3", "#ff8700", "#2d695a", "#b41e1e", "#694bc3", "#5ab487", "#d20f87", "#a5783c", "#b496ff",
    "#b43cff",
];

/// Outlines of markers round the origin; filled for the first rows, hollow for as many more.
const MARKERS: [&str; 5] = [
    "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "m-3.5-3.5h7v7h-7z",
    "m0-4.6l4.2 7.6h-8.4z",
    "m0-5l4.4 5l-4.4 5l-4.4-5z",
    "m0 4.6l4.2-7.6h-8.4z",
];

/// Line styles, one for every ten rows.
const DASHES: [&str; 3] = ["none", "7 3", "2 3"];

/// How the row of this place is drawn.
#[derive(Clone, Copy)]
pub(in crate::table::report) struct Pen {
    pub colour: &'static str,
    dash: &'static str,
    outline: &'static str,
    hollow: bool,
}

impl Pen {
    pub(in crate::table::report) fn of(place: usize) -> Self {
        Pen {
            colour: COLOURS[place % COLOURS.len()],
            dash: DASHES[place / COLOURS.len() % DASHES.len()],
            outline: MARKERS[place % MARKERS.len()],
            hollow: place / MARKERS.len() % 2 == 1,
        }
    }

    /// The attributes of a line.
    pub(in crate::table::report) fn line(&self, width: f64) -> String {
        let Pen { colour, dash, .. } = self;
        format!("stroke=\"{colour}\" stroke-width=\"{width}\" stroke-dasharray=\"{dash}\"")
    }

    /// The marker at a point, as an element.
    pub(super) fn marker(&self, (x, y): (f64, f64)) -> String {
        let Pen { colour, outline, hollow, .. } = self;
        let ink = if *hollow {
            format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\"")
        } else {
            format!("fill=\"{colour}\"")
        };
        format!("<path {ink} d=\"M{x:.1} {y:.1}{outline}\"/>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Linear red, green and blue.
    fn linear(colour: &str) -> [f64; 3] {
        [1, 3, 5].map(|at| {
            let share = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("two digits")) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn product(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
    }

    /// The perceptual coordinates of OKLab (B. Ottosson, 2020).
    fn oklab(rgb: [f64; 3]) -> [f64; 3] {
        let cones = product(
            [
                [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
                [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
                [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
            ],
            rgb,
        );
        product(
            [
                [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
                [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
                [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
            ],
            cones.map(f64::cbrt),
        )
    }

    /// What is seen without green and without red cones (Machado et al., 2009).
    const BLIND: [[[f64; 3]; 3]; 2] = [
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ];

    fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    }

    #[test]
    fn ten_colours_differ_for_every_eye_and_stand_out_from_both_pages() {
        let seen = |blind: [[f64; 3]; 3], rgb| product(blind, rgb).map(|part: f64| part.clamp(0.0, 1.0));
        for (place, one) in COLOURS.iter().enumerate() {
            let luminance = product([[0.2126, 0.7152, 0.0722]; 3], linear(one))[0];
            assert!(1.05 / (luminance + 0.05) > 2.3, "{one} on white");
            assert!((luminance + 0.05) / (0.0097 + 0.05) > 2.3, "{one} on dark grey");
            for two in &COLOURS[..place] {
                let [a, b] = [one, two].map(|colour| linear(colour));
                assert!(distance(oklab(a), oklab(b)) > 0.15, "{one} {two}");
                for blind in BLIND {
                    assert!(distance(oklab(seen(blind, a)), oklab(seen(blind, b))) > 0.09, "{one} {two}");
                }
            }
        }
    }

    #[test]
    fn thirty_rows_have_thirty_pens() {
        let drawn = |place| format!("{} {}", Pen::of(place).line(2.0), Pen::of(place).marker((0.0, 0.0)));
        let pens: std::collections::BTreeSet<String> = (0..30).map(drawn).collect();
        assert_eq!(pens.len(), 30);
        let marks: std::collections::BTreeSet<_> =
            (0..10).map(|p| (Pen::of(p).outline, Pen::of(p).hollow)).collect();
        assert_eq!(marks.len(), 10, "the ten of a line style differ without their colours");
    }
}
