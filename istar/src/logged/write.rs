//! Credit as JSON, in the nesting of the batch.

use super::{Assigned, Logged, Slope};
use crate::batch::LevelId;
use serde_json::json;
use std::io::{self, Write};

/// Writes one line: `loss` with its terms, `advantage`, `dloss_dlogp`, `dloss_dprm`, `dloss_dq`, `dloss_dvpred` (by head,
/// if heads have names), `left_out`, `metrics`, `remarks`, `explain`. What the objective has not is left out, and of an advantage
/// alone the loss. Numbers have the digits that give them back exactly.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut impl Write, batch: &Logged, credit: &Assigned) -> io::Result<()> {
    let mut comma = head(out, credit)?;
    let columns = [
        ("advantage", &credit.advantage),
        ("dloss_dlogp", &credit.dloss_dlogp),
        ("dloss_dprm", &credit.dloss_dprm),
    ];
    for (name, column) in columns {
        if let Some(column) = column {
            write!(out, "{comma}\"{name}\":")?;
            nested(out, batch, LevelId::Token, column)?;
            comma = ",";
        }
    }
    if let Some(column) = &credit.dloss_dq {
        write!(out, ",\"dloss_dq\":")?;
        nested(out, batch, LevelId::Step, column)?;
    }
    for (i, Slope { head, level, slope }) in credit.dloss_dvpred.iter().enumerate() {
        match (i, head.is_empty()) {
            (0, true) => write!(out, ",\"dloss_dvpred\":")?,
            (0, false) => write!(out, ",\"dloss_dvpred\":{{{}:", json!(head))?,
            _ => write!(out, ",{}:", json!(head))?,
        }
        nested(out, batch, *level, slope)?;
        if !head.is_empty() && i + 1 == credit.dloss_dvpred.len() {
            out.write_all(b"}")?;
        }
    }
    rest(out, credit, comma)
}

/// Writes one line without columns: `loss` with its terms, `metrics`, `remarks`, `explain`.
///
/// # Errors
/// Those of the writer.
pub fn summary(mut out: impl Write, credit: &Assigned) -> io::Result<()> {
    let comma = head(&mut out, credit)?;
    rest(&mut out, credit, comma)
}

/// The loss, and what stands between it and the next key: of an advantage alone the beginning of an object.
fn head(out: &mut impl Write, credit: &Assigned) -> io::Result<&'static str> {
    if credit.terms.is_empty() {
        return Ok("{");
    }
    let terms: serde_json::Map<_, _> =
        credit.terms.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    write!(out, "{{\"loss\":{{\"total\":{},\"terms\":{}}}", json!(credit.loss), json!(terms))?;
    Ok(",")
}

/// What stands behind the columns.
fn rest(out: &mut impl Write, credit: &Assigned, mut comma: &str) -> io::Result<()> {
    let metrics: serde_json::Map<_, _> =
        credit.metrics.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    if !credit.left_out.is_empty() {
        write!(out, "{comma}\"left_out\":{}", json!(credit.left_out))?;
        comma = ",";
    }
    let (remarks, explain) = (json!(credit.remarks), json!(credit.explain));
    writeln!(out, "{comma}\"metrics\":{},\"remarks\":{remarks},\"explain\":{explain}}}", json!(metrics))
}

/// A column of steps or tokens as `[group][trajectory][step]`, of tokens with `[token]` below.
fn nested(out: &mut impl Write, batch: &Logged, level: LevelId, column: &[f64]) -> io::Result<()> {
    let layout = &batch.layout;
    list(out, 0..layout.groups(), |out, group| {
        list(out, layout.trajs_of(group), |out, traj| {
            list(out, layout.steps_of(traj), |out, step| match level {
                LevelId::Token => list(out, layout.tokens_of(step), |out, token| number(out, column[token])),
                _ => number(out, column[step]),
            })
        })
    })
}

fn number(out: &mut impl Write, x: f64) -> io::Result<()> {
    serde_json::to_writer(out, &x).map_err(io::Error::from)
}

fn list<W: Write>(
    out: &mut W,
    elements: std::ops::Range<usize>,
    mut each: impl FnMut(&mut W, usize) -> io::Result<()>,
) -> io::Result<()> {
    let start = elements.start;
    out.write_all(b"[")?;
    for element in elements {
        if element > start {
            out.write_all(b",")?;
        }
        each(out, element)?;
    }
    out.write_all(b"]")
}
