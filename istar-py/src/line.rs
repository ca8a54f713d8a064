//! Lines of the language.

use crate::batch::Batch;
use crate::credit::Credit;
use crate::error;
use crate::loss::{self, Loss};
use crate::remark::Mistake;
use istar::logged::{Document, Given, LoggedError, advantage, assign, cases};
use istar::objective::AnyObjective;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};

/// Line(text, **numbers)
/// --
///
/// An objective: a sum of loss terms, read from a text of the language.
///
/// Free names in the text are its numbers; they are given as keywords. A name that Python keeps for itself, or that ends in
/// ``_``, is given with a ``_`` behind it: ``lambda_=1.0``.
///
/// Parameters
/// ----------
/// text : str
///     ``"dpo_prm(beta) + rl(adv = traj + lambda * step)"``, also with a name and defaults, ``"Mine<beta = 0.05> = .."``.
/// **numbers : float
///     Values of its numbers. One that is not given here and has no default is asked for when the line is used. An argument that the
///     text writes as a number, ``beta = 0.05``, may be given too, as that very number.
///
/// Raises
/// ------
/// LineError
///     The text is no line: every mistake, with line, column, a mark under it and the way out.
/// NumberError
///     A number is out of range.
/// TypeError
///     The line has no number of this name, or writes another one.
///
/// Examples
/// --------
/// >>> import istar
/// >>> line = istar.Line("rl(adv = traj + w * anchor(0.95)) + kl(0.01)", w=1.0)
/// >>> line.numbers
/// {'w': 1.0}
/// >>> print(line.explain())  # doctest: +SKIP
#[pyclass(frozen, module = "istar")]
pub struct Line {
    objective: Box<dyn AnyObjective>,
    /// The line as it was read; a reference case is compiled.
    read: Option<istar::Line>,
    warnings: Vec<Mistake>,
}

impl Line {
    fn of(read: istar::Line) -> Self {
        let warnings = read.warnings().mistakes.iter().cloned().map(Mistake::from).collect();
        Line { objective: Box::new(read.clone()), read: Some(read), warnings }
    }

    /// Sets numbers by keyword, and checks them all once none is missing.
    fn set(&mut self, py: Python<'_>, numbers: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
        for (name, value) in numbers.into_iter().flatten() {
            let name: String = name.extract()?;
            let value: f64 = value.extract().map_err(|_| {
                PyTypeError::new_err(format!("`{name}` is {}, expected a number", shown(&value)))
            })?;
            let bare = name.strip_suffix('_').unwrap_or(&name);
            let there = |name: &str| self.objective.numbers().iter().any(|(known, _)| known == name);
            let name = if there(&name) { name.as_str() } else { bare };
            if !there(name) && self.says(name, value)? {
                continue;
            }
            self.objective.set(name, value).map_err(|error| PyTypeError::new_err(error.to_string()))?;
            if let Some(read) = &mut self.read {
                read.set(name, value).map_err(|error| PyTypeError::new_err(error.to_string()))?;
            }
        }
        let missing = self.objective.numbers().iter().any(|(_, value)| value.is_nan());
        let given = numbers.is_none_or(|numbers| !numbers.is_empty()) && !missing;
        if given { self.objective.validate().map_err(|error| error::of_numbers(py, error)) } else { Ok(()) }
    }

    /// Whether the line writes this number as an argument of this name, wherever it writes one.
    ///
    /// # Errors
    /// It writes another number.
    fn says(&self, name: &str, value: f64) -> PyResult<bool> {
        let literals = self.read.iter().flat_map(|read| read.literals());
        let mut written = literals.filter(|(key, _)| key == name).map(|(_, written)| *written).peekable();
        let found = written.peek().is_some();
        match written.find(|written| *written != value) {
            None => Ok(found),
            Some(written) => Err(PyTypeError::new_err(format!(
                "`{name}` is written as {written} in the line, and given as {value}: write `<{name}> .. {name} = {name} ..` to give it"
            ))),
        }
    }

    /// The text from which this line is read again, with its present numbers.
    fn declared(&self) -> String {
        let number = |(name, value): (&str, f64)| match value.is_nan() {
            true => name.to_owned(),
            false => format!("{name} = {value:?}"),
        };
        let numbers: Vec<String> = self.objective.numbers().iter().map(number).collect();
        let numbers = if numbers.is_empty() { String::new() } else { format!("<{}>", numbers.join(", ")) };
        let (name, source) = (self.objective.name(), self.objective.source());
        match (name, numbers.as_str()) {
            ("line", "") => source.to_owned(),
            ("line", numbers) => format!("{numbers} {source}"),
            (name, numbers) => format!("{name}{numbers} = {source}"),
        }
    }
}

/// A value as it stands in an error, cut where it is long.
pub fn shown(value: &Bound<'_, PyAny>) -> String {
    let text = value.repr().map_or_else(|_| "a value".to_owned(), |text| text.to_string());
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text,
    }
}

#[pymethods]
impl Line {
    #[new]
    #[pyo3(signature = (text, /, **numbers))]
    fn new(py: Python<'_>, text: &str, numbers: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let read = py.detach(|| istar::Line::parse(text)).map_err(|report| error::of_line(py, report))?;
        let mut line = Line::of(read);
        line.set(py, numbers)?;
        Ok(line)
    }

    /// recipe(name, /, **numbers)
    /// --
    ///
    /// A line of the literature, by its name: ``Line.recipe("GiGpo", omega=0.5)``. `istar.recipes()` has them all.
    #[staticmethod]
    #[pyo3(signature = (name, /, **numbers))]
    fn recipe(py: Python<'_>, name: &str, numbers: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let found = istar::recipes::find(name).map_err(|error| PyValueError::new_err(error.to_string()))?;
        let text = Line { objective: found.objective, read: None, warnings: Vec::new() }.declared();
        Line::new(py, &text, numbers)
    }

    /// Its name; ``line`` where the text has none.
    #[getter]
    fn name(&self) -> &str {
        self.objective.name()
    }

    /// The line as it was written, without name and numbers.
    #[getter]
    fn source(&self) -> &str {
        self.objective.source()
    }

    /// Its numbers by name, in their order; None for one that has yet to be given.
    #[getter]
    fn numbers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let numbers = PyDict::new(py);
        for (name, value) in self.objective.numbers().iter() {
            numbers.set_item(name, (!value.is_nan()).then_some(value))?;
        }
        Ok(numbers)
    }

    /// What it demands of a trainer and a batch: what each demand means, by its name.
    #[getter]
    fn demands<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let demands = PyDict::new(py);
        for (name, what) in self.objective.demand().list() {
            demands.set_item(name, what)?;
        }
        Ok(demands)
    }

    /// The names of its terms, in their order.
    #[getter]
    fn terms(&self) -> Vec<String> {
        self.objective.terms()
    }

    /// How finely it tells actions apart: "traj", "segment", "step" or "token"; None if it has no advantage.
    #[getter]
    fn level(&self) -> Option<&'static str> {
        self.objective.credit_level().map(|level| level.name())
    }

    /// What is legal in it and probably not meant.
    #[getter]
    fn warnings(&self) -> Vec<Mistake> {
        self.warnings.clone()
    }

    /// explain()
    /// --
    ///
    /// The line in words: its numbers, its terms with sugar expanded, what it needs, the order of an iteration.
    fn explain(&self) -> String {
        self.objective.explain()
    }

    /// set(**numbers)
    /// --
    ///
    /// The same line with other numbers; this one stays as it is.
    #[pyo3(name = "set", signature = (**numbers))]
    fn with_numbers(&self, py: Python<'_>, numbers: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut line = Line {
            objective: self.objective.boxed(),
            read: self.read.clone(),
            warnings: self.warnings.clone(),
        };
        line.set(py, numbers)?;
        Ok(line)
    }

    /// given()
    /// --
    ///
    /// What of the line trains the policy, with the field ``adv`` of each token as the advantage of its ``rl``: the loss of
    /// mini-batches, whose advantages are known from the whole batch.
    fn given(&self) -> PyResult<Self> {
        let Some(read) = &self.read else {
            return Err(PyValueError::new_err("a reference case has its advantage as it is"));
        };
        let given = read.with_advantage::<Given>();
        Ok(Line { objective: Box::new(given.clone()), read: Some(given), warnings: self.warnings.clone() })
    }

    /// credit(batch, /)
    /// --
    ///
    /// The advantage of every token.
    ///
    /// Parameters
    /// ----------
    /// batch : Batch
    ///     What the losses read and the advantage does not, such as ``logp``, may be missing.
    ///
    /// Returns
    /// -------
    /// Credit
    ///     ``advantages`` in the shape that the batch came in, ``remarks``, ``metrics``.
    ///
    /// Raises
    /// ------
    /// BatchError
    ///     The line reads what the batch lacks, or has no advantage.
    /// NumberError
    ///     A number of the line is missing or out of range.
    #[pyo3(signature = (batch, /))]
    fn credit(&self, py: Python<'_>, batch: Bound<'_, Batch>) -> PyResult<Credit> {
        let shared = batch.get();
        let found = py.detach(|| advantage(&*self.objective, shared.logged()));
        let found = found.map_err(|error| shared.error(py, error))?;
        Ok(Credit::new(batch.unbind(), found, self.objective.boxed()))
    }

    /// loss(batch, /, logp=None, *, prm=None, vpred=None)
    /// --
    ///
    /// The loss and its derivatives, in double precision, with the whole batch as one mini-batch.
    ///
    /// Parameters
    /// ----------
    /// batch : Batch
    ///     Its ``logp``, ``prm`` and ``vpred`` count where no others are given.
    /// logp, prm, vpred : array, optional
    ///     The present policy's log-probabilities, those of the implicit PRM, a critic's estimates: of shape (B, T) if the batch
    ///     came as padded arrays, else one number a token, in batch order.
    ///
    /// Returns
    /// -------
    /// Loss
    ///     ``float(loss)``; ``dlogp``, ``dprm``, ``dvpred`` in the shape that the batch came in; ``terms``, ``metrics``, ``remarks``.
    #[pyo3(signature = (batch, /, logp=None, *, prm=None, vpred=None))]
    fn loss(
        &self,
        py: Python<'_>,
        batch: Bound<'_, Batch>,
        logp: Option<Bound<'_, PyAny>>,
        prm: Option<Bound<'_, PyAny>>,
        vpred: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Loss> {
        let shared = batch.get();
        let leaves = [("logp", logp), ("prm", prm), ("vpred", vpred)];
        let with = loss::with_leaves(py, shared, leaves)?;
        let logged = with.as_ref().unwrap_or(shared.logged());
        let found = py.detach(|| assign(&*self.objective, logged));
        let found = found.map_err(|error| shared.error(py, error))?;
        Ok(Loss::new(batch.unbind(), found, self.objective.boxed()))
    }

    fn __repr__(&self) -> String {
        format!("Line({:?})", self.declared())
    }

    fn __reduce__(slf: &Bound<'_, Self>) -> PyResult<(Py<PyAny>, (String,))> {
        if slf.get().read.is_none() {
            return Err(PyValueError::new_err("a reference case is no text that could be read again"));
        }
        Ok((slf.get_type().into_any().unbind(), (slf.get().declared(),)))
    }
}

/// recipes()
/// --
///
/// The lines of the literature: each its text with defaults, by name.
#[pyfunction]
pub fn recipes(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let texts = PyDict::new(py);
    for recipe in istar::recipes::all() {
        let name = recipe.objective.name().to_owned();
        let text = Line { objective: recipe.objective, read: None, warnings: Vec::new() }.declared();
        texts.set_item(name, text)?;
    }
    Ok(texts)
}

/// reference_line(document, /)
/// --
///
/// The line of a reference file, which says ``case`` and ``params``: for tests of istar itself.
#[pyfunction]
#[pyo3(signature = (document, /))]
pub fn reference_line(py: Python<'_>, document: &Bound<'_, PyAny>) -> PyResult<Line> {
    let refused = |error: LoggedError| error::of_logged(py, error, None);
    let document = Document::read(&text(document)?).map_err(refused)?;
    let objective = cases::of(&document).map_err(refused)?;
    Ok(Line { objective, read: None, warnings: Vec::new() })
}

/// The bytes of a text.
pub fn text(given: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(text) = given.cast::<PyString>() {
        return Ok(text.to_string_lossy().as_bytes().to_vec());
    }
    match given.cast::<PyBytes>() {
        Ok(bytes) => Ok(bytes.as_bytes().to_vec()),
        Err(_) => Err(PyTypeError::new_err(format!("{} is no text, expected str or bytes", shown(given)))),
    }
}
