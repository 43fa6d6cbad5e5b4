//! Averages over time, and what drawing keeps of a long series.

use core::time::Duration;

use clock::Instant;
use proptest::collection::vec;
use proptest::prelude::proptest;

use crate::{Column, RateCounter, TimeSeries};

fn ms(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

fn series(points: &[(u64, f64)]) -> TimeSeries {
    let mut series = TimeSeries::new();
    points
        .iter()
        .for_each(|&(at, value)| series.push(ms(at), value));
    series
}

#[test]
fn a_value_holds_until_the_next_point() {
    let level = series(&[(10, 5.0), (20, 7.0), (20, 8.0)]);
    assert_eq!(level.value_at(Instant::from_nanos(9_999_999)), None);
    assert_eq!(level.value_at(ms(10)), Some(5.0));
    assert_eq!(level.value_at(Instant::from_nanos(19_999_999)), Some(5.0));
    assert_eq!(level.value_at(ms(20)), Some(8.0));
    assert_eq!(level.value_at(Instant::MAX), Some(8.0));
}

#[test]
#[should_panic(expected = "comes after")]
fn a_point_in_the_past_is_refused() {
    series(&[(10, 5.0), (9, 7.0)]);
}

#[test]
fn unchanged_values_add_no_points() {
    let mut level = TimeSeries::new();
    for (at, value) in [(1, 5.0), (2, 5.0), (3, 6.0)] {
        level.push_change(ms(at), value);
    }
    assert_eq!(level.points(), [(ms(1), 5.0), (ms(3), 6.0)]);
}

#[test]
fn stretches_and_cuts_include_the_instants_they_name() {
    let mut level = series(&[(10, 1.0), (20, 2.0), (30, 3.0)]);
    assert_eq!(level.between(ms(10), ms(20)).len(), 2);
    assert_eq!(level.between(ms(11), ms(19)).len(), 0);
    assert_eq!(level.between(ms(30), ms(10)).len(), 0);
    level.truncate_after(ms(20));
    assert_eq!((level.len(), level.is_empty()), (2, false));
}

#[test]
fn a_time_average_weighs_each_value_by_how_long_it_held() {
    let level = series(&[(10, 1.0), (20, 4.0)]);
    assert_eq!(level.time_average(ms(10), ms(40)), Some(3.0));
    assert_eq!(level.time_average(ms(0), ms(20)), Some(1.0));
    assert_eq!(level.time_average(ms(15), ms(25)), Some(2.5));
    assert_eq!(level.time_average(ms(0), ms(10)), None);
    assert_eq!(TimeSeries::new().time_average(ms(0), ms(10)), None);
}

#[test]
fn columns_keep_spikes_and_carry_values_over() {
    let level = series(&[(5, 1.0), (12, 9.0), (13, 2.0), (40, 3.0)]);
    let column = |from, first, last, min, max| Column {
        from: ms(from),
        first,
        last,
        min,
        max,
    };
    assert_eq!(
        level.downsample(ms(0), ms(40), 4),
        [
            column(0, 1.0, 1.0, 1.0, 1.0),
            column(10, 1.0, 2.0, 1.0, 9.0),
            column(20, 2.0, 2.0, 2.0, 2.0),
            column(30, 2.0, 3.0, 2.0, 3.0),
        ]
    );
    assert_eq!(level.downsample(ms(0), ms(4), 2), []);
    assert_eq!(level.downsample(ms(0), ms(40), 0), []);
}

#[test]
fn rates_count_each_window_by_itself() {
    let mut requests = RateCounter::new(Duration::from_millis(100));
    for at in [0, 50, 99, 100, 350] {
        requests.record(ms(at));
    }
    requests.record(Instant::from_nanos(99_999_999));
    assert_eq!(
        (requests.per_second(ms(0)), requests.per_second(ms(100))),
        (40.0, 10.0)
    );
    assert_eq!(
        requests.series(ms(399)).points(),
        [(ms(100), 40.0), (ms(200), 10.0), (ms(300), 0.0)]
    );
    requests.record(Instant::MAX);
    assert_eq!(requests.per_second(Instant::MAX), 10.0);
}

proptest! {
    #[test]
    fn columns_lose_no_extreme(values in vec(-100.0..100.0, 1..200), columns in 1_u32..20) {
        let points: Vec<(u64, f64)> = (0..).zip(values.iter().copied()).collect();
        let drawn = series(&points).downsample(ms(0), ms(values.len() as u64), columns);
        assert_eq!(drawn.len(), columns as usize);
        let least = drawn.iter().map(|column| column.min).fold(f64::INFINITY, f64::min);
        let greatest = drawn.iter().map(|column| column.max).fold(-f64::INFINITY, f64::max);
        assert_eq!(least, values.iter().copied().fold(f64::INFINITY, f64::min));
        assert_eq!(greatest, values.iter().copied().fold(-f64::INFINITY, f64::max));
        assert!(drawn.windows(2).all(|pair| pair[0].last == pair[1].first));
    }
}
