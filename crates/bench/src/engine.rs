//! M/M/1 three times over: a bare heap, the event queue, and the whole station.
//!
//! All three draw the same numbers, so they see the same arrivals and services to the nanosecond
//! and return the same sum of response times: a loop that cheats gives itself away.

use core::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use clock::Instant;
use sim::{
    ArrivalStream, Arrivals, Distribution, EventQueue, Fnv64, Rng, StationConfig, StationRun, Zipf,
};

/// Arrivals a second; the server does one a second, so the load is 80 % and theory says that a
/// request takes 5 s on average.
pub const PER_SECOND: f64 = 0.8;

/// Mean service time in seconds.
pub const SERVICE: f64 = 1.0;

/// Events kept waiting in the loops that measure a larger queue.
pub const PENDING: u32 = 1000;

/// The yardstick: the standard heap, integers, and nothing else; returns the sum of all response
/// times in ns.
#[must_use]
pub fn bare_heap(events: u32, seed: u64) -> u64 {
    let mut arrivals = Rng::stream(seed, "arrivals");
    let mut services = Rng::stream(seed, "service");
    let gap = |rng: &mut Rng| nanos(exponential(rng) / PER_SECOND);
    let mut heap = BinaryHeap::new();
    let mut inside = VecDeque::new();
    let mut sum = 0;
    heap.push(Reverse((gap(&mut arrivals), false)));
    for _ in 0..events {
        let Some(Reverse((now, is_departure))) = heap.pop() else {
            break;
        };
        let starts = if is_departure {
            let arrived = inside.pop_front().unwrap_or(now);
            sum += now - arrived;
            !inside.is_empty()
        } else {
            heap.push(Reverse((now + gap(&mut arrivals), false)));
            inside.push_back(now);
            inside.len() == 1
        };
        if starts {
            heap.push(Reverse((
                now + nanos(SERVICE * exponential(&mut services)),
                true,
            )));
        }
    }
    sum
}

/// The same loop on the workbook's event queue, arrivals and distributions, without a station.
#[must_use]
pub fn event_queue(events: u32, seed: u64) -> u64 {
    enum Due {
        Arrival,
        Departure,
    }
    let mut arrivals = arrivals(seed);
    let service = Distribution::Exponential { mean: SERVICE };
    let mut services = Rng::stream(seed, "service");
    let mut queue = EventQueue::new();
    let mut inside = VecDeque::new();
    let mut sum = 0;
    queue.push(arrivals.next().unwrap_or(Instant::MAX), Due::Arrival);
    for _ in 0..events {
        let Some((now, due)) = queue.pop() else {
            break;
        };
        let starts = match due {
            Due::Departure => {
                let arrived: Instant = inside.pop_front().unwrap_or(now);
                sum += now.as_nanos() - arrived.as_nanos();
                !inside.is_empty()
            }
            Due::Arrival => {
                queue.push(arrivals.next().unwrap_or(Instant::MAX), Due::Arrival);
                inside.push_back(now);
                inside.len() == 1
            }
        };
        if starts {
            let end = now.plus_nanos(service.sample_nanos(&mut services));
            queue.push(end, Due::Departure);
        }
    }
    sum
}

/// The station of the labs, with all it measures and no log.
#[must_use]
pub fn station(events: u32, seed: u64) -> u64 {
    let mut run = station_run(seed);
    for _ in 0..events {
        run.step();
    }
    run.station().totals(run.now()).sojourn_ns as u64
}

/// The station with its event log; returns the log's fingerprint.
#[must_use]
pub fn station_with_log(events: u32, seed: u64) -> u64 {
    let mut run = station_run(seed).with_log();
    for _ in 0..events {
        run.step();
    }
    run.log().map_or(0, sim::Log::hash)
}

/// [`PENDING`] events in the standard heap: the next is taken out and planned again, later.
#[must_use]
pub fn bare_hold(events: u32, seed: u64) -> u64 {
    let mut rng = Rng::new(seed);
    let mut heap: BinaryHeap<_> = (0..PENDING)
        .map(|name| Reverse((nanos(exponential(&mut rng)), name)))
        .collect();
    let mut names = 0_u64;
    for _ in 0..events {
        let Some(Reverse((now, name))) = heap.pop() else {
            break;
        };
        names = names.rotate_left(5) ^ u64::from(name);
        heap.push(Reverse((now + nanos(exponential(&mut rng)), name)));
    }
    names
}

/// [`PENDING`] events in the workbook's queue.
#[must_use]
pub fn queue_hold(events: u32, seed: u64) -> u64 {
    let mut rng = Rng::new(seed);
    let mut queue = EventQueue::new();
    for name in 0..PENDING {
        queue.push(Instant::from_nanos(nanos(exponential(&mut rng))), name);
    }
    let mut names = 0_u64;
    for _ in 0..events {
        let Some((now, name)) = queue.pop() else {
            break;
        };
        names = names.rotate_left(5) ^ u64::from(name);
        queue.push(now.plus_nanos(nanos(exponential(&mut rng))), name);
    }
    names
}

/// One draw an event from every sampler in turn; returns a fingerprint of the bits.
#[must_use]
pub fn samplers(events: u32, seed: u64) -> u64 {
    let mut rng = Rng::new(seed);
    let zipf = Zipf::new(1000, 1.1);
    let samplers = [
        Distribution::Uniform {
            low: 1.0,
            high: 4.0,
        },
        Distribution::Exponential { mean: 0.25 },
        Distribution::Erlang {
            stages: 4,
            mean: 3.0,
        },
        Distribution::LogNormal {
            median: 2.0,
            sigma: 0.5,
        },
        Distribution::Pareto {
            scale: 1.0,
            shape: 1.2,
        },
    ];
    let mut day = Arrivals::Diurnal {
        base_per_second: 100.0,
        amplitude_per_second: 80.0,
        period: core::time::Duration::from_secs(60),
    }
    .start(Rng::stream(seed, "day"));
    let mut hash = Fnv64::new();
    for turn in 0..events as usize {
        match samplers.get(turn % (samplers.len() + 2)) {
            Some(sampler) => hash.write_f64(sampler.sample(&mut rng)),
            None if turn % 2 == 0 => hash.write_u64(zipf.sample(&mut rng)),
            None => hash.write_u64(day.next().map_or(0, Instant::as_nanos)),
        }
    }
    hash.finish()
}

fn arrivals(seed: u64) -> ArrivalStream {
    let poisson = Arrivals::Poisson {
        per_second: PER_SECOND,
    };
    poisson.start(Rng::stream(seed, "arrivals"))
}

fn station_run(seed: u64) -> StationRun {
    let service = Distribution::Exponential { mean: SERVICE };
    StationRun::open(StationConfig::unbounded(1), arrivals(seed), service, seed)
}

/// The draw that every loop makes, written out for the bare ones.
#[inline]
fn exponential(rng: &mut Rng) -> f64 {
    -libm::log(1.0 - rng.unit())
}

/// Seconds in whole nanoseconds, rounded to the nearest.
#[inline]
fn nanos(seconds: f64) -> u64 {
    (seconds * 1e9 + 0.5) as u64
}

#[cfg(test)]
mod tests;
