//! The transport bar: the time slider with its landmarks, play, step, speed, time and seed.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::icons;
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

/// What the bar needs to know that never changes.
#[derive(Clone, PartialEq)]
pub(crate) struct Fixed {
    /// Length of the run, in words.
    pub length: AttrValue,
    /// Length of the run, in seconds.
    pub secs: f64,
    /// Playing moves in jumps.
    pub jumps: bool,
}

/// The slider and the row of buttons under it.
pub(crate) fn transport(
    snapshot: &Snapshot,
    fixed: &Fixed,
    head: &Playhead,
    on: &Callback<Command>,
) -> Html {
    html! {
        <div class="hd-transport">
            { scrubber(snapshot, fixed, head, on) }
            <div class="hd-buttons" role="group" aria-label="transport">
                { play(snapshot, fixed, on) }
                { button(icons::step_back(), "step back", on, Command::StepBack) }
                { button(icons::step(), "step", on, Command::Step) }
                <span class="hd-clock">
                    <output class="hd-now" ref={&head.clock} aria-live="off"></output>
                    <span class="hd-length">{ " / " }{ &fixed.length }</span>
                </span>
                { speed(snapshot.speed, on) }
                { worded("Reset", "everything as the page set it up", on, Command::Reset) }
            </div>
        </div>
    }
}

fn scrubber(snapshot: &Snapshot, fixed: &Fixed, head: &Playhead, on: &Callback<Command>) -> Html {
    let oninput = on.reform(|event: InputEvent| {
        let secs = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
        Command::Seek(clock::Instant::from_secs_f64(secs))
    });
    // Spoken only while it stands still: a playing slider would talk without end.
    let spoken = (!snapshot.playing).then(|| format!("{} of {}", snapshot.moment, fixed.length));
    html! {
        <div class="hd-scrub" ref={&head.bar}>
            <div class="hd-rail" aria-hidden="true">
                <i class="hd-played"></i>
                { for snapshot.ticks.iter().map(tick) }
            </div>
            <input type="range" class="hd-time" min="0" max={fixed.secs.to_string()} step="any"
                ref={&head.slider} aria-label="time" aria-valuetext={spoken} data-time="" {oninput} />
        </div>
    }
}

fn tick(tick: &Tick) -> Html {
    let left = format!("left:{}.{}%", tick.mille / 10, tick.mille % 10);
    html! { <i class={classes!("hd-tick", icons::state_class(tick.state))} style={left}></i> }
}

fn play(snapshot: &Snapshot, fixed: &Fixed, on: &Callback<Command>) -> Html {
    let (icon, word) = match (snapshot.playing, snapshot.ended) {
        (true, _) => (icons::pause(), "Pause"),
        (false, true) => (icons::back(), "Replay"),
        (false, false) => (icons::play(), "Play"),
    };
    let title = if fixed.jumps {
        "moves on by half a second at a time, because your system asks for reduced motion"
    } else {
        "Space"
    };
    html! {
        <button type="button" class="hd-play" onclick={on.reform(|_| Command::Toggle)} {title}>
            { icon }<span>{ word }</span>
        </button>
    }
}

fn button(icon: Html, label: &'static str, on: &Callback<Command>, command: Command) -> Html {
    html! {
        <button type="button" class="hd-square" title={label} aria-label={label} onclick={on.reform(move |_| command)}>
            { icon }
        </button>
    }
}

/// A small button with a word on it.
pub(crate) fn worded(
    word: &'static str,
    title: &'static str,
    on: &Callback<Command>,
    command: Command,
) -> Html {
    html! {
        <button type="button" class="hd-small" {title} onclick={on.reform(move |_| command)}>{ word }</button>
    }
}

fn speed(chosen: usize, on: &Callback<Command>) -> Html {
    let onchange = on.reform(|event: Event| {
        let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        Command::Speed(usize::try_from(index).unwrap_or_default())
    });
    html! {
        <select class="hd-select hd-speed" aria-label="speed" title="speed: simulated seconds a second" {onchange}>
            { for SPEEDS.iter().enumerate().map(|(index, speed)| html! {
                <option selected={index == chosen}>{ format!("{speed}×") }</option>
            }) }
        </select>
    }
}
