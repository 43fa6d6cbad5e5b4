//! What the fairness-by-key lab shows at a moment: who asks, and below it for each limiter who is served and who is not.

use clock::Instant;

use super::limiters::{BOTH, BYTES_PER_KEY, LANES, NAMES, ONE, PER_KEY};
use super::measure::Recent;
use super::{APPROACH, FairnessByKey};
use crate::lab::{Counter, Frame};
use crate::scene::{Align, Dot, Mark, Scene, Size, Span, State, at};
use crate::tape::Tape;

const ROWS: f32 = 22.4;
/// Middle of the pipe on which requests arrive.
const ARRIVALS: f32 = 2.0;
/// First line of the first lane, and the distance of two lanes.
const FIRST: f32 = 4.2;
const APART: f32 = 6.0;
/// Bars fill the figure up to here; the numbers stand beside them.
const TRACK: f32 = 0.7;
/// Less than this would not be seen.
const LEAST: f64 = 0.06;

impl FairnessByKey {
    pub(super) fn show(&self, now: Instant, tape: &Tape) -> Frame {
        let recent = self.recent(now, tape);
        Frame {
            scene: Scene {
                rows: ROWS,
                marks: self.marks(now, &recent),
            },
            counters: self.counters(&recent),
            summary: self.summary(now, &recent),
        }
    }

    fn counters(&self, recent: &Recent) -> Vec<Counter> {
        const QUIET: [&str; LANES] = ["quiet in one bucket", "quiet per key", "quiet under both"];
        const JAIN: [&str; LANES] = ["Jain in one bucket", "Jain per key", "Jain under both"];
        let mut counters = Vec::new();
        for (lane, label) in QUIET.into_iter().enumerate() {
            counters.push(Counter {
                label,
                value: recent
                    .quiet_success(lane)
                    .map_or(0.0, |share| 100.0 * share),
                unit: "%",
                state: self.fate(lane, recent),
            });
        }
        for (lane, label) in JAIN.into_iter().enumerate() {
            counters.push(Counter {
                label,
                value: recent.fairness(lane),
                unit: "",
                state: State::Neutral,
            });
        }
        counters.push(Counter {
            label: "keys remembered",
            value: f64::from(self.limiters.remembered()),
            unit: "",
            state: State::Moved,
        });
        counters
    }

    /// Whether the quiet customers get what they ask for, but for one request in a hundred.
    fn fate(&self, lane: usize, recent: &Recent) -> State {
        match recent.quiet_success(lane) {
            Some(share) if share < 0.99 => State::Rejected,
            Some(_) => State::Served,
            None => State::Muted,
        }
    }

    fn summary(&self, now: Instant, recent: &Recent) -> String {
        let quiet = |lane| percent(recent.quiet_success(lane));
        let greedy = |lane| recent.greedy_rate(lane);
        let keys = self.limiters.remembered();
        format!(
            "At {now}, one bucket for all admits {} of what the quiet customers ask, a bucket per key {}, both together {}; greedy customers get {:.0}, {:.0} and {:.0} requests a second. Jain's index is {:.2}, {:.2} and {:.2}; {keys} keys take {} bytes.",
            quiet(ONE),
            quiet(PER_KEY),
            quiet(BOTH),
            greedy(ONE),
            greedy(PER_KEY),
            greedy(BOTH),
            recent.fairness(ONE),
            recent.fairness(PER_KEY),
            recent.fairness(BOTH),
            keys * BYTES_PER_KEY,
        )
    }

    fn marks(&self, now: Instant, recent: &Recent) -> Vec<Mark> {
        let mut marks = self.heading(recent);
        marks.push(Mark::Pipe {
            from: at(0.0, ARRIVALS),
            to: at(1.0, ARRIVALS),
            dots: self.approaching(now),
        });
        // All lanes at one scale, wide enough for the limit and for the lane that admits most.
        let most = (0..LANES).map(|lane| recent.admitted(lane));
        let scale = most.fold(1.25 * self.params.limit, f64::max);
        for lane in 0..LANES {
            let y = FIRST + APART * lane as f32;
            self.numbers(lane, y, recent, &mut marks);
            marks.push(self.admitted(lane, y + 1.3, scale, recent));
            marks.push(shares(lane, y + 3.4, recent));
        }
        let bottom =
            |x, words: &str, align| small(x, ROWS - 0.7, words.into(), align, State::Muted);
        marks.push(bottom(0.0, "each: up admitted, down rejected", Align::Left));
        marks.push(bottom(TRACK, "batch", Align::Right));
        // Where the line at the limit would run into the lane's name, it has to speak for itself.
        let limit = TRACK * (self.params.limit / scale) as f32;
        if limit > 0.42 {
            marks.push(small(
                limit,
                FIRST,
                "limit".into(),
                Align::Centre,
                State::Neutral,
            ));
        }
        marks
    }

    /// Who asks for how much.
    fn heading(&self, recent: &Recent) -> Vec<Mark> {
        let asked = |greedy| recent.rate(recent.sum(greedy, |tally| tally.asked));
        let quiet = self.params.customers() - self.greedy.len();
        let limit = format!("limit {}/s", self.params.limit);
        vec![
            small(
                0.0,
                0.7,
                format!("{quiet} quiet ask {:.0}/s", asked(false)),
                Align::Left,
                State::Neutral,
            ),
            small(
                TRACK,
                0.7,
                format!("greedy {:.0}/s", asked(true)),
                Align::Right,
                State::Retried,
            ),
            small(1.0, 0.7, limit, Align::Right, State::Muted),
        ]
    }

    /// Requests on their way.
    fn approaching(&self, now: Instant) -> Vec<Dot> {
        let until = now + APPROACH;
        let (mut quiet, mut greedy) = (Vec::new(), Vec::new());
        self.quiet.coming(until, &mut quiet);
        for one in &self.greedy {
            one.source.coming(until, &mut greedy);
        }
        greedy.sort();
        let mut dots = Vec::new();
        let (mut quiet, mut greedy) = (&quiet[..], &greedy[..]);
        loop {
            // The earlier of the two is numbered first, as it will be when it arrives.
            let (at, state) = match (quiet, greedy) {
                ([at, rest @ ..], others) if others.first().is_none_or(|other| at <= other) => {
                    quiet = rest;
                    (*at, State::Neutral)
                }
                (_, [at, rest @ ..]) => {
                    greedy = rest;
                    (*at, State::Retried)
                }
                _ => return dots,
            };
            let left = at.since(now).as_secs_f64() / APPROACH.as_secs_f64();
            dots.push(Dot {
                progress: (1.0 - left) as f32,
                state,
                subject: self.requests + 1 + dots.len() as u32,
            });
        }
    }

    /// Name and memory of a lane, and its numbers.
    fn numbers(&self, lane: usize, y: f32, recent: &Recent, marks: &mut Vec<Mark>) {
        let text = |x, y, text: String, align, state| Mark::Text {
            at: at(x, y),
            text,
            size: Size::Body,
            align,
            state,
        };
        marks.push(text(
            0.0,
            y,
            NAMES[lane].into(),
            Align::Left,
            State::Neutral,
        ));
        if lane != ONE {
            let keys = self.limiters.remembered();
            let memory = format!("{keys} keys · {}", bytes(keys * BYTES_PER_KEY));
            marks.push(small(TRACK, y, memory, Align::Right, State::Muted));
        }
        let total = recent.admitted(lane);
        // Buckets let a little more than the limit through while they empty; a tenth more is another matter.
        let over = if total > 1.1 * self.params.limit {
            State::Rejected
        } else {
            State::Muted
        };
        let quiet = format!("quiet {}", percent(recent.quiet_success(lane)));
        let greedy = format!("greedy {:.0}/s", recent.greedy_rate(lane));
        let right = |row, words, state| text(1.0, y + row, words, Align::Right, state);
        marks.push(right(0.0, quiet, self.fate(lane, recent)));
        marks.push(right(1.3, greedy, State::Retried));
        marks.push(right(2.6, format!("all {total:.0}/s"), over));
        marks.push(right(
            3.9,
            format!("Jain {:.2}", recent.fairness(lane)),
            State::Neutral,
        ));
    }

    /// What a lane admits, laid end to end: the quiet customers, then the greedy ones, and a line at the limit.
    fn admitted(&self, lane: usize, y: f32, scale: f64, recent: &Recent) -> Mark {
        let mut spans = Vec::new();
        let mut end = 0.0;
        for customer in order(recent) {
            let from = end;
            end += recent.rate(recent.tallies[customer].admitted[lane]);
            if end > from {
                spans.push(Span {
                    from: Instant::from_secs_f64(from),
                    to: Instant::from_secs_f64(end),
                    state: served(customer, recent),
                    height: 0.0,
                    subject: None,
                });
            }
        }
        let limit = Instant::from_secs_f64(self.params.limit);
        spans.push(Span {
            from: limit,
            to: limit,
            state: State::Neutral,
            height: 0.0,
            subject: None,
        });
        strip(y, 0.9, Instant::from_secs_f64(scale), spans)
    }
}

/// For each customer, upwards what share of its requests is admitted, downwards what share is not.
fn shares(lane: usize, y: f32, recent: &Recent) -> Mark {
    let mut spans = Vec::new();
    for (place, customer) in order(recent).enumerate() {
        let tally = recent.tallies[customer];
        if tally.asked == 0 {
            continue;
        }
        let admitted = f64::from(tally.admitted[lane]) / f64::from(tally.asked);
        let mut part = |share: f64, state, reach: f32| {
            if share > 0.0 {
                spans.push(Span {
                    from: Instant::from_secs_f64(place as f64 + 0.1),
                    to: Instant::from_secs_f64(place as f64 + 0.9),
                    state,
                    height: reach * share.max(LEAST) as f32,
                    subject: None,
                });
            }
        };
        part(admitted, State::Served, 1.0);
        part(1.0 - admitted, State::Rejected, -1.0);
    }
    let all = Instant::from_secs_f64(recent.tallies.len() as f64);
    strip(y, 2.4, all, spans)
}

/// Customers in the order drawn: `batch`, number 0, comes last, beside those who join it.
fn order(recent: &Recent) -> impl Iterator<Item = usize> {
    (1..recent.tallies.len()).chain([0])
}

/// Admitted requests of the greedy look unlike those of the quiet.
fn served(customer: usize, recent: &Recent) -> State {
    if recent.is_greedy(customer) {
        State::Retried
    } else {
        State::Served
    }
}

/// A strip from nothing to `end`: a track whose seconds stand for requests a second, or for customers.
fn strip(y: f32, height: f32, end: Instant, spans: Vec<Span>) -> Mark {
    Mark::Track {
        at: at(0.0, y),
        width: TRACK,
        height,
        from: Instant::ZERO,
        to: end,
        now: Instant::MAX,
        spans,
        labelled: false,
    }
}

fn small(x: f32, y: f32, text: String, align: Align, state: State) -> Mark {
    Mark::Text {
        at: at(x, y),
        text,
        size: Size::Small,
        align,
        state,
    }
}

/// `26 %`, or a dash where there is nothing to take a share of.
fn percent(share: Option<f64>) -> String {
    // Cut, not rounded: 100 % is said only when nobody was turned away.
    share.map_or_else(
        || "–".to_owned(),
        |share| format!("{} %", (100.0 * share).floor()),
    )
}

/// `936 B`, `10.4 kB`.
fn bytes(count: u32) -> String {
    if count < 1_000 {
        format!("{count} B")
    } else {
        format!("{:.1} kB", f64::from(count) / 1_000.0)
    }
}
