//! The same numbers at other places.

use rand::Rng;
use rand::seq::SliceRandom;

/// A share of the elements, drawn at random, rounded to whole ones, whose numbers are dealt anew among them. With a share of 1 nothing is
/// left of which number belongs where; how large the numbers are and how often each occurs stays as it is.
pub fn shuffle(mut x: Vec<f64>, share: f64, random: &mut impl Rng) -> Vec<f64> {
    let mut drawn: Vec<usize> = (0..x.len()).collect();
    drawn.shuffle(random);
    drawn.truncate((share * x.len() as f64).round() as usize);
    let dealt: Vec<f64> = drawn.iter().map(|from| x[*from]).collect();
    drawn.sort_unstable();
    drawn.into_iter().zip(dealt).for_each(|(to, number)| x[to] = number);
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::stream;
    use proptest::prelude::*;

    #[test]
    fn all_places_are_as_likely() {
        let mut found = [[0; 4]; 4];
        for seed in 0..4000 {
            let x = shuffle(vec![0.0, 1.0, 2.0, 3.0], 1.0, &mut stream(seed, "test", 0));
            x.iter().zip(&mut found).for_each(|(number, place)| place[*number as usize] += 1);
        }
        // 1000 each, with a standard deviation of 27.
        assert!(found.iter().flatten().all(|count| (860..1140).contains(count)), "{found:?}");
    }

    proptest! {
        #[test]
        fn the_numbers_stay(x in prop::collection::vec(-5.0..5.0f64, 0..40), share in 0.0..=1.0f64, seed in 0..99u64) {
            let dealt = shuffle(x.clone(), share, &mut stream(seed, "test", 0));
            let moved = x.iter().zip(&dealt).filter(|(a, b)| a != b).count();
            prop_assert!(moved as f64 <= (share * x.len() as f64).round());
            let sorted = |mut x: Vec<f64>| { x.sort_by(f64::total_cmp); x };
            prop_assert_eq!(sorted(dealt), sorted(x));
        }
    }
}
