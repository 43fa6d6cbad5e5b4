//! What the distributed-limiter lab shows at a moment: callers, instances, and the store behind them.

use clock::Instant;

use super::settings::Kind;
use super::store::{Ask, Leg};
use super::{ASKS, DistributedLimiter, TRAVEL};
use crate::lab::{Counter, Frame};
use crate::scene::{Align, At, Dot, Mark, NodeKind, Scene, Size, State, at};

const ROWS: f32 = 19.4;
/// Instances stand below each other within this band, and no further apart than that.
const TOP: f32 = 1.9;
const BAND: f32 = 14.2;
const APART: f32 = 3.6;
const CALLERS: At = at(0.08, TOP + BAND / 2.0);
const INSTANCES: f32 = 0.47;
const STORE: At = at(0.91, TOP + BAND / 2.0);
/// More instances than this are drawn smaller.
const ROOMY: usize = 4;
/// Lanes for requests and for verdicts run this far above and below the line between customer and instance.
const LANE: f32 = 0.4;
/// Pipes enter the customer and the store side by side within this height, so that each ends at the edge of the shape.
const DOOR: f32 = 2.0;
const VERDICT: f32 = 17.0;
const TRAYS: f32 = 18.6;

impl DistributedLimiter {
    pub(super) fn show(&self, now: Instant) -> Frame {
        Frame {
            scene: Scene {
                rows: ROWS,
                marks: self.marks(now),
            },
            counters: self.counters(),
            summary: self.summary(now),
        }
    }

    fn counters(&self) -> Vec<Counter> {
        let counter = |label, value, unit, state| Counter {
            label,
            value,
            unit,
            state,
        };
        let measure = &self.measure;
        let excess = measure.excess() as f64;
        let asks = measure.window.per_second(ASKS);
        let fallback = f64::from(measure.fallback);
        vec![
            counter("over-admitted", excess.max(0.0), "", State::Retried),
            counter("under-admitted", (-excess).max(0.0), "", State::Rejected),
            counter("mean wait", measure.mean_wait(), "ms", State::Waiting),
            counter("p99 wait", measure.p99_wait(), "ms", State::Waiting),
            counter("round trips", asks, "/s", State::Selected),
            counter("without an answer", fallback, "", State::TimedOut),
        ]
    }

    fn summary(&self, now: Instant) -> String {
        let measure = &self.measure;
        let percent = measure.excess_percent();
        let verdict = match measure.excess() {
            0 => "exactly as many".to_owned(),
            excess if excess > 0 => format!("{excess} ({percent:.1} %) more"),
            excess => format!("{} ({:.1} %) fewer", -excess, -percent),
        };
        format!(
            "At {now}, {} requests admitted and {} rejected, {verdict} admitted than by one ideal bucket ({}). \
             Decisions took {:.1} ms on average, 99 of 100 at most {:.1} ms; {} were taken without an answer of the store.",
            measure.admitted,
            measure.rejected,
            measure.ideal,
            measure.mean_wait(),
            measure.p99_wait(),
            measure.fallback,
        )
    }

    fn marks(&self, now: Instant) -> Vec<Mark> {
        let count = self.instances.len();
        let mut marks = Vec::new();
        for index in 0..count {
            self.front(now, index, &mut marks);
            if self.params.asks() {
                marks.push(self.back(now, index));
            }
        }
        let offered = format!("{}/s", self.params.offered);
        marks.push(Mark::Node {
            at: CALLERS,
            kind: NodeKind::Client,
            radius: 1.6,
            label: offered,
            caption: "customer".to_owned(),
            state: State::Neutral,
        });
        for index in 0..count {
            marks.push(self.instance(now, index));
        }
        marks.push(self.store(now));
        marks.push(self.verdict());
        marks.push(words(
            at(0.0, 0.6),
            Align::Left,
            self.rule(),
            State::Selected,
        ));
        // What the numbers in the instances count.
        let unit = if self.params.kind == Kind::Store {
            "asking"
        } else {
            "tokens"
        };
        let above = at(INSTANCES, self.place(0).y - 1.65);
        marks.push(words(above, Align::Centre, unit.to_owned(), State::Muted));
        let (admitted, rejected) = (self.measure.admitted, self.measure.rejected);
        let ideal = self.measure.ideal;
        marks.push(tray(0.0, VERDICT, ideal, "ideal bucket", State::Muted));
        marks.push(tray(0.0, TRAYS, admitted, "admitted", State::Served));
        marks.push(tray(0.5, TRAYS, rejected, "rejected", State::Rejected));
        marks
    }

    /// Who counts, and how.
    fn rule(&self) -> String {
        let (limit, burst) = (self.params.limit, self.params.burst);
        let share = limit / self.params.instances;
        match self.params.kind {
            Kind::Share => format!("allowed {limit}/s; each instance lets {share:.0}/s through"),
            Kind::Whole => format!("allowed {limit}/s; each instance lets {limit}/s through"),
            Kind::Store => format!("allowed {limit}/s, burst {burst}; the store decides"),
            Kind::Batches => format!(
                "allowed {limit}/s, burst {burst}; {} tokens at a time",
                self.params.batch()
            ),
        }
    }

    /// The middle of an instance.
    fn place(&self, index: usize) -> At {
        let count = self.instances.len() as f32;
        let apart = (BAND / count).min(APART);
        at(INSTANCES, CALLERS.y + self.offset(index) * apart)
    }

    /// How many places an instance stands below the middle one.
    fn offset(&self, index: usize) -> f32 {
        index as f32 - (self.instances.len() as f32 - 1.0) / 2.0
    }

    /// Where the pipe of an instance enters the customer or the store.
    fn door(&self, index: usize, shape: At) -> At {
        let apart = DOOR / self.instances.len() as f32;
        at(shape.x, shape.y + self.offset(index) * apart)
    }

    /// Between the callers and an instance: one lane for requests, one for verdicts.
    fn front(&self, now: Instant, index: usize, marks: &mut Vec<Mark>) {
        let (place, travel) = (self.place(index), TRAVEL.as_secs_f64());
        let callers = self.door(index, CALLERS);
        for (queue, ahead, from, to, aside) in [
            (&self.approaching, travel, callers, place, -LANE),
            (&self.decided, 0.0, place, callers, LANE),
        ] {
            let mut dots = Vec::new();
            for sight in queue.iter() {
                let since = now.as_secs_f64() - sight.at.as_secs_f64();
                let gone = (since + ahead) / travel;
                if sight.instance == index && (0.0..1.0).contains(&gone) {
                    dots.push(dot(gone, sight.state, sight.request));
                }
            }
            marks.push(Mark::Pipe {
                from: at(from.x, from.y + aside),
                to: at(to.x, to.y + aside),
                dots,
            });
        }
    }

    /// Between an instance and the store: asks and answers.
    fn back(&self, now: Instant, index: usize) -> Mark {
        let mut dots = Vec::new();
        for ask in &self.pending {
            if ask.instance == index {
                dots.push(message(now, ask));
            }
        }
        Mark::Pipe {
            from: self.place(index),
            to: self.door(index, STORE),
            dots,
        }
    }

    fn instance(&self, now: Instant, index: usize) -> Mark {
        let instance = &self.instances[index];
        let waiting = self.pending.iter().filter(|ask| ask.instance == index);
        let (label, state) = match self.params.kind {
            _ if !instance.alive => ("dead".to_owned(), State::TimedOut),
            _ if self.params.asks() && self.cut_off(index) => {
                ("cut off".to_owned(), State::TimedOut)
            }
            // Cut, not rounded: only whole ones let anybody through.
            Kind::Share | Kind::Whole => {
                let tokens = instance.bucket.tokens_at(now) as u32;
                (tokens.to_string(), State::Neutral)
            }
            Kind::Store => (waiting.count().to_string(), State::Neutral),
            Kind::Batches => (instance.stock.to_string(), State::Neutral),
        };
        Mark::Node {
            at: self.place(index),
            kind: NodeKind::Server,
            radius: if self.instances.len() > ROOMY {
                0.65
            } else {
                1.1
            },
            label,
            caption: format!("no. {}", index + 1),
            state,
        }
    }

    /// The store, with whole tokens: only those let anybody through.
    fn store(&self, now: Instant) -> Mark {
        let tokens = self.store.tokens_at(now) as u32;
        let (label, caption, state) = match self.down {
            Some(_) => ("down".to_owned(), "store", State::TimedOut),
            None if !self.params.asks() => (String::new(), "not asked", State::Muted),
            None => (tokens.to_string(), "in store", State::Selected),
        };
        Mark::Node {
            at: STORE,
            kind: NodeKind::Store,
            radius: 1.9,
            label,
            caption: caption.to_owned(),
            state,
        }
    }

    /// How far the instances are off together.
    fn verdict(&self) -> Mark {
        let percent = self.measure.excess_percent();
        let (text, state) = match self.measure.excess() {
            0 => ("as one ideal bucket".to_owned(), State::Served),
            1.. => (format!("{percent:.1} % over ideal"), State::Retried),
            _ => (format!("{:.1} % under ideal", -percent), State::Rejected),
        };
        Mark::Text {
            at: at(1.0, VERDICT),
            text,
            size: Size::Body,
            align: Align::Right,
            state,
        }
    }
}

/// A message on its way between an instance and the store.
fn message(now: Instant, ask: &Ask) -> Dot {
    let Leg {
        from,
        to,
        outward,
        state,
        lost,
    } = ask.leg;
    let whole = to.since(from).as_secs_f64();
    let gone = if whole > 0.0 {
        (now.since(from).as_secs_f64() / whole).min(1.0)
    } else {
        1.0
    };
    // A lost message stays in sight where it was lost until its instance gives up.
    let (gone, state) = match lost {
        Some(place) if gone >= place => (place, State::TimedOut),
        _ => (gone, state),
    };
    let progress = if outward { gone } else { 1.0 - gone };
    dot(progress, state, ask.request)
}

fn dot(progress: f64, state: State, subject: u32) -> Dot {
    Dot {
        progress: progress as f32,
        state,
        subject,
    }
}

fn words(at: At, align: Align, text: String, state: State) -> Mark {
    Mark::Text {
        at,
        text,
        size: Size::Small,
        align,
        state,
    }
}

fn tray(x: f32, y: f32, count: u32, label: &'static str, state: State) -> Mark {
    Mark::Tray {
        at: at(x, y),
        count: u64::from(count),
        label,
        state,
    }
}
