//! gobreaker's counters, in total and for each bucket of a rolling window.

/// What gobreaker counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls admitted.
    pub requests: u32,
    /// Those that succeeded.
    pub successes: u32,
    /// Those that failed.
    pub failures: u32,
    /// Those whose outcome was left out.
    pub exclusions: u32,
    /// Successes since the latest failure.
    pub consecutive_successes: u32,
    /// Failures since the latest success.
    pub consecutive_failures: u32,
}

impl Counts {
    fn on_success(&mut self) {
        self.successes = self.successes.saturating_add(1);
        self.consecutive_successes = self.consecutive_successes.saturating_add(1);
        self.consecutive_failures = 0;
    }

    fn on_failure(&mut self) {
        self.failures = self.failures.saturating_add(1);
        self.consecutive_failures = self.consecutive_failures.saturating_add(1);
        self.consecutive_successes = 0;
    }
}

// ANCHOR: RollingCounts
/// Counts in a ring of buckets, and their total.
///
/// A call is counted in the bucket of its admission, and so is its outcome, however late it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RollingCounts {
    total: Counts,
    /// Bucket number `age` lies at `age` modulo their number.
    buckets: Vec<Counts>,
    /// Number of the newest bucket, since the counts were cleared.
    age: u64,
}

impl RollingCounts {
    /// A ring of `buckets`, at least one.
    pub(crate) fn new(buckets: u64) -> Self {
        Self {
            total: Counts::default(),
            buckets: vec![Counts::default(); buckets.max(1) as usize],
            age: 0,
        }
    }

    /// Forgets everything; the next bucket is number 0.
    pub(crate) fn clear(&mut self) {
        self.total = Counts::default();
        self.buckets.fill(Counts::default());
        self.age = 0;
    }

    /// Makes bucket number `age` the newest, and drops those that leave the ring for it.
    pub(crate) fn grow(&mut self, age: u64) {
        let steps = age.saturating_sub(self.age);
        if steps >= self.buckets.len() as u64 {
            self.clear();
            self.age = age;
        }
        while self.age < age {
            self.age += 1;
            self.drop_oldest();
        }
    }

    /// Empties the bucket where the newest is to be.
    fn drop_oldest(&mut self) {
        let index = self.index(self.age);
        let oldest = core::mem::take(&mut self.buckets[index]);
        let others = self.buckets.iter();
        let (successes, failures) = others.fold((0_u32, 0_u32), |(successes, failures), bucket| {
            (
                successes.saturating_add(bucket.successes),
                failures.saturating_add(bucket.failures),
            )
        });
        let total = &mut self.total;
        // A run that began in the oldest bucket and filled all others loses its beginning. Whether
        // a run did is told by its length alone, so one of the same length by chance is cut too.
        shorten(
            &mut total.consecutive_successes,
            oldest.consecutive_successes,
            successes,
        );
        shorten(
            &mut total.consecutive_failures,
            oldest.consecutive_failures,
            failures,
        );
        total.requests = total.requests.saturating_sub(oldest.requests);
        total.successes = total.successes.saturating_sub(oldest.successes);
        total.failures = total.failures.saturating_sub(oldest.failures);
        total.exclusions = total.exclusions.saturating_sub(oldest.exclusions);
    }
    // ANCHOR_END: RollingCounts

    /// Counts a call in the newest bucket.
    pub(crate) fn on_request(&mut self) {
        let index = self.index(self.age);
        for counts in [&mut self.total, &mut self.buckets[index]] {
            counts.requests = counts.requests.saturating_add(1);
        }
    }

    /// Counts a success of a call from bucket number `age`.
    pub(crate) fn on_success(&mut self, age: u64) {
        self.each(age, Counts::on_success);
    }

    /// Counts a failure of a call from bucket number `age`.
    pub(crate) fn on_failure(&mut self, age: u64) {
        self.each(age, Counts::on_failure);
    }

    /// Counts an excluded outcome of a call from bucket number `age`.
    pub(crate) fn on_exclusion(&mut self, age: u64) {
        self.each(age, |counts| {
            counts.exclusions = counts.exclusions.saturating_add(1);
        });
    }

    /// Counts in bucket number `age` and in the total, if that bucket is still there.
    fn each(&mut self, age: u64, count: impl Fn(&mut Counts)) {
        let index = self.index(age);
        let in_ring = self.age.checked_sub(age);
        if in_ring.is_some_and(|back| back < self.buckets.len() as u64) {
            count(&mut self.total);
            count(&mut self.buckets[index]);
        }
    }

    fn index(&self, age: u64) -> usize {
        (age % self.buckets.len() as u64) as usize
    }

    /// The sum of all buckets, but for the runs.
    pub(crate) fn total(&self) -> Counts {
        self.total
    }

    /// The ring.
    pub(crate) fn buckets(&self) -> &[Counts] {
        &self.buckets
    }

    /// Number of the newest bucket.
    pub(crate) fn age(&self) -> u64 {
        self.age
    }
}

/// Takes the `oldest` part off a run that is as long as it and all the `others` together.
fn shorten(run: &mut u32, oldest: u32, others: u32) {
    if *run == oldest.saturating_add(others) {
        *run -= oldest;
    }
}
