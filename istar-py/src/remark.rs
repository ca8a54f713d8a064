//! Remarks and mistakes, as plain values.

use pyo3::prelude::*;

/// What is allowed in a batch and odd all the same.
///
/// Attributes
/// ----------
/// what : str
///     What is odd, and what it may come from.
/// where : str
///     The first place of it.
/// count : int
///     How often it is there.
#[pyclass(frozen, get_all, module = "istar")]
#[derive(Clone)]
pub struct Remark {
    what: String,
    r#where: String,
    count: usize,
}

impl Remark {
    pub fn of(remark: &istar::logged::Remark, place: String) -> Self {
        Remark { what: remark.what.clone(), r#where: place, count: remark.count }
    }
}

#[pymethods]
impl Remark {
    fn __str__(&self) -> String {
        let many = if self.count > 1 { format!(" ({} of them)", self.count) } else { String::new() };
        format!("{}: {}{many}", self.r#where, self.what)
    }
    fn __repr__(&self) -> String {
        format!("<Remark {}>", self.__str__())
    }
}

/// A mistake in a line.
///
/// Attributes
/// ----------
/// message, help : str, str or None
///     What is wrong, and the way out.
/// line, column : int
///     Its first character, from 1.
/// end_line, end_column : int
///     Behind its last character.
/// text : str
///     The line of the text on which it begins.
#[pyclass(frozen, get_all, module = "istar")]
#[derive(Clone)]
pub struct Mistake {
    pub message: String,
    pub help: Option<String>,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
    pub text: String,
}

impl From<istar::objective::Mistake> for Mistake {
    fn from(mistake: istar::objective::Mistake) -> Self {
        Mistake {
            message: mistake.message,
            help: mistake.help,
            line: mistake.start.line,
            column: mistake.start.column,
            end_line: mistake.end.line,
            end_column: mistake.end.column,
            text: mistake.text,
        }
    }
}

impl Mistake {
    /// The line of the text with a mark under the mistake.
    pub fn caret(&self) -> String {
        let before = self.column.saturating_sub(1);
        let marks = if self.end_line == self.line { self.end_column.saturating_sub(self.column) } else { 1 };
        format!("{}\n{}{}", self.text, " ".repeat(before), "^".repeat(marks.max(1)))
    }
}

#[pymethods]
impl Mistake {
    fn __str__(&self) -> String {
        match &self.help {
            Some(help) => format!("{}:{}: {} ({help})", self.line, self.column, self.message),
            None => format!("{}:{}: {}", self.line, self.column, self.message),
        }
    }
    fn __repr__(&self) -> String {
        format!("<Mistake {}>", self.__str__())
    }
}
