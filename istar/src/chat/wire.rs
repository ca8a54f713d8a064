//! The protocol's JSON: a request, an answer, an error.

use super::words::{cut, printable};
use super::{Answer, ChatError, Message, Options, Prompt};
use crate::seed::fnv1a;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How much of what a server says is shown.
const SHOWN: usize = 200;

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    messages: &'a [Message],
    #[serde(flatten)]
    options: Options,
    stream: bool,
}

#[derive(Deserialize)]
struct Reply {
    model: Option<String>,
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Option<Said>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
}

/// A request as it is sent: a function of model, conversation and options.
pub(super) fn request(model: &str, prompt: &Prompt) -> Vec<u8> {
    let request = Request { model, messages: &prompt.messages, options: prompt.options, stream: false };
    serde_json::to_vec(&request).expect("texts and numbers are JSON")
}

/// A number for a request: that of what is sent.
pub(super) fn number(request: &[u8]) -> u64 {
    fnv1a(request)
}

/// What a server answers.
pub(super) fn answer(server: &str, body: &[u8]) -> Result<Answer, ChatError> {
    let server = || server.to_owned();
    let not_json = |error: serde_json::Error| ChatError::NotJson {
        server: server(),
        why: error.to_string(),
        begins: shown(body),
    };
    let value: Value = serde_json::from_slice(body).map_err(not_json)?;
    // What is JSON and of another shape has no choice either.
    let begins = || said(&value).map_or_else(|| shown(body), |said| shown(said.as_bytes()));
    let no_choice = || ChatError::NoChoice { server: server(), begins: begins() };
    let reply = Reply::deserialize(&value).map_err(|_| no_choice())?;
    let choice = reply.choices.into_iter().next().ok_or_else(no_choice)?;
    let message = choice.message.ok_or_else(no_choice)?;
    let text = message.content.unwrap_or_default().trim().to_owned();
    if text.is_empty() {
        return Err(ChatError::Empty { server: server() });
    }
    Ok(Answer {
        text,
        cut: choice.finish_reason.as_deref() == Some("length"),
        model: reply.model,
        read: reply.usage.as_ref().and_then(|usage| usage.prompt_tokens),
        written: reply.usage.as_ref().and_then(|usage| usage.completion_tokens),
    })
}

/// What a server says of an error, cut to a line. Each of them puts it elsewhere.
pub(super) fn complaint(body: &[u8]) -> String {
    let value: Option<Value> = serde_json::from_slice(body).ok();
    let said = value.as_ref().and_then(said);
    match said.map_or_else(|| shown(body), |said| shown(said.as_bytes())) {
        empty if empty.is_empty() => "nothing more".to_owned(),
        said => said,
    }
}

/// The words of an error in a server's JSON.
fn said(value: &Value) -> Option<&str> {
    let error = value.get("error").unwrap_or(value);
    let words = ["message", "detail"].into_iter().find_map(|name| error.get(name));
    words.unwrap_or(error).as_str()
}

/// How a text of others begins, on one line.
fn shown(bytes: &[u8]) -> String {
    // A megabyte need not be looked through for its first words.
    let begin = &bytes[..bytes.len().min(8 * SHOWN)];
    cut(&printable(&String::from_utf8_lossy(begin)), SHOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_says_what_is_asked_and_no_more() {
        let prompt = Prompt {
            messages: vec![Message::system("Be \"brief\"."), Message::user("Hello")],
            options: Options { temperature: Some(0.0), ..Options::default() },
        };
        let sent = request("small", &prompt);
        let expected = r#"{"model":"small","messages":[{"role":"system","content":"Be \"brief\"."},{"role":"user","content":"Hello"}],"temperature":0.0,"stream":false}"#;
        assert_eq!(String::from_utf8_lossy(&sent), expected);
        assert_ne!(number(&sent), number(&request("large", &prompt)));
    }

    #[test]
    fn an_answer_is_read() {
        let body = br#"{"id":"x","model":"small-7","choices":[{"index":0,"message":{"role":"assistant","content":" yes \n"},
            "finish_reason":"length"}],"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}"#;
        let expected = Answer {
            text: "yes".into(),
            cut: true,
            model: Some("small-7".into()),
            read: Some(12),
            written: Some(3),
        };
        assert_eq!(answer("it", body), Ok(expected));
        let bare = answer("it", br#"{"choices":[{"message":{"content":"yes"}}]}"#).expect("an answer");
        assert_eq!(bare, Answer { text: "yes".into(), ..Answer::default() });
    }

    #[test]
    fn what_is_no_answer_is_named() {
        let said = |body: &str| answer("it", body.as_bytes()).expect_err("no answer").to_string();
        let none = said("<html>\n<b>busy</b>");
        assert!(none.starts_with("it did not answer in JSON (expected value at line 1 column 1)"), "{none}");
        assert!(none.contains("`<html> <b>busy</b>`"), "{none}");
        for body in ["{}", "[]", "7", r#"{"choices":[]}"#, r#"{"choices":[{}]}"#, r#"{"choices":7}"#] {
            assert_eq!(said(body), format!("it answered without a choice: `{body}`"));
        }
        let error = said(r#"{"error":{"message":"no such model"}}"#);
        assert_eq!(error, "it answered without a choice: `no such model`");
        for text in ["null", "\" \\n\""] {
            let body = format!(r#"{{"choices":[{{"message":{{"content":{text}}}}}]}}"#);
            assert!(said(&body).starts_with("it answered with an empty message"), "{}", said(&body));
        }
    }

    #[test]
    fn complaints_are_found_wherever_they_stand() {
        let said = |body: &str| complaint(body.as_bytes());
        for body in [
            r#"{"error":{"message":"too\nlong","type":"x"}}"#,
            r#"{"error":"too long"}"#,
            r#"{"object":"error","message":"too long"}"#,
            r#"{"detail":"too long"}"#,
            "too long\r\n",
        ] {
            assert_eq!(said(body), "too long", "{body}");
        }
        assert_eq!(said(""), "nothing more");
        assert_eq!(said(&"x".repeat(1 << 20)).chars().count(), SHOWN);
    }
}
