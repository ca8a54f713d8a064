//! `levels/<row>-s<seed>.csv`: which test tasks a cell's last policy solved at temperature 1, a task a line.

const HEAD: &str = "level,solved";

/// A line per task, in the order of the test set: 1 for solved, 0 for not, nothing where the episode was lost.
pub(super) fn csv(levels: &[Option<bool>]) -> String {
    let line = |(level, solved): (usize, &Option<bool>)| {
        format!("{level},{}\n", solved.map_or(String::new(), |solved| u8::from(solved).to_string()))
    };
    format!("{HEAD}\n{}", levels.iter().enumerate().map(line).collect::<String>())
}

/// What [`csv`] wrote, or what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Vec<Option<bool>>, String> {
    let mut lines = text.lines();
    if lines.next() != Some(HEAD) {
        return Err(format!("its first line is not {HEAD}"));
    }
    let level = |(place, line): (usize, &str)| match line.split_once(',') {
        Some((level, solved)) if level == place.to_string() => match solved {
            "1" => Ok(Some(true)),
            "0" => Ok(Some(false)),
            "" => Ok(None),
            other => Err(format!("level {level} is \"{other}\", not 0, 1 or nothing")),
        },
        _ => Err(format!("line {} is \"{line}\", not that of level {place}", place + 2)),
    };
    lines.enumerate().map(level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_not_is_named() {
        let levels = [Some(true), None, Some(false)];
        assert_eq!(csv(&levels), "level,solved\n0,1\n1,\n2,0\n");
        assert_eq!(parse(&csv(&levels)), Ok(levels.to_vec()));
        for (text, part) in
            [("", "first line"), ("level,solved\n1,1\n", "line 2"), ("level,solved\n0,x\n", "\"x\"")]
        {
            assert!(parse(text).expect_err("damaged").contains(part), "{text}");
        }
    }
}
