//! What a world has to show beside numbers.

use crate::table::published::Published;
use crate::table::world::World;

/// Draws the lines that a world pictured a state by as a PNG; without one the lines themselves are shown.
pub type Image<'a> = dyn Fn(&[String]) -> Option<Vec<u8>> + 'a;

/// Says what is to be seen in a picture.
pub type Words<'a> = dyn Fn(&[String]) -> Option<String> + 'a;

/// What a report shows of its world. The default is a world that has nothing but its numbers.
#[derive(Default)]
pub struct Exhibits<'a> {
    /// Credit was measured against exact credit: the columns of that are there.
    pub exact_credit: bool,
    /// What papers report, for the page beneath the table.
    pub published: Option<Published>,
    /// How the states of films are drawn.
    pub image: Option<Box<Image<'a>>>,
    /// What their pictures show, for those who do not see them.
    pub words: Option<Box<Words<'a>>>,
}

impl<'a> Exhibits<'a> {
    /// All that a world has.
    #[must_use]
    pub fn of<W: World>(world: &'a W) -> Self {
        Exhibits {
            exact_credit: world.exact_credit().is_some(),
            published: world.published(),
            image: Some(Box::new(|lines| world.image(lines))),
            words: Some(Box::new(|lines| world.describe(lines))),
        }
    }

    pub(super) fn draw(&self, lines: &[String]) -> Option<Vec<u8>> {
        self.image.as_ref().and_then(|image| image(lines))
    }

    pub(super) fn describe(&self, lines: &[String]) -> Option<String> {
        self.words.as_ref().and_then(|words| words(lines))
    }
}
