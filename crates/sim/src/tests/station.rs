//! A station of servers, and Little's law to the nanosecond.

use core::time::Duration;
use std::collections::BTreeMap;

use clock::Instant;
use proptest::prelude::proptest;

use crate::{
    ARRIVED, Admission, Arrivals, ClosedLoop, DEPARTED, Distribution, Log, REFUSED, Rng, STARTED,
    Station, StationConfig, StationRun, Step, Visit,
};

fn ns(nanos: u64) -> Instant {
    Instant::from_nanos(nanos)
}

fn poisson_run(per_second: f64, servers: u32, capacity: u32, seed: u64) -> StationRun {
    let arrivals = Arrivals::Poisson { per_second }.start(Rng::stream(seed, "arrivals"));
    let config = StationConfig { servers, capacity };
    StationRun::open(
        config,
        arrivals,
        Distribution::Exponential { mean: 0.010 },
        seed,
    )
}

#[test]
fn requests_start_wait_or_are_refused_by_what_is_inside() {
    let mut station = Station::new(StationConfig {
        servers: 1,
        capacity: 2,
    });
    assert_eq!(station.arrive(ns(10), 0), Admission::Starts { server: 0 });
    assert_eq!(station.arrive(ns(11), 1), Admission::Waits { ahead: 0 });
    assert_eq!(station.arrive(ns(12), 2), Admission::Refused);
    assert_eq!(
        (station.busy(), station.waiting(), station.in_system()),
        (1, 1, 2)
    );
    let visit = |job, arrived, started| Visit {
        job,
        arrived: ns(arrived),
        started: ns(started),
    };
    let first = (Some(visit(0, 10, 10)), Some(visit(1, 11, 15)));
    assert_eq!(station.finish(ns(15), 0), first);
    assert_eq!(station.finish(ns(20), 0), (Some(visit(1, 11, 15)), None));
    let totals = station.totals(ns(30));
    assert_eq!((totals.arrived, totals.refused, totals.departed), (3, 1, 2));
    assert_eq!((totals.sojourn_ns, totals.in_system_ns), (5 + 9, 5 + 9));
    assert_eq!((totals.wait_ns, totals.busy_ns), (4, 10));
    assert_eq!((totals.waited, totals.started), (1, 2));
    assert_eq!(totals.elapsed, Duration::from_nanos(30));
}

#[test]
fn an_idle_server_has_nothing_to_finish() {
    let mut station = Station::new(StationConfig::unbounded(2));
    let before = station.clone();
    assert_eq!(station.finish(ns(0), 0), (None, None));
    assert_eq!(station.finish(ns(0), 99), (None, None));
    assert_eq!(station, before);
}

#[test]
#[should_panic(expected = "at least one server")]
fn a_station_without_servers_is_refused() {
    let _ = Station::new(StationConfig::unbounded(0));
}

#[test]
fn the_line_is_first_come_first_served() {
    let mut run = poisson_run(500.0, 3, u32::MAX, 1).with_log();
    run.run_until(Instant::from_millis(5000));
    let started: Vec<u32> = entries(run.log().unwrap(), STARTED).collect();
    assert!(started.len() > 500);
    assert!(started.is_sorted());
}

/// The subjects of all entries of a kind.
fn entries(log: &Log, kind: u16) -> impl Iterator<Item = u32> {
    let of_kind = log.events().iter().filter(move |event| event.kind == kind);
    of_kind.map(|event| event.subject)
}

/// Both sides of Little's law from the log alone, in requests × ns: the integral of the number
/// inside, and the sum of the times between a request's arrival and its departure.
fn little(log: &Log) -> (u128, u128) {
    let refused: Vec<u32> = entries(log, REFUSED).collect();
    let (mut integral, mut sojourns) = (0, 0);
    let (mut inside, mut last) = (0_u128, 0);
    let mut arrived = BTreeMap::new();
    for event in log.events() {
        let now = u128::from(event.at.as_nanos());
        integral += inside * (now - last);
        last = now;
        if event.kind == ARRIVED && refused.binary_search(&event.subject).is_err() {
            inside += 1;
            arrived.insert(event.subject, now);
        } else if event.kind == DEPARTED {
            inside -= 1;
            sojourns += now - arrived.remove(&event.subject).unwrap();
        }
    }
    assert!(arrived.is_empty());
    (integral, sojourns)
}

proptest! {
    #[test]
    fn littles_law_holds_exactly_on_the_log_of_a_run_that_ends_empty(
        seed: u64,
        per_second in 10.0..400.0,
        servers in 1_u32..5,
        room in 0_u32..20,
    ) {
        let mut run = poisson_run(per_second, servers, servers + room, seed).with_log();
        run.run_until(Instant::from_millis(2000));
        run.drain();
        let (integral, sojourns) = little(run.log().unwrap());
        assert_eq!(integral, sojourns);
        let totals = run.station().totals(run.now());
        assert_eq!((totals.in_system_ns, totals.sojourn_ns), (integral, sojourns));
        assert_eq!(totals.arrived, totals.refused + totals.departed);
        assert_eq!(run.station().in_system(), 0);
    }

    #[test]
    fn littles_law_holds_at_any_instant_with_those_still_inside(
        seed: u64,
        per_second in 10.0..400.0,
        servers in 1_u32..5,
        until in 0_u64..3_000_000_000,
    ) {
        let mut run = poisson_run(per_second, servers, u32::MAX, seed);
        run.run_until(ns(until));
        let totals = run.station().totals(run.now());
        let still_inside = run.station().sojourn_so_far_ns(run.now());
        assert_eq!(totals.in_system_ns, totals.sojourn_ns + still_inside);
    }
}

#[test]
fn the_log_says_why_a_request_waited() {
    let at = [0, 1_000_000, 2_000_000].map(ns).to_vec();
    let arrivals = Arrivals::List(at).start(Rng::new(1));
    let service = Distribution::Constant(0.010);
    let mut run = StationRun::open(StationConfig::unbounded(1), arrivals, service, 1).with_log();
    while run.step().is_some() {}
    let log = run.log().unwrap();
    let last = crate::EventId(u32::try_from(log.len()).unwrap() - 1);
    let why: Vec<(u16, u32)> = log
        .chain(last)
        .map(|(_, event)| (event.kind, event.subject))
        .collect();
    let served = |job| [(DEPARTED, job), (STARTED, job)];
    let expected = [served(2), served(1), served(0)].concat();
    assert_eq!(why[..6], expected);
    assert_eq!(why[6..], [(ARRIVED, 0)]);
    let response = log.get(last).unwrap().value;
    assert_eq!(response.to_bits(), 0.028_f64.to_bits());
}

#[test]
fn the_same_seed_gives_the_same_log_with_and_without_a_checkpoint() {
    let mut whole = poisson_run(250.0, 2, 10, 42).with_log();
    whole.run_until(Instant::from_millis(3000));
    let mut parts = poisson_run(250.0, 2, 10, 42).with_log();
    parts.run_until(Instant::from_millis(1234));
    let mut checkpoint = parts.clone();
    parts.run_until(Instant::from_millis(2222));
    checkpoint.run_until(Instant::from_millis(3000));
    let hash = |run: &StationRun| run.log().unwrap().hash();
    assert_eq!(hash(&whole), hash(&checkpoint));
    let mut other = poisson_run(250.0, 2, 10, 43).with_log();
    other.run_until(Instant::from_millis(3000));
    assert_ne!(hash(&whole), hash(&other));
}

#[test]
fn slower_service_leaves_the_arrivals_as_they_were() {
    let arrivals_of = |mean| {
        let arrivals = Arrivals::Poisson { per_second: 100.0 }.start(Rng::stream(5, "arrivals"));
        let service = Distribution::Exponential { mean };
        let config = StationConfig::unbounded(1);
        let mut run = StationRun::open(config, arrivals, service, 5).with_log();
        run.run_until(Instant::from_millis(1000));
        let log = run.log().unwrap().events().to_vec();
        log.into_iter()
            .filter(|event| event.kind == ARRIVED)
            .map(|event| event.at)
            .collect::<Vec<_>>()
    };
    assert_eq!(arrivals_of(0.001), arrivals_of(0.020));
}

#[test]
fn a_closed_loop_never_has_more_inside_than_clients() {
    let clients = ClosedLoop {
        clients: 4,
        think: Distribution::Exponential { mean: 0.001 },
    };
    let service = Distribution::Exponential { mean: 0.010 };
    let mut run = StationRun::closed(StationConfig::unbounded(1), clients, service, 1);
    for _ in 0..1000 {
        let step = run.step().unwrap();
        assert!(run.station().in_system() <= 4);
        let (Step::Arrived { job, .. } | Step::Departed(Visit { job, .. })) = step;
        assert!(job < 4);
    }
    run.drain();
    assert_eq!((run.station().in_system(), run.next_at()), (0, None));
}

#[test]
fn a_refused_client_thinks_and_comes_again() {
    let clients = ClosedLoop {
        clients: 2,
        think: Distribution::Constant(0.001),
    };
    let config = StationConfig {
        servers: 1,
        capacity: 1,
    };
    let service = Distribution::Constant(0.010);
    let mut run = StationRun::closed(config, clients, service, 1);
    run.run_until(Instant::from_millis(100));
    let totals = run.station().totals(run.now());
    assert_eq!(totals.arrived - totals.refused, 10);
    assert!(totals.refused >= 80);
}
