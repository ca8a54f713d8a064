//! Which objective is run: a recipe by its name, a line, or the line of a case.

use super::lines::{Batch, Entry, placed, remarked};
use super::{Arguments, Error, Run, cases};
use crate::cli::settings::{line, with_settings};
use crate::file;
use crate::logged::{Assigned, Drawn, page, shares, summary, write};
use crate::objective::AnyObjective;
use crate::recipes::{self, Recipe};
use std::io::Write;

/// One recipe a line: name, parameters with defaults, title.
pub(super) fn list(out: &mut dyn Write) -> Result<(), Error> {
    let rows: Vec<[String; 3]> = recipes::all()
        .into_iter()
        .map(|Recipe { title, objective }| {
            let numbers = objective.numbers();
            let params: Vec<String> =
                numbers.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            let params = if params.is_empty() { "none".to_owned() } else { params.join(", ") };
            [objective.name().to_owned(), params, title.to_owned()]
        })
        .collect();
    let width = |i: usize| rows.iter().map(|row| row[i].chars().count()).max().unwrap_or(0);
    let (name, params) = (width(0), width(1));
    for row in &rows {
        writeln!(out, "{:name$}  {:params$}  {}", row[0], row[1], row[2])?;
    }
    Ok(())
}

/// The objectives that are asked for by name or as lines; none where each document says its own.
pub(super) fn objectives(arguments: &Arguments) -> Result<Vec<Box<dyn AnyObjective>>, Error> {
    let named = |name: &String| -> Result<Box<dyn AnyObjective>, Error> {
        Ok(recipes::find(name).map_err(|error| format!("--recipe: {error}"))?.objective)
    };
    let read = |text: &String| Ok(line(text)?.boxed());
    let all = arguments.recipe.iter().map(named).chain(arguments.line.iter().map(read));
    all.map(|objective| with_settings(objective?, &arguments.set)).collect()
}

impl Run<'_> {
    /// Every document with these.
    pub(super) fn each(mut self, objectives: &[Box<dyn AnyObjective>]) -> Result<(), Error> {
        while let Some(read) = self.source.next()? {
            self.all(objectives, &read)?;
        }
        Ok(())
    }

    /// Every document with the objective of its own case.
    pub(super) fn golden(mut self) -> Result<(), Error> {
        while let Some(read) = self.source.next()? {
            let Batch::Document(document) = &read.batch else {
                return Err("--golden reads no rows".into());
            };
            let objective = cases::of(document).map_err(|error| placed(error, read.line))?;
            let objective = with_settings(objective, self.set)?;
            self.all(&[objective], &read)?;
        }
        Ok(())
    }

    /// A document with these, and its page.
    fn all(&mut self, objectives: &[Box<dyn AnyObjective>], read: &Entry) -> Result<(), Error> {
        if self.html.is_some() && read.line.is_some() {
            return Err("--html draws one batch, and the input has several lines".into());
        }
        let batch = read.batch.logged();
        let mut drawn = Vec::new();
        for objective in objectives {
            let credit = self.one(&**objective, read)?;
            if self.html.is_some() {
                let shares = shares(&**objective, batch, &credit);
                // A line without a name is called by itself.
                let named = objective.name() != "line";
                let title = if named { objective.name() } else { objective.source() }.to_owned();
                drawn.push(Drawn { title, credit, shares });
            }
        }
        if let Some(path) = self.html {
            file::write(path, page(batch, &drawn).as_bytes())
                .map_err(|error| format!("--html {}: {error}", path.display()))?;
        }
        Ok(())
    }

    fn one(&mut self, objective: &dyn AnyObjective, read: &Entry) -> Result<Assigned, Error> {
        let (batch, line) = (read.batch.logged(), read.line);
        let credit = (self.assign)(objective, batch).map_err(|error| placed(error, line))?;
        match &read.batch {
            Batch::Document(_) => self.sink.line(|out| write(out, batch, &credit))?,
            Batch::Rows(rollouts) => {
                self.sink.line(|out| rollouts.write(out, &credit))?;
                self.sink.beside(|out| summary(out, &credit))?;
            }
        }
        remarked(&credit.remarks, line);
        Ok(credit)
    }
}
