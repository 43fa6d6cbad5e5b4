//! Nodes: a circle for a client, a rounded square for a server, a cylinder for a store.

use labs::State;
use labs::scene::{Align, At, NodeKind};
use plotters_backend::DrawingBackend;

use crate::pen::{Drawn, Pen};
use crate::shape::{Area, Xy, arc};
use crate::text;
use crate::view::View;

/// Width of an outline, in CSS pixels.
const OUTLINE: f32 = 1.75;

/// A node as a scene describes it.
pub(crate) struct Node<'a> {
    pub(crate) at: At,
    pub(crate) kind: NodeKind,
    pub(crate) radius: f32,
    pub(crate) label: &'a str,
    pub(crate) caption: &'a str,
    pub(crate) state: State,
}

impl Node<'_> {
    /// What it takes up without its caption, in CSS pixels, in a figure of this height.
    pub(crate) fn area(&self, view: &View, height: f32) -> Area {
        let radius = self.radius * view.row;
        Area::around(
            view.inside(self.at, (radius, radius), height),
            (radius, radius),
        )
    }
}

impl<DB: DrawingBackend> Pen<'_, DB> {
    /// A node with its label inside and its caption below.
    pub(crate) fn node(&mut self, node: &Node<'_>) -> Drawn<DB> {
        let area = node.area(self.view, self.height);
        let (centre, radius) = (area.centre(), area.width() / 2.0);
        let outline = match node.state {
            State::Neutral => self.palette().ink,
            state => self.mark(state),
        };
        let surface = self.palette().surface.solid();
        match node.kind {
            NodeKind::Client => {
                self.disc(centre, radius, surface)?;
                self.ring(centre, radius, OUTLINE, outline.solid())?;
            }
            NodeKind::Server => {
                self.rounded(area, radius / 2.0, surface)?;
                self.rounded_outline(area, radius / 2.0, OUTLINE, outline.solid())?;
            }
            NodeKind::Store => self.cylinder(centre, radius, outline)?,
        }
        self.label(centre, radius, node)?;
        let pixels = text::pixels(labs::scene::Size::Small);
        let below = (centre.0, centre.1 + radius + pixels * 0.95);
        self.words(
            below,
            node.caption,
            pixels,
            false,
            Align::Centre,
            self.palette().muted,
        )
    }

    /// A cylinder as high as it is wide.
    fn cylinder(&mut self, (x, y): Xy, radius: f32, outline: crate::Rgb) -> Drawn<DB> {
        let surface = self.palette().surface.solid();
        let (half, lid) = (radius * 0.9, radius * 0.26);
        let radii = (half - OUTLINE / 2.0, lid);
        let (top, bottom) = (
            (x, y - radius + lid + OUTLINE / 2.0),
            (x, y + radius - lid - OUTLINE / 2.0),
        );
        let mut body = arc(bottom, radii, 0.0, 0.5);
        body.extend(arc(top, radii, 0.5, 0.5));
        body.push(body[0]);
        self.polygon(&body, surface)?;
        self.path(&body, OUTLINE, outline.solid())?;
        self.path(&arc(top, radii, 0.0, 0.5), OUTLINE, outline.solid())
    }

    /// The label, on two lines when it has two words and one line would not fit.
    fn label(&mut self, (x, y): Xy, radius: f32, node: &Node<'_>) -> Drawn<DB> {
        let ink = self.palette().word(node.state);
        let room = radius
            * if node.kind == NodeKind::Client {
                1.65
            } else {
                1.7
            };
        let lower = if node.kind == NodeKind::Store {
            radius * 0.16
        } else {
            0.0
        };
        let fitting = |words: &str| {
            let wanted: f32 = 13.0;
            let width = text::width(words, wanted, true);
            if width <= room {
                wanted
            } else {
                (wanted * room / width).max(text::LEAST)
            }
        };
        let one_line = text::width(node.label, text::LEAST, true) <= room;
        let mut line =
            |y, words, pixels| self.words((x, y), words, pixels, true, Align::Centre, ink);
        match node.label.split_once(' ') {
            Some((first, second)) if !one_line => {
                let pixels = fitting(first).min(fitting(second));
                line(y + lower - pixels * 0.56, first, pixels)?;
                line(y + lower + pixels * 0.56, second, pixels)
            }
            _ => line(y + lower, node.label, fitting(node.label)),
        }
    }
}
