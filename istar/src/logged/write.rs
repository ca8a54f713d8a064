//! Credit as JSON, in the nesting of the batch.

use super::{Assigned, Logged, Slope};
use crate::batch::LevelId;
use serde_json::json;
use std::io::{self, Write};

/// Writes one line: `loss` with its terms, `advantage`, `dloss_dlogp`, `dloss_dprm`, `dloss_dq`, `dloss_dvpred` (by head,
/// if heads have names), `left_out`, `metrics`, `explain`. What the objective has not is left out. Numbers have the digits that give
/// them back exactly.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut impl Write, batch: &Logged, credit: &Assigned) -> io::Result<()> {
    let terms: serde_json::Map<_, _> =
        credit.terms.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    write!(out, "{{\"loss\":{{\"total\":{},\"terms\":{}}}", json!(credit.loss), json!(terms))?;
    let columns = [
        ("advantage", &credit.advantage),
        ("dloss_dlogp", &credit.dloss_dlogp),
        ("dloss_dprm", &credit.dloss_dprm),
    ];
    for (name, column) in columns {
        if let Some(column) = column {
            write!(out, ",\"{name}\":")?;
            nested(out, batch, LevelId::Token, column)?;
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
    let metrics: serde_json::Map<_, _> =
        credit.metrics.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    if !credit.left_out.is_empty() {
        write!(out, ",\"left_out\":{}", json!(credit.left_out))?;
    }
    writeln!(out, ",\"metrics\":{},\"explain\":{}}}", json!(metrics), json!(credit.explain))
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
