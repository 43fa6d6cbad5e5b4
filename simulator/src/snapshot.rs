//! Everything of a lab that is told in words, at one moment: plain data, made from the world and turned into a page elsewhere.
//!
//! It is made outside the page's rendering, so that a lab that fails while it is asked cannot take its neighbours with it.

use core::time::Duration;

use labs::{AnyRun, Event, EventId, Frame, Kind, KnobSpec, State};
use yew::AttrValue;

use crate::knobs::{KnobView, worded};
use crate::memory::pairs;
use crate::numbers::{log_moment, plain, with_unit};
use crate::share::differing;
use crate::world::{Question, Side, World};

/// Rows of the log that are shown at a time.
pub(crate) const ROWS: usize = 7;
/// Links of a chain of causes, or entries about one request, that are shown.
const LINKS_MAX: usize = 6;
/// Marks on the time slider at most; more could not be told apart.
const TICKS_MAX: usize = 120;

/// See the module's text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Snapshot {
    /// It is playing.
    pub playing: bool,
    /// It stands at the end.
    pub ended: bool,
    /// The actions waited for, and whether something can be undone; `None` for a lab that waits for nobody.
    pub choices: Option<(u32, bool)>,
    /// Index of the speed.
    pub speed: usize,
    /// The seed.
    pub seed: u64,
    /// The moment, in words, and the length of the run.
    pub moment: AttrValue,
    pub length: Duration,
    /// The figure in words.
    pub summary: AttrValue,
    /// What there is beside while two runs are compared.
    pub compared: Option<Compared>,
    /// The numbers beside the figure.
    pub counters: Vec<CounterView>,
    /// The knobs.
    pub knobs: Vec<KnobView>,
    /// The rows of the log around the present.
    pub log: LogView,
    /// The answer to the reader's question, oldest first.
    pub why: Option<Why>,
    /// One sentence about what could not be used or was restored.
    pub note: Option<AttrValue>,
    /// Landmarks on the time slider.
    pub ticks: Vec<Tick>,
    /// Why it cannot be played yet.
    pub locked: Option<AttrValue>,
    /// Lines that carry the reader's own curve.
    pub sketched: Vec<usize>,
    /// Query that opens the same lab, seed and knobs on the full-screen page.
    pub query: AttrValue,
}

/// A number beside the figure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CounterView {
    /// What is counted.
    pub label: &'static str,
    /// The number and its unit.
    pub value: AttrValue,
    /// In a comparison the other run's number, and how much it is more.
    pub twin: Option<[AttrValue; 2]>,
    /// Colour and shape.
    pub state: State,
}

/// What there is to tell of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Compared {
    /// The side whose log is shown.
    pub side: Side,
    /// The second figure in words.
    pub summary: AttrValue,
    /// Settings of the first and of the second run that differ.
    pub settings: [AttrValue; 2],
}

/// A window of the log.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LogView {
    /// Entries seen so far.
    pub total: usize,
    /// The rows of the window, oldest first; at most [`ROWS`].
    pub rows: Vec<Row>,
    /// There is more before the window.
    pub earlier: bool,
    /// There is more behind it.
    pub later: bool,
    /// The window has been leafed away from the present.
    pub away: bool,
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// Its number.
    pub id: EventId,
    /// When, in words.
    pub at: AttrValue,
    /// The name of its kind.
    pub kind: &'static str,
    /// Its colour and shape.
    pub state: State,
    /// What happened.
    pub text: AttrValue,
    /// Where it stands.
    pub place: Place,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Before the last entry.
    Past,
    /// The last entry at this moment.
    Last,
    /// Seen on an earlier visit, not yet at this moment.
    Future,
}

/// An answer: entries of the log, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Why {
    /// What was asked.
    pub title: AttrValue,
    /// The entries; the last one is the one asked about, or the latest.
    pub links: Vec<Row>,
    /// Older ones were left out.
    pub cut: bool,
    /// The lines of code that decided the last entry, as `file:anchor`.
    pub source: Option<&'static str>,
}

/// A landmark on the time slider.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tick {
    /// Share of the axis, in thousandths.
    pub mille: u16,
    /// Colour.
    pub state: State,
}

/// Finds landmarks in the log without reading any entry twice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Landmarks {
    read: usize,
    found: Vec<EventId>,
}

impl Landmarks {
    /// The landmarks the reader has seen.
    pub(crate) fn update(&mut self, world: &World) -> &[EventId] {
        let run = world.run();
        let events = seen(run);
        // A changed run has a new log: begin again.
        let same = |id: &EventId| {
            events
                .get(id.0 as usize)
                .is_some_and(|event| is_landmark(run.kinds(), event))
        };
        if events.len() < self.read || !self.found.last().is_none_or(same) {
            *self = Self::default();
        }
        for (index, event) in events.iter().enumerate().skip(self.read) {
            if is_landmark(run.kinds(), event) {
                self.found.push(EventId(index as u32));
            }
        }
        self.read = events.len();
        &self.found
    }

    /// Forgets what was found, after a change of the run.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

fn is_landmark(kinds: &[Kind], event: &Event) -> bool {
    kinds
        .get(usize::from(event.kind))
        .is_some_and(|kind| kind.landmark)
}

/// The log as far as a reader has seen; what was computed ahead stays unseen.
fn seen(run: &dyn AnyRun) -> &[Event] {
    let (events, until) = (run.tape().seen_events(), run.seen());
    let end = events.partition_point(|event| event.at <= until);
    // Stepping stops within an instant: entries of the same instant that are still to come count as seen, which is harmless.
    &events[..end.max(run.tape().events().len()).min(events.len())]
}

impl Snapshot {
    /// What there is to tell about the world now.
    pub(crate) fn of(world: &World, landmarks: &mut Landmarks) -> Self {
        let run = world.run();
        let (frame, twin) = (run.frame(), world.twin().map(AnyRun::frame));
        let length = run.length();
        Self {
            playing: world.playing(),
            ended: world.ended(),
            choices: world.choices().map(|choices| (choices, world.can_undo())),
            speed: world.speed(),
            seed: run.seed(),
            moment: crate::numbers::moment(run.now(), length).into(),
            length,
            counters: counters(&frame, twin.as_ref()),
            summary: frame.summary.into(),
            compared: compared(world, twin),
            knobs: knob_views(world),
            log: log_view(world),
            why: why(world),
            note: world.note().map(|note| note.to_owned().into()),
            ticks: ticks(world, landmarks.update(world), length),
            locked: world.locked().map(|reason| reason.to_owned().into()),
            sketched: world.sketches().iter().map(|sketch| sketch.line).collect(),
            query: query(world).into(),
        }
    }
}

fn compared(world: &World, frame: Option<Frame>) -> Option<Compared> {
    let twin = world.twin()?;
    let differing = |own: Vec<(&'static KnobSpec, f64)>, other: Vec<(&'static KnobSpec, f64)>| {
        let words: Vec<String> = (own.into_iter().zip(other))
            .filter(|((_, value), (_, other))| value != other)
            .map(|((spec, value), _)| [spec.label, " ", &worded(spec, value)].concat())
            .collect();
        AttrValue::from(words.join(", "))
    };
    let (own, other) = (world.run().knobs(), twin.knobs());
    Some(Compared {
        side: world.side(),
        summary: frame?.summary.into(),
        settings: [differing(own.clone(), other.clone()), differing(other, own)],
    })
}

fn counters(frame: &Frame, twin: Option<&Frame>) -> Vec<CounterView> {
    let words = |value, unit| AttrValue::from(with_unit(value, unit));
    (frame.counters.iter().enumerate())
        .map(|(nth, counter)| {
            let other = twin.and_then(|twin| twin.counters.get(nth));
            CounterView {
                label: counter.label,
                value: words(counter.value, counter.unit),
                twin: other.map(|other| {
                    let number = words(other.value, counter.unit);
                    // What reads the same has no difference to be read.
                    let more = match number == words(counter.value, counter.unit) {
                        true => 0.0,
                        false => other.value - counter.value,
                    };
                    let sign = if more > 0.0 { "+" } else { "" };
                    [
                        number,
                        [sign, &with_unit(more, counter.unit)].concat().into(),
                    ]
                }),
                state: counter.state,
            }
        })
        .collect()
}

fn knob_views(world: &World) -> Vec<KnobView> {
    let (page, shown) = (&world.setup().knobs, &world.setup().shown);
    let mut views = Vec::new();
    let sides = [(Side::A, Some(world.run())), (Side::B, world.twin())];
    for (side, run) in sides {
        for (own, (spec, value)) in run.iter().flat_map(|run| run.knobs()).enumerate() {
            views.push(KnobView {
                index: views.len(),
                side: world.twin().map(|_| side),
                spec,
                value,
                turned: page.get(own).is_some_and(|&page| page != value),
                shown: shown.contains(&own),
            });
        }
    }
    views
}

fn row(world: &World, id: EventId) -> Option<Row> {
    let run = world.looked_at();
    let event = run.tape().seen_events().get(id.0 as usize)?;
    let kind = run.kinds().get(usize::from(event.kind));
    let past = run.tape().events().len();
    Some(Row {
        id,
        at: log_moment(event.at, run.length()).into(),
        kind: kind.map_or("", |kind| kind.name),
        state: kind.map_or(State::Neutral, |kind| kind.state),
        text: run.describe(event).into(),
        place: match (id.0 as usize + 1).cmp(&past) {
            core::cmp::Ordering::Less => Place::Past,
            core::cmp::Ordering::Equal => Place::Last,
            core::cmp::Ordering::Greater => Place::Future,
        },
    })
}

fn log_view(world: &World) -> LogView {
    let total = seen(world.looked_at()).len();
    let past = world.looked_at().tape().events().len();
    let first = first_row(past, total, world.leafed());
    let end = (first + ROWS).min(total);
    let rows = (first..end)
        .filter_map(|index| row(world, EventId(index as u32)))
        .collect();
    LogView {
        total,
        rows,
        earlier: first > 0,
        later: end < total,
        away: world.leafed() != 0,
    }
}

/// The first row of the window: the present stands at its end, and it never leaves the log.
pub(crate) fn first_row(past: usize, total: usize, leafed: i32) -> usize {
    let home = past.saturating_sub(ROWS) as i64;
    let last = total.saturating_sub(ROWS) as i64;
    (home + i64::from(leafed) * ROWS as i64).clamp(0, last) as usize
}

fn why(world: &World) -> Option<Why> {
    let run = world.looked_at();
    let (title, mut ids) = match world.question()? {
        Question::Event(id) => {
            let mut chain = run.chain(id);
            chain.reverse();
            ("Why?".to_owned(), chain)
        }
        Question::Subject(subject) => {
            let events = run.tape().events();
            let last = events.iter().rposition(|event| event.subject == subject);
            let last = last.map(|index| EventId(index as u32));
            let mut chain = last.map_or(Vec::new(), |id| run.chain(id));
            chain.reverse();
            (
                [run.about().subject, " ", &plain(f64::from(subject))].concat(),
                chain,
            )
        }
    };
    let title = match world.twin() {
        Some(_) => [world.side().letter(), ": ", &title].concat(),
        None => title,
    };
    let cut = ids.len() > LINKS_MAX;
    if cut {
        ids.drain(..ids.len() - LINKS_MAX);
    }
    let decided = (ids.last()).and_then(|id| run.tape().seen_events().get(id.0 as usize));
    let source = decided.and_then(|event| run.source(event.kind));
    let links = ids.into_iter().filter_map(|id| row(world, id)).collect();
    Some(Why {
        title: title.into(),
        links,
        cut,
        source,
    })
}

fn ticks(world: &World, landmarks: &[EventId], length: Duration) -> Vec<Tick> {
    let run = world.run();
    let events = run.tape().seen_events();
    let mut ticks: Vec<Tick> = Vec::new();
    for id in landmarks {
        let Some(event) = events.get(id.0 as usize) else {
            continue;
        };
        let share = event.at.as_secs_f64() / length.as_secs_f64();
        let tick = Tick {
            mille: (share * 1e3) as u16,
            state: run
                .kinds()
                .get(usize::from(event.kind))
                .map_or(State::Neutral, |kind| kind.state),
        };
        if ticks.last() != Some(&tick) && ticks.len() < TICKS_MAX {
            ticks.push(tick);
        }
    }
    ticks
}

/// Ids and numbers only, so nothing has to be escaped.
fn query(world: &World) -> String {
    let run = world.run();
    let knobs = pairs(&differing(world.run(), &world.setup().defaults));
    let mut query = format!("?lab={}&seed={}", run.about().id, run.seed());
    if !knobs.is_empty() {
        query.push_str("&knobs=");
        query.push_str(&knobs);
    }
    query
}
