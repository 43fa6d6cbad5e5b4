//! Quantities over time, to be drawn: points, rates in windows, and few points out of many.

use core::time::Duration;

use clock::Instant;

/// Points in order of time; between two points the quantity keeps the earlier value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeSeries {
    points: Vec<(Instant, f64)>,
}

/// What a series did within one column of a drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// When the column starts.
    pub from: Instant,
    /// The value as the column starts.
    pub first: f64,
    /// The value as the column ends.
    pub last: f64,
    /// The least value within.
    pub min: f64,
    /// The greatest value within.
    pub max: f64,
}

impl TimeSeries {
    /// A series without points.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a point at the end.
    ///
    /// # Panics
    /// If the point is earlier than the last: a chart of it would run backwards.
    pub fn push(&mut self, at: Instant, value: f64) {
        let last = self.points.last().map_or(Instant::ZERO, |&(last, _)| last);
        assert!(at >= last, "a point at {at} comes after one at {last}");
        self.points.push((at, value));
    }

    /// Adds a point unless the quantity still has this value.
    ///
    /// # Panics
    /// If a point is added that is earlier than the last.
    pub fn push_change(&mut self, at: Instant, value: f64) {
        let unchanged = |&(_, last): &(Instant, f64)| last.total_cmp(&value).is_eq();
        if !self.points.last().is_some_and(unchanged) {
            self.push(at, value);
        }
    }

    /// All points, oldest first.
    #[must_use]
    pub fn points(&self) -> &[(Instant, f64)] {
        &self.points
    }

    /// Number of points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there are no points.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// The value at an instant; none before the first point.
    #[must_use]
    pub fn value_at(&self, at: Instant) -> Option<f64> {
        let after = self.points.partition_point(|&(point, _)| point <= at);
        Some(self.points[after.checked_sub(1)?].1)
    }

    /// The points from `from` up to and including `to`.
    #[must_use]
    pub fn between(&self, from: Instant, to: Instant) -> &[(Instant, f64)] {
        let start = self.points.partition_point(|&(at, _)| at < from);
        let end = self.points.partition_point(|&(at, _)| at <= to);
        &self.points[start..end.max(start)]
    }

    /// Keeps the points up to and including `at`, as stepping back does.
    pub fn truncate_after(&mut self, at: Instant) {
        let kept = self.points.partition_point(|&(point, _)| point <= at);
        self.points.truncate(kept);
    }

    /// The mean over a stretch of time, each value weighed by how long it held; time before the
    /// first point does not count, and a stretch without any value has none.
    #[must_use]
    pub fn time_average(&self, from: Instant, to: Instant) -> Option<f64> {
        let start = from.max(self.points.first()?.0);
        if start >= to {
            return None;
        }
        let (mut since, mut value) = (start, self.value_at(start)?);
        let mut area = 0.0;
        for &(at, next) in self.between(start, to) {
            area += value * at.since(since).as_nanos() as f64;
            (since, value) = (at, next);
        }
        area += value * to.since(since).as_nanos() as f64;
        Some(area / to.since(start).as_nanos() as f64)
    }

    /// The series in `columns` columns of equal width between two instants, for drawing.
    ///
    /// First, last, least and greatest value of each column: with these a line through a million
    /// points looks the same on `columns` pixels as one through all of them (Jugel and others,
    /// "M4", 2014).
    /// Columns before the first point are left out.
    #[must_use]
    pub fn downsample(&self, from: Instant, to: Instant, columns: u32) -> Vec<Column> {
        let width = u128::from(to.as_nanos().saturating_sub(from.as_nanos()));
        let edge = |column: u32| {
            let offset = width * u128::from(column) / u128::from(columns.max(1));
            // The offset is at most `to - from`, so it fits.
            from.plus_nanos(offset as u64)
        };
        let mut rest = &self.points[self.points.partition_point(|&(at, _)| at < from)..];
        let mut value = self.value_before(from);
        let mut drawn = Vec::new();
        for column in 0..columns {
            let (start, end) = (edge(column), edge(column + 1));
            // The last column takes in the instant it ends at; the others leave it to the next.
            let inside = if column + 1 == columns {
                rest.partition_point(|&(at, _)| at <= end)
            } else {
                rest.partition_point(|&(at, _)| at < end)
            };
            let (points, later) = rest.split_at(inside);
            rest = later;
            drawn.extend(Column::over(start, value, points));
            value = points.last().map(|&(_, last)| last).or(value);
        }
        drawn
    }

    /// The value just before an instant.
    fn value_before(&self, at: Instant) -> Option<f64> {
        let first_not_before = self.points.partition_point(|&(point, _)| point < at);
        Some(self.points[first_not_before.checked_sub(1)?].1)
    }
}

impl Column {
    /// The column that starts with `value` (if there is one already) and sees these points.
    fn over(from: Instant, value: Option<f64>, points: &[(Instant, f64)]) -> Option<Self> {
        let first = value.or_else(|| points.first().map(|&(_, value)| value))?;
        let start = Self {
            from,
            first,
            last: first,
            min: first,
            max: first,
        };
        Some(points.iter().fold(start, |column, &(_, value)| Self {
            last: value,
            min: column.min.min(value),
            max: column.max.max(value),
            ..column
        }))
    }
}

/// Counts events in windows that follow each other, and gives each window's rate.
///
/// Windows without events take no memory.
#[derive(Clone, Debug, PartialEq)]
pub struct RateCounter {
    window_nanos: u64,
    /// Number of the window since the origin, and its events; in order of time.
    counts: Vec<(u64, u32)>,
}

impl RateCounter {
    /// Counts in windows of this length.
    ///
    /// # Panics
    /// If the window is empty or longer than 584 years.
    #[must_use]
    pub fn new(window: Duration) -> Self {
        let window_nanos = u64::try_from(window.as_nanos()).unwrap_or(0);
        assert!(
            window_nanos > 0,
            "a window has at least a nanosecond and at most 584 years"
        );
        Self {
            window_nanos,
            counts: Vec::new(),
        }
    }

    /// Counts one event; one that is earlier than the last counts in its own window.
    pub fn record(&mut self, at: Instant) {
        let window = at.as_nanos() / self.window_nanos;
        let place = self.counts.partition_point(|&(other, _)| other < window);
        match self.counts.get_mut(place) {
            Some((other, count)) if *other == window => *count = count.saturating_add(1),
            _ => self.counts.insert(place, (window, 1)),
        }
    }

    /// Events a second in the window that contains an instant.
    ///
    /// While that window runs, the events still to come are missing from it.
    #[must_use]
    pub fn per_second(&self, at: Instant) -> f64 {
        self.rate_of(at.as_nanos() / self.window_nanos)
    }

    /// The rates of all windows that have ended by `now`, as a series with a point at each end.
    #[must_use]
    pub fn series(&self, now: Instant) -> TimeSeries {
        let mut series = TimeSeries::new();
        for window in 0..now.as_nanos() / self.window_nanos {
            let end = Instant::from_nanos((window + 1) * self.window_nanos);
            series.push(end, self.rate_of(window));
        }
        series
    }

    fn rate_of(&self, window: u64) -> f64 {
        let count = self
            .counts
            .binary_search_by_key(&window, |&(other, _)| other);
        let count = count.map_or(0, |place| self.counts[place].1);
        f64::from(count) / Duration::from_nanos(self.window_nanos).as_secs_f64()
    }
}
