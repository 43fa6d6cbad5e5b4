//! Crowds: what many requests, cells and ticks are drawn as, and at what cost.

use labs::scene::{Dot, Mark, at};
use labs::{Scene, State};

use super::gallery::{alone, dots};
use super::recorder::{Step, What, record, view};
use crate::marks::cells::Grid;
use crate::marks::flow::smoothed;
use crate::{STATES, density};

fn of(rows: f32, marks: Vec<Mark>) -> Scene {
    Scene { rows, marks }
}

fn count(steps: &[Step], what: &What) -> usize {
    steps.iter().filter(|step| step.what == *what).count()
}

#[test]
fn a_density_counts_every_dot_exactly_once() {
    let odd = [-1.0, 0.0, 1.0, 2.0, f32::NAN, f32::INFINITY].map(|progress| Dot {
        progress,
        state: State::Moved,
        subject: 0,
    });
    for columns in [0, 1, 7, 250] {
        let crowd = [dots(10_000, &STATES[..7]), odd.into()].concat();
        let counts = density(&crowd, columns);
        assert_eq!(counts.len(), columns.max(1));
        for state in STATES {
            let drawn: u32 = counts.iter().map(|column| column[state as usize]).sum();
            let given = crowd.iter().filter(|dot| dot.state == state).count();
            assert_eq!(drawn as usize, given, "{state:?} in {columns}");
            let smooth: f32 = smoothed(&counts)
                .iter()
                .map(|column| column[state as usize])
                .sum();
            assert!(
                (smooth - given as f32).abs() < 0.01,
                "{state:?} in {columns}: {smooth}"
            );
        }
    }
}

#[test]
fn a_pipe_shows_150_dots_one_by_one_and_151_as_a_density() {
    let view = view(1000.0);
    let single = record(&alone(1.0, dots(150, &[State::Neutral])), &view);
    let crowd = record(&alone(1.0, dots(151, &[State::Neutral])), &view);
    assert_eq!(count(&single, &What::Circle), 300, "each with its rim");
    assert_eq!(count(&crowd, &What::Circle), 0);
    assert!(count(&crowd, &What::Rect) > 100);
}

#[test]
fn a_short_pipe_becomes_a_density_sooner() {
    let view = view(300.0);
    assert_eq!(
        count(
            &record(&alone(0.3, dots(18, &[State::Neutral])), &view),
            &What::Circle
        ),
        36
    );
    assert_eq!(
        count(
            &record(&alone(0.3, dots(19, &[State::Neutral])), &view),
            &What::Circle
        ),
        0
    );
}

#[test]
fn ten_thousand_requests_take_no_more_steps_than_the_pipe_is_long() {
    let states = [State::Waiting, State::Served, State::Rejected];
    let steps = record(&alone(1.0, dots(10_000, &states)), &view(750.0));
    assert!(steps.len() <= 3 * 250 + 2, "{}", steps.len());
}

#[test]
fn a_hundred_thousand_cells_take_few_steps() {
    let states = (0..100_000)
        .map(|nth| {
            if nth < 60_000 {
                State::Served
            } else {
                State::Waiting
            }
        })
        .collect();
    let scene = of(
        8.0,
        vec![Mark::Cells {
            at: at(0.0, 0.0),
            width: 1.0,
            height: 8.0,
            states,
            places: 0,
        }],
    );
    let steps = record(&scene, &view(750.0));
    assert!(steps.len() < 200, "{}", steps.len());
    let area = |colour| -> f32 {
        let of_colour = steps.iter().filter(|step| step.rgb == colour);
        of_colour
            .map(|step| step.area.width() * step.area.height())
            .sum()
    };
    let palette = view(750.0).palette;
    let share = area(palette.served) / (area(palette.served) + area(palette.waiting));
    assert!((share - 0.6).abs() < 0.01, "{share}");
}

#[test]
fn every_cell_fits_its_grid() {
    for count in [1, 2, 3, 10, 99, 400, 5_000] {
        for (width, height) in [(300.0, 80.0), (80.0, 300.0), (30.0, 30.0)] {
            let grid = Grid::fitting(count, width, height);
            assert!(grid.columns * grid.rows >= count, "{count}: {grid:?}");
            assert!(
                grid.columns as f32 * grid.side <= width + 0.1,
                "{count}: {grid:?}"
            );
            assert!(
                grid.rows as f32 * grid.side <= height + 0.1,
                "{count}: {grid:?}"
            );
        }
    }
}

#[test]
fn ticks_at_the_same_place_are_drawn_once() {
    use clock::Instant;
    use labs::scene::Span;
    let tick = |nth: u64| {
        let at = Instant::from_nanos(nth * 1_000_000);
        Span {
            from: at,
            to: at,
            state: State::Served,
            height: 0.0,
            subject: None,
        }
    };
    let track = Mark::Track {
        at: at(0.0, 2.0),
        width: 1.0,
        height: 1.0,
        from: Instant::ZERO,
        to: Instant::from_millis(10_000),
        now: Instant::MAX,
        spans: (0..10_000).map(tick).collect(),
        labelled: false,
    };
    let steps = record(&of(4.0, vec![track]), &view(350.0));
    assert!(steps.len() <= 354, "{}", steps.len());
}

#[test]
fn what_failed_fades_towards_the_end_of_its_way() {
    let alphas = |state| {
        let dots = [0.2, 0.7, 1.0].map(|progress| Dot {
            progress,
            state,
            subject: 1,
        });
        let view = view(750.0);
        let steps = record(&alone(1.0, dots.into()), &view);
        let marks = steps
            .iter()
            .filter(|step| step.rgb == view.palette.mark(state));
        marks.map(|step| step.alpha).collect::<Vec<_>>()
    };
    assert_eq!(alphas(State::Rejected), [1.0, 0.75, 0.25]);
    assert_eq!(alphas(State::Neutral), [1.0, 1.0, 1.0]);
}

#[test]
fn a_burst_is_one_bead_with_its_count_until_it_has_spread() {
    let burst = |count: u32, gap: f32| -> Vec<Dot> {
        let dot = |nth: u32| Dot {
            progress: 0.5 + nth as f32 * gap / 740.0,
            state: State::Served,
            subject: nth,
        };
        (0..count).map(dot).collect()
    };
    let drawn = |dots: Vec<Dot>| record(&alone(1.0, dots), &view(750.0));
    let counts = |steps: &[Step]| -> Vec<String> {
        let words = steps.iter().filter_map(|step| match &step.what {
            What::Text(words, _) => Some(words.clone()),
            _ => None,
        });
        words.collect()
    };
    assert_eq!(counts(&drawn(burst(50, 0.4))), ["50"]);
    assert_eq!(counts(&drawn(burst(8, 2.0))), ["8"]);
    assert!(
        counts(&drawn(burst(7, 2.0))).is_empty(),
        "seven can be told apart"
    );
    assert!(
        counts(&drawn(burst(50, 5.0))).is_empty(),
        "these have spread"
    );
    let mixed = [burst(9, 0.5), dots(3, &[State::Waiting])].concat();
    let steps = drawn(mixed);
    assert_eq!(counts(&steps), ["9"]);
    assert_eq!(
        steps
            .iter()
            .filter(|step| step.rgb == view(750.0).palette.waiting)
            .count(),
        3
    );
}

#[test]
fn pipes_that_meet_make_a_round_corner_and_hand_their_dots_on() {
    let end = |progress, subject| {
        vec![Dot {
            progress,
            state: State::Neutral,
            subject,
        }]
    };
    let down = Mark::Pipe {
        from: at(0.5, 1.0),
        to: at(0.5, 5.0),
        dots: end(1.0, 8),
    };
    let left = Mark::Pipe {
        from: at(0.5, 5.0),
        to: at(0.1, 5.0),
        dots: end(0.0, 8),
    };
    let steps = record(&of(7.0, vec![down, left]), &view(750.0));
    let circles: Vec<_> = steps
        .iter()
        .filter(|step| step.what == What::Circle)
        .collect();
    let (a, b) = (circles[0].area.centre(), circles[2].area.centre());
    assert!(
        (a.0 - b.0).abs() < 2.0 && (a.1 - b.1).abs() < 2.0,
        "{a:?} {b:?}"
    );
    let walls: Vec<_> = steps
        .iter()
        .filter(|step| step.what == What::Polygon)
        .collect();
    assert!((walls[0].area.y1 - walls[1].area.y1).abs() < 0.3);
    assert!((walls[0].area.x1 - walls[1].area.x1).abs() < 0.3);
}
