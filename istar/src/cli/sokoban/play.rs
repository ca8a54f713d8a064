//! A level in the terminal.

use std::io::{self, IsTerminal, Write};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, read};
use crossterm::style::{Color, Print, SetBackgroundColor, SetForegroundColor};
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};

use crate::cli::Error;
use crate::env::sokoban::{Action, BOX, Cell, PLAYER, Room, Sokoban, TARGET, WALL};

/// Plays until the player leaves.
pub(super) fn play(level: &Room, max_steps: u32) -> Result<(), Error> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err("--play needs a terminal; --actions replays moves without one".into());
    }
    let mut game = Game::new(level, max_steps);
    let _screen = Screen::enter()?;
    loop {
        draw(&game, &mut io::stdout())?;
        match read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => match command(&key) {
                Some(Command::Quit) => return Ok(()),
                Some(command) => game.obey(command),
                None => {}
            },
            _ => {}
        }
    }
}

/// Gives the terminal back as it was, also when an error ends the game.
struct Screen;

impl Screen {
    fn enter() -> io::Result<Self> {
        enable_raw_mode()?;
        let screen = Self;
        execute!(io::stdout(), EnterAlternateScreen, cursor::Hide)?;
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // A terminal that is gone cannot be restored, and there is nobody to tell.
        let _ = execute!(io::stdout(), cursor::Show, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Command {
    Act(Action),
    Undo,
    Restart,
    Quit,
}

fn command(key: &KeyEvent) -> Option<Command> {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return (key.code == KeyCode::Char('c')).then_some(Command::Quit);
    }
    Some(match key.code {
        KeyCode::Up | KeyCode::Char('w') => Command::Act(Action::Up),
        KeyCode::Down | KeyCode::Char('s') => Command::Act(Action::Down),
        KeyCode::Left | KeyCode::Char('a') => Command::Act(Action::Left),
        KeyCode::Right | KeyCode::Char('d') => Command::Act(Action::Right),
        KeyCode::Char('u') => Command::Undo,
        KeyCode::Char('r') => Command::Restart,
        KeyCode::Char('q') | KeyCode::Esc => Command::Quit,
        _ => return None,
    })
}

/// An episode with its past: the environment and the return so far, after each step.
struct Game {
    past: Vec<(Sokoban, f64, bool)>,
}

impl Game {
    fn new(level: &Room, max_steps: u32) -> Self {
        let mut env = Sokoban::new(max_steps);
        env.reset(level);
        Self { past: vec![(env, 0.0, false)] }
    }

    fn now(&self) -> &(Sokoban, f64, bool) {
        self.past.last().expect("the start is never undone")
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Act(action) => {
                let (mut env, sum, done) = self.now().clone();
                if !done {
                    let step = env.act(action);
                    self.past.push((env, sum + step.reward, step.done()));
                }
            }
            Command::Undo if self.past.len() > 1 => drop(self.past.pop()),
            Command::Restart => self.past.truncate(1),
            Command::Undo | Command::Quit => {}
        }
    }

    fn status(&self) -> String {
        let (env, sum, done) = self.now();
        let end = match (done, env.room().solved()) {
            (true, true) => " solved",
            (true, false) => " out of steps",
            (false, _) => "",
        };
        format!("step {}  return {sum:.1}{end}", env.steps())
    }
}

fn draw(game: &Game, out: &mut impl Write) -> io::Result<()> {
    let room = game.now().0.room();
    queue!(out, Clear(ClearType::All), cursor::MoveTo(0, 0))?;
    for (line, row) in (0..).zip(0..room.height()) {
        queue!(out, cursor::MoveTo(0, line))?;
        for &cell in room.row(row) {
            let (text, ink, paper) = look(cell);
            queue!(out, SetForegroundColor(ink), SetBackgroundColor(paper), Print(text))?;
        }
        queue!(out, SetForegroundColor(Color::Reset), SetBackgroundColor(Color::Reset))?;
    }
    let below = room.height() as u16 + 1;
    queue!(out, cursor::MoveTo(0, below), Print(game.status()))?;
    queue!(out, cursor::MoveTo(0, below + 1), Print("arrows or wasd move, u undo, r restart, q quit"))?;
    out.flush()
}

/// Two characters and their colours: a cell is about as wide as it is high.
fn look(cell: Cell) -> (&'static str, Color, Color) {
    let paper = if cell & TARGET != 0 { Color::DarkRed } else { Color::Black };
    match cell & !TARGET {
        WALL => ("  ", Color::Grey, Color::Grey),
        BOX if cell & TARGET != 0 => ("[]", Color::White, Color::DarkGreen),
        BOX => ("[]", Color::White, Color::DarkYellow),
        PLAYER => ("@>", Color::Cyan, paper),
        _ if cell & TARGET != 0 => ("()", Color::White, paper),
        _ => ("  ", Color::Grey, paper),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undo_goes_back_one_step_and_restart_to_the_start() {
        let mut game = Game::new(&"#####\n#@$.#\n#####".parse().expect("a level"), 3);
        game.obey(Command::Undo);
        assert_eq!(game.status(), "step 0  return 0.0");
        game.obey(Command::Act(Action::Left));
        game.obey(Command::Act(Action::Right));
        assert_eq!(game.status(), "step 2  return 10.8 solved");
        game.obey(Command::Act(Action::Left));
        assert_eq!(game.status(), "step 2  return 10.8 solved", "a game that is over stands still");
        game.obey(Command::Undo);
        assert_eq!(game.status(), "step 1  return -0.1");
        game.obey(Command::Restart);
        assert_eq!(game.status(), "step 0  return 0.0");
    }

    #[test]
    fn every_key_of_the_help_means_something() {
        let press = |code| command(&KeyEvent::new(code, KeyModifiers::NONE));
        assert_eq!(press(KeyCode::Up), press(KeyCode::Char('w')));
        assert_eq!(press(KeyCode::Left), Some(Command::Act(Action::Left)));
        for key in ['w', 'a', 's', 'd', 'u', 'r', 'q'] {
            assert!(press(KeyCode::Char(key)).is_some(), "{key}");
        }
        assert_eq!(press(KeyCode::Char('x')), None);
        let interrupt = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(command(&interrupt), Some(Command::Quit));
    }

    #[test]
    fn the_screen_shows_the_room_and_the_status() {
        let mut out = Vec::new();
        draw(&Game::new(&Room::default(), 15), &mut out).expect("a buffer");
        let text = String::from_utf8(out).expect("text");
        for part in ["@>", "[]", "()", "step 0  return 0.0"] {
            assert!(text.contains(part), "{part}");
        }
    }
}
