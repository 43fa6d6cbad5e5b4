//! Which key does what.

use crate::world::Command;

/// What has the focus, as far as keys are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// The card, the figure or a chart.
    Card,
    /// A button, a link or a folded part: Space and Enter are its own.
    Button,
    /// The time slider: moves with the lab's keys, not with its own.
    Time,
    /// The slider of a knob: arrows and Page Up and Down turn the knob, Home and End are its own.
    Knob(usize),
    /// A field with text in it, to be written, selected or scrolled: every key is its own.
    Field,
    /// A list or a switch: arrows, Space and letters are its own.
    Choice,
}

/// The command of a key, by its name in `KeyboardEvent.key`; `None` leaves the key alone.
pub(crate) fn command(key: &str, shift: bool, focus: Focus) -> Option<Command> {
    if let Focus::Knob(knob) = focus
        && let Some(steps) = knob_steps(key)
    {
        return Some(Command::NudgeKnob(knob, steps));
    }
    let own = match focus {
        Focus::Card | Focus::Time => false,
        Focus::Button => key == " ",
        Focus::Knob(_) => matches!(key, "Home" | "End"),
        Focus::Field => true,
        Focus::Choice => !matches!(key, "[" | "]"),
    };
    if own {
        return None;
    }
    Some(match (key, shift) {
        (" ", false) => Command::Toggle,
        ("ArrowRight", false) => Command::Step,
        ("ArrowLeft", false) => Command::StepBack,
        ("ArrowRight", true) => Command::SeekBy(1.0),
        ("ArrowLeft", true) => Command::SeekBy(-1.0),
        ("ArrowUp" | "PageUp", _) if focus == Focus::Time => Command::SeekBy(1.0),
        ("ArrowDown" | "PageDown", _) if focus == Focus::Time => Command::SeekBy(-1.0),
        ("Home", _) => Command::Seek(clock::Instant::ZERO),
        ("End", _) => Command::End,
        ("Backspace", _) => Command::Undo,
        ("[", _) => Command::Slower,
        ("]", _) => Command::Faster,
        _ => return None,
    })
}

/// Keys that never leave a lab, used or not: the book would turn its pages on them.
pub(crate) fn stays(key: &str, focus: Focus) -> bool {
    matches!(
        focus,
        Focus::Choice | Focus::Field | Focus::Knob(_) | Focus::Time
    ) && key != "Escape"
        || matches!(
            key,
            "ArrowLeft" | "ArrowRight" | " " | "Home" | "End" | "[" | "]"
        )
}

fn knob_steps(key: &str) -> Option<i32> {
    match key {
        "ArrowRight" | "ArrowUp" => Some(1),
        "ArrowLeft" | "ArrowDown" => Some(-1),
        "PageUp" => Some(10),
        "PageDown" => Some(-10),
        _ => None,
    }
}
