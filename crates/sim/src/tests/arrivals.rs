//! Arrivals come at the rates, in the order and at the moments they should.

use core::time::Duration;

use clock::Instant;

use super::{KS_BOUND, kolmogorov_smirnov, rng};
use crate::{Arrivals, ClosedLoop, Distribution, Phase, Rng};

fn nanos(arrivals: &Arrivals, count: usize) -> Vec<u64> {
    arrivals
        .start(rng())
        .take(count)
        .map(Instant::as_nanos)
        .collect()
}

fn secs(seconds: f64) -> Instant {
    Instant::from_secs_f64(seconds)
}

/// Arrivals up to an instant, and whether their number is plausible for a Poisson mean.
fn count_is_plausible(arrivals: &Arrivals, from: f64, to: f64, mean: f64) -> bool {
    let stream = arrivals.start(rng());
    let inside = stream
        .take_while(|&at| at < secs(to))
        .filter(|&at| at >= secs(from));
    (inside.count() as f64 - mean).abs() < 4.0 * mean.sqrt()
}

#[test]
fn constant_arrivals_start_after_one_interval_and_do_not_drift() {
    let ten = Arrivals::Constant { per_second: 10.0 };
    assert_eq!(nanos(&ten, 3), [100_000_000, 200_000_000, 300_000_000]);
    let three = Arrivals::Constant { per_second: 3.0 };
    let thirty = nanos(&three, 30);
    assert_eq!(thirty[..3], [333_333_333, 666_666_667, 1_000_000_000]);
    assert_eq!(thirty[29], 10_000_000_000);
}

#[test]
fn poisson_gaps_are_exponential() {
    let mut stream = Arrivals::Poisson { per_second: 50.0 }.start(rng());
    let mut last = Instant::ZERO;
    let gap = || {
        let at = stream.next().unwrap();
        let gap = at.since(last).as_secs_f64();
        last = at;
        gap
    };
    assert!(kolmogorov_smirnov(20_000, gap, |x| -libm::expm1(-50.0 * x)) < KS_BOUND);
}

#[test]
fn bursts_come_all_at_once_or_spread_evenly() {
    let burst = |spread| Arrivals::Bursts {
        size: 3,
        first: Instant::from_nanos(5),
        every: Duration::from_nanos(100),
        spread: Duration::from_nanos(spread),
    };
    assert_eq!(nanos(&burst(0), 6), [5, 5, 5, 105, 105, 105]);
    assert_eq!(nanos(&burst(40), 6), [5, 25, 45, 105, 125, 145]);
}

#[test]
fn bursts_that_do_not_repeat_end_and_empty_ones_never_come() {
    let burst = |size| Arrivals::Bursts {
        size,
        first: Instant::from_nanos(5),
        every: Duration::ZERO,
        spread: Duration::ZERO,
    };
    assert_eq!(nanos(&burst(2), 9), [5, 5]);
    assert_eq!(nanos(&burst(1), 9), [5]);
    assert!(nanos(&burst(0), 9).is_empty());
}

#[test]
fn a_diurnal_rate_follows_its_sine() {
    let day = Arrivals::Diurnal {
        base_per_second: 100.0,
        amplitude_per_second: 80.0,
        period: Duration::from_secs(60),
    };
    // The area of half a sine wave of period T is T/π.
    let swing = 80.0 * 60.0 / core::f64::consts::PI;
    assert!(count_is_plausible(&day, 0.0, 30.0, 3000.0 + swing));
    assert!(count_is_plausible(&day, 30.0, 60.0, 3000.0 - swing));
    assert!(count_is_plausible(&day, 0.0, 600.0, 60_000.0));
}

#[test]
fn phases_have_their_own_rates_and_nobody_comes_before_the_first() {
    let phase = |from, per_second| Phase {
        from: secs(from),
        per_second,
    };
    let overload = Arrivals::Phases(vec![
        phase(10.0, 50.0),
        phase(20.0, 400.0),
        phase(30.0, 0.0),
        phase(40.0, 20.0),
        phase(90.0, 0.0),
    ]);
    assert_eq!(overload.check(), Ok(()));
    assert!(overload.start(rng()).next().unwrap() >= secs(10.0));
    assert!(count_is_plausible(&overload, 10.0, 20.0, 500.0));
    assert!(count_is_plausible(&overload, 20.0, 30.0, 4000.0));
    assert!(count_is_plausible(&overload, 40.0, 90.0, 1000.0));
    let silent = |at: &Instant| (secs(30.0)..secs(40.0)).contains(at) || *at >= secs(90.0);
    assert_eq!(overload.start(rng()).filter(silent).count(), 0);
}

#[test]
fn one_endless_phase_gives_the_same_arrivals_as_poisson() {
    let phase = Phase {
        from: Instant::ZERO,
        per_second: 30.0,
    };
    let poisson = Arrivals::Poisson { per_second: 30.0 };
    assert_eq!(
        nanos(&Arrivals::Phases(vec![phase]), 500),
        nanos(&poisson, 500)
    );
}

#[test]
fn a_list_is_given_out_in_order() {
    let list = [3, 1, 2, 2].map(Instant::from_nanos).to_vec();
    assert_eq!(nanos(&Arrivals::List(list.clone()), 9), [1, 2, 2, 3]);
    assert!(Arrivals::List(list).check().is_err());
}

#[test]
fn arrivals_never_go_back_and_a_clone_goes_on_alike() {
    let every = Duration::from_millis(7);
    let (first, spread) = (Instant::ZERO, Duration::from_millis(7));
    let day = Duration::from_secs(1);
    let all = [
        Arrivals::Constant { per_second: 1e9 },
        Arrivals::Poisson { per_second: 1e9 },
        Arrivals::Bursts {
            size: 5,
            first,
            every,
            spread,
        },
        Arrivals::Diurnal {
            base_per_second: 1e6,
            amplitude_per_second: 1e6,
            period: day,
        },
    ];
    for arrivals in all {
        assert_eq!(arrivals.check(), Ok(()));
        let mut stream = arrivals.start(rng());
        let mut last = Instant::ZERO;
        for at in stream.by_ref().take(5000) {
            assert!(at >= last);
            last = at;
        }
        let mut clone = stream.clone();
        assert_eq!(stream.next(), clone.next());
    }
}

#[test]
fn rates_without_sense_bring_nobody_and_are_refused() {
    for per_second in [0.0, -1.0, f64::NAN] {
        let constant = Arrivals::Constant { per_second };
        let poisson = Arrivals::Poisson { per_second };
        assert_eq!(
            (constant.start(rng()).next(), poisson.start(rng()).next()),
            (None, None)
        );
    }
    assert!(Arrivals::Poisson { per_second: -1.0 }.check().is_err());
    for (base_per_second, period) in [(0.0, 1), (f64::NAN, 1), (f64::INFINITY, 1), (5.0, 0)] {
        let day = Arrivals::Diurnal {
            base_per_second,
            amplitude_per_second: 0.0,
            period: Duration::from_secs(period),
        };
        assert_eq!(day.start(rng()).next(), None);
    }
}

#[test]
fn time_itself_ends_a_stream() {
    let rare = Arrivals::Constant { per_second: 1e-10 };
    // The second would come after 634 years; an instant has 584.
    assert_eq!(rare.start(rng()).count(), 1);
}

#[test]
fn closed_loop_clients_think_before_each_request() {
    let clients = ClosedLoop {
        clients: 3,
        think: Distribution::Constant(0.5),
    };
    let mut rng = Rng::new(1);
    let first: Vec<_> = clients.first_requests(&mut rng).collect();
    assert_eq!(first, [(0, secs(0.5)), (1, secs(0.5)), (2, secs(0.5))]);
    assert_eq!(clients.next_request(secs(2.0), &mut rng), secs(2.5));
}
