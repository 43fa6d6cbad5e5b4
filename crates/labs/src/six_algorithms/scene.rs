//! What the six-algorithms lab shows at a moment: one lane for each limiter, all on the time axis of the arrivals.

use core::time::Duration;

use clock::Instant;

use super::words::{ARRIVAL, REJECTS};
use super::{APPROACH, LANES, Lane, SixAlgorithms};
use crate::bars::{Axis, BARS, Bars, bars, tick};
use crate::lab::{Counter, Frame};
use crate::limiters::{FIXED_WINDOW, NAMES, SLIDING_LOG};
use crate::scene::{Align, Mark, Scene, Size, Span, State, at};
use crate::tape::Tape;

const ROWS: f32 = 23.6;
/// Middle of the arrivals' track.
const ARRIVALS: f32 = 2.0;
/// First line of the first lane, and the distance of two lanes.
const FIRST: f32 = 4.4;
const APART: f32 = 3.2;
/// Tracks and gauges fill the figure up to here; the counts stand beside them.
const TRACK: f32 = 0.7;
const COUNTS: f32 = 0.74;
/// Height of a track.
const HEIGHT: f32 = 1.5;
/// The past shown, at least; if windows are longer, one of them and a second more, so that an edge is always in sight.
const PAST: Duration = Duration::from_secs(4);

/// All requests on the tracks, counted.
struct Counts {
    arrived: Bars,
    passed: [Bars; LANES],
    rejected: [Bars; LANES],
}

impl SixAlgorithms {
    pub(super) fn show(&self, now: Instant, tape: &Tape) -> Frame {
        Frame {
            scene: Scene {
                rows: ROWS,
                marks: self.marks(now, tape),
            },
            counters: self.counters(),
            summary: self.summary(now),
        }
    }

    fn counters(&self) -> Vec<Counter> {
        let counter = |label, value: u32, unit, state| Counter {
            label,
            value: f64::from(value),
            unit,
            state,
        };
        let [fixed, log] = [FIXED_WINDOW, SLIDING_LOG].map(|index| &self.lanes[index]);
        vec![
            counter("arrived", self.requests, "", State::Neutral),
            counter(
                "limit in a window",
                self.params.allowance(),
                "",
                State::Muted,
            ),
            counter("fixed window, most", fixed.peak, "", self.fate(fixed)),
            counter("sliding log, most", log.peak, "", self.fate(log)),
            counter("sliding log", log.limiter.stored(), "B", State::Neutral),
        ]
    }

    /// Whether a lane has kept to the limit so far.
    fn fate(&self, lane: &Lane) -> State {
        if lane.peak > self.params.allowance() {
            State::Rejected
        } else {
            State::Served
        }
    }

    fn summary(&self, now: Instant) -> String {
        let (allowed, window) = (self.params.allowance(), self.params.window);
        let (arrived, log) = (self.requests, &self.lanes[SLIDING_LOG].limiter);
        // The first of equals: lanes are few, and a later one is named only if it is worse.
        let worst = (1..LANES).fold(0, |worst, index| {
            if self.lanes[index].peak > self.lanes[worst].peak {
                index
            } else {
                worst
            }
        });
        let peak = self.lanes[worst].peak;
        let verdict = if peak > allowed {
            let (name, log) = (NAMES[worst], self.lanes[SLIDING_LOG].peak);
            format!(
                "the {name} has passed the most within any {window} s, {peak} where the limit is {allowed}; the sliding log {log}"
            )
        } else {
            format!("none has passed more than the limit of {allowed} within any {window} s")
        };
        format!(
            "At {now}, of {arrived} requests, {verdict}. The sliding log remembers {} requests in {} bytes.",
            log.stored() / 8,
            log.stored()
        )
    }

    fn marks(&self, now: Instant, tape: &Tape) -> Vec<Mark> {
        let axis = self.axis(now);
        let counts = self.count(&axis, tape);
        let most = counts.arrived.iter().copied().max().unwrap_or(0).max(1);
        let mut marks = self.heading();
        let mut arrived = Vec::new();
        bars(
            &axis,
            &counts.arrived,
            most,
            State::Neutral,
            1.0,
            &mut arrived,
        );
        marks.push(track(ARRIVALS, &axis, now, arrived));
        for (index, lane) in self.lanes.iter().enumerate() {
            let y = FIRST + APART * index as f32;
            self.lane_words(now, index, y, &mut marks);
            let mut spans = Vec::new();
            if index == FIXED_WINDOW {
                self.edges(&axis, &mut spans);
            }
            let (passed, rejected) = (&counts.passed[index], &counts.rejected[index]);
            bars(&axis, passed, most, State::Served, 1.0, &mut spans);
            bars(&axis, rejected, most, State::Rejected, -1.0, &mut spans);
            spans.push(tick(now, State::Selected));
            // The present is a tick here: its knob would cover the gauge above.
            marks.push(track(y + 1.6, &axis, Instant::MAX, spans));
            let tray = |y, count: u32, state| Mark::Tray {
                at: at(COUNTS, y),
                count: u64::from(count),
                label: "",
                state,
            };
            marks.push(tray(y + 1.2, lane.passed, State::Served));
            marks.push(tray(y + 2.1, lane.rejected, State::Rejected));
        }
        marks
    }

    /// The stretch of time the tracks show.
    fn axis(&self, now: Instant) -> Axis {
        let past = PAST.max(self.params.window() + Duration::from_secs(1));
        Axis::new(now, past, APPROACH)
    }

    /// The line above everything.
    fn heading(&self) -> Vec<Mark> {
        let (allowed, window) = (self.params.allowance(), self.params.window);
        let text = |x, y, text: String, align, state| Mark::Text {
            at: at(x, y),
            text,
            size: Size::Small,
            align,
            state,
        };
        vec![
            text(
                0.0,
                0.7,
                "arrivals at all six".into(),
                Align::Left,
                State::Neutral,
            ),
            text(
                1.0,
                0.7,
                format!("most in any {window} s"),
                Align::Right,
                State::Neutral,
            ),
            text(
                1.0,
                1.7,
                format!("limit {}", short(allowed)),
                Align::Right,
                State::Muted,
            ),
        ]
    }

    /// Name, state and record of a lane, and its gauge.
    fn lane_words(&self, now: Instant, index: usize, y: f32, marks: &mut Vec<Mark>) {
        let lane = &self.lanes[index];
        let gauge = lane.limiter.gauge(now, &self.params.limiter());
        let text = |x, text: String, size, align, state| Mark::Text {
            at: at(x, y),
            text,
            size,
            align,
            state,
        };
        let stored = bytes(lane.limiter.stored());
        let state = format!("{} · {stored}", gauge.words);
        let (body, small) = (Size::Body, Size::Small);
        marks.push(text(
            0.0,
            NAMES[index].into(),
            body,
            Align::Left,
            State::Neutral,
        ));
        marks.push(text(TRACK, state, small, Align::Right, State::Muted));
        marks.push(text(
            1.0,
            short(lane.peak),
            body,
            Align::Right,
            self.fate(lane),
        ));
        marks.push(Mark::Bar {
            at: at(0.0, y + 0.62),
            width: TRACK,
            share: gauge.share as f32,
            state: gauge.state,
        });
    }

    /// Counts what the tracks show: what has happened from the log, and what is on its way.
    fn count(&self, axis: &Axis, tape: &Tape) -> Counts {
        let mut counts = Counts {
            arrived: [0; BARS],
            passed: [[0; BARS]; LANES],
            rejected: [[0; BARS]; LANES],
        };
        let events = tape.events();
        let first = events.partition_point(|event| event.at < axis.from);
        for event in &events[first..] {
            let bar = axis.bar(event.at);
            if event.kind == ARRIVAL {
                counts.arrived[bar] += 1;
            } else if let Some(index) = self.passing(event.kind) {
                counts.passed[index][bar] += 1;
            } else if let Some(index) = rejecting(event.kind) {
                counts.rejected[index][bar] += 1;
            }
        }
        // The pattern's future is not kept but drawn again from where it stands.
        let pattern = self.next.into_iter().chain(self.pattern.clone());
        let coming = pattern.take_while(|&arrival| arrival < axis.to);
        for arrival in coming.chain(self.sent.iter().copied().filter(|&sent| sent < axis.to)) {
            counts.arrived[axis.bar(arrival)] += 1;
        }
        counts
    }

    /// Where one window ends and the next begins.
    fn edges(&self, axis: &Axis, spans: &mut Vec<Span>) {
        let window = self.params.window().as_nanos() as u64;
        let first = axis.from.as_nanos().div_ceil(window);
        let last = axis.to.as_nanos() / window;
        let edge = |index| Instant::from_nanos(index * window);
        spans.extend((first..=last).map(|index| tick(edge(index), State::Muted)));
    }
}

/// The lane that rejects a request with an entry of this kind.
fn rejecting(kind: u16) -> Option<usize> {
    let index = usize::from(kind.checked_sub(REJECTS)?);
    (index < LANES).then_some(index)
}

/// A track; the one with the present on it also has its ends labelled.
fn track(y: f32, axis: &Axis, now: Instant, spans: Vec<Span>) -> Mark {
    Mark::Track {
        at: at(0.0, y),
        width: TRACK,
        height: HEIGHT,
        from: axis.from,
        to: axis.to,
        now,
        spans,
        labelled: now <= axis.to,
    }
}

/// A count, with thousands as `k` when there are many: `950`, `12k`.
fn short(count: u32) -> String {
    if count >= 10_000 {
        format!("{}k", count / 1_000)
    } else {
        count.to_string()
    }
}

/// `80 B`, `4.0 kB`, `40 kB`.
fn bytes(count: u32) -> String {
    let thousands = f64::from(count) / 1_000.0;
    match count {
        0..1_000 => format!("{count} B"),
        1_000..10_000 => format!("{thousands:.1} kB"),
        _ => format!("{thousands:.0} kB"),
    }
}
