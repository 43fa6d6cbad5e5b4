//! The chain of services, held against queueing theory and plain arithmetic.

use core::time::Duration;

use clock::Instant;

use crate::overload::{Config, Fault, Guard, LATENCY, Link, Model, Service, Told, Trouble, What};

/// A service with so many places that answers in 10 ms on average.
fn service(places: u32, queue: u32, calls: &'static [usize]) -> Service {
    Service {
        places,
        queue,
        work: Duration::from_millis(10),
        calls,
        guard: Guard::None,
        last_first: false,
    }
}

/// A link without any policy.
fn link(to: usize) -> Link {
    Link::bare(to, Duration::ZERO)
}

/// One service that clients ask.
fn alone(rate: f64, places: u32, queue: u32) -> Config {
    Config {
        rate,
        turns: Vec::new(),
        kinds: 1,
        services: vec![service(places, queue, &[])],
        links: vec![link(0)],
        faults: Vec::new(),
    }
}

/// Runs until `secs`; all that happened.
fn run(config: Config, seed: u64, secs: f64) -> (Model, Vec<Told>) {
    let mut model = Model::new(config, seed);
    let mut told = Vec::new();
    while model
        .next_at()
        .is_some_and(|at| at <= Instant::from_secs_f64(secs))
    {
        model.step(&mut told);
    }
    (model, told)
}

/// Mean seconds from asking to success.
fn mean_time(told: &[Told]) -> f64 {
    let mut asked = Vec::new();
    let (mut sum, mut count) = (0.0, 0.0);
    for told in told {
        match told.what {
            What::Arrives => asked.push(told.at),
            What::Succeeds(_) => {
                sum += told.at.since(asked[told.request as usize]).as_secs_f64();
                count += 1.0;
            }
            _ => {}
        }
    }
    sum / count
}

/// Clients that have asked.
fn arrived(told: &[Told]) -> usize {
    told.iter()
        .filter(|told| told.what == What::Arrives)
        .count()
}

#[test]
fn one_place_and_a_long_queue_are_an_m_m_1() {
    // 70 a second at 100: 1 / (100 - 70), and the way there and back.
    let expected = 1.0 / 30.0 + 2.0 * LATENCY.as_secs_f64();
    let seeds = 20;
    let mean: f64 = (0..seeds)
        .map(|seed| mean_time(&run(alone(70.0, 1, 1_000_000), seed, 200.0).1))
        .sum::<f64>()
        / f64::from(seeds as u32);
    assert!(
        (mean / expected - 1.0).abs() < 0.05,
        "{mean} for {expected}"
    );
}

#[test]
fn a_short_queue_turns_away_as_many_as_an_m_m_1_k() {
    // One place and four to wait: K = 5, and at ρ = 1 each of the six states is as likely.
    let (mut full, mut asked) = (0, 0);
    for seed in 0..20 {
        let (_, told) = run(alone(100.0, 1, 4), seed, 100.0);
        full += told
            .iter()
            .filter(|told| matches!(told.what, What::QueueFull(_)))
            .count();
        asked += arrived(&told);
    }
    let share = full as f64 / asked as f64;
    assert!((share - 1.0 / 6.0).abs() < 0.01, "{share}");
}

/// Three services in a row; each link makes `attempts`.
fn chain(attempts: u32, faults: Vec<Fault>) -> Config {
    let retrying = |to| Link {
        attempts,
        ..link(to)
    };
    Config {
        rate: 5.0,
        turns: Vec::new(),
        kinds: 1,
        services: vec![
            service(1_000, 0, &[1]),
            service(1_000, 0, &[2]),
            service(1_000, 0, &[]),
        ],
        links: vec![retrying(0), retrying(1), retrying(2)],
        faults,
    }
}

fn fault(service: usize, from: f64, lasts: f64, what: Trouble) -> Fault {
    Fault {
        service,
        from: Instant::from_secs_f64(from),
        lasts: Duration::from_secs_f64(lasts),
        what,
    }
}

#[test]
fn three_attempts_on_three_links_are_27_at_the_last_service() {
    let broken = fault(2, 0.0, 1_000.0, Trouble::Errors(1.0));
    let (model, told) = run(chain(3, vec![broken]), 1, 10.0);
    let told = {
        let (mut model, mut told) = (model, told);
        // Let the last ones finish: nobody who asks later counts.
        let until = Instant::from_secs_f64(60.0);
        while model.next_at().is_some_and(|at| at <= until) {
            model.step(&mut told);
        }
        told
    };
    let first = told.iter().filter(|told| told.request == 0);
    let last = first.filter(|told| matches!(told.what, What::Sent(2, _)));
    assert_eq!(last.count(), 27);
    assert!(told.iter().any(|told| told.what == What::Fails));
}

#[test]
fn every_request_is_accounted_for() {
    let faults = vec![
        fault(2, 2.0, 3.0, Trouble::Slow(50.0)),
        fault(1, 4.0, 1.0, Trouble::Crash),
        fault(2, 7.0, 1.0, Trouble::Partition),
        fault(0, 9.0, 1.0, Trouble::Errors(0.5)),
    ];
    for cancels in [false, true] {
        let mut config = chain(2, faults.clone());
        config.rate = 200.0;
        for service in &mut config.services {
            (service.places, service.queue) = (10, 20);
        }
        for link in &mut config.links {
            link.time_out = Duration::from_millis(100);
            link.cancels = cancels;
        }
        let (mut model, mut told) = run(config, 3, 20.0);
        let ended = |told: &[Told]| {
            let ends = |told: &&Told| matches!(told.what, What::Succeeds(_) | What::Fails);
            told.iter().filter(ends).count() as u32
        };
        let count = |is: fn(&What) -> bool| told.iter().filter(|told| is(&told.what)).count();
        let succeeded = count(|what| matches!(what, What::Succeeds(_)));
        let timed_out = count(|what| matches!(what, What::TimesOut(0)));
        assert!(
            succeeded > 1_000 && timed_out > 100,
            "{succeeded}, {timed_out}"
        );
        // Nothing is left behind: two seconds after the last request all places are free.
        let asked = arrived(&told) as u32;
        model.stop_asking();
        while model.next_at().is_some() {
            model.step(&mut told);
        }
        assert_eq!(ended(&told), asked);
        for server in model.servers() {
            assert_eq!((server.busy, server.queue.len()), (0, 0));
        }
        for caller in model.callers() {
            assert_eq!(caller.under_way, 0);
        }
        assert_eq!(model.calls().count(), 0);
    }
}
