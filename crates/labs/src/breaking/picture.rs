//! A breaker as marks: its state in its colour, and words.

use circuit_breaker::State as Breaker;

use crate::scene::{Align, Mark, Size, State, at};

/// Colour of a breaker's state.
pub(crate) fn colour(state: Breaker) -> State {
    match state {
        Breaker::Closed => State::Served,
        Breaker::Open => State::Rejected,
        Breaker::HalfOpen => State::Moved,
    }
}

/// Small words of a figure.
pub(crate) fn words(x: f32, y: f32, text: impl Into<String>, align: Align, state: State) -> Mark {
    Mark::Text {
        at: at(x, y),
        text: text.into(),
        size: Size::Small,
        align,
        state,
    }
}
