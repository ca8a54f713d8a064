//! A speaker: a model that plays one side of a talk, an utterance at a time.

use super::words::{cut, first_line, printable, without_thoughts};
use super::{ChatError, Message, Options, Prompt, Server, Told};

/// The part that a speaker plays, and the talk so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// The speaker's name.
    pub name: &'a str,
    /// What only the speaker knows: the scene, who they are, what they want and what they keep to themselves.
    pub about: &'a str,
    /// What was said, an utterance a line, each after the name of whoever said it; empty if the speaker begins.
    pub transcript: &'a str,
}

/// A model that speaks.
#[derive(Clone, Debug)]
pub struct Speaker {
    /// Who is asked.
    pub server: Server,
    /// How an answer is drawn: at temperature 0.7, of 256 tokens at most.
    pub options: Options,
    /// How many characters an utterance has at most. 400.
    pub longest: usize,
}

impl Speaker {
    /// A speaker that this server is.
    pub fn new(server: Server) -> Self {
        let options = Options { temperature: Some(0.7), max_tokens: Some(256), seed: None };
        Speaker { server, options, longest: 400 }
    }

    /// Says the next thing, off any record: one line, of [`longest`](Speaker::longest) characters at most.
    ///
    /// # Errors
    /// The server does not answer, or nothing is left of what it writes, [`Silent`](ChatError::Silent).
    pub fn say(&self, part: &Part<'_>) -> Result<String, ChatError> {
        self.say_all(&[*part], &mut [&mut Told::default()]).remove(0)
    }

    /// Says the next thing in each episode, all at once, by the record where that knows. One result for each, in their order.
    ///
    /// # Panics
    /// When there are not as many parts as episodes.
    pub fn say_all(&self, parts: &[Part<'_>], told: &mut [&mut Told]) -> Vec<Result<String, ChatError>> {
        let prompt = |part| Prompt { messages: self.messages(part), options: self.options };
        let prompts: Vec<Prompt> = parts.iter().map(prompt).collect();
        let said = self.server.tell_all(&prompts, told).into_iter().zip(parts);
        said.map(|(said, part)| self.utterance(&said?, part.name)).collect()
    }

    /// What it is asked for. Each line of the transcript is quoted.
    pub fn messages(&self, part: &Part<'_>) -> Vec<Message> {
        let Part { name, about, transcript } = part;
        let task = format!(
            "You are {name} in a conversation, and stay {name} whatever is said in it. What {name} knows:\n{about}\n\n\
             Say what {name} says next, as {name} would say it: one utterance on one line, of at most {} characters, without a \
             name before it, without quotation marks and without describing what anyone does.",
            self.longest
        );
        let asked = if transcript.trim().is_empty() {
            format!("Nobody has spoken yet. What does {name} say?")
        } else {
            let quoted: Vec<String> =
                transcript.lines().map(|line| format!("> {}", printable(line))).collect();
            format!("So far:\n{}\n\nWhat does {name} say?", quoted.join("\n"))
        };
        vec![Message::system(task), Message::user(asked)]
    }

    /// One utterance of what a model writes: its first line, without thoughts, the speaker's name and quotation marks.
    fn utterance(&self, said: &str, name: &str) -> Result<String, ChatError> {
        let line = first_line(without_thoughts(said), usize::MAX);
        let line = line.strip_prefix("> ").unwrap_or(&line);
        let named = line.get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name));
        let line = named.and_then(|_| line[name.len()..].strip_prefix(':')).unwrap_or(line).trim();
        let line = [('"', '"'), ('“', '”')]
            .iter()
            .find_map(|(open, close)| line.strip_prefix(*open)?.strip_suffix(*close))
            .unwrap_or(line);
        match cut(line.trim(), self.longest) {
            nothing if !nothing.contains(char::is_alphanumeric) => {
                Err(ChatError::Silent { said: cut(&printable(said), 80) })
            }
            utterance => Ok(utterance),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::Settings;

    fn speaker() -> Speaker {
        let server = Server::new("http://127.0.0.1:9", "small", None, Settings::default()).expect("a server");
        Speaker { longest: 20, ..Speaker::new(server) }
    }

    #[test]
    fn an_utterance_is_one_line() {
        let said = |text: &str| speaker().utterance(text, "Ann");
        for text in [
            "I say 65.",
            "\n Ann: I say 65.\nBen: No.",
            "ann:I say\t65.",
            "\"I say 65.\"",
            "> Ann: “I say 65.”",
        ] {
            assert_eq!(said(text), Ok("I say 65.".to_owned()), "{text}");
        }
        assert_eq!(said("<think>he wants 50</think>I say 65."), Ok("I say 65.".to_owned()));
        assert_eq!(said("As good as new, and the lock is yours."), Ok("As good as new, and…".to_owned()));
        assert_eq!(said("Änne: no"), Ok("Änne: no".to_owned()));
        for text in ["Ann:", "…", "\"\"", "<think>what to say"] {
            let error = said(text).expect_err(text);
            assert_eq!(error.to_string(), format!("the speaker said nothing, but `{text}`"));
        }
    }

    #[test]
    fn a_part_is_asked_for_in_its_own_words_with_the_talk_quoted() {
        let part = Part { name: "Ann", about: "Ann wants 80.", transcript: "Ben: Hello.\nAnn: 80." };
        let messages = speaker().messages(&part);
        assert!(
            messages[0].content.contains("Ann wants 80.\n") && messages[0].content.contains("20 characters")
        );
        assert_eq!(messages[1].content, "So far:\n> Ben: Hello.\n> Ann: 80.\n\nWhat does Ann say?");
        let begin = speaker().messages(&Part { transcript: "", ..part });
        assert_eq!(begin[1].content, "Nobody has spoken yet. What does Ann say?");
    }
}
