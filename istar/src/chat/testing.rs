//! A server on this machine that answers by a script: well, wrongly, late, or not at all.

use super::{Key, Server, Settings};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A key that must be found nowhere.
pub(super) const SECRET: &str = "sk-0123456789abcdef";

/// What becomes of one request.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// The model says this.
    Say(String),
    /// The same after so many milliseconds.
    Late(u64, String),
    /// A status with headers, each with the end of its line, and a body.
    Status(u16, &'static str, String),
    /// 200 with this body.
    Body(String),
    /// Nothing, with the connection kept open.
    Hang,
    /// Half of a body, and then nothing, with the connection kept open.
    HangInBody,
    /// Half of a body, and the end of the connection.
    Break,
    /// The end of the connection before a word.
    Close,
    /// A body without an end.
    Endless,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Came {
    pub(super) head: String,
    pub(super) body: Value,
}

impl Came {
    /// The text of the last message.
    pub(super) fn last(&self) -> &str {
        let messages = self.body["messages"].as_array().expect("messages");
        messages.last().and_then(|message| message["content"].as_str()).expect("a last message")
    }
}

/// Decides by the request and its number, from 0.
type Script = dyn Fn(&Came, usize) -> Act + Send + Sync;

struct State {
    script: Box<Script>,
    came: Mutex<Vec<Came>>,
    held: Mutex<Vec<TcpStream>>,
    under_way: AtomicUsize,
    most: AtomicUsize,
    over: AtomicBool,
}

/// The server; it stops when it is dropped.
pub(super) struct Local {
    address: SocketAddr,
    state: Arc<State>,
    listening: Option<JoinHandle<()>>,
}

impl Local {
    /// Acts one after the other, and the last of them from then on.
    pub(super) fn new(acts: impl Into<Vec<Act>>) -> Self {
        let acts = acts.into();
        Self::scripted(move |_, number| acts[number.min(acts.len() - 1)].clone())
    }

    /// Acts as the script says.
    pub(super) fn scripted(script: impl Fn(&Came, usize) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its number");
        let state = Arc::new(State {
            script: Box::new(script),
            came: Mutex::default(),
            held: Mutex::default(),
            under_way: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        });
        let shared = state.clone();
        let listening = thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.over.load(SeqCst) {
                    break;
                }
                let (shared, stream) = (shared.clone(), stream.expect("a connection"));
                thread::spawn(move || shared.serve(stream));
            }
        });
        Local { address, state, listening: Some(listening) }
    }

    /// A client of it: two further tries, short waits, 4 at once.
    pub(super) fn client(&self) -> Server {
        self.client_with(|_| ())
    }

    /// The same with other settings.
    pub(super) fn client_with(&self, change: impl FnOnce(&mut Settings)) -> Server {
        let mut settings = Settings {
            timeout: Duration::from_secs(10),
            retries: 2,
            at_once: 4,
            first_wait: Duration::from_millis(1),
            longest_wait: Duration::from_millis(50),
            longest: 1 << 16,
            seed: 0,
        };
        change(&mut settings);
        let key = Key::new(SECRET).expect("a key");
        Server::new(&self.url(), "small", Some(key), settings).expect("a server")
    }

    /// Where it is.
    pub(super) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// What came so far.
    pub(super) fn came(&self) -> MutexGuard<'_, Vec<Came>> {
        self.state.came.lock().expect("no panic")
    }

    /// How many requests were under way at once, at most.
    pub(super) fn most(&self) -> usize {
        self.state.most.load(SeqCst)
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        self.state.over.store(true, SeqCst);
        // Wakes whoever waits for a connection.
        drop(TcpStream::connect(self.address));
        if let Some(listening) = self.listening.take() {
            listening.join().expect("no panic");
        }
    }
}

impl State {
    fn serve(&self, mut stream: TcpStream) {
        let Some(came) = read(&stream) else { return };
        let number = {
            let mut all = self.came.lock().expect("no panic");
            all.push(came.clone());
            all.len() - 1
        };
        self.most.fetch_max(self.under_way.fetch_add(1, SeqCst) + 1, SeqCst);
        let act = (self.script)(&came, number);
        if let Act::Late(ms, _) = act {
            thread::sleep(Duration::from_millis(ms));
        }
        // The next one comes as soon as it has its answer.
        self.under_way.fetch_sub(1, SeqCst);
        // The client may have gone.
        _ = self.act(&mut stream, act);
    }

    fn act(&self, stream: &mut TcpStream, act: Act) -> std::io::Result<()> {
        let mut respond = |status: u16, headers: &str, length: usize, body: &str| {
            let head = format!("HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\n{headers}");
            write!(stream, "{head}connection: close\r\ncontent-length: {length}\r\n\r\n{body}")
        };
        match act {
            Act::Say(text) | Act::Late(_, text) => {
                let body = said(&text);
                respond(200, "", body.len(), &body)
            }
            Act::Status(status, headers, body) => respond(status, headers, body.len(), &body),
            Act::Body(body) => respond(200, "", body.len(), &body),
            Act::Break => respond(200, "", 1000, r#"{"choices":[{"#),
            Act::Close => Ok(()),
            Act::Hang | Act::HangInBody => {
                if matches!(act, Act::HangInBody) {
                    respond(200, "", 1000, r#"{"choices":[{"#)?;
                }
                self.held.lock().expect("no panic").push(stream.try_clone()?);
                Ok(())
            }
            Act::Endless => {
                write!(stream, "HTTP/1.1 200 Said\r\ntransfer-encoding: chunked\r\n\r\n")?;
                loop {
                    write!(stream, "400\r\n{}\r\n", "x".repeat(1024))?;
                }
            }
        }
    }
}

/// An answer of the protocol.
pub(super) fn said(text: &str) -> String {
    let message = json!({"role": "assistant", "content": text});
    let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
    let usage = json!({"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7});
    json!({"id": "1", "object": "chat.completion", "model": "small-1", "choices": [choice], "usage": usage})
        .to_string()
}

/// One request: its head, and its body as JSON.
fn read(stream: &TcpStream) -> Option<Came> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let mut body = vec![0; length?];
    reader.read_exact(&mut body).ok()?;
    Some(Came { head, body: serde_json::from_slice(&body).ok()? })
}
