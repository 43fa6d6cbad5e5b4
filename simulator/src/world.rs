//! A lab on stage: its run, whether it plays and how fast, and what the reader looks at; knows no page.

mod host;
mod twin;

use core::time::Duration;

use clock::Instant;
use draw::Sketch;
use labs::{AnyRun, EventId};

pub(crate) use crate::command::Command;
use crate::knobs;
use crate::memory::Memory;
use crate::setup::Setup;
pub(crate) use host::Wish;
pub(crate) use twin::Side;

mod outside;
mod waiting;

/// The speeds on offer, each so many times the lab's pace, see [`labs::pace`].
pub(crate) const SPEEDS: [f64; 10] = [0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
/// Index of the speed that is the lab's pace.
pub(crate) const NORMAL: usize = 3;
/// A frame moves on by at most this much of the reader's time, so that a page that was asleep does not leap.
const FRAME_MAX: Duration = Duration::from_millis(100);
/// Where motion is unwelcome, playing moves on this often, by this much of the reader's time.
pub(crate) const JUMP: Duration = Duration::from_millis(500);
/// Events of the first slice of look-ahead; later slices adapt to the machine.
const SLICE: u64 = 256;

/// What the reader asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// An entry of the log.
    Event(EventId),
    /// A request.
    Subject(u32),
}

/// How playing moves on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// A little with every frame.
    Smooth,
    /// By [`JUMP`] at a time, for readers who asked for reduced motion.
    Jumps,
}

/// See the module's text.
pub(crate) struct World {
    setup: Setup,
    run: Box<dyn AnyRun>,
    playing: bool,
    speed: usize,
    pace: Pace,
    /// The reader's time since the last jump.
    saved: Duration,
    question: Option<Question>,
    note: Option<String>,
    /// Pages the log is leafed away from the present.
    leafed: i32,
    /// The run has data of the reader's own.
    own_data: bool,
    ahead: Ahead,
    /// A second run, with settings of its own.
    twin: Option<Box<dyn AnyRun>>,
    /// The run whose log is shown.
    side: Side,
    /// Why it cannot be played yet.
    locked: Option<String>,
    /// Where the reader left it, until it stands there again.
    kept: Option<Memory>,
    /// The reader's own curves.
    sketches: Vec<Sketch>,
    /// Something to draw has changed.
    dirty: bool,
}

/// What is left to compute unseen, and how much of it fits in a slice.
#[derive(Clone, Copy, Debug)]
struct Ahead {
    more: bool,
    slice: u64,
}

impl World {
    /// A lab in the situation its page asked for, paused.
    pub(crate) fn new(setup: Setup, pace: Pace) -> Self {
        let run = setup.open();
        let note = setup.problems.first().cloned();
        Self {
            setup,
            note,
            run,
            playing: false,
            speed: NORMAL,
            pace,
            saved: Duration::ZERO,
            question: None,
            leafed: 0,
            own_data: false,
            ahead: Ahead {
                more: true,
                slice: SLICE,
            },
            twin: None,
            side: Side::A,
            locked: None,
            kept: None,
            sketches: Vec::new(),
            dirty: true,
        }
    }

    /// The run.
    pub(crate) fn run(&self) -> &dyn AnyRun {
        &*self.run
    }

    /// The situation the page asked for.
    pub(crate) fn setup(&self) -> &Setup {
        &self.setup
    }

    /// It is playing.
    pub(crate) fn playing(&self) -> bool {
        self.playing
    }

    /// It stands at the end.
    pub(crate) fn ended(&self) -> bool {
        self.run.now() >= self.end()
    }

    /// The last moment of the run.
    pub(crate) fn end(&self) -> Instant {
        Instant::ZERO + self.run.length()
    }

    /// Index of the speed in [`SPEEDS`].
    pub(crate) fn speed(&self) -> usize {
        self.speed
    }

    /// How playing moves on.
    pub(crate) fn pace(&self) -> Pace {
        self.pace
    }

    /// One sentence about what could not be used or was restored.
    pub(crate) fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// What the reader asked about.
    pub(crate) fn question(&self) -> Option<Question> {
        self.question
    }

    /// Pages the log is leafed away from the present; negative towards the past.
    pub(crate) fn leafed(&self) -> i32 {
        self.leafed
    }

    /// A knob does not stand where the page put it.
    pub(crate) fn turned(&self, knob: usize) -> bool {
        self.run
            .knobs()
            .get(knob)
            .is_some_and(|&(_, value)| value != self.setup.knobs[knob])
    }

    /// Something has changed since this was last asked.
    pub(crate) fn take_dirty(&mut self) -> bool {
        core::mem::take(&mut self.dirty)
    }

    /// Asks for a drawing, such as after a change of colours.
    pub(crate) fn touch(&mut self) {
        self.dirty = true;
    }
}

/// Moving on by itself.
impl World {
    /// Plays for as long as the reader waited.
    pub(crate) fn tick(&mut self, waited: Duration) {
        if !self.playing {
            return;
        }
        let mut by = waited.min(FRAME_MAX);
        if self.pace == Pace::Jumps {
            self.saved += by;
            if self.saved < JUMP {
                return;
            }
            by = core::mem::take(&mut self.saved);
        }
        let pace = labs::pace(self.run.length());
        let by = by.mul_f64(SPEEDS[self.speed] * pace);
        self.each(&mut |run| run.advance(by));
        self.dirty = true;
        self.meet();
        if self.ended() || self.waits() || self.is_over() {
            self.playing = false;
        }
    }

    /// Something is left to compute unseen.
    pub(crate) fn has_ahead(&self) -> bool {
        self.ahead.more && self.locked.is_none()
    }

    /// Computes a slice of what lies ahead, unseen, for about `budget_ms`, read off `clock_ms`.
    pub(crate) fn look_ahead(&mut self, budget_ms: f64, clock_ms: impl Fn() -> f64) {
        let start = clock_ms();
        let (mut more, slice) = (false, self.ahead.slice);
        self.each(&mut |run| more |= run.look_ahead(slice));
        self.ahead.more = more;
        let took_ms = clock_ms() - start;
        // A slice that takes less than a third of the budget may double; one that takes more than it halves.
        if took_ms < budget_ms / 3.0 {
            self.ahead.slice = (self.ahead.slice * 2).min(1 << 20);
        } else if took_ms > budget_ms {
            self.ahead.slice = (self.ahead.slice / 2).max(SLICE / 4);
        }
    }
}

/// Doing what the reader says.
impl World {
    /// Carries out a command.
    pub(crate) fn apply(&mut self, command: Command) {
        self.dirty = true;
        if self.locked.is_some() {
            return;
        }
        if !matches!(command, Command::Leaf(_)) {
            self.leafed = 0;
        }
        match command {
            Command::Toggle => self.toggle(),
            Command::Step => self.step(),
            Command::StepBack => self.step_back(),
            Command::Seek(to) => self.stand(to),
            Command::SeekBy(secs) => self.seek_by(secs),
            Command::End => self.stand(self.end()),
            Command::Speed(index) => self.speed = index.min(SPEEDS.len() - 1),
            Command::Faster => self.speed = (self.speed + 1).min(SPEEDS.len() - 1),
            Command::Slower => self.speed = self.speed.saturating_sub(1),
            Command::Again => self.restart(self.run.seed()),
            Command::AnotherSeed => self.restart(self.run.seed().wrapping_add(1)),
            Command::Reset => self.reset(),
            Command::Act(action) => self.act(action),
            Command::Undo => self.undo(),
            Command::Knob(knob, value) => self.turn(knob, value),
            Command::NudgeKnob(knob, steps) => {
                if let Some((spec, value)) = self.knob(knob) {
                    self.turn(knob, knobs::nudged(&spec.range, value, steps));
                }
            }
            Command::ResetKnob(knob) => {
                let here = knob % self.setup.knobs.len().max(1);
                if let Some(&value) = self.setup.knobs.get(here) {
                    self.turn(knob, value);
                }
            }
            Command::Pick(id) => self.pick(id),
            // Of a lab that waits, an action has the number of its subject.
            Command::Ask(subject) if self.offers(subject as usize) => self.act(subject as usize),
            Command::Ask(subject) => self.question = Some(Question::Subject(subject)),
            Command::Unask => self.question = None,
            Command::Compare => self.compare(),
            Command::Look(side) => self.look(side),
            Command::Leaf(0) => self.leafed = 0,
            Command::Leaf(pages) => self.leafed = self.leafed.saturating_add(pages),
        }
        if self.ended() {
            self.playing = false;
        }
    }

    fn toggle(&mut self) {
        self.playing = !self.playing;
        // The first jump comes at once, so that a press is answered.
        self.saved = JUMP;
        if self.playing && (self.ended() || self.is_over()) {
            self.stand(Instant::ZERO);
        }
    }

    fn seek_by(&mut self, secs: f64) {
        let now = self.run.now();
        let pace = labs::pace(self.run.length());
        let by = Duration::from_secs_f64((secs.abs() * pace).min(1e9));
        let to = if secs < 0.0 { now - by } else { now + by };
        self.stand(to);
    }

    fn restart(&mut self, seed: u64) {
        self.each(&mut |run| run.reseed(seed));
        self.question = None;
        self.note = None;
        self.ahead.more = true;
        self.playing = true;
        self.saved = JUMP;
    }

    fn reset(&mut self) {
        self.run = self.setup.open();
        self.own_data = false;
        self.twin = None;
        self.side = Side::A;
        self.question = None;
        self.note = None;
        self.ahead.more = true;
        self.playing = false;
        self.speed = NORMAL;
    }

    fn act(&mut self, action: usize) {
        if self.ended() || (self.choices().is_some() && !self.offers(action)) {
            return;
        }
        // The clock stood for this.
        if self.waits() {
            self.playing = true;
            self.saved = JUMP;
        }
        self.each(&mut |run| run.act(action));
        self.forget_future();
    }

    fn turn(&mut self, knob: usize, value: f64) {
        let own = self.setup.knobs.len();
        match &mut self.twin {
            Some(twin) if knob >= own => twin.set_knob(knob - own, value),
            _ => self.run.set_knob(knob, value),
        }
        self.forget_future();
    }

    /// A changed run may no longer hold the entry the reader asked about.
    fn forget_future(&mut self) {
        self.ahead.more = true;
        if let Some(Question::Event(_)) = self.question {
            self.question = None;
        }
    }

    fn pick(&mut self, id: EventId) {
        let Some(at) = self
            .looked_at()
            .tape()
            .seen_events()
            .get(id.0 as usize)
            .map(|event| event.at)
        else {
            return;
        };
        self.playing = false;
        self.stand(at);
        self.question = Some(Question::Event(id));
    }
}
