//! Charts: what is strong, what is pale, and what is left out.

use core::time::Duration;

use clock::Instant;
use labs::{AnyRun, LineStyle, Point, Run};

use super::fake::Gallery;
use super::recorder::{Recorder, Step, What, view};
use crate::series::Series;
use crate::shape::Area;
use crate::{Palette, Svg, View, chart, x_at};

const RUN: Duration = Duration::from_secs(30);

/// The gallery at `now`, after having been seen up to `seen`.
fn gallery(now: u64, seen: u64) -> Run<Gallery> {
    let mut run = Run::<Gallery>::new((), 1);
    AnyRun::seek(&mut run, Instant::from_millis(seen));
    AnyRun::seek(&mut run, Instant::from_millis(now));
    run
}

fn record(run: &dyn AnyRun, index: usize, view: &View) -> Vec<Step> {
    let mut recorder = Recorder::new(view);
    let first_line = run.charts()[..index]
        .iter()
        .map(|chart| chart.lines.len())
        .sum();
    let drawn = chart(
        &mut recorder,
        &run.charts()[index],
        first_line,
        run.tape(),
        RUN,
        run.now(),
        view,
        120.0,
    );
    drawn.expect("the recorder never fails");
    recorder.steps
}

#[test]
fn no_chart_draws_outside_its_area() {
    for width in [320.0, 350.0, 750.0, 1200.0] {
        for now in [0, 100, 17_400, 30_000] {
            for index in 0..2 {
                let whole = Area {
                    x0: 0.0,
                    y0: 0.0,
                    x1: width,
                    y1: 120.0,
                }
                .grown(0.5);
                for step in record(&gallery(now, 30_000), index, &view(width)) {
                    let corners = [(step.area.x0, step.area.y0), (step.area.x1, step.area.y1)];
                    assert!(
                        corners.into_iter().all(|corner| whole.contains(corner)),
                        "{width} at {now}: {step:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_cursor_stands_at_the_present_on_the_shared_axis() {
    let view = view(750.0);
    let run = gallery(17_400, 17_400);
    let steps = record(&run, 0, &view);
    let knob = steps
        .iter()
        .rfind(|step| step.what == What::Circle)
        .expect("a knob");
    assert!((knob.area.centre().0 - x_at(run.now(), RUN, &view)).abs() < 0.3);
}

#[test]
fn lines_end_at_the_cursor_and_go_on_pale_where_the_future_was_seen() {
    let view = view(750.0);
    let x = x_at(Instant::from_millis(17_400), RUN, &view);
    let served = |seen| -> Vec<(f64, f32, f32)> {
        record(&gallery(17_400, seen), 0, &view)
            .into_iter()
            .filter(|step| step.what == What::Path && step.rgb == view.palette.served)
            .map(|step| (step.alpha, step.area.x0, step.area.x1))
            .collect()
    };
    let unseen = served(17_400);
    assert_eq!(unseen.len(), 1);
    assert_eq!(unseen[0].0, 1.0);
    let seen = served(30_000);
    assert_eq!(seen.len(), 2);
    assert!(seen[0].0 < 0.5 && seen[0].1 >= x - 2.0, "{seen:?}");
    assert!(seen[1].0 == 1.0 && seen[1].2 <= x + 2.0, "{seen:?}");
}

#[test]
fn lines_are_named_at_their_ends_only_where_the_names_do_not_collide() {
    let view = view(750.0);
    let names = |run: &dyn AnyRun| -> Vec<(String, Area)> {
        let steps = record(run, 0, &view);
        let named = steps.into_iter().filter_map(|step| match step.what {
            What::Text(words, _) if words.chars().all(char::is_alphabetic) => {
                Some((words, step.area))
            }
            _ => None,
        });
        named.collect()
    };
    let found = names(&gallery(17_400, 17_400));
    assert_eq!(
        found.len(),
        3,
        "offered and rejected end at the same height: {found:?}"
    );
    for (index, (_, a)) in found.iter().enumerate() {
        assert!(
            found[..index]
                .iter()
                .all(|(_, b)| a.y0 >= b.y1 || a.y1 <= b.y0)
        );
    }
    assert!(
        names(&gallery(17_400, 30_000)).is_empty(),
        "the pale lines are in the way"
    );
    assert!(names(&gallery(29_900, 29_900)).is_empty(), "no room");
}

#[test]
fn a_negative_value_opens_the_axis_downwards() {
    let steps = record(&gallery(30_000, 30_000), 1, &view(750.0));
    let label = |words: &str| {
        steps
            .iter()
            .find(|step| matches!(&step.what, What::Text(text, _) if text == words))
    };
    let (zero, twenty) = (label("0").expect("zero"), label("20").expect("twenty"));
    assert!(twenty.area.y0 < zero.area.y0);
    assert!(zero.area.y0 < 85.0, "there is room for the debt below");
}

fn points(values: &[(u64, f64)]) -> Vec<Point> {
    values
        .iter()
        .map(|&(millis, value)| Point {
            at: Instant::from_millis(millis),
            value,
        })
        .collect()
}

fn cut(values: &[(u64, f64)], style: LineStyle, now: u64) -> Series {
    Series::cut(
        &points(values),
        style,
        Instant::from_millis(now),
        10.0,
        700.0,
    )
}

#[test]
fn a_line_is_cut_between_its_points() {
    let series = cut(
        &[(0, 0.0), (1_000, 10.0), (2_000, 0.0)],
        LineStyle::Line,
        1_500,
    );
    assert_eq!(series.past, [(0.0, 0.0), (1.0, 10.0), (1.5, 5.0)]);
    assert_eq!(series.future, [(1.5, 5.0), (2.0, 0.0)]);
}

#[test]
fn a_step_keeps_its_level_up_to_the_present() {
    let series = cut(&[(0, 1.0), (1_000, 4.0)], LineStyle::Step, 1_500);
    assert_eq!(
        series.past,
        [(0.0, 1.0), (1.0, 1.0), (1.0, 4.0), (1.5, 4.0)]
    );
    assert!(series.future.is_empty());
}

#[test]
fn a_point_exactly_at_the_present_belongs_to_the_past() {
    let series = cut(&[(1_000, 1.0), (2_000, 2.0)], LineStyle::Step, 1_000);
    assert_eq!(series.past.first(), Some(&(1.0, 1.0)));
    assert_eq!(series.future, [(1.0, 1.0), (2.0, 1.0), (2.0, 2.0)]);
    assert_eq!(cut(&[], LineStyle::Line, 5), Series::default());
}

#[test]
fn thinning_keeps_the_extremes() {
    let mut values: Vec<_> = (0..100_000).map(|nth| (nth / 10, 5.0)).collect();
    values[50_003].1 = 99.0;
    values[70_007].1 = -99.0;
    let series = cut(&values, LineStyle::Line, 10_000);
    assert!(series.past.len() < 3_000, "{}", series.past.len());
    assert!(series.past.iter().any(|&(_, value)| value == 99.0));
    assert!(series.past.iter().any(|&(_, value)| value == -99.0));
    assert!(series.past.is_sorted_by(|a, b| a.0 <= b.0));
}

#[test]
fn a_level_stretch_is_drawn_from_its_first_point_to_its_last() {
    let values = [
        (0, 1.0),
        (1_000, 2.0),
        (2_000, 2.0),
        (3_000, 2.0),
        (4_000, 2.0),
        (5_000, 1.0),
    ];
    let past = cut(&values, LineStyle::Line, 5_000).past;
    assert_eq!(past, [(0.0, 1.0), (1.0, 2.0), (4.0, 2.0), (5.0, 1.0)]);
    let past = cut(&values, LineStyle::Step, 9_000).past;
    let corners = [
        (0.0, 1.0),
        (1.0, 1.0),
        (1.0, 2.0),
        (5.0, 2.0),
        (5.0, 1.0),
        (9.0, 1.0),
    ];
    assert_eq!(past, corners);
}

/// The drawing calls of the first chart of a run, with something over it.
fn overlaid(run: &dyn AnyRun, over: &crate::Overlay<'_>) -> String {
    let view = View {
        width: 600.0,
        row: 17.0,
        scale: crate::FINE,
        palette: Palette::LIGHT,
    };
    let mut svg = Svg::new(600.0, 128.0, view.scale);
    crate::chart_with(
        &mut svg,
        &run.charts()[0],
        0,
        run.tape(),
        run.length(),
        run.now(),
        &view,
        128.0,
        over,
    )
    .expect("writing to memory cannot fail");
    svg.into_elements()
}

#[test]
fn a_second_run_is_drawn_where_it_differs_and_on_an_axis_that_holds_both() {
    let mut run = labs::find("one-bucket").expect("it is registered").open(7);
    run.seek(Instant::from_millis(6_000));
    let mut twin = run.twin();
    let alone = overlaid(&*run, &crate::Overlay::default());
    let over = |twin: &dyn AnyRun| {
        let over = crate::Overlay {
            twin: Some(twin.tape()),
            ..crate::Overlay::default()
        };
        overlaid(&*run, &over)
    };
    assert_eq!(
        over(&*twin),
        alone,
        "an equal run would only hide the first"
    );
    let knob = |run: &dyn AnyRun, id: &str| {
        let knobs = run.knobs();
        let place = knobs.iter().position(|(spec, _)| spec.id == id);
        place.expect("the first lab has it")
    };
    twin.set_knob(knob(&*twin, "burst"), 1.0);
    assert!(over(&*twin).len() > alone.len());
    twin.set_knob(knob(&*twin, "offered"), 10_000.0);
    assert!(!alone.contains("10k") && over(&*twin).contains("10k"));
}

#[test]
fn a_sketch_is_drawn_over_its_own_chart_alone() {
    let mut run = labs::find("one-bucket").expect("it is registered").open(7);
    run.seek(Instant::from_millis(1_000));
    let alone = overlaid(&*run, &crate::Overlay::default());
    let first = run.charts()[0].lines.len();
    for (line, drawn) in [(0, true), (first - 1, true), (first, false)] {
        let sketches = [crate::Sketch {
            line,
            points: vec![(0.0, 5.0), (30.0, 10.0)],
        }];
        let over = crate::Overlay {
            sketches: &sketches,
            ..crate::Overlay::default()
        };
        assert_eq!(overlaid(&*run, &over) != alone, drawn, "line {line}");
    }
}

#[test]
fn a_backend_that_dashes_by_itself_is_told_when_and_when_no_more() {
    let mut run = labs::find("one-bucket").expect("it is registered").open(7);
    run.seek(Instant::from_millis(6_000));
    let told = core::cell::RefCell::new(Vec::new());
    let dashes = |dash: f64, gap: f64| told.borrow_mut().push((dash > 0.0, gap > 0.0));
    let over = crate::Overlay {
        dashes: Some(&dashes),
        ..crate::Overlay::default()
    };
    overlaid(&*run, &over);
    let told = told.into_inner();
    assert!(!told.is_empty() && told.len().is_multiple_of(2));
    for pair in told.chunks(2) {
        assert_eq!(pair, [(true, true), (false, false)]);
    }
}
