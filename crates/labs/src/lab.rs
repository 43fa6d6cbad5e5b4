//! What a lab is: the trait every lab implements, and the plain data it describes itself with.

use core::fmt;
use core::time::Duration;

use clock::Instant;
use sim::Event;

use crate::knob::Knob;
use crate::scene::{Scene, State};
use crate::tape::Tape;

/// A simulation that a reader can turn, run, step and rewind.
///
/// Implementations hold all their state by value: [`crate::Run`] makes checkpoints by cloning.
pub trait Lab: Clone + 'static {
    /// Everything that shapes a run besides the seed; `default()` is the situation the page tells.
    type Params: Clone + Default + PartialEq + fmt::Debug + 'static;

    /// Title, section and length.
    const ABOUT: About;
    /// Lenses on the parameters, in the order shown.
    const KNOBS: &'static [Knob<Self::Params>];
    /// What the reader may do while it runs.
    const ACTIONS: &'static [Action];
    /// The kinds of log entries; `Event::kind` is an index into this.
    const KINDS: &'static [Kind];
    /// What data of the reader's own [`Lab::load`] takes, in a few words; `None` if none.
    const TAKES: Option<&'static str> = None;
    /// The charts under the figure; their lines are numbered through, first chart first.
    const CHARTS: &'static [Chart];

    /// How long a run is, where that hangs on data of the reader's own.
    fn length(_params: &Self::Params) -> Duration {
        Self::ABOUT.duration
    }
    /// The state at time zero, before any event.
    fn new(params: &Self::Params, seed: u64) -> Self;
    /// When the next event is due; `None` when nothing will ever happen again.
    fn next_at(&self) -> Option<Instant>;
    /// Processes exactly one event: the one due at [`Lab::next_at`].
    fn step(&mut self, tape: &mut Tape);
    /// Does what the reader asked for; `action` is an index into [`Lab::ACTIONS`].
    fn act(&mut self, now: Instant, action: usize, tape: &mut Tape);
    /// The actions it waits for, bit by bit, so that the clock stands while there are any; `None` for a lab that waits for nobody.
    ///
    /// Of a lab that waits, action number n is about subject n, and what was done can be undone.
    fn choices(&self) -> Option<u32> {
        None
    }
    /// The run so far as a Rust test to paste into the repository, if the lab makes any.
    fn test(&self) -> Option<String> {
        None
    }
    /// What to show at `now`, which lies between the last event and the next.
    fn frame(&self, now: Instant, tape: &Tape) -> Frame;
    /// About how many bytes a copy takes beyond the lab itself; of a large one fewer checkpoints are kept.
    fn weight(&self) -> usize {
        0
    }
    /// The lines of code that decide entries of this kind, as `file:anchor` from the root of the repository.
    fn source(_kind: u16) -> Option<&'static str> {
        None
    }
    /// Takes the reader's own data, such as recorded arrivals, into the parameters; a sentence on what was understood.
    ///
    /// # Errors
    /// One sentence on what is wrong with the data; the parameters are then as they were.
    fn load(_params: &mut Self::Params, _text: &str) -> Result<String, String> {
        Err("This lab takes no data.".to_owned())
    }
    /// A log entry in words: what happened and by which numbers, in one short sentence without the time.
    fn describe(event: &Event) -> String;
}

/// What a lab is called and where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Name in pages and links, kebab-case and stable.
    pub id: &'static str,
    /// What the reader sees.
    pub title: &'static str,
    /// One sentence: the phenomenon to watch for.
    pub summary: &'static str,
    /// The section of the book it belongs to, such as `4.2a`.
    pub section: &'static str,
    /// What its figure is full of and its log is about, as the page says it: `Request`, `Task`.
    pub subject: &'static str,
    /// How long a run is.
    pub duration: Duration,
    /// The moment the static figure shows: one at which the phenomenon is visible.
    pub poster: Duration,
}

/// Something the reader may do while the lab runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// Name in links, kebab-case and stable.
    pub id: &'static str,
    /// What the button says.
    pub label: &'static str,
    /// One sentence on what it does.
    pub help: &'static str,
}

/// A kind of log entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// One or two words for the table, such as `rejected`.
    pub name: &'static str,
    /// The colour and shape it is shown in.
    pub state: State,
    /// Rare enough to be marked on the time slider and read out by a screen reader.
    pub landmark: bool,
}

/// A chart that shares the time axis with the figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chart {
    /// What is plotted, such as `Requests a second`.
    pub title: &'static str,
    /// Unit of the value axis.
    pub unit: &'static str,
    /// The value axis reaches at least this far up.
    pub top: f64,
    /// The lines, in drawing order.
    pub lines: &'static [Line],
}

/// One line of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name in the legend.
    pub label: &'static str,
    /// Its colour.
    pub state: State,
    /// How it is drawn.
    pub style: LineStyle,
}

impl Line {
    pub(crate) const fn new(label: &'static str, state: State, style: LineStyle) -> Self {
        Self {
            label,
            state,
            style,
        }
    }
}

/// How a line of a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStyle {
    /// A thin line from point to point.
    Line,
    /// Stays level until the next point, then jumps.
    Step,
    /// Filled down to zero, pale.
    Area,
    /// Broad and pale, for what others are compared with; draw it first.
    Broad,
    /// Dashed: a limit or a target.
    Reference,
}

/// A number shown beside the figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Counter {
    /// What is counted, such as `rejected`.
    pub label: &'static str,
    /// The value, already in its unit.
    pub value: f64,
    /// The unit; empty for plain counts.
    pub unit: &'static str,
    /// Its colour and shape.
    pub state: State,
}

/// What a lab shows at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The figure.
    pub scene: Scene,
    /// The numbers beside it.
    pub counters: Vec<Counter>,
    /// The same in one or two sentences, for those who do not see the figure.
    pub summary: String,
}
