//! The shedders at their bounds, and CoDel against the law of its RFC.

use core::time::Duration;

use clock::Instant;

use crate::{Bulkhead, CoDel, ControlledDelay, Full, LEVELS, PriorityShedder, Verdict};

const MS: Duration = Duration::from_millis(1);

fn at(micros: u64) -> Instant {
    Instant::from_nanos(micros * 1_000)
}

/// Takes a call that waited 10 ms from a standing queue every 100 µs; when one was shed, in µs.
fn shed_times(codel: &mut CoDel, from: u64, to: u64) -> Vec<u64> {
    let mut shed = Vec::new();
    for micros in (from..to).step_by(100) {
        let now = at(micros);
        if codel.on_dequeue(now, now - 10 * MS, false) == Verdict::Shed {
            shed.push(micros);
        }
    }
    shed
}

#[test]
fn codel_sheds_after_an_interval_and_then_by_the_square_root() {
    let mut codel = CoDel::default();
    let shed = shed_times(&mut codel, 20_000, 600_000);
    // First an interval after the queue began to stand; then interval / √1, / √2, / √3 … apart, seen every 0.1 ms.
    let mut due = 120_000.0;
    for (nth, &micros) in shed.iter().enumerate() {
        let late = micros as f64 - due;
        assert!((0.0..=100.0).contains(&late), "{nth}: {micros} for {due}");
        due += 100_000.0 / libm::sqrt((nth + 1) as f64);
    }
    assert!(shed.len() > 7, "{shed:?}");
}

#[test]
fn codel_lets_be_whoever_waited_less_than_the_target_or_is_the_last() {
    let mut codel = CoDel::default();
    let _ = shed_times(&mut codel, 20_000, 119_900);
    let now = at(119_900);
    // One that waited 1 ns less than 5 ms: the interval begins anew.
    let short = 5 * MS - Duration::from_nanos(1);
    assert_eq!(codel.on_dequeue(now, now - short, false), Verdict::Serve);
    assert_eq!(shed_times(&mut codel, 120_000, 219_900), [] as [u64; 0]);
    let now = at(219_950);
    assert_eq!(codel.on_dequeue(now, now - 10 * MS, true), Verdict::Serve);
    assert_eq!(shed_times(&mut codel, 220_000, 320_000), [] as [u64; 0]);
    assert_eq!(shed_times(&mut codel, 320_000, 320_100), [320_000]);
}

#[test]
fn codel_goes_on_from_the_pace_it_had_found() {
    let mut codel = CoDel::default();
    let first = shed_times(&mut codel, 20_000, 1_000_000);
    let now = at(1_000_000);
    assert_eq!(codel.on_dequeue(now, now, false), Verdict::Serve);
    let again = shed_times(&mut codel, 1_000_100, 1_200_000);
    // 100 ms until the queue counts as standing, and at once many a 100 ms instead of one.
    assert_eq!(again[0], 1_100_100);
    assert!(first.len() > 10 && again.len() > 3, "{first:?} {again:?}");
}

#[test]
fn a_burst_may_wait_an_interval_and_a_standing_queue_the_target() {
    let mut shedder = ControlledDelay::default();
    let now = at(100_000);
    assert_eq!(shedder.on_dequeue(now, Instant::ZERO), Verdict::Serve);
    let later = at(100_000) + Duration::from_nanos(1);
    assert_eq!(shedder.on_dequeue(later, later - 5 * MS), Verdict::Serve);
    let more = 5 * MS + Duration::from_nanos(1);
    assert_eq!(shedder.on_dequeue(later, later - more), Verdict::Shed);
    shedder.on_empty(later);
    assert_eq!(shedder.on_dequeue(later, later - more), Verdict::Serve);
}

#[test]
fn those_that_matter_least_go_first_and_come_back_last() {
    let mut shedder = PriorityShedder::default();
    let mut shed = 0;
    let mut now = Instant::ZERO;
    // 128 calls a second, one of each level, at a server whose calls wait 30 ms.
    for second in 0..20 {
        for level in 0..LEVELS {
            now = at(second * 1_000_000 + level as u64);
            if shedder.on_arrival(now, level) == Verdict::Shed {
                assert!(level >= shedder.levels());
                shed += 1;
            } else {
                assert!(level < shedder.levels());
            }
            shedder.on_dequeue(30 * MS);
        }
    }
    // After each second about a twentieth of those let in is let in no more: 128 × 0.95¹⁹ is 48.
    assert!(
        (40..=48).contains(&shedder.levels()),
        "{}",
        shedder.levels()
    );
    assert!(shed > 500);
    // It gets better: one in a hundred of those that come, so at least one level a second.
    let cut = shedder.levels();
    for second in 20..30 {
        for level in 0..LEVELS {
            now = at(second * 1_000_000 + level as u64);
            let _ = shedder.on_arrival(now, level);
            shedder.on_dequeue(20 * MS);
        }
    }
    assert!(now > Instant::ZERO && shedder.levels() >= cut + 9);
}

#[test]
fn the_place_after_the_last_is_refused_until_one_is_left() {
    let mut payments = Bulkhead::new(2);
    let first = payments.try_enter().unwrap();
    let _second = payments.try_enter().unwrap();
    assert_eq!(payments.try_enter(), Err(Full));
    payments.leave(first);
    assert_eq!(payments.taken(), 1);
    assert!(payments.try_enter().is_ok());
}
