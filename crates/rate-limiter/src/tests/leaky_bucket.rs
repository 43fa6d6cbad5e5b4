//! The leaky bucket, as meter and as queue.

use core::time::Duration;

use super::{ms, ns, waiting_exactly_as_told_is_enough, what_is_said_to_be_available_is};
use crate::{LeakyMeter, LeakyQueue, RateLimiter, Throttled};

#[test]
fn the_meter_fills_up_and_leaks() {
    let mut meter = LeakyMeter::new(10.0, 5);
    assert_eq!(meter.try_acquire(ms(0), 5), Ok(()));
    assert_eq!(meter.level(ms(0)), 5.0);
    assert_eq!(meter.level(ms(150)), 3.5);
    assert_eq!(meter.level(ms(9_000)), 0.0);
    let refusal = meter.try_acquire(ms(0), 1).unwrap_err();
    assert_eq!(refusal.retry_after, Duration::from_millis(100));
    assert_eq!(meter.try_acquire(ms(0), 6), Err(Throttled::NEVER));
}

#[test]
fn a_clock_that_steps_back_leaks_nothing_twice() {
    let mut meter = LeakyMeter::new(10.0, 2);
    assert_eq!(meter.try_acquire(ms(1_000), 2), Ok(()));
    let refusal = meter.try_acquire(ms(500), 1).unwrap_err();
    assert_eq!(refusal.retry_after, Duration::from_millis(600));
    assert_eq!(meter.try_acquire(ms(1_100), 1), Ok(()));
}

#[test]
fn what_comes_in_at_once_leaves_one_by_one() {
    let mut queue = LeakyQueue::new(10.0, 3);
    for leaves_at in [0, 100, 200, 300] {
        assert_eq!(queue.try_enqueue(ms(0), 1), Ok(ms(leaves_at)));
    }
    assert_eq!(queue.waiting(ms(0)), 3);
    let refusal = queue.try_enqueue(ms(0), 1).unwrap_err();
    assert_eq!(refusal.retry_after, Duration::from_millis(100));
    assert_eq!(queue.waiting(ms(100)), 2);
    assert_eq!(queue.next_departure(ms(100)), Some(ms(200)));
    assert_eq!(queue.next_departure(ns(199_999_999)), Some(ms(200)));
    assert_eq!(queue.next_departure(ms(300)), None);
    // The exit stays busy for a period after the last one left.
    assert_eq!(queue.try_enqueue(ms(350), 1), Ok(ms(400)));
}

#[test]
fn several_enter_the_queue_together_or_not_at_all() {
    let mut queue = LeakyQueue::new(10.0, 3);
    assert_eq!(queue.try_enqueue(ms(0), 5), Err(Throttled::NEVER));
    assert_eq!(queue.try_enqueue(ms(0), 4), Ok(ms(300)));
    assert_eq!(queue.try_enqueue(ms(0), 0), Ok(ms(400)));
    assert!(queue.try_enqueue(ms(199), 2).is_err());
    assert_eq!(queue.try_enqueue(ms(200), 2), Ok(ms(500)));
}

#[test]
fn a_queue_without_places_only_spaces() {
    let mut queue = LeakyQueue::new(10.0, 0);
    assert_eq!(queue.try_enqueue(ms(0), 1), Ok(ms(0)));
    assert!(queue.try_enqueue(ns(99_999_999), 1).is_err());
    assert_eq!(queue.try_enqueue(ms(100), 1), Ok(ms(100)));
}

#[test]
fn both_say_what_is_available_and_when_more_is() {
    let mut meter = LeakyMeter::new(7.0, 3);
    let mut queue = LeakyQueue::new(7.0, 3);
    for at in [0, 1, 1, 1, 1, 142, 143, 144, 300, 1_000].map(ms) {
        what_is_said_to_be_available_is(&meter, at);
        what_is_said_to_be_available_is(&queue, at);
        for n in [1, 3] {
            waiting_exactly_as_told_is_enough(&meter, at, n);
            waiting_exactly_as_told_is_enough(&queue, at, n);
        }
        let _ = (meter.try_acquire(at, 1), queue.try_acquire(at, 1));
    }
}
