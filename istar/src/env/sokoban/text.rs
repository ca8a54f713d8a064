//! Levels as text, in the notation of most Sokoban collections:
//!
//! ```text
//! #  wall      space  floor      .  target
//! $  box       *      box on target
//! @  player    +      player on target
//! ```
//!
//! A file holds levels with empty lines between them; a line that begins with `;` is a title and also separates
//! (as in the files of [Boxoban](https://github.com/google-deepmind/boxoban-levels)).

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::room::{BOX, Cell, PLAYER, Room, RoomError, TARGET, WALL};

/// Why a text is not a level. Lines and columns count from 1, in the file.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// A character that means nothing.
    #[error(
        "line {line}, column {column}: {found:?} is not a cell; a level is made of `#`, space, `.`, `$`, `*`, `@`, `+`"
    )]
    Character {
        /// Line of the character.
        line: usize,
        /// Column of the character.
        column: usize,
        /// The character.
        found: char,
    },
    /// Rows must be equally long.
    #[error("line {line}: this row has {found} cells, the first row of its level has {expected}")]
    Ragged {
        /// Line of the row.
        line: usize,
        /// Cells in this row.
        found: usize,
        /// Cells in the first row.
        expected: usize,
    },
    /// The cells are no room.
    #[error("level at line {line}: {source}")]
    Room {
        /// First line of the level.
        line: usize,
        /// What is wrong with it.
        source: RoomError,
    },
    /// Exactly one level was expected.
    #[error("the text holds {0} levels where one is expected")]
    Count(usize),
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds something that is no level.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        source: Box<TextError>,
    },
}

/// All levels of a text.
///
/// # Errors
/// The first thing that is wrong, with its place; a text without levels is an error too.
pub fn parse_levels(text: &str) -> Result<Vec<Room>, TextError> {
    let is_row = |line: &str| !line.is_empty() && !line.starts_with(';');
    let lines: Vec<(usize, &str)> = (1..).zip(text.lines()).collect();
    let levels = lines
        .split(|(_, line)| !is_row(line))
        .filter(|rows| !rows.is_empty())
        .map(parse_rows)
        .collect::<Result<Vec<_>, _>>()?;
    if levels.is_empty() { Err(TextError::Count(0)) } else { Ok(levels) }
}

/// All levels of a file.
///
/// # Errors
/// The file cannot be read, or [`parse_levels`] finds something wrong; both name the file.
pub fn read_levels(path: &Path) -> Result<Vec<Room>, TextError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| TextError::Unreadable { path: path.to_owned(), source })?;
    parse_levels(&text).map_err(|source| TextError::File { path: path.to_owned(), source: Box::new(source) })
}

impl FromStr for Room {
    type Err = TextError;

    /// The one level of a text.
    fn from_str(text: &str) -> Result<Self, TextError> {
        match parse_levels(text)?.as_slice() {
            [room] => Ok(*room),
            rooms => Err(TextError::Count(rooms.len())),
        }
    }
}

impl Room {
    /// The rows as text, from top to bottom.
    pub fn rows(&self) -> Vec<String> {
        (0..self.height()).map(|row| self.row(row).iter().map(|&cell| character(cell)).collect()).collect()
    }
}

impl fmt::Display for Room {
    /// The level as text; no line break at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rows().join("\n"))
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Room\n{self}\n")
    }
}

/// What a cell may look like.
const NOTATION: [(char, Cell); 7] = [
    ('#', WALL),
    (' ', 0),
    ('.', TARGET),
    ('$', BOX),
    ('*', BOX | TARGET),
    ('@', PLAYER),
    ('+', PLAYER | TARGET),
];

fn character(cell: Cell) -> char {
    NOTATION.iter().find(|(_, flags)| *flags == cell).expect("a room holds no other cells").0
}

/// One level from its numbered lines, of which there is at least one.
fn parse_rows(lines: &[(usize, &str)]) -> Result<Room, TextError> {
    let mut cells = Vec::new();
    let expected = lines[0].1.chars().count();
    for &(line, row) in lines {
        for (column, found) in (1..).zip(row.chars()) {
            let entry = NOTATION.iter().find(|(character, _)| *character == found);
            cells.push(entry.ok_or(TextError::Character { line, column, found })?.1);
        }
        let found = row.chars().count();
        if found != expected {
            return Err(TextError::Ragged { line, found, expected });
        }
    }
    Room::new(lines.len(), expected, &cells).map_err(|source| TextError::Room { line: lines[0].0, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse_levels(text).expect_err("a mistake").to_string()
    }

    #[test]
    fn files_hold_levels_with_titles_or_blank_lines_between() {
        let levels = parse_levels("; 0\n#@$.#\n\n; 1\n@$.\n; 2\n.$@\n\n\n+*$\n").expect("levels");
        let texts: Vec<_> = levels.iter().map(Room::to_string).collect();
        assert_eq!(texts, ["#@$.#", "@$.", ".$@", "+*$"]);
        assert_eq!(parse_levels("@$.\r\n#  \r\n").expect("a level")[0].to_string(), "@$.\n#  ");
    }

    #[test]
    fn mistakes_have_a_place_and_a_way_out() {
        for (text, part) in [
            ("", "0 levels"),
            ("; 0\n\n", "0 levels"),
            ("####\n#@x#", "line 2, column 3: 'x' is not a cell"),
            ("; 0\n@$.\n\n; 1\n@$.é", "line 5, column 4: 'é'"),
            ("####\n#@$.#\n####", "line 2: this row has 5 cells, the first row of its level has 4"),
            ("; t\n#$.#", "level at line 2: the room has 0 players"),
            ("@@$.", "2 players"),
            ("@+$.", "2 players"),
            ("#@ #", "no box"),
            ("@$..", "1 boxes (`$`, `*`) but 2 targets"),
            ("@$$.", "2 boxes (`$`, `*`) but 1 targets"),
            ("@$.        ", "1 x 11 cells"),
            ("@\n$\n.\n#\n#\n#\n#\n#\n#\n#\n#", "11 x 1 cells"),
            ("@$.\t", "column 4: '\\t'"),
        ] {
            assert!(error(text).contains(part), "{text:?}: {}", error(text));
            assert!(!error(text).contains('\n'));
        }
        assert!("@$.\n\n@$.".parse::<Room>().expect_err("two levels").to_string().contains("2 levels"));
        let missing = read_levels(Path::new("no/such/file")).expect_err("no file").to_string();
        assert!(missing.starts_with("cannot read no/such/file"), "{missing}");
    }
}
