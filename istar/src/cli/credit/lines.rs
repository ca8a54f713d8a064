//! Batches in, one at a time; results out, each of them kept.

use super::Error;
use crate::logged::formats::{self, Format, Rollouts, Step, unpacked};
use crate::logged::{Document, FieldNames, Logged, LoggedError, Remark};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::panic::{set_hook, take_hook};
use std::path::Path;

/// One document, or one per line: the first line tells, since one that ends in the middle goes on in the next.
pub(super) struct Source {
    reader: Box<dyn BufRead>,
    names: FieldNames,
    /// A name that says there is one batch per line.
    by_line: bool,
    text: Vec<u8>,
    line: usize,
    /// There was a document, or what was to be one.
    begun: bool,
    several: bool,
    /// Rows of another program, which are one batch.
    rows: Option<Box<Rollouts>>,
}

/// What was read: a batch of our own, or rows of another program.
pub(super) enum Batch {
    Document(Box<Document>),
    Rows(Box<Rollouts>),
}

impl Batch {
    pub(super) fn logged(&self) -> &Logged {
        match self {
            Batch::Document(document) => &document.batch,
            Batch::Rows(rollouts) => rollouts.batch(),
        }
    }
}

/// A batch and where it stands.
pub(super) struct Entry {
    pub(super) batch: Batch,
    /// Its line, if there are several.
    pub(super) line: Option<usize>,
}

impl Source {
    pub(super) fn open(path: &Path, names: FieldNames) -> Result<Self, Error> {
        let reader: Box<dyn BufRead> = if path == Path::new("-") {
            Box::new(BufReader::new(io::stdin()))
        } else {
            let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
            Box::new(BufReader::with_capacity(1 << 16, file))
        };
        let reader = unpacked(reader).map_err(|error| format!("{}: {error}", path.display()))?;
        let by_line = path.extension().is_some_and(|e| e == "jsonl" || e == "ndjson");
        Ok(Source {
            reader,
            names,
            by_line,
            text: Vec::new(),
            line: 0,
            begun: false,
            several: by_line,
            rows: None,
        })
    }

    /// Rows of another program.
    pub(super) fn rows(
        path: &Path,
        format: &'static Format,
        step: Option<Step>,
        names: &FieldNames,
    ) -> Result<Self, Error> {
        let mut file = Vec::new();
        if path == Path::new("-") {
            io::stdin().read_to_end(&mut file)?;
        } else {
            file = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        // The reader of Parquet panics on some damaged files: that is said in one line, as an error.
        let hook = take_hook();
        set_hook(Box::new(|_| ()));
        let rows = formats::read(&file, format, step, names);
        set_hook(hook);
        let rows = rows?;
        let source = Source {
            reader: Box::new(io::empty()),
            names: FieldNames::default(),
            by_line: false,
            text: Vec::new(),
            line: 0,
            begun: true,
            several: false,
            rows: Some(Box::new(rows)),
        };
        Ok(source)
    }

    /// Whether results can go to a terminal or a pipe.
    pub(super) fn is_text(&self) -> bool {
        self.rows.as_ref().is_none_or(|rows| rows.is_text())
    }

    /// The next document; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, Error> {
        if let Some(rows) = self.rows.take() {
            return Ok(Some(Entry { batch: Batch::Rows(rows), line: None }));
        }
        loop {
            self.text.clear();
            if self.reader.read_until(b'\n', &mut self.text)? == 0 {
                return if self.begun { Ok(None) } else { Err("the input has no batch".into()) };
            }
            self.line += 1;
            if !self.text.trim_ascii().is_empty() {
                break;
            }
        }
        self.begun = true;
        let read = match Document::read_as(&self.text, &self.names) {
            Err(LoggedError::Json { problem, .. }) if !self.several && problem.starts_with("EOF") => {
                self.reader.read_to_end(&mut self.text)?;
                Document::read_as(&self.text, &self.names)
            }
            read => {
                // Asked once: later lines are not kept waiting for the next.
                self.several = self.several || self.more()?;
                read
            }
        };
        let line = self.several.then_some(self.line);
        match read {
            Ok(document) => Ok(Some(Entry { batch: Batch::Document(Box::new(document)), line })),
            Err(error) => Err(match formats::look(&self.text).filter(|_| self.line == 1) {
                Some(looks) => format!("{}; {looks}", placed(error, line)).into(),
                None => placed(error, line),
            }),
        }
    }

    /// Whether anything but white space follows on the next lines that are at hand.
    fn more(&mut self) -> io::Result<bool> {
        Ok(self.by_line || !self.reader.fill_buf()?.trim_ascii().is_empty())
    }
}

/// The error with the line of its batch.
pub(super) fn placed(error: LoggedError, line: Option<usize>) -> Error {
    match (error, line) {
        (error, None) => error.into(),
        (LoggedError::Json { column, problem, .. }, Some(line)) => {
            LoggedError::Json { line, column, problem }.into()
        }
        (error, Some(line)) => format!("line {line}: {error}").into(),
    }
}

/// Says what is odd about a batch on standard error, one line each.
pub(super) fn remarked(remarks: &[Remark], line: Option<usize>) {
    let line = line.map_or(String::new(), |line| format!("line {line}: "));
    for remark in remarks {
        eprintln!("remark: {line}{}", remark.to_string().replace('\n', " "));
    }
}

/// Where results go: opened when there is one, flushed after each.
pub(super) struct Sink<'a> {
    path: Option<&'a Path>,
    file: Option<BufWriter<Box<dyn Write + 'a>>>,
    stdout: Option<&'a mut dyn Write>,
}

impl<'a> Sink<'a> {
    pub(super) fn new(
        path: Option<&'a Path>,
        input: Option<&Path>,
        out: &'a mut dyn Write,
    ) -> Result<Self, Error> {
        let real = |path: &Path| fs::canonicalize(path).ok();
        if let (Some(path), Some(input)) = (path, input)
            && real(path).is_some_and(|path| Some(path) == real(input))
        {
            return Err(format!("--output {}: that is the input", path.display()).into());
        }
        Ok(Sink { path, file: None, stdout: Some(out) })
    }

    /// Writes beside a result that goes into a file.
    pub(super) fn beside(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Error> {
        match self.stdout.as_mut().filter(|_| self.path.is_some()) {
            Some(stdout) => Ok(write(stdout)?),
            None => Ok(()),
        }
    }

    /// Writes nothing at all.
    pub(super) fn mute(&mut self) {
        self.stdout = None;
    }

    /// Writes one result.
    pub(super) fn line(
        &mut self,
        write: impl FnOnce(&mut BufWriter<Box<dyn Write + 'a>>) -> io::Result<()>,
    ) -> Result<(), Error> {
        let named = |error: io::Error| -> Error {
            match self.path {
                Some(path) => format!("--output {}: {error}", path.display()).into(),
                None => error.into(),
            }
        };
        if self.file.is_none() {
            let target: Box<dyn Write + 'a> = match (self.path, self.stdout.take()) {
                (Some(path), stdout) => {
                    self.stdout = stdout;
                    Box::new(File::create(path).map_err(named)?)
                }
                (None, Some(stdout)) => Box::new(stdout),
                (None, None) => Box::new(io::sink()),
            };
            self.file = Some(BufWriter::with_capacity(1 << 16, target));
        }
        let file = self.file.as_mut().expect("it has just been opened");
        write(file).and_then(|()| file.flush()).map_err(named)
    }
}
