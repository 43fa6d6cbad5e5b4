//! The transport bar: the time slider with its landmarks, play, step, speed, time and seed.

use core::time::Duration;
use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::virtual_dom::ListenerKind;
use yew::{AttrValue, Callback, NodeRef};

use crate::element::{Element, el, target};
use crate::icons;
use crate::knobs::choice;
use crate::numbers;
use crate::snapshot::{Snapshot, Tick};
use crate::world::{Command, SPEEDS};

/// Parts of the bar that follow the time with every frame, written by the frame loop and not by the page's rendering.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Playhead {
    /// The box of the slider; carries where the axis begins and ends, and the share played.
    pub bar: NodeRef,
    /// The slider.
    pub slider: NodeRef,
    /// The time in words.
    pub clock: NodeRef,
}

/// What the bar needs to know that changes with the data alone.
#[derive(Clone, PartialEq)]
pub(crate) struct Fixed {
    /// Length of the run, in words.
    pub length: AttrValue,
    /// Length of the run, in seconds.
    pub secs: f64,
    /// Playing moves in jumps.
    pub jumps: bool,
}

impl Fixed {
    /// Of a run that takes so long.
    pub(crate) fn of(length: Duration, jumps: bool) -> Self {
        Self {
            length: crate::numbers::length(length).into(),
            secs: length.as_secs_f64(),
            jumps,
        }
    }
}

/// The slider and the row of buttons under it.
pub(crate) fn transport(
    snapshot: &Snapshot,
    fixed: &Fixed,
    head: &Playhead,
    on: &Callback<Command>,
) -> Element {
    let clock = el("span", "hd-clock")
        .with(
            el("output", "hd-now")
                .attr("aria-live", "off")
                .known(&head.clock),
        )
        .with(
            el("span", "hd-length")
                .text(" / ")
                .text(fixed.length.clone()),
        );
    let buttons = el("div", "hd-buttons")
        .attr("role", "group")
        .attr("aria-label", "transport")
        .with(play(snapshot, fixed, on))
        .with(
            button("hd-square", "step back", on, Command::StepBack)
                .attr("aria-label", "step back")
                .locked(snapshot)
                .with(icons::step_back()),
        )
        .with(
            button("hd-square", "step", on, Command::Step)
                .attr("aria-label", "step")
                .locked(snapshot)
                .with(icons::step()),
        )
        .with(clock)
        .with(speed(snapshot.speed, fixed, on))
        .with(worded(
            "Reset",
            "everything as the page set it up",
            on,
            Command::Reset,
        ));
    el("div", "hd-transport")
        .with(scrubber(snapshot, fixed, head, on))
        .with(buttons)
}

impl Element {
    /// Says that it does nothing while the lab is locked. It can still be reached and pressed, and then tells why.
    fn locked(self, snapshot: &Snapshot) -> Self {
        if snapshot.locked.is_some() {
            self.attr("aria-disabled", "true")
        } else {
            self
        }
    }
}

fn scrubber(
    snapshot: &Snapshot,
    fixed: &Fixed,
    head: &Playhead,
    on: &Callback<Command>,
) -> Element {
    let rail = el("div", "hd-rail")
        .attr("aria-hidden", "true")
        .with(el("i", "hd-played"))
        .each(snapshot.ticks.iter().map(tick));
    let on = on.clone();
    let mut slider = el("input", "hd-time")
        .attr("type", "range")
        .attr("min", "0")
        .attr("max", fixed.secs.to_string())
        .attr("step", "any")
        .attr("aria-label", "time")
        .attr("data-time", "")
        .locked(snapshot)
        .known(&head.slider)
        .on(
            || ListenerKind::oninput,
            Rc::new(move |event| {
                if let Some(input) = target::<HtmlInputElement>(&event) {
                    on.emit(Command::Seek(clock::Instant::from_secs_f64(
                        input.value_as_number(),
                    )));
                }
            }),
        );
    // Spoken only while it stands still: a playing slider would talk without end.
    if !snapshot.playing {
        slider = slider.attr(
            "aria-valuetext",
            [&snapshot.moment, " of ", &fixed.length].concat(),
        );
    }
    el("div", "hd-scrub")
        .known(&head.bar)
        .with(rail)
        .with(slider)
}

fn tick(tick: &Tick) -> Element {
    el("i", "")
        .attr(
            "class",
            ["hd-tick ", icons::state_class(tick.state)].concat(),
        )
        .attr(
            "style",
            format!("left:{}.{}%", tick.mille / 10, tick.mille % 10),
        )
}

fn play(snapshot: &Snapshot, fixed: &Fixed, on: &Callback<Command>) -> Element {
    let (icon, word) = match (snapshot.playing, snapshot.ended) {
        (true, _) => (icons::pause(), "Pause"),
        (false, true) => (icons::back(), "Replay"),
        (false, false) => (icons::play(), "Play"),
    };
    let title = if let Some(reason) = &snapshot.locked {
        reason.clone()
    } else if fixed.jumps {
        AttrValue::Static(
            "moves on by half a second at a time, because your system asks for reduced motion",
        )
    } else {
        AttrValue::Static("Space")
    };
    button("hd-play", "", on, Command::Toggle)
        .attr("title", title)
        .locked(snapshot)
        .with(icon)
        .with(el("span", "").text(word))
}

/// A button without anything on it yet.
pub(crate) fn button(
    class: &'static str,
    title: &'static str,
    on: &Callback<Command>,
    command: Command,
) -> Element {
    el("button", class)
        .attr("type", "button")
        .attr("title", title)
        .click(on, command)
}

/// A small button with a word on it.
pub(crate) fn worded(
    word: &'static str,
    title: &'static str,
    on: &Callback<Command>,
    command: Command,
) -> Element {
    button("hd-small", title, on, command).text(word)
}

fn speed(chosen: usize, fixed: &Fixed, on: &Callback<Command>) -> Element {
    let on = on.clone();
    let length = Duration::from_secs_f64(fixed.secs);
    let names = SPEEDS
        .iter()
        .map(|speed| numbers::speed(*speed, length).into());
    choice(
        "hd-select hd-speed",
        names,
        chosen,
        Rc::new(move |nth| on.emit(Command::Speed(nth))),
    )
    .attr("aria-label", "speed")
    .attr("title", "speed: how much of the run passes in a second")
}
