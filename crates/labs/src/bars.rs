//! Requests on a stretch of time that moves with the present: single ones as ticks, many as bars.

use core::time::Duration;

use clock::Instant;

use crate::scene::{Span, State};

/// Requests within one stretch of a track are drawn as one bar; so many stretches a track.
const STRETCHES: usize = 115;
/// Bars on a track at most: two more, as the track need not begin and end with whole ones.
pub(crate) const BARS: usize = STRETCHES + 2;
/// A single request among many is still this high.
const LEAST: f64 = 0.25;

/// The stretch of time the tracks show.
#[derive(Clone, Copy)]
pub(crate) struct Axis {
    pub(crate) from: Instant,
    pub(crate) to: Instant,
    /// Length of a bar's stretch in nanoseconds; bars begin at its multiples, so that they keep their content as time goes by.
    bin: u64,
}

impl Axis {
    /// The `past` before `now`, and `ahead` of it.
    pub(crate) fn new(now: Instant, past: Duration, ahead: Duration) -> Self {
        let from = now - past;
        let to = from + past + ahead;
        let bin = to.since(from).as_nanos() as u64 / STRETCHES as u64;
        Self { from, to, bin }
    }

    /// Which bar an instant belongs to.
    pub(crate) fn bar(&self, at: Instant) -> usize {
        let first = self.from.as_nanos() / self.bin;
        let bar = (at.as_nanos() / self.bin).saturating_sub(first) as usize;
        bar.min(BARS - 1)
    }

    /// The stretch of bar number `index`.
    fn stretch(&self, index: usize) -> (Instant, Instant) {
        let first = self.from.as_nanos() / self.bin;
        let start = (first + index as u64) * self.bin;
        let end = Instant::from_nanos(start + self.bin);
        (Instant::from_nanos(start).max(self.from), end.min(self.to))
    }
}

/// Requests in each bar.
pub(crate) type Bars = [u32; BARS];

/// One bar for each stretch with requests in it; `reach` is the height of the fullest, upwards or downwards.
///
/// The height grows with the root of the count: bursts stand out, and single requests do not vanish beside them.
pub(crate) fn bars(
    axis: &Axis,
    counts: &Bars,
    most: u32,
    state: State,
    reach: f32,
    spans: &mut Vec<Span>,
) {
    for (index, &count) in counts.iter().enumerate().filter(|&(_, &count)| count > 0) {
        let (from, to) = axis.stretch(index);
        if from >= to {
            continue;
        }
        let share = (f64::from(count) / f64::from(most)).sqrt().max(LEAST);
        spans.push(Span {
            from,
            to,
            state,
            height: reach * share as f32,
            subject: None,
        });
    }
}

/// A line across a track.
pub(crate) fn tick(at: Instant, state: State) -> Span {
    Span {
        from: at,
        to: at,
        state,
        height: 0.0,
        subject: None,
    }
}
