//! One file for each kind of mark.

pub(crate) mod bow;
pub(crate) mod cells;
pub(crate) mod flow;
pub(crate) mod glyph;
pub(crate) mod node;
pub(crate) mod pipe;
pub(crate) mod ring;
pub(crate) mod slots;
pub(crate) mod tank;
pub(crate) mod track;
pub(crate) mod words;
