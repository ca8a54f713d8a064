//! One cell of a table by its place: `grpo/2`, `0/2`.

use super::Known;
use crate::cli::settings::find_row;

/// The row's name and the seed, of so many seeds.
pub(super) fn parse(given: &str, rows: &[String], seeds: u64) -> Result<(String, u64), String> {
    let wrong = |reason: String| format!("--cell {given}: {reason}");
    let Some((row, seed)) = given.rsplit_once('/') else {
        return Err(wrong("write a row, a slash and a seed, such as grpo/0".into()));
    };
    let place = match row.trim().parse::<usize>() {
        Ok(place) if place < rows.len() => place,
        Ok(place) => {
            return Err(wrong(format!("there is no row {place}: the {} rows count from 0", rows.len())));
        }
        Err(_) => {
            let known: Vec<Known> = rows.iter().map(|name| Known { name, parameters: &[] }).collect();
            find_row(row, &known.iter().collect::<Vec<_>>()).map_err(wrong)?
        }
    };
    match seed.trim().parse() {
        Ok(seed) if seed < seeds => Ok((rows[place].clone(), seed)),
        Ok(seed) => Err(wrong(format!("there is no seed {seed}: there are {seeds}, from 0; see --seeds"))),
        Err(_) => Err(wrong(format!("\"{}\" is no seed", seed.trim()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_name_or_by_number() {
        let rows = ["GRPO", "iStar beta=0.05", "a/b"].map(str::to_owned);
        let found = |given: &str| parse(given, &rows, 3);
        for (given, row, seed) in
            [("grpo/2", 0, 2), ("0/0", 0, 0), ("istar-beta-0-05/1", 1, 1), ("1/1", 1, 1), ("a/b/0", 2, 0)]
        {
            assert_eq!(found(given), Ok((rows[row].clone(), seed)), "{given}");
        }
        for (given, part) in [
            ("grpo", "such as grpo/0"),
            ("3/0", "there is no row 3: the 3 rows count from 0"),
            ("grop/0", "did you mean \"GRPO\"?"),
            ("grpo/3", "there is no seed 3: there are 3, from 0"),
            ("grpo/x", "\"x\" is no seed"),
        ] {
            let error = found(given).expect_err(given);
            assert!(error.starts_with(&format!("--cell {given}: ")) && error.contains(part), "{error}");
        }
    }
}
