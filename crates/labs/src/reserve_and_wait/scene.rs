//! What the reserve-and-wait lab shows at a moment: the bucket, the queue, and the slots it has promised.

use core::time::Duration;

use clock::Instant;

use super::words::{GRANTED, REFUSED, UNUSED};
use super::{ReserveAndWait, TRAVEL, Waiter};
use crate::lab::{Counter, Frame};
use crate::scene::{Align, At, Dot, Mark, NodeKind, Scene, Size, Slot, Span, State, at};
use crate::tape::Tape;

const ROWS: f32 = 19.0;
const CALLERS: At = at(0.08, 4.2);
const BUCKET: At = at(0.5, 4.2);
const SERVICE: At = at(0.92, 4.2);
/// Those who are refused run back along this height.
const RETURN: f32 = 8.0;
/// Middle of the queue, and its places.
const QUEUE: f32 = 11.0;
const PLACES: u32 = 24;
/// Middle of the slots' track.
const SLOTS: f32 = 14.4;
/// The track of the slots shows this much of the past and of the future.
const PAST: Duration = Duration::from_millis(1_500);
const AHEAD: Duration = Duration::from_millis(4_500);

impl ReserveAndWait {
    pub(super) fn show(&self, now: Instant, tape: &Tape) -> Frame {
        Frame {
            scene: Scene {
                rows: ROWS,
                marks: self.marks(now, tape),
            },
            counters: self.counters(now),
            summary: self.summary(now),
        }
    }

    fn counters(&self, now: Instant) -> Vec<Counter> {
        let counter = |label, value, unit, state| Counter {
            label,
            value,
            unit,
            state,
        };
        let tokens = self.bucket.tokens_at(now);
        let waiting = self.present().count() as f64;
        let granted = f64::from(self.fates.granted);
        vec![
            counter("waiting", waiting, "", State::Waiting),
            counter("in the bucket", tokens, "tokens", State::Selected),
            counter("granted", granted, "", State::Served),
            counter("latest wait", self.latest_wait, "s", State::Served),
        ]
    }

    fn summary(&self, now: Instant) -> String {
        let tokens = self.bucket.tokens_at(now);
        let bucket = if tokens < 0.0 {
            format!("the bucket owes {:.1} tokens", -tokens)
        } else {
            format!("the bucket has {tokens:.1} tokens")
        };
        let queue = match self.present().last() {
            Some(last) => format!(
                "{} wait, the last for {:.1} s more",
                self.present().count(),
                last.slot.delay_from(now).as_secs_f64()
            ),
            None => "nobody waits".to_owned(),
        };
        let fates = self.fates;
        format!(
            "At {now}, {queue}, and {bucket}. {} were granted, {} refused for their deadline, {} cancelled; {} slots passed unused.",
            fates.granted, fates.refused, fates.cancelled, fates.unused
        )
    }

    fn marks(&self, now: Instant, tape: &Tape) -> Vec<Mark> {
        let mut marks = self.way(now, tape);
        marks.extend(self.stations(now));
        marks.push(words(at(0.0, QUEUE - 1.4), "waiting, the next one first"));
        marks.push(Mark::Slots {
            at: at(0.0, QUEUE),
            width: 1.0,
            places: PLACES,
            occupants: self
                .waiting
                .iter()
                .map(|waiter| slot(waiter, now))
                .collect(),
            numbered: false,
        });
        marks.push(words(
            at(0.0, SLOTS - 1.8),
            "slots promised; downwards, given up",
        ));
        marks.push(self.slots(now, tape));
        marks.extend(self.trays());
        marks
    }

    /// The pipes with all requests under way.
    fn way(&self, now: Instant, tape: &Tape) -> Vec<Mark> {
        let back = leaving(tape, now, REFUSED, State::Rejected);
        let on = leaving(tape, now, GRANTED, State::Served);
        let pipe = |from, to, dots| Mark::Pipe { from, to, dots };
        vec![
            pipe(CALLERS, BUCKET, self.approaching(now)),
            pipe(BUCKET, SERVICE, on),
            pipe(BUCKET, at(BUCKET.x, RETURN), Vec::new()),
            pipe(at(BUCKET.x, RETURN), at(0.08, RETURN), back),
        ]
    }

    /// Callers, bucket and service.
    fn stations(&self, now: Instant) -> Vec<Mark> {
        let node = |place, kind, caption: &str, label| Mark::Node {
            at: place,
            kind,
            radius: 1.4,
            label,
            caption: caption.into(),
            state: State::Neutral,
        };
        let callers = format!("{}/s", self.params.offered);
        vec![
            node(CALLERS, NodeKind::Client, "callers", callers),
            Mark::Tank {
                at: BUCKET,
                width: 6.6,
                height: 5.4,
                level: self.bucket.tokens_at(now),
                capacity: self.params.burst,
                unit: "tokens",
                state: State::Selected,
            },
            Mark::Text {
                at: at(BUCKET.x, 0.7),
                text: format!("refill {}/s, holds {}", self.params.rate, self.params.burst),
                size: Size::Small,
                align: Align::Centre,
                state: State::Selected,
            },
            node(SERVICE, NodeKind::Server, "service", String::new()),
        ]
    }

    /// Requests on their way to the bucket.
    fn approaching(&self, now: Instant) -> Vec<Dot> {
        let until = now + TRAVEL;
        let mut coming: Vec<Instant> = self
            .sources
            .iter()
            .flat_map(|source| source.coming(until))
            .chain(self.sent.iter().copied().filter(|&sent| sent <= until))
            .collect();
        coming.sort();
        let share = |at: Instant| at.since(now).as_secs_f64() / TRAVEL.as_secs_f64();
        // They will be numbered as they arrive.
        let dots = coming.into_iter().zip(self.requests + 1..);
        dots.map(|(at, request)| dot(1.0 - share(at), State::Neutral, request))
            .collect()
    }

    /// The slots: past ones from the log, those to come from the queue. Used ones point up, wasted ones down.
    fn slots(&self, now: Instant, tape: &Tape) -> Mark {
        let from = now - PAST;
        let to = from + PAST + AHEAD;
        let tick = |at: Instant, state: State| Span {
            from: at,
            to: at,
            state,
            height: if state == State::TimedOut { -0.8 } else { 0.8 },
            subject: None,
        };
        let mut spans = Vec::new();
        for event in since(tape, from) {
            match event.kind {
                GRANTED => spans.push(tick(event.at, State::Served)),
                UNUSED => spans.push(tick(event.at, State::TimedOut)),
                _ => {}
            }
        }
        let promised = self
            .waiting
            .iter()
            .map(|waiter| tick(waiter.slot.time_to_act(), fate(waiter)));
        spans.extend(promised.take_while(|span| span.from <= to));
        Mark::Track {
            at: at(0.0, SLOTS),
            width: 1.0,
            height: 1.6,
            from,
            to,
            now,
            spans,
            labelled: true,
        }
    }

    fn trays(&self) -> Vec<Mark> {
        let fates = self.fates;
        let tray = |x, y, count: u32, label, state| Mark::Tray {
            at: at(x, y),
            count: u64::from(count),
            label,
            state,
        };
        vec![
            tray(0.0, 17.2, fates.granted, "granted", State::Served),
            tray(0.5, 17.2, fates.refused, "refused", State::Rejected),
            tray(0.0, 18.4, fates.cancelled, "cancelled", State::TimedOut),
            tray(0.5, 18.4, fates.unused, "slots unused", State::TimedOut),
        ]
    }
}

/// A waiter as it stands in the queue: a pie of the time it has left, or a hollow place.
fn slot(waiter: &Waiter, now: Instant) -> Slot {
    let whole = waiter.slot.delay_from(waiter.arrived).as_secs_f64();
    let left = waiter.slot.delay_from(now).as_secs_f64();
    let share = if whole > 0.0 { left / whole } else { 0.0 };
    Slot {
        state: fate(waiter),
        left: if waiter.gone { 1.0 } else { share as f32 },
        subject: waiter.request,
    }
}

fn fate(waiter: &Waiter) -> State {
    if waiter.gone {
        State::TimedOut
    } else {
        State::Waiting
    }
}

/// Requests that had this verdict a moment ago and are still in sight.
fn leaving(tape: &Tape, now: Instant, kind: u16, state: State) -> Vec<Dot> {
    since(tape, now - TRAVEL)
        .iter()
        .filter(|event| event.kind == kind)
        .map(|event| {
            let progress = now.since(event.at).as_secs_f64() / TRAVEL.as_secs_f64();
            dot(progress, state, event.subject)
        })
        .collect()
}

/// The entries of the log from an instant on.
fn since(tape: &Tape, from: Instant) -> &[sim::Event] {
    let events = tape.events();
    &events[events.partition_point(|event| event.at < from)..]
}

fn dot(progress: f64, state: State, subject: u32) -> Dot {
    Dot {
        progress: progress as f32,
        state,
        subject,
    }
}

fn words(place: At, text: &str) -> Mark {
    Mark::Text {
        at: place,
        text: text.into(),
        size: Size::Small,
        align: Align::Left,
        state: State::Muted,
    }
}
