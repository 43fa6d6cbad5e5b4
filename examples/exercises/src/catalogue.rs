//! The list of all exercises.

/// One exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exercise {
    /// Its name, which is also its folder in this package; its program is called `exercise-` and this.
    pub name: &'static str,
    /// What is to be written, in a few words.
    pub title: &'static str,
    /// The page of the book it belongs to, below `src` and without `.md`, if there is one yet.
    pub page: Option<&'static str>,
}

/// All exercises, in the order of the book.
pub const EXERCISES: [Exercise; 3] = [
    Exercise {
        name: "token-bucket",
        title: "a token bucket that also takes reservations",
        page: Some("scalability/rate-limiting"),
    },
    Exercise {
        name: "work-stealing",
        title: "the run queues of a scheduler with two workers that steal from each other",
        page: Some("concurrency/scheduler"),
    },
    Exercise {
        name: "circuit-breaker",
        title: "a circuit breaker with a rolling window",
        page: Some("scalability/circuit-breaking"),
    },
];

/// The exercise of this name.
#[must_use]
pub fn find(name: &str) -> Option<Exercise> {
    EXERCISES.into_iter().find(|exercise| exercise.name == name)
}
