//! What a screen reader is told, and how often: landmarks and changes of state, never a stream.

use labs::{AnyRun, Event};

use crate::knobs::worded;
use crate::numbers::{moment, speed};
use crate::world::{Command, SPEEDS, World};

/// While a lab plays, announcements keep this distance, so that one can be spoken before the next begins.
pub(crate) const QUIET_MS: f64 = 2_000.0;

/// Holds back announcements that come too fast; the newest wins and says how many it replaced.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Announcer {
    /// When the last one was made, in milliseconds of the reader's time.
    last_ms: Option<f64>,
    waiting: Option<String>,
    replaced: u32,
}

impl Announcer {
    /// Something rare happened in the run; it is told when the last announcement has been spoken.
    pub(crate) fn landmark(&mut self, text: String) {
        if self.waiting.replace(text).is_some() {
            self.replaced += 1;
        }
    }

    /// The reader did something: what follows from it is told at once, and what was waiting is forgotten.
    pub(crate) fn answer(&mut self, text: String, now_ms: f64) -> String {
        self.waiting = None;
        self.replaced = 0;
        self.last_ms = Some(now_ms);
        text
    }

    /// What to say now, if anything.
    pub(crate) fn due(&mut self, now_ms: f64) -> Option<String> {
        if self.last_ms.is_some_and(|last| now_ms - last < QUIET_MS) {
            return None;
        }
        let text = self.waiting.take()?;
        self.last_ms = Some(now_ms);
        Some(match core::mem::take(&mut self.replaced) {
            0 => text,
            more => format!("{text}; {more} more before it"),
        })
    }
}

/// What follows from a command, in words; `None` where the control speaks for itself.
pub(crate) fn answer(world: &World, command: Command) -> Option<String> {
    if let Some(reason) = world.locked() {
        return Some(reason.to_owned());
    }
    let run = world.run();
    let length = run.length();
    let now = moment(run.now(), length);
    match command {
        Command::Toggle if world.playing() => Some("Playing.".to_owned()),
        Command::Toggle => Some(format!("Paused at {now}. {}", summary(world))),
        Command::Step | Command::StepBack => Some(match newest(world) {
            Some(entry) => format!("{now}: {entry}"),
            None => format!("{now}: before the first event."),
        }),
        Command::Compare if world.twin().is_some() => Some(
            "Two runs on the same arrivals, A and B, both as A was. Turn a setting of B."
                .to_owned(),
        ),
        Command::Compare => Some("The comparison has ended; A goes on.".to_owned()),
        Command::Look(side) => Some(["The log of ", side.letter(), "."].concat()),
        Command::SeekBy(_) | Command::End => Some(now),
        Command::Speed(_) | Command::Faster | Command::Slower => {
            let speed = speed(SPEEDS[world.speed()], length);
            Some(format!("Speed {speed}."))
        }
        Command::Again | Command::AnotherSeed => {
            Some(format!("Playing seed {} from the start.", run.seed()))
        }
        Command::Reset => Some("Everything as the page set it up.".to_owned()),
        Command::Act(_) | Command::Undo if world.choices().is_some() => Some(summary(world)),
        Command::Undo => Some(format!("Back at {now}.")),
        Command::Act(action) => run
            .actions()
            .get(action)
            .map(|action| format!("{} at {now}.", action.label)),
        Command::NudgeKnob(..) | Command::Knob(..) | Command::Seek(_) => None,
        Command::ResetKnob(knob) => world
            .knob(knob)
            .map(|(spec, value)| format!("{}: {}.", spec.label, worded(spec, value))),
        Command::Pick(_) => Some(format!("At {now}.")),
        Command::Ask(_) | Command::Unask | Command::Leaf(_) => None,
    }
}

/// The figure in words; both figures, while two runs are compared.
pub(crate) fn summary(world: &World) -> String {
    let own = world.run().frame().summary;
    match world.twin() {
        Some(twin) => ["A: ", &own, " B: ", &twin.frame().summary].concat(),
        None => own,
    }
}

/// The entry of the log that was stepped to; of two runs the one that has it, and both if both have.
fn newest(world: &World) -> Option<String> {
    let entry = |run: &dyn AnyRun| {
        let event = run.tape().events().last()?;
        Some((event.at, run.describe(event)))
    };
    let own = entry(world.run());
    let Some(twin) = world.twin() else {
        return own.map(|(_, text)| text);
    };
    let other = entry(twin);
    let newest = own.iter().chain(&other).map(|&(at, _)| at).max()?;
    let mut told = String::new();
    for (letter, entry) in [("A: ", own), ("B: ", other)] {
        if let Some((_, text)) = entry.filter(|&(at, _)| at == newest) {
            if !told.is_empty() {
                told.push_str("; ");
            }
            told.push_str(letter);
            told.push_str(&text);
        }
    }
    Some(told)
}

/// A landmark in words.
pub(crate) fn landmark(world: &World, event: &Event) -> Option<String> {
    let run = world.run();
    let kind = run
        .kinds()
        .get(usize::from(event.kind))
        .filter(|kind| kind.landmark)?;
    Some(format!(
        "{} at {}",
        kind.name,
        moment(event.at, run.length())
    ))
}
