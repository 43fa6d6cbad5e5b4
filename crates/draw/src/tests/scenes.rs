//! Marks: where they are, how many steps they take, and what is under a point.

use labs::scene::{Align, At, Dot, Mark, NodeKind, Size, Slot, at};
use labs::{Scene, State};

use super::gallery::{alone, dots, everything, flow, node, ring, tank, tray};
use super::recorder::{What, record, view};
use crate::shape::{Area, between, capsule, pie, rounded};
use crate::{STATES, hit, scene_height};

const WIDTHS: [f32; 4] = [320.0, 350.0, 750.0, 1200.0];

fn of(rows: f32, marks: Vec<Mark>) -> Scene {
    Scene { rows, marks }
}

/// Marks with their centre or left end at this place, of a size that would stick out.
fn shapes_at(place: At) -> Vec<Mark> {
    let node = |kind| node(place, kind, "a long label", "a caption", State::Muted);
    let text = |align, size| {
        let text = "some words".into();
        Mark::Text {
            at: place,
            text,
            size,
            align,
            state: State::Muted,
        }
    };
    vec![
        node(NodeKind::Client),
        node(NodeKind::Server),
        node(NodeKind::Store),
        tank(place, (6.0, 6.0), 3.0, 5.0),
        ring(place, 3.0),
        tray(place, 123_456, "timed out", State::TimedOut),
        text(Align::Left, Size::Small),
        text(Align::Centre, Size::Body),
        text(Align::Right, Size::Big),
    ]
}

/// A queue with more in it than it has places.
fn slots(place: At, places: u32) -> Mark {
    let slot = Slot {
        state: State::Served,
        left: 0.5,
        subject: 1,
    };
    let occupants = vec![slot; places as usize + 3];
    Mark::Slots {
        at: place,
        width: 1.0,
        places,
        occupants,
        numbered: false,
    }
}

/// The same with marks that go on from there to the right or anywhere.
fn rows_at(place: At) -> Vec<Mark> {
    let pipe = |to, dots| Mark::Pipe {
        from: place,
        to,
        dots,
    };
    let burst = |state| {
        [0.0, 1.0]
            .map(|progress| {
                vec![
                    Dot {
                        progress,
                        state,
                        subject: 1
                    };
                    12
                ]
            })
            .concat()
    };
    let states = STATES.repeat(50);
    vec![
        pipe(at(1.0 - place.x, 8.0), dots(20, &STATES)),
        pipe(at(place.x, 9.0 - place.y), dots(2_000, &STATES)),
        pipe(at(1.0 - place.x, place.y), burst(State::Rejected)),
        pipe(at(place.x, 9.0 - place.y), burst(State::TimedOut)),
        slots(place, 9),
        slots(place, 900),
        Mark::Bar {
            at: place,
            width: 1.0,
            share: 0.5,
            state: State::Served,
        },
        Mark::Cells {
            at: place,
            width: 1.0,
            height: 20.0,
            states,
            places: 0,
        },
    ]
}

#[test]
fn no_mark_draws_outside_the_figure() {
    let corners = [
        at(0.0, 0.0),
        at(1.0, 0.0),
        at(0.0, 9.0),
        at(1.0, 9.0),
        at(0.5, 4.5),
    ];
    let scenes = [
        vec![everything(), flow(50.0)],
        corners
            .map(|place| of(9.0, [shapes_at(place), rows_at(place)].concat()))
            .into(),
    ]
    .concat();
    for width in WIDTHS {
        for (nth, scene) in scenes.iter().enumerate() {
            let view = view(width);
            // Half a pixel either way is rounding to units.
            let figure = Area {
                x0: 0.0,
                y0: 0.0,
                x1: width,
                y1: scene_height(scene, &view) as f32,
            }
            .grown(0.5);
            for step in record(scene, &view) {
                let inside = figure.contains((step.area.x0, step.area.y0))
                    && figure.contains((step.area.x1, step.area.y1));
                assert!(inside, "scene {nth} at {width}: {step:?}");
            }
        }
    }
}

#[test]
fn letters_are_never_smaller_than_eleven_pixels() {
    for width in WIDTHS {
        for step in record(&everything(), &view(width)) {
            if let What::Text(words, pixels) = step.what {
                assert!(pixels >= 10.99, "{words} at {width}");
            }
        }
    }
}

#[test]
fn hit_finds_a_dot_where_it_is_drawn_and_nowhere_else() {
    for progress in [0.0, 0.1, 0.5, 0.9, 1.0] {
        for width in WIDTHS {
            let view = view(width);
            let scene = alone(
                0.8,
                vec![Dot {
                    progress,
                    state: State::Neutral,
                    subject: 42,
                }],
            );
            let steps = record(&scene, &view);
            let dot = steps
                .iter()
                .rfind(|step| step.what == What::Circle)
                .expect("a dot is a circle");
            let (x, y) = dot.area.centre();
            assert_eq!(hit(&scene, &view, x, y), Some(42));
            assert_eq!(
                hit(&scene, &view, x + 8.0, y),
                Some(42),
                "a fingertip is broad"
            );
            assert_eq!(hit(&scene, &view, x + 10.0, y), None);
            assert_eq!(hit(&scene, &view, x, y - 10.0), None);
        }
    }
}

#[test]
fn hit_prefers_the_nearest_dot() {
    let view = view(750.0);
    let scene = alone(1.0, dots(100, &[State::Waiting]));
    let circles: Vec<_> = record(&scene, &view)
        .into_iter()
        .filter(|step| step.what == What::Circle && step.rgb == view.palette.waiting)
        .collect();
    assert_eq!(circles.len(), 100);
    for (subject, circle) in (0..).zip(circles) {
        let (x, y) = circle.area.centre();
        assert_eq!(hit(&scene, &view, x, y), Some(subject));
    }
}

#[test]
fn hit_finds_the_occupant_of_a_place_and_nobody_in_an_empty_one() {
    let occupants = [7, 8, 9].map(|subject| Slot {
        state: State::Waiting,
        left: 0.4,
        subject,
    });
    let scene = of(
        3.0,
        vec![Mark::Slots {
            at: at(0.0, 1.5),
            width: 0.5,
            places: 10,
            occupants: occupants.into(),
            numbered: false,
        }],
    );
    let view = view(350.0);
    let found = |x| hit(&scene, &view, x, 25.5);
    assert_eq!(
        [3.0, 20.0, 38.0, 71.0].map(found),
        [Some(7), Some(8), Some(9), None]
    );
    assert_eq!(hit(&scene, &view, 20.0, 50.0), None);
}

#[test]
fn a_pipe_touches_the_shapes_it_joins_at_every_width() {
    let node = |x| Mark::Node {
        at: at(x, 3.0),
        kind: NodeKind::Server,
        radius: 1.5,
        label: String::new(),
        caption: String::new(),
        state: State::Neutral,
    };
    let ends = [0.0, 1.0].map(|progress| Dot {
        progress,
        state: State::Neutral,
        subject: 0,
    });
    let between = Mark::Pipe {
        from: at(0.14, 3.0),
        to: at(0.86, 3.0),
        dots: ends.into(),
    };
    let scene = of(6.0, vec![between, node(0.1), node(0.9)]);
    for width in [320.0, 350.0, 500.0, 750.0] {
        let steps = record(&scene, &view(width));
        let (left, right) = (0.1 * width + 25.5, 0.9 * width - 25.5);
        let wall = steps
            .iter()
            .find(|step| step.what == What::Polygon)
            .expect("the wall")
            .area;
        assert!(wall.x0 < left && wall.x1 > right, "{width}: {wall:?}");
        for dot in steps.iter().filter(|step| step.what == What::Circle) {
            assert!(
                dot.area.x0 >= left && dot.area.x1 <= right,
                "{width}: {dot:?}"
            );
        }
    }
}

#[test]
fn a_tank_is_filled_to_its_level() {
    let filled = |level: f64| {
        let tank = Mark::Tank {
            at: at(0.5, 4.0),
            width: 6.0,
            height: 6.0,
            level,
            capacity: 10.0,
            unit: "",
            state: State::Selected,
        };
        let view = view(350.0);
        let steps = record(&of(8.0, vec![tank]), &view);
        let content = steps
            .into_iter()
            .find(|step| step.rgb == view.palette.selected && step.alpha < 1.0);
        content.map_or(0.0, |step| step.area.height())
    };
    let full = filled(10.0);
    assert!((full - 6.0 * 17.0).abs() < 3.0, "{full}");
    assert!((filled(5.0) - full / 2.0).abs() < 0.5);
    assert_eq!(filled(0.0), 0.0);
    assert_eq!(filled(25.0), full, "never above the rim");
}

#[test]
fn a_debt_shows_as_stripes_and_a_true_minus_sign() {
    let tank = |level| Mark::Tank {
        at: at(0.5, 4.0),
        width: 6.0,
        height: 6.0,
        level,
        capacity: 10.0,
        unit: "",
        state: State::Selected,
    };
    let view = view(350.0);
    let steps = record(&of(8.0, vec![tank(-2.5)]), &view);
    assert!(
        steps
            .iter()
            .filter(|step| step.rgb == view.palette.waiting)
            .count()
            > 5
    );
    assert!(
        steps
            .iter()
            .any(|step| matches!(&step.what, What::Text(words, _) if words == "\u{2212}2.5"))
    );
}

#[test]
fn trays_below_each_other_line_up() {
    let tray = |y, count| Mark::Tray {
        at: at(0.1, y),
        count,
        label: "rejected",
        state: State::Rejected,
    };
    let steps = record(
        &of(6.0, vec![tray(1.0, 3), tray(3.0, 12_345)]),
        &view(750.0),
    );
    let lefts: Vec<_> = steps
        .iter()
        .filter(|step| matches!(&step.what, What::Text(words, _) if words == "rejected"))
        .map(|step| step.area.x0)
        .collect();
    assert_eq!(lefts.len(), 2);
    assert_eq!(lefts[0], lefts[1]);
}

#[test]
fn outlines_stay_within_what_they_outline() {
    let area = Area {
        x0: 10.0,
        y0: 20.0,
        x1: 50.0,
        y1: 40.0,
    };
    let slack = area.grown(0.001);
    for radius in [0.0, 5.0, 10.0, 100.0] {
        assert!(
            rounded(area, radius)
                .into_iter()
                .all(|point| slack.contains(point)),
            "{radius}"
        );
    }
    assert!(
        capsule((10.0, 30.0), (50.0, 30.0), 20.0)
            .into_iter()
            .all(|point| slack.contains(point))
    );
    let half = between(&rounded(area, 5.0), 30.0, 99.0);
    assert!(half.iter().all(|&(_, y)| y >= 30.0) && half.len() > 4);
    assert!(between(&rounded(area, 5.0), 50.0, 60.0).is_empty());
    let quarter = pie((0.0, 0.0), 10.0, 0.25);
    assert!(quarter.into_iter().all(|(x, y)| x > -0.001 && y < 0.001));
}

#[test]
fn a_piece_of_a_ring_lies_in_its_own_time_between_hole_and_rim_and_the_hand_crosses_both() {
    use labs::scene::Wedge;
    let piece = |from, to, state| Wedge {
        from,
        to,
        inner: 0.5,
        outer: 1.0,
        state,
    };
    let scene = of(
        10.0,
        vec![Mark::Ring {
            at: at(0.5, 5.0),
            radius: 4.0,
            // The quarter after the top, and the one before it.
            wedges: vec![
                piece(0.0, 0.25, State::Served),
                piece(0.75, 1.0, State::Rejected),
            ],
            now: 0.5,
        }],
    );
    let view = view(350.0);
    let steps = record(&scene, &view);
    let drawn = |state| {
        let rgb = view.palette.mark(state);
        let found = steps.iter().find(|step| step.rgb == rgb);
        found.expect("it is drawn").area
    };
    let (centre, rim) = ((175.0, 85.0), 4.0 * 17.0);
    let (right, left, hand) = (
        drawn(State::Served),
        drawn(State::Rejected),
        drawn(State::Selected),
    );
    assert!(right.x0 > centre.0 && right.y1 < centre.1, "{right:?}");
    assert!(left.x1 < centre.0 && left.y1 < centre.1, "{left:?}");
    // Both reach the rim at the top, up to the gap between neighbours.
    for piece in [right, left] {
        assert!((piece.y0 - (centre.1 - rim)).abs() < 1.0, "{piece:?}");
    }
    // The hand points down, from inside the hole to beyond the rim.
    assert!((hand.centre().0 - centre.0).abs() < 0.5, "{hand:?}");
    assert!(
        hand.y0 > centre.1 && hand.y0 < centre.1 + rim * 0.54,
        "{hand:?}"
    );
    assert!(hand.y1 > centre.1 + rim, "{hand:?}");
}

#[test]
fn a_turn_on_a_track_is_found_from_its_beginning_to_its_end_and_beside_it_nothing() {
    use clock::Instant;
    use labs::scene::Span;
    let turn = |from_ms, to_ms, subject| Span {
        from: Instant::from_millis(from_ms),
        to: Instant::from_millis(to_ms),
        state: State::Served,
        height: 0.0,
        subject,
    };
    let track = Mark::Track {
        at: at(0.0, 5.0),
        width: 1.0,
        height: 1.2,
        from: Instant::ZERO,
        to: Instant::from_millis(100),
        now: Instant::from_millis(90),
        spans: vec![turn(20, 40, Some(7)), turn(60, 80, None)],
        labelled: false,
    };
    let (scene, view) = (of(10.0, vec![track]), view(400.0));
    for x in [81.0, 120.0, 159.0] {
        assert_eq!(hit(&scene, &view, x, 85.0), Some(7), "{x}");
    }
    assert_eq!(hit(&scene, &view, 120.0, 120.0), None);
    assert_eq!(hit(&scene, &view, 280.0, 85.0), None, "it is about nobody");
}
