//! A row for each combination of what is swept.

use super::Schedule;
use crate::objective::Param;

/// A setting with each of its values in turn.
pub(super) struct Swept {
    pub name: String,
    pub values: Vec<f64>,
    pub apply: Box<dyn Fn(Schedule, f64) -> Schedule>,
}

/// One of the rows that a row of a table becomes.
#[derive(Clone, Default)]
pub(super) struct Variant {
    /// What its name ends in.
    pub end: String,
    pub numbers: Vec<(String, f64)>,
    /// Places among what is swept, with values.
    pub settings: Vec<(usize, f64)>,
}

/// What a row with these parameters becomes: one row for each combination of what is swept in it.
pub(super) fn variants(
    parameters: &[Param],
    numbers: &[(String, Vec<f64>)],
    swept: &[Swept],
) -> Vec<Variant> {
    let end = |values: &[f64], name: &str, value: f64| match values.len() {
        1 => String::new(),
        _ => format!(" {name}={value}"),
    };
    let has = |name: &str| parameters.iter().any(|parameter| parameter.name == name);
    let numbers = numbers.iter().filter(|(name, values)| has(name) && !values.is_empty());
    let variants = numbers.fold(vec![Variant::default()], |variants, (name, values)| {
        each(&variants, values, |variant, value| {
            variant.end += &end(values, name, value);
            variant.numbers.push((name.clone(), value));
        })
    });
    let settings = swept.iter().enumerate().filter(|(_, swept)| !swept.values.is_empty());
    settings.fold(variants, |variants, (place, Swept { name, values, .. })| {
        each(&variants, values, |variant, value| {
            variant.end += &end(values, name, value);
            variant.settings.push((place, value));
        })
    })
}

/// Every variant with every value.
fn each(variants: &[Variant], values: &[f64], with: impl Fn(&mut Variant, f64)) -> Vec<Variant> {
    let all = variants.iter().flat_map(|variant| values.iter().map(move |value| (variant, *value)));
    let made = all.map(|(variant, value)| {
        let mut variant = variant.clone();
        with(&mut variant, value);
        variant
    });
    made.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_lists_make_the_product_and_a_single_value_no_name() {
        let apply = || -> Box<dyn Fn(Schedule, f64) -> Schedule> { Box::new(|schedule, _| schedule) };
        let swept =
            |name: &str, values: &[f64]| Swept { name: name.into(), values: values.to_vec(), apply: apply() };
        let parameters = [Param { name: "beta", default: Some(0.05) }];
        let numbers = [("beta".to_owned(), vec![0.1, 0.2]), ("lambda".to_owned(), vec![1.0, 2.0])];
        let found =
            variants(&parameters, &numbers, &[swept("epochs", &[1.0, 2.0]), swept("minibatch", &[64.0])]);
        let ends: Vec<&str> = found.iter().map(|variant| variant.end.as_str()).collect();
        assert_eq!(
            ends,
            [" beta=0.1 epochs=1", " beta=0.1 epochs=2", " beta=0.2 epochs=1", " beta=0.2 epochs=2"]
        );
        assert_eq!(found[3].numbers, [("beta".to_owned(), 0.2)]);
        assert_eq!(found[3].settings, [(0, 2.0), (1, 64.0)]);
        // A row without the number has the settings alone: as many trials as before.
        assert_eq!(variants(&[], &numbers, &[swept("epochs", &[1.0, 2.0])]).len(), 2);
    }
}
