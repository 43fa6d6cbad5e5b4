//! The small vocabulary every figure is made of.
//!
//! Shape says what a thing is, [`State`] says how it fares; a drawing crate turns both into lines and colours.
//! Horizontal positions are fractions of the figure's width (0 to 1); vertical positions and all sizes are in *rows*, one row being
//! the height of a line of text. So a figure narrows on a phone while its shapes and words keep their size.

use clock::Instant;

/// How a thing fares: the workbook's one mapping from state to colour and shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Plain ink: nothing decided yet, or nothing to decide. A filled circle.
    #[default]
    Neutral,
    /// Secondary ink, for labels and outlines.
    Muted,
    /// Admitted, running or served: green, a filled circle.
    Served,
    /// Waiting for its turn: sky blue, a filled circle.
    Waiting,
    /// Refused: vermilion, a diamond.
    Rejected,
    /// Gave up when its time ran out, or was cancelled: purple, a hollow circle.
    TimedOut,
    /// Tried again: orange, a triangle.
    Retried,
    /// Moved or stolen from one place to another: yellow, an outlined circle.
    Moved,
    /// What the reader is looking at, and stores such as tokens: blue, a square.
    Selected,
}

/// A place in the figure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct At {
    /// Fraction of the width, 0 (left) to 1 (right).
    pub x: f32,
    /// Rows from the top.
    pub y: f32,
}

/// Shorthand for [`At`].
#[must_use]
pub const fn at(x: f32, y: f32) -> At {
    At { x, y }
}

/// A figure: so many rows high, marks drawn in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// Height in rows; constant for a lab, so that nothing jumps.
    pub rows: f32,
    /// What is in it, back to front.
    pub marks: Vec<Mark>,
}

/// What a node stands for, which decides its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Somebody who sends: a circle.
    Client,
    /// Something that works or decides: a rounded square.
    Server,
    /// Something that keeps data: a cylinder.
    Store,
}

/// A request on its way along a pipe.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// How far along the pipe, 0 to 1.
    pub progress: f32,
    /// How it fares.
    pub state: State,
    /// Which request it is, for selection.
    pub subject: u32,
}

/// One place of a queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// How the occupant fares.
    pub state: State,
    /// Share of its time that is left, 0 to 1: drawn as a shrinking pie. 1 for a full disc.
    pub left: f32,
    /// Which request it is.
    pub subject: u32,
}

/// A stretch of a track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Start.
    pub from: Instant,
    /// End; the same as `from` for a tick.
    pub to: Instant,
    /// Colour.
    pub state: State,
    /// Share of the track's half height, upwards from its middle line when positive, downwards when negative; `0.0` fills the track.
    pub height: f32,
    /// Which request or task it is about, if any: its number stands in the span where there is room for it.
    pub subject: Option<u32>,
}

/// A piece of a ring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wedge {
    /// Where it begins, in turns clockwise from the top.
    pub from: f32,
    /// Where it ends, in turns.
    pub to: f32,
    /// Where it begins across the ring, 0 at the hole to 1 at the rim.
    pub inner: f32,
    /// Where it ends across the ring.
    pub outer: f32,
    /// Colour.
    pub state: State,
}

/// Size of a text, relative to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Captions.
    Small,
    /// Ordinary words.
    Body,
    /// The one number of the figure.
    Big,
}

/// Which side of its place a text stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Starts at the place.
    Left,
    /// Centred on the place.
    Centre,
    /// Ends at the place.
    Right,
}

/// One thing in a figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A client, server or store: a shape with a short label inside and a caption below.
    Node {
        /// Its centre.
        at: At,
        /// What it stands for.
        kind: NodeKind,
        /// Half its height, in rows.
        radius: f32,
        /// Inside; a few characters.
        label: String,
        /// Below it; empty for none.
        caption: String,
        /// Colour of its outline.
        state: State,
    },
    /// A pipe with the requests that travel along it; many requests become a density.
    Pipe {
        /// Where requests enter.
        from: At,
        /// Where they leave.
        to: At,
        /// Requests under way, in any order.
        dots: Vec<Dot>,
    },
    /// A vessel with a level, such as a bucket of tokens; below zero it shows the debt.
    Tank {
        /// Its centre.
        at: At,
        /// Width, in rows.
        width: f32,
        /// Height, in rows.
        height: f32,
        /// What is in it; may be negative or a fraction.
        level: f64,
        /// What it holds at most.
        capacity: f64,
        /// Unit under the number, such as `tokens`.
        unit: &'static str,
        /// Colour of the content.
        state: State,
    },
    /// A row of places: a queue or a buffer.
    Slots {
        /// Left end, vertical centre.
        at: At,
        /// Fraction of the width it may fill.
        width: f32,
        /// Number of places; more occupants than places are drawn as a count behind.
        places: u32,
        /// Who is in it, front first.
        occupants: Vec<Slot>,
        /// Each shows its number, [`Slot::subject`], where there is room for it, instead of its shape.
        numbered: bool,
    },
    /// A stretch of time with spans or ticks on it.
    Track {
        /// Left end, vertical centre.
        at: At,
        /// Fraction of the width it fills.
        width: f32,
        /// Height, in rows.
        height: f32,
        /// Time at its left end.
        from: Instant,
        /// Time at its right end.
        to: Instant,
        /// Where the present is drawn, if it lies within.
        now: Instant,
        /// What happened, in any order.
        spans: Vec<Span>,
        /// Ends are labelled with their times.
        labelled: bool,
    },
    /// A stretch of time bent to a ring, on which the present goes round and overwrites what is a turn old.
    Ring {
        /// Its centre.
        at: At,
        /// From its centre to its rim, in rows.
        radius: f32,
        /// What is on it, in any order.
        wedges: Vec<Wedge>,
        /// Where the present stands, in turns clockwise from the top.
        now: f32,
    },
    /// A horizontal bar filled to a share.
    Bar {
        /// Left end, vertical centre.
        at: At,
        /// Fraction of the width it may fill.
        width: f32,
        /// Share that is filled, 0 to 1.
        share: f32,
        /// Colour of the filled part.
        state: State,
    },
    /// A grid of cells, one per task or slot, filled row by row.
    Cells {
        /// Top left corner.
        at: At,
        /// Fraction of the width it fills.
        width: f32,
        /// Height, in rows.
        height: f32,
        /// How each fares; one cell per entry.
        states: Vec<State>,
        /// Cells there is room for: those behind the last entry stay empty, so that a grid that fills does not jump.
        places: u32,
    },
    /// Something handed from one place to another: a bow with an arrow's head.
    Bow {
        /// Where it was.
        from: At,
        /// Where it is now.
        to: At,
        /// Its colour.
        state: State,
    },
    /// A counted tray: where requests of one fate end up.
    Tray {
        /// Left end, vertical centre.
        at: At,
        /// How many.
        count: u64,
        /// What they are, such as `rejected`.
        label: &'static str,
        /// Colour and shape.
        state: State,
    },
    /// Words.
    Text {
        /// Where, by `align`; vertical centre.
        at: At,
        /// The words.
        text: String,
        /// How large.
        size: Size,
        /// On which side.
        align: Align,
        /// Colour.
        state: State,
    },
}
