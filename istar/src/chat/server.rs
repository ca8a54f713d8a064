//! A server, and what it is asked.

use super::backoff::{Backoff, retry_after};
use super::permits::Permits;
use super::url::Url;
use super::{Answer, ChatError, Key, Message, Options, Prompt, Settings, wire};
use std::fmt::{Debug, Formatter};
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;
use ureq::http::Response;
use ureq::{Agent, Body};

/// How long a connection is kept for the next request: servers close theirs after 5 s.
const KEPT: Duration = Duration::from_secs(4);

/// How much is read of what a server says when it refuses.
const COMPLAINT: u64 = 16 << 10;

/// A model behind a server that speaks OpenAI's protocol (`POST {url}/chat/completions`). Clones are the same server, and
/// share the bound on how many requests are under way.
#[derive(Clone)]
pub struct Server(Arc<Inner>);

struct Inner {
    agent: Agent,
    url: Url,
    model: String,
    key: Option<Key>,
    settings: Settings,
    permits: Permits,
}

/// A try that failed, and whether it may be tried again: after how long at least.
struct Failed {
    error: ChatError,
    again: Option<Option<Duration>>,
}

impl Server {
    /// A model at an address, such as `http://127.0.0.1:8000/v1`.
    ///
    /// # Errors
    /// The address cannot be used, or the model has no name.
    pub fn new(url: &str, model: &str, key: Option<Key>, settings: Settings) -> Result<Self, ChatError> {
        let url = Url::new(url)?;
        if model.trim().is_empty() {
            let problem = "is empty: `curl URL/models` lists those that a server has".to_owned();
            return Err(ChatError::Setting { name: "the model", problem });
        }
        if settings.timeout.is_zero() {
            let problem = "is 0: nothing can be answered in no time".to_owned();
            return Err(ChatError::Setting { name: "the time-out", problem });
        }
        let mut config = Agent::config_builder()
            .timeout_global(Some(settings.timeout))
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("istar/", env!("CARGO_PKG_VERSION")))
            .max_idle_connections(settings.at_once)
            .max_idle_connections_per_host(settings.at_once)
            .max_idle_age(KEPT);
        if url.local() {
            config = config.proxy(None);
        }
        let agent = config.build().new_agent();
        let (model, permits) = (model.trim().to_owned(), Permits::new(settings.at_once));
        Ok(Server(Arc::new(Inner { agent, url, model, key, settings, permits })))
    }

    /// The server that the environment names:
    ///
    /// | variable | is | if it is not set |
    /// |---|---|---|
    /// | `OPENAI_BASE_URL` | the address, `http://127.0.0.1:8000/v1` | an error: nothing is sent to anyone who was not named |
    /// | `OPENAI_API_KEY` | the key | none is sent |
    /// | `ISTAR_CHAT_MODEL` | the model | an error |
    /// | `ISTAR_CHAT_TIMEOUT` | seconds for one try | 60 |
    /// | `ISTAR_CHAT_RETRIES` | further tries | 4 |
    /// | `ISTAR_CHAT_AT_ONCE` | requests under way at once | 8 |
    ///
    /// A variable that is set to nothing is not set.
    ///
    /// # Errors
    /// One of them is missing or cannot be used.
    pub fn from_env() -> Result<Self, ChatError> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// The same of other variables than those of the process.
    pub(super) fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ChatError> {
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let needed = |name: &'static str, such_as: &str| {
            let problem = || format!("is not set: export it, such as {such_as}");
            set(name).ok_or_else(|| ChatError::Setting { name, problem: problem() })
        };
        let url = needed("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1")?;
        let model = needed("ISTAR_CHAT_MODEL", "Qwen/Qwen2.5-7B-Instruct")?;
        let key = set("OPENAI_API_KEY").map(|key| Key::new(&key)).transpose()?;
        Self::new(&url, &model, key, Settings::from_variables(&set)?)
    }

    /// The same server, asked for another model. The bound on requests is its own.
    ///
    /// # Errors
    /// The model has no name.
    pub fn with_model(&self, model: &str) -> Result<Self, ChatError> {
        Self::new(self.url(), model, self.0.key.clone(), self.0.settings.clone())
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        self.0.url.text()
    }

    /// The model that is asked.
    pub fn model(&self) -> &str {
        &self.0.model
    }

    /// How it is asked.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Asks for what follows these messages.
    ///
    /// Failed connections, time-outs and the statuses 408, 429 and 5xx are tried again, [`Settings::retries`] times; everything
    /// else is what it is.
    ///
    /// # Errors
    /// There is no answer, or none that can be used: see [`ChatError`].
    pub fn complete(&self, messages: &[Message], options: Options) -> Result<Answer, ChatError> {
        self.ask(&Prompt { messages: messages.to_vec(), options })
    }

    /// Asks for several answers, [`Settings::at_once`] at a time. One result for each, in their order.
    pub fn complete_all(&self, prompts: &[Prompt]) -> Vec<Result<Answer, ChatError>> {
        let threads = prompts.len().min(self.0.settings.at_once);
        if threads <= 1 {
            return prompts.iter().map(|prompt| self.ask(prompt)).collect();
        }
        let next = AtomicUsize::new(0);
        let work = || {
            let turns = std::iter::from_fn(|| {
                let at = next.fetch_add(1, Ordering::Relaxed);
                Some((at, prompts.get(at)?))
            });
            turns.map(|(at, prompt)| (at, self.ask(prompt))).collect::<Vec<_>>()
        };
        let mut answers: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let done = threads.into_iter().map(|thread| thread.join().expect("asking does not panic"));
            done.flatten().collect()
        });
        answers.sort_unstable_by_key(|(at, _)| *at);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }

    /// A number for what is asked: of the model, the conversation and the options, and not of where and by whose leave.
    pub(super) fn number(&self, prompt: &Prompt) -> u64 {
        wire::number(&wire::request(self.model(), prompt))
    }

    fn ask(&self, prompt: &Prompt) -> Result<Answer, ChatError> {
        if let Some(temperature) = prompt.options.temperature.filter(|t| !(0.0..=100.0).contains(t)) {
            let problem = format!("is {temperature}, and must be 0 or more");
            return Err(ChatError::Setting { name: "the temperature", problem });
        }
        let request = wire::request(self.model(), prompt);
        let mut backoff = Backoff::new(&self.0.settings, wire::number(&request));
        for tries in 1.. {
            let failed = match self.once(&request) {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            match failed.again {
                Some(asked) if tries <= self.0.settings.retries => thread::sleep(backoff.wait(asked)),
                _ => return Err(failed.error.after_tries(tries)),
            }
        }
        unreachable!("the last try returns")
    }

    /// One try.
    fn once(&self, request: &[u8]) -> Result<Answer, Failed> {
        let Inner { agent, url, key, settings, permits, .. } = &*self.0;
        let _permit = permits.take();
        let mut post = agent.post(url.completions()).content_type("application/json");
        if let Some(key) = key {
            post = post.header("authorization", key.bearer());
        }
        let mut response = post.send(request).map_err(|error| self.failed(error))?;
        let status = response.status().as_u16();
        if !(200..300).contains(&status) {
            return Err(self.refused(status, &mut response));
        }
        let body = response.body_mut().with_config().limit(settings.longest).read_to_vec();
        let body = self.hidden(body.map_err(|error| self.failed(error))?);
        let answer = wire::answer(url.text(), &body);
        let mut answer = answer.map_err(|error| Failed { error, again: None })?;
        // JSON has several ways to write a text.
        answer.text = String::from_utf8(self.hidden(answer.text.into_bytes())).expect("a key is ASCII");
        Ok(answer)
    }

    /// A status that is no success.
    fn refused(&self, status: u16, response: &mut Response<Body>) -> Failed {
        let header = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let wait = retry_after(header);
        let body = response.body_mut().with_config().limit(COMPLAINT).read_to_vec();
        let message = wire::complaint(&self.hidden(body.unwrap_or_default()));
        let error = ChatError::Status { server: self.url().to_owned(), status, message, tries: 1 };
        let again = matches!(status, 408 | 429 | 500..=599).then_some(wait);
        Failed { error, again }
    }

    /// A try that brought no answer.
    fn failed(&self, error: ureq::Error) -> Failed {
        let (server, tries) = (self.url().to_owned(), 1);
        let late =
            |error: &std::io::Error| matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock);
        let timed_out = match &error {
            ureq::Error::Timeout(_) => true,
            ureq::Error::Io(error) => late(error),
            _ => false,
        };
        if timed_out {
            let after = self.0.settings.timeout;
            return Failed { error: ChatError::TimedOut { server, after, tries }, again: Some(None) };
        }
        if let ureq::Error::BodyExceedsLimit(limit) = error {
            return Failed { error: ChatError::TooLong { server, limit }, again: None };
        }
        let passing = matches!(
            error,
            ureq::Error::Io(_)
                | ureq::Error::HostNotFound
                | ureq::Error::ConnectionFailed
                | ureq::Error::Protocol(_)
                | ureq::Error::BodyStalled
        );
        let error = ChatError::Unreachable { server, why: error.to_string(), tries };
        Failed { error, again: passing.then_some(None) }
    }

    /// What a server says without the key, should it have repeated it.
    fn hidden(&self, said: Vec<u8>) -> Vec<u8> {
        match &self.0.key {
            Some(key) => key.hidden(said),
            None => said,
        }
    }
}

impl Debug for Server {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let Inner { url, model, key, settings, .. } = &*self.0;
        f.debug_struct("Server")
            .field("url", &url.text())
            .field("model", model)
            .field("key", key)
            .field("settings", settings)
            .finish()
    }
}
