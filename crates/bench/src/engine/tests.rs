//! The loops that are raced compute the same thing.

use super::{bare_heap, bare_hold, event_queue, queue_hold, station};

#[test]
fn all_three_loops_simulate_the_same_requests() {
    for seed in 0..5 {
        let sum = bare_heap(20_000, seed);
        assert_eq!(event_queue(20_000, seed), sum);
        assert_eq!(station(20_000, seed), sum);
    }
}

#[test]
fn the_mean_response_time_is_near_its_closed_form() {
    let events = 2_000_000;
    let mean = bare_heap(events, 1) as f64 / 1e9 / f64::from(events / 2);
    assert!((mean - 5.0).abs() < 0.3, "{mean}");
}

#[test]
fn both_queues_hand_out_the_same_events() {
    assert_eq!(bare_hold(20_000, 1), queue_hold(20_000, 1));
}
