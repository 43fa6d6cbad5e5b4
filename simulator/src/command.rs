//! Everything a reader can do to a lab; every key, button, slider and click ends in one of these.

use clock::Instant;
use labs::EventId;

/// Everything a reader can do to a lab.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Command {
    /// Plays, pauses, or plays again from the start.
    Toggle,
    /// Goes on to the next entry of the log.
    Step,
    /// Goes back by one entry of the log.
    StepBack,
    /// Stands at a moment.
    Seek(Instant),
    /// Moves by so many seconds of play at normal speed, back when negative.
    SeekBy(f64),
    /// Stands at the end.
    End,
    /// Chooses a speed, by its index in [`crate::world::SPEEDS`].
    Speed(usize),
    /// Chooses the next speed upwards.
    Faster,
    /// Chooses the next speed downwards.
    Slower,
    /// Plays the same seed from the start.
    Again,
    /// Plays the next seed from the start.
    AnotherSeed,
    /// Everything as the page set it up.
    Reset,
    /// Does an action of the lab now.
    Act(usize),
    /// Takes the last action back and stands where it was done.
    Undo,
    /// Turns a knob to a value; in a comparison those of the second run are numbered on from those of the first.
    Knob(usize, f64),
    /// Turns a knob by so many of its steps.
    NudgeKnob(usize, i32),
    /// Turns a knob back to what the page set.
    ResetKnob(usize),
    /// Stands at an entry of the log and asks why it happened.
    Pick(EventId),
    /// Asks what happened to a request.
    Ask(u32),
    /// Leaves the question.
    Unask,
    /// Begins a comparison with a second run, or ends it.
    Compare,
    /// Shows the log of one of two runs that are compared.
    Look(crate::world::Side),
    /// Leafs through the log by so many pages; zero returns to the present.
    Leaf(i32),
}
