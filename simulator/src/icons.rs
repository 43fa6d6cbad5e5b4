//! The few pictures the shell needs: transport symbols, the shapes of states and pieces of lines.

use labs::{LineStyle, State};

use crate::element::{Element, el};

fn icon(path: &'static str) -> Element {
    el("svg", "hd-icon")
        .attr("viewBox", "0 0 16 16")
        .attr("aria-hidden", "true")
        .with(el("path", "").attr("d", path))
}

/// A triangle to the right.
pub(crate) fn play() -> Element {
    icon("M4 2.5v11l9.5-5.5z")
}

/// Two bars.
pub(crate) fn pause() -> Element {
    icon("M4 2.5h3v11H4zM9 2.5h3v11H9z")
}

/// A bar and a triangle to the left.
pub(crate) fn step_back() -> Element {
    icon("M3 3h2v10H3zM13 3v10L6 8z")
}

/// A triangle to the right and a bar.
pub(crate) fn step() -> Element {
    icon("M11 3h2v10h-2zM3 3v10l7-5z")
}

/// An arrow that turns back.
pub(crate) fn back() -> Element {
    icon("M6.2 2.2v2.3h2.6a4.6 4.6 0 1 1-4.6 4.6h1.7a2.9 2.9 0 1 0 2.9-2.9H6.2v2.3L2.6 5.35z")
}

/// Two arrows to opposite corners.
pub(crate) fn full_screen() -> Element {
    icon(
        "M9.5 2H14v4.5h-1.6V4.7L9.9 7.2 8.8 6.1l2.5-2.5H9.5zM6.5 14H2V9.5h1.6v1.8l2.5-2.5 1.1 1.1-2.5 2.5h1.8z",
    )
}

/// Class that carries a state's colours and shape.
pub(crate) fn state_class(state: State) -> &'static str {
    match state {
        State::Neutral => "hd-neutral",
        State::Muted => "hd-muted",
        State::Served => "hd-served",
        State::Waiting => "hd-waiting",
        State::Rejected => "hd-rejected",
        State::TimedOut => "hd-timed-out",
        State::Retried => "hd-retried",
        State::Moved => "hd-moved",
        State::Selected => "hd-selected",
    }
}

/// The shape of a request in this state, in its colour; the style sheet draws it.
pub(crate) fn shape(state: State) -> Element {
    el("i", "").attr("class", ["hd-shape ", state_class(state)].concat())
}

/// A short piece of a chart's line, as the chart draws it; the style sheet draws it.
pub(crate) fn swatch(style: LineStyle, state: State) -> Element {
    let class = match style {
        LineStyle::Line => "hd-thin",
        LineStyle::Step => "hd-step",
        LineStyle::Area => "hd-area",
        LineStyle::Broad => "hd-broad",
        LineStyle::Reference => "hd-dashed",
    };
    el("i", "").attr(
        "class",
        ["hd-swatch ", class, " ", state_class(state)].concat(),
    )
}
