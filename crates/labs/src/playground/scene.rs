//! What the playground shows at a moment: what arrives or was recorded, what the limiter makes of it, and where the two differ.

use core::time::Duration;

use clock::Instant;

use super::settings::Pattern;
use super::words::{ADMITS, DIFFERS, DIFFERS_AGAIN, LEAVES, REJECTS};
use super::{APPROACH, Playground};
use crate::bars::{Axis, BARS, Bars, bars, tick};
use crate::lab::{Counter, Frame};
use crate::limiters::{Gauge, LEAKY};
use crate::scene::{Align, Mark, Scene, Size, Span, State, at};
use crate::tape::Tape;

const ROWS: f32 = 11.7;
/// The lines of words, and the middles of the tracks below them.
const GIVEN_WORDS: f32 = 0.7;
const GIVEN: f32 = 2.4;
const MODEL_WORDS: f32 = 4.9;
const GAUGE: f32 = 5.6;
const MODEL: f32 = 7.1;
const DIFFERENCES_WORDS: f32 = 9.3;
const DIFFERENCES: f32 = 10.5;
/// Tracks fill the figure up to here; the counts stand beside them.
const TRACK: f32 = 0.6;
const COUNTS: f32 = 0.64;
/// Height of a track.
const HEIGHT: f32 = 2.0;
/// Middle and height of the model's track where there is no recording to differ from, and so more room.
const ALONE: f32 = 8.6;
const TALL: f32 = 5.0;
/// Letters of a key's name that are shown.
const KEY: usize = 10;
/// The past shown.
const PAST: Duration = Duration::from_secs(4);

/// All requests on the tracks, counted.
struct Seen {
    /// What arrives; what was admitted there if it is a recording.
    given: Bars,
    /// What was rejected in the recording.
    refused: Bars,
    passed: Bars,
    rejected: Bars,
    differing: Bars,
}

impl Playground {
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

    /// Whether admitted requests wait for their turn.
    fn queues(&self) -> bool {
        self.params.algorithm == LEAKY
    }

    fn waiting(&self) -> u32 {
        self.counts.admitted - self.counts.passed
    }

    fn counters(&self) -> Vec<Counter> {
        let counter = |label, value: f64, unit, state| Counter {
            label,
            value,
            unit,
            state,
        };
        let counts = &self.counts;
        let mut counters = vec![
            counter("arrived", counts.arrived.into(), "", State::Neutral),
            counter("admitted", counts.admitted.into(), "", State::Served),
            counter("rejected", counts.rejected.into(), "", State::Rejected),
        ];
        if self.queues() {
            counters.push(counter(
                "waiting",
                self.waiting().into(),
                "",
                State::Waiting,
            ));
        }
        if self.params.recording().is_some() {
            let differing = f64::from(counts.differing);
            counters.push(counter("decided differently", differing, "", State::Moved));
        }
        if self.scale > 1 {
            let scale = self.scale as f64;
            counters.push(counter("1 s here is", scale, "s in the file", State::Muted));
        }
        counters
    }

    fn summary(&self, now: Instant) -> String {
        if self.params.pattern == Pattern::Data && self.params.data.is_none() {
            return "No data has been given yet, so nothing arrives.".into();
        }
        let counts = &self.counts;
        let (who, gauge) = (self.params.words(), self.gauge(now).words);
        let mut words = format!(
            "At {now}, of {} requests, the {who}, has admitted {} and rejected {}; {gauge}.",
            counts.arrived, counts.admitted, counts.rejected,
        );
        if self.params.recording().is_some() {
            words += &format!(
                " {} were decided differently in the recording.",
                counts.differing
            );
        }
        if self.scale > 1 {
            words += &format!(" 1 s here is {} s in the file.", self.scale);
        }
        words
    }

    /// How full the limiter with the least room is.
    fn gauge(&self, now: Instant) -> Gauge {
        let at = self.in_file(now).max(self.asked);
        let (index, _) = self.scarcest(at);
        let mut gauge = self.limiters[index].gauge(at, &self.params.limiter());
        if let Some(file) = self.params.file().filter(|_| self.params.each) {
            // The beginning of a long name must do: on a phone there is room for no more.
            let key: String = file.keys[index].chars().take(KEY).collect();
            gauge.words = format!("{key}: {}", gauge.words);
        }
        gauge
    }

    fn marks(&self, now: Instant, tape: &Tape) -> Vec<Mark> {
        let axis = Axis::new(now, PAST, APPROACH);
        let seen = self.count(&axis, tape);
        let most = most(&[&seen.given, &seen.refused, &seen.passed, &seen.rejected]);
        let mut marks = self.words(now);
        let recording = self.params.recording().is_some();
        let mut given = Vec::new();
        if recording {
            bars(&axis, &seen.given, most, State::Served, 1.0, &mut given);
            bars(
                &axis,
                &seen.refused,
                most,
                State::Rejected,
                -1.0,
                &mut given,
            );
        } else {
            bars(&axis, &seen.given, most, State::Neutral, 1.0, &mut given);
        }
        marks.push(track(GIVEN, HEIGHT, &axis, now, given));
        let mut model = Vec::new();
        bars(&axis, &seen.passed, most, State::Served, 1.0, &mut model);
        bars(
            &axis,
            &seen.rejected,
            most,
            State::Rejected,
            -1.0,
            &mut model,
        );
        model.push(tick(now, State::Selected));
        // The present is a tick here: its knob would cover the gauge above.
        let (middle, height) = self.model();
        marks.push(track(middle, height, &axis, Instant::MAX, model));
        if recording {
            let mut spans = Vec::new();
            bars(
                &axis,
                &seen.differing,
                self::most(&[&seen.differing]),
                State::Moved,
                1.0,
                &mut spans,
            );
            marks.push(track(DIFFERENCES, 1.0, &axis, Instant::MAX, spans));
        }
        self.trays(&mut marks);
        marks
    }

    /// Middle and height of the model's track.
    fn model(&self) -> (f32, f32) {
        if self.params.recording().is_some() {
            (MODEL, HEIGHT)
        } else {
            (ALONE, TALL)
        }
    }

    /// Counts what the tracks show: what has happened from the log, and what is on its way.
    fn count(&self, axis: &Axis, tape: &Tape) -> Seen {
        let mut seen = Seen {
            given: [0; BARS],
            refused: [0; BARS],
            passed: [0; BARS],
            rejected: [0; BARS],
            differing: [0; BARS],
        };
        let recording = self.params.recording();
        let events = tape.events();
        let first = events.partition_point(|event| event.at < axis.from);
        for event in &events[first..] {
            let bar = axis.bar(event.at);
            if event.kind >= ADMITS {
                seen.given[bar] += u32::from(recording.is_none());
                seen.rejected[bar] += u32::from(event.kind >= REJECTS);
                seen.passed[bar] += u32::from(event.kind < REJECTS && !self.queues());
            } else if matches!(event.kind, DIFFERS | DIFFERS_AGAIN) {
                seen.differing[bar] += 1;
            } else if event.kind == LEAVES {
                seen.passed[bar] += 1;
            }
        }
        if let Some(file) = recording {
            let from = file
                .arrivals
                .partition_point(|arrival| self.in_lab(arrival.at) < axis.from);
            for arrival in &file.arrivals[from..] {
                let at = self.in_lab(arrival.at);
                if at >= axis.to {
                    break;
                }
                let track = if arrival.admitted {
                    &mut seen.given
                } else {
                    &mut seen.refused
                };
                track[axis.bar(at)] += 1;
            }
        } else {
            self.coming(axis, &mut seen.given);
        }
        seen
    }

    /// What is on its way; made-up arrivals are not kept but drawn again from where they stand.
    fn coming(&self, axis: &Axis, given: &mut Bars) {
        let mut count = |at: Instant| {
            let near = at < axis.to;
            if near {
                given[axis.bar(at)] += 1;
            }
            near
        };
        if let Some(file) = self.params.file() {
            for arrival in &file.arrivals[self.given..] {
                if !count(self.in_lab(arrival.at)) {
                    break;
                }
            }
        } else {
            let (mut next, mut pattern) = (self.next, self.pattern.clone());
            while next.is_some_and(&mut count) {
                next = pattern.next();
            }
        }
        for &sent in self.sent.iter() {
            count(self.in_lab(sent));
        }
    }

    /// What the tracks are, and how the limiter stands.
    fn words(&self, now: Instant) -> Vec<Mark> {
        let given = match (self.params.pattern, self.params.file()) {
            (Pattern::Data, None) => "no data yet: give this lab a CSV or a trace".into(),
            (_, Some(file)) if file.recorded && file.decided_by.is_empty() => "recorded".into(),
            (_, Some(file)) if file.recorded => format!("recorded: {}", file.decided_by),
            (_, Some(_)) => "your arrivals".into(),
            (_, None) => "arrivals".into(),
        };
        let Gauge {
            share,
            words,
            state,
        } = self.gauge(now);
        let mut marks = vec![
            heading(GIVEN_WORDS, given),
            heading(MODEL_WORDS, self.params.words()),
            remark(COUNTS, GAUGE, Align::Left, words),
            Mark::Bar {
                at: at(0.0, GAUGE),
                width: TRACK,
                share: share as f32,
                state,
            },
        ];
        let recording = self.params.recording().is_some();
        if recording {
            marks.push(heading(DIFFERENCES_WORDS, "decided differently".into()));
        }
        if self.scale > 1 {
            let y = if recording {
                DIFFERENCES_WORDS
            } else {
                GIVEN_WORDS
            };
            let scale = format!("1 s here is {} s in the file", self.scale);
            marks.push(remark(1.0, y, Align::Right, scale));
        }
        marks
    }

    /// Where requests end up.
    fn trays(&self, marks: &mut Vec<Mark>) {
        let mut tray = |y, count: u32, label, state| {
            marks.push(Mark::Tray {
                at: at(COUNTS, y),
                count: count.into(),
                label,
                state,
            });
        };
        let counts = &self.counts;
        match self.params.recording() {
            Some(_) => {
                let admitted = counts.recorded;
                tray(GIVEN - 0.5, admitted, "admitted", State::Served);
                tray(
                    GIVEN + 0.5,
                    self.given as u32 - admitted,
                    "rejected",
                    State::Rejected,
                );
                tray(DIFFERENCES, counts.differing, "", State::Moved);
            }
            None => tray(GIVEN, counts.arrived, "arrived", State::Neutral),
        }
        let (model, _) = self.model();
        tray(model - 0.5, counts.passed, "passed on", State::Served);
        tray(model + 0.5, counts.rejected, "rejected", State::Rejected);
        if self.queues() {
            tray(model + 1.5, self.waiting(), "waiting", State::Waiting);
        }
    }
}

/// The most that any bar counts, at least 1.
fn most(all: &[&Bars]) -> u32 {
    let mut most = 1;
    for bars in all {
        for &count in bars.iter() {
            most = most.max(count);
        }
    }
    most
}

/// Words at the left.
fn heading(y: f32, text: String) -> Mark {
    Mark::Text {
        at: at(0.0, y),
        text,
        size: Size::Body,
        align: Align::Left,
        state: State::Neutral,
    }
}

/// Small words.
fn remark(x: f32, y: f32, align: Align, text: String) -> Mark {
    Mark::Text {
        at: at(x, y),
        text,
        size: Size::Small,
        align,
        state: State::Muted,
    }
}

/// A track; the one with the present on it also has its ends labelled.
fn track(y: f32, height: f32, axis: &Axis, now: Instant, spans: Vec<Span>) -> Mark {
    Mark::Track {
        at: at(0.0, y),
        width: TRACK,
        height,
        from: axis.from,
        to: axis.to,
        now,
        spans,
        labelled: now <= axis.to,
    }
}
