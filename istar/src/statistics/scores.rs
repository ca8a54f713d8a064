//! Scores of one objective, runs × tasks.

/// A full matrix of finite scores: a row per run (a seed), a column per task (a world, or a level); at least one of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    tasks: usize,
    values: Vec<f64>,
}

impl Scores {
    /// Of runs × tasks values, run by run; the unit is the caller's. None where there is no value, the last run lacks
    /// tasks, or a value is not finite.
    #[must_use]
    pub fn new(tasks: usize, values: Vec<f64>) -> Option<Self> {
        let full = tasks > 0 && !values.is_empty() && values.len().is_multiple_of(tasks);
        (full && values.iter().all(|value| value.is_finite())).then_some(Self { tasks, values })
    }

    /// Number of runs.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.values.len() / self.tasks
    }

    /// Number of tasks.
    #[must_use]
    pub fn tasks(&self) -> usize {
        self.tasks
    }

    /// All scores, run by run.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The scores of all runs on one task, by its place; none of them beyond the last task.
    pub fn task(&self, task: usize) -> impl ExactSizeIterator<Item = f64> + Clone {
        let start = if task < self.tasks { task } else { self.values.len() };
        self.values[start..].iter().step_by(self.tasks).copied()
    }

    /// The matrix whose score in each place is that of the picked run on the same task: runs × tasks picks, run by run.
    /// None where their number is another, or there is no such run.
    #[must_use]
    pub fn resampled(&self, picks: &[usize]) -> Option<Self> {
        if picks.len() != self.values.len() {
            return None;
        }
        let score = |(place, &run): (usize, &usize)| {
            (run < self.runs()).then(|| self.values[run * self.tasks + place % self.tasks])
        };
        let values = picks.iter().enumerate().map(score).collect::<Option<_>>()?;
        Some(Self { tasks: self.tasks, values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_matrix() {
        assert_eq!(Scores::new(0, vec![]), None);
        assert_eq!(Scores::new(0, vec![1.0]), None);
        assert_eq!(Scores::new(1, vec![]), None);
        assert_eq!(Scores::new(2, vec![1.0, 2.0, 3.0]), None);
        assert_eq!(Scores::new(1, vec![1.0, f64::NAN]), None);
    }

    #[test]
    fn picks_stay_on_their_task() {
        let scores = Scores::new(2, vec![1.0, 10.0, 2.0, 20.0, 3.0, 30.0]).expect("a matrix");
        assert_eq!((scores.runs(), scores.tasks()), (3, 2));
        assert_eq!(scores.task(1).collect::<Vec<_>>(), [10.0, 20.0, 30.0]);
        assert_eq!(scores.task(2).len(), 0);
        let picked = scores.resampled(&[2, 0, 2, 1, 0, 0]).expect("six picks");
        assert_eq!(picked.values(), [3.0, 10.0, 3.0, 20.0, 1.0, 10.0]);
        assert_eq!(scores.resampled(&[0; 5]), None);
        assert_eq!(scores.resampled(&[0, 0, 0, 0, 0, 3]), None);
    }
}
