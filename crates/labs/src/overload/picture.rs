//! A chain of services as a figure: clients above, services below, the calls under way between them.

use clock::Instant;

use super::call::{Call, NONE, Stage};
use super::desk::Desk;
use super::words::{self, Names};
use crate::scene::{Align, At, Dot, Mark, NodeKind, Scene, Size, State, at};
use circuit_breaker::{Breaker, State as Circuit};
use core::time::Duration;

/// Where a service stands: its row, counted from 0 below the clients, and its part of the width.
#[derive(Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) row: u8,
    /// Left edge and width, as fractions.
    pub(crate) from: f32,
    pub(crate) width: f32,
    /// A few characters inside its shape.
    pub(crate) short: &'static str,
}

/// How a lab draws its services.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) names: Names,
    pub(crate) spots: &'static [Spot],
    pub(crate) rows: u8,
    /// From one row to the next; more where there are two lines of words between them.
    pub(crate) apart: f32,
}

const CLIENTS: f32 = 2.3;
const FIRST: f32 = 6.6;
/// Where a service ends that is as wide as the figure: others may be called from anywhere below it.
const BELOW: f32 = 1.65;
const RADIUS: f32 = 1.05;
/// Half the width of a node and what keeps words away from it, as fractions.
const NODE: f32 = 0.07;
const WORDS: f32 = 0.16;
/// A call without a time-out is drawn at the end of its way after so long.
const LONG: Duration = Duration::from_secs(2);

impl Layout {
    /// Rows of the figure.
    fn height(self) -> f32 {
        FIRST + self.apart * f32::from(self.rows - 1) + 1.9
    }

    fn node(self, service: usize) -> At {
        let spot = self.spots[service];
        at(spot.from + NODE, FIRST + self.apart * f32::from(spot.row))
    }

    /// The figure; `rule` is the line above it.
    pub(crate) fn scene(self, desk: &Desk, now: Instant, rule: String) -> Scene {
        let mut marks = vec![small(at(0.0, 0.5), Align::Left, rule, State::Muted)];
        for link in 0..desk.model.config().links.len() {
            self.link(desk, link, now, &mut marks);
        }
        let rate = desk.rate(super::Count::Asked);
        marks.push(Mark::Node {
            at: at(NODE, CLIENTS),
            kind: NodeKind::Client,
            radius: RADIUS,
            label: format!("{rate:.0}/s"),
            caption: String::new(),
            state: State::Neutral,
        });
        let verdict = format!(
            "in the last second {rate:.0} came and {:.0} succeeded",
            desk.rate(super::Count::Good)
        );
        let place = at(WORDS, CLIENTS);
        marks.push(small(place, Align::Left, verdict, State::Neutral));
        for service in 0..self.spots.len() {
            self.service(desk, service, &mut marks);
        }
        Scene {
            rows: self.height(),
            marks,
        }
    }

    /// Calls under way, as far along as their time-out is used up, and the caller's breaker.
    fn link(self, desk: &Desk, link: usize, now: Instant, marks: &mut Vec<Mark>) {
        let config = desk.model.config();
        let policy = &config.links[link];
        let to = self.node(policy.to);
        let caller = (config.services.iter()).position(|service| service.calls.contains(&link));
        let from = caller.map_or(at(NODE, CLIENTS), |caller| self.node(caller));
        let from = if from.x < to.x {
            at(to.x, from.y + BELOW)
        } else {
            at(from.x, from.y + RADIUS)
        };
        let most = if policy.time_out.is_zero() {
            LONG
        } else {
            policy.time_out
        };
        let dot = |call: &Call| Dot {
            progress: (now.since(call.sent).as_secs_f64() / most.as_secs_f64()).min(1.0) as f32,
            state: if call.stage == Stage::Lost {
                State::TimedOut
            } else {
                State::Waiting
            },
            subject: call.request + 1,
        };
        let waited = |call: &&Call| call.link == link as u32 && !call.given_up;
        marks.push(Mark::Pipe {
            from,
            to: at(to.x, to.y - RADIUS),
            dots: desk.model.calls().filter(waited).map(dot).collect(),
        });
        let state = &desk.model.callers()[link];
        let left = to.x - NODE + WORDS;
        let text = format!("{} under way", state.under_way);
        marks.push(small(at(left, to.y - 2.0), Align::Left, text, State::Muted));
        let Some(breaker) = &state.breaker else {
            return;
        };
        let (circuit, colour) = match breaker.state(now) {
            Circuit::Closed => ("breaker closed", State::Served),
            Circuit::HalfOpen => ("breaker half-open", State::Moved),
            Circuit::Open => ("breaker open", State::Rejected),
        };
        let text = circuit.to_owned();
        marks.push(small(at(left, to.y - 2.9), Align::Left, text, colour));
    }

    fn service(self, desk: &Desk, service: usize, marks: &mut Vec<Mark>) {
        let spot = self.spots[service];
        let node = self.node(service);
        let server = &desk.model.servers()[service];
        let config = &desk.model.config().services[service];
        let name = self.names.services[service];
        let (label, state) = match server.trouble {
            // Its shape tells its name.
            Some(trouble) => (words::trouble(trouble), State::Rejected),
            None => (name.to_owned(), State::Neutral),
        };
        marks.push(Mark::Node {
            at: node,
            kind: NodeKind::Server,
            radius: RADIUS,
            label: spot.short.to_owned(),
            caption: String::new(),
            state,
        });
        let left = spot.from + WORDS;
        let width = spot.width - WORDS - 0.02;
        marks.push(small(at(left, node.y - 0.95), Align::Left, label, state));
        marks.push(Mark::Cells {
            at: at(left, node.y - 0.4),
            width,
            height: 0.9,
            states: places(desk, service),
            places: config.places,
        });
        let waiting = server.queue.len();
        marks.push(Mark::Bar {
            at: at(left, node.y + 1.1),
            width: width * 0.4,
            share: waiting as f32 / config.queue.max(1) as f32,
            state: State::Waiting,
        });
        let queue = format!("{waiting} queued");
        let place = at(left + width * 0.45, node.y + 1.1);
        marks.push(small(place, Align::Left, queue, State::Muted));
    }
}

/// How each place of a service fares: at work, held by a call that waits for another service, or at work for nobody.
fn places(desk: &Desk, service: usize) -> Vec<State> {
    let links = &desk.model.config().links;
    let here = |call: &&Call| {
        call.link != NONE
            && links[call.link as usize].to == service
            && matches!(call.stage, Stage::Worked | Stage::Calling)
    };
    let mut states: Vec<State> = (desk.model.calls().filter(here))
        .map(|call| match call.stage {
            _ if call.given_up => State::TimedOut,
            Stage::Calling => State::Waiting,
            _ => State::Served,
        })
        .collect();
    states.sort_unstable();
    states
}

pub(crate) fn small(at: At, align: Align, text: String, state: State) -> Mark {
    Mark::Text {
        at,
        text,
        size: Size::Small,
        align,
        state,
    }
}
