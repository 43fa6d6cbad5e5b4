//! Where a shared mechanism reads the time: tokio's clock, which tests can pause, the processor's counter, or a thread that ticks.

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::sync::{Arc, Weak};

use clock::Instant;

/// Something that says what time it is, as nanoseconds since its own start.
///
/// Two readings of one clock can be compared; readings of two clocks cannot, for each has an origin of its own.
pub trait Clock {
    /// The time now. Never earlier than the clock's start; the same origin in every clone.
    fn now(&self) -> Instant;
}

/// tokio's clock, counted from [`TokioClock::start`].
///
/// The default of every limiter here, because a stranger's test that pauses tokio's clock then also pauses the limiter.
/// It costs what `std::time::Instant::now` costs, about 20 ns.
#[derive(Clone, Copy, Debug)]
pub struct TokioClock {
    origin: tokio::time::Instant,
}

impl TokioClock {
    /// A clock that reads zero now.
    #[must_use]
    pub fn start() -> Self {
        Self::since(tokio::time::Instant::now())
    }

    /// A clock that read zero at `origin`, so that two limiters, or a limiter and a load generator, share one time line.
    #[must_use]
    pub fn since(origin: tokio::time::Instant) -> Self {
        Self { origin }
    }
}

impl Clock for TokioClock {
    #[inline]
    fn now(&self) -> Instant {
        Instant::ZERO + self.origin.elapsed()
    }
}

/// The processor's time stamp counter, counted from [`FastClock::start`].
///
/// A lock-free decision takes a few nanoseconds and reading the operating system's clock about twenty, so on the hot path the clock
/// *is* the cost. quanta reads the counter directly and falls back to the operating system where the counter is not steady.
/// It does not know tokio's paused clock: use it in production, and [`TokioClock`] in tests.
#[derive(Clone, Debug)]
pub struct FastClock {
    clock: quanta::Clock,
    /// Nanoseconds the counter showed at the start.
    origin_ns: u64,
}

impl FastClock {
    /// A clock that reads zero now. The first one in a process spends some milliseconds on measuring the counter's frequency.
    #[must_use]
    pub fn start() -> Self {
        let clock = quanta::Clock::new();
        let origin_ns = clock.delta_as_nanos(0, clock.raw());
        Self { clock, origin_ns }
    }
}

impl Clock for FastClock {
    #[inline]
    fn now(&self) -> Instant {
        let reading_ns = self.clock.delta_as_nanos(0, self.clock.raw());
        Instant::from_nanos(reading_ns.saturating_sub(self.origin_ns))
    }
}

/// A clock with hands that move once in a while: a thread writes the time, and everybody else only reads it.
///
/// Reading it costs a load from memory, less than asking the processor's counter. What it shows is late by up to a tick, and by more when the
/// machine has no processor to spare. For windows and waits that are long beside that, as those of a circuit breaker are.
#[derive(Clone, Debug)]
pub struct CoarseClock {
    /// Nanoseconds since the start, as of the latest tick.
    shown_ns: Arc<AtomicU64>,
}

impl CoarseClock {
    /// A clock that reads zero now and ticks every `tick`, at least 1 ms, until all its clones are gone.
    ///
    /// # Errors
    /// If the system gives no thread for it.
    pub fn start(tick: Duration) -> std::io::Result<Self> {
        let shown_ns = Arc::new(AtomicU64::new(0));
        let hands = Arc::downgrade(&shown_ns);
        let exact = FastClock::start();
        let tick = tick.max(Duration::from_millis(1));
        std::thread::Builder::new()
            .name("coarse-clock".to_owned())
            .spawn(move || {
                while let Some(shown_ns) = Weak::upgrade(&hands) {
                    shown_ns.fetch_max(exact.now().as_nanos(), Ordering::Relaxed);
                    drop(shown_ns);
                    std::thread::sleep(tick);
                }
            })?;
        Ok(Self { shown_ns })
    }
}

impl Clock for CoarseClock {
    #[inline]
    fn now(&self) -> Instant {
        Instant::from_nanos(self.shown_ns.load(Ordering::Relaxed))
    }
}
