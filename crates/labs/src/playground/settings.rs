//! What a reader may turn in the playground, its charts, and how a file becomes part of the settings.

use core::time::Duration;
use std::sync::Arc;

use clock::Instant;
use sim::Arrivals;

use super::DURATION;
use crate::arrivals_file::{self, ArrivalsFile, Read, refusal};
use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Chart, Line, LineStyle};
use crate::limiters::{self, NAMES, Settings};
use crate::scene::State;

/// Bursts come one in each stretch of this length, and last this long.
const BURSTS_EVERY: Duration = Duration::from_secs(3);
const BURSTS_SPREAD: Duration = Duration::from_millis(100);
const FIRST_BURST: Instant = Instant::from_millis(1_000);
/// How far the diurnal rate swings to either side, as a share of its mean.
const SWING: f64 = 0.9;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    /// Who decides: an index into [`CHOICES`].
    pub(super) algorithm: usize,
    /// Requests a second in the long run.
    pub(super) rate: f64,
    /// Requests at once after a pause.
    pub(super) burst: f64,
    pub(super) pattern: Pattern,
    /// Mean requests a second of the made-up arrivals.
    pub(super) offered: f64,
    /// Whether each key has a limiter of its own.
    pub(super) each: bool,
    /// What the reader gave.
    pub(super) data: Option<Arc<ArrivalsFile>>,
}

/// How requests arrive, in the order of the knob's choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    Poisson,
    Steady,
    Bursts,
    Diurnal,
    Data,
}

const PATTERNS: [Pattern; 5] = [
    Pattern::Poisson,
    Pattern::Steady,
    Pattern::Bursts,
    Pattern::Diurnal,
    Pattern::Data,
];

/// The seven to choose from: the six algorithms in their order, and the leaky bucket that only counts.
pub(super) const CHOICES: &[&str] = &[
    "token bucket",
    "GCRA",
    "leaky bucket, queue",
    "fixed window",
    "sliding log",
    "sliding counter",
    "leaky bucket, meter",
];
/// The last of them.
pub(super) const METER: usize = 6;
/// As programs spell the algorithms; their leaky bucket only counts.
const PROGRAM_NAMES: [(&str, usize); 6] = [
    ("token-bucket", limiters::TOKEN_BUCKET),
    ("gcra", limiters::GCRA),
    ("leaky-bucket", METER),
    ("fixed-window", limiters::FIXED_WINDOW),
    ("sliding-log", limiters::SLIDING_LOG),
    ("sliding-counter", limiters::SLIDING_COUNTER),
];

/// A day whose mean is just the rate.
impl Default for Params {
    fn default() -> Self {
        Self {
            algorithm: limiters::TOKEN_BUCKET,
            rate: 10.0,
            burst: 10.0,
            pattern: Pattern::Diurnal,
            offered: 10.0,
            each: false,
            data: None,
        }
    }
}

/// The number of the algorithm behind a choice.
pub(super) fn algorithm(choice: usize) -> usize {
    if choice == METER {
        limiters::LEAKY
    } else {
        choice
    }
}

impl Params {
    /// Requests let through at once.
    pub(super) fn allowed(&self) -> u32 {
        self.burst.round().max(1.0) as u32
    }

    /// What each limiter is made from.
    pub(super) fn limiter(&self) -> Settings {
        let allowed = self.allowed();
        Settings {
            per_second: self.rate,
            allowed,
            window: Duration::from_secs_f64(f64::from(allowed) / self.rate),
            queues: self.algorithm != METER,
        }
    }

    /// The reader's arrivals, if they are to be shown.
    pub(super) fn file(&self) -> Option<&Arc<ArrivalsFile>> {
        let file = self.data.as_ref();
        file.filter(|_| self.pattern == Pattern::Data)
    }

    /// The same with the decisions that were recorded.
    pub(super) fn recording(&self) -> Option<&Arc<ArrivalsFile>> {
        self.file().filter(|file| file.recorded)
    }

    /// How many limiters there are.
    pub(super) fn limiters(&self) -> usize {
        let keys = self.file().map_or(1, |file| file.keys.len());
        if self.each { keys } else { 1 }
    }

    // ANCHOR: scale
    /// How many nanoseconds of the file one nanosecond of the lab stands for, so that all of it fits into a run.
    ///
    /// Limiters decide in the time of the file; only what is drawn is drawn closer together.
    pub(super) fn scale(&self) -> u64 {
        let arrivals = self.file().and_then(|file| file.arrivals.last());
        let length = arrivals.map_or(0, |last| last.at.as_nanos());
        length.div_ceil(DURATION.as_nanos() as u64).max(1)
    }
    // ANCHOR_END: scale

    /// The made-up arrivals.
    pub(super) fn arrivals(&self) -> Arrivals {
        let per_second = self.offered;
        match self.pattern {
            Pattern::Poisson => Arrivals::Poisson { per_second },
            Pattern::Steady => Arrivals::Constant { per_second },
            Pattern::Bursts => Arrivals::Bursts {
                size: (per_second * BURSTS_EVERY.as_secs_f64()).round() as u32,
                first: FIRST_BURST,
                every: BURSTS_EVERY,
                spread: BURSTS_SPREAD,
            },
            Pattern::Diurnal => Arrivals::Diurnal {
                base_per_second: per_second,
                amplitude_per_second: SWING * per_second,
                period: DURATION,
            },
            Pattern::Data => Arrivals::List(Vec::new()),
        }
    }

    // ANCHOR: load
    /// Takes a CSV or a trace; where a trace says which limiter decided, that one is set.
    pub(super) fn load(&mut self, text: &str) -> Result<String, String> {
        let Read {
            mut file,
            trace,
            notes,
        } = arrivals_file::read(text)?;
        if let Some(name) = trace.algorithm {
            let known = PROGRAM_NAMES.iter().find(|(known, _)| *known == name);
            let Some(&(_, choice)) = known else {
                return Err(refusal(1, name, "is no algorithm of this lab"));
            };
            self.algorithm = choice;
        }
        self.rate = trace.rate.unwrap_or(self.rate);
        self.burst = trace.burst.map_or(self.burst, f64::from);
        self.each = trace.keys.map_or(self.each, |keys| keys > 1);
        self.pattern = Pattern::Data;
        if trace.algorithm.is_some() {
            file.decided_by = self.words();
        }
        let understood = understood(&file) + &notes;
        self.data = Some(Arc::new(file));
        Ok(understood)
    }
    // ANCHOR_END: load

    /// The limiter in words: `token bucket, 10/s, burst 20`.
    pub(super) fn words(&self) -> String {
        let name = match self.algorithm {
            METER => CHOICES[METER],
            choice => NAMES[choice],
        };
        format!("{name}, {}/s, burst {}", self.rate, self.allowed())
    }
}

/// What the reader gave, in words.
fn understood(file: &ArrivalsFile) -> String {
    let what = if file.recorded {
        "recorded decisions"
    } else {
        "arrivals"
    };
    let last = file.arrivals.last().map_or(Instant::ZERO, |last| last.at);
    format!("Read {what}: {}, up to {last}.", file.arrivals.len())
}

const fn line(label: &'static str, state: State, style: LineStyle) -> Line {
    Line {
        label,
        state,
        style,
    }
}

pub(super) const CHARTS: &[Chart] = &[
    Chart {
        title: "Request rates",
        unit: "/s",
        top: 20.0,
        lines: &[
            line("offered", State::Muted, LineStyle::Broad),
            line("rate", State::Selected, LineStyle::Reference),
            line("rejected", State::Rejected, LineStyle::Line),
            line("passed on", State::Served, LineStyle::Line),
        ],
    },
    Chart {
        title: "Would be admitted at once",
        unit: "requests",
        top: 10.0,
        lines: &[
            line("room", State::Selected, LineStyle::Area),
            line("burst", State::Muted, LineStyle::Reference),
        ],
    },
];

const ALGORITHM: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "algorithm",
        label: "Algorithm",
        unit: "",
        help: "Who decides; each is given the same rate and burst, and windows are as long as the rate takes to add up to the burst.",
        range: Range::Choice(CHOICES),
    },
    get: |params| params.algorithm as f64,
    // The value has been clamped to the choices.
    set: |params, value| params.algorithm = value as usize,
};

const RATE: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "rate",
        label: "Rate",
        unit: "/s",
        help: "Requests a second that pass in the long run.",
        range: Range::Log {
            min: 0.1,
            max: 10_000.0,
        },
    },
    get: |params| params.rate,
    set: |params, value| params.rate = value,
};

const BURST: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "burst",
        label: "Burst",
        unit: "requests",
        help: "Requests that pass at once after a pause.",
        range: Range::Linear {
            min: 1.0,
            max: 500.0,
            step: 1.0,
        },
    },
    get: |params| params.burst,
    set: |params, value| params.burst = value,
};

const PATTERN: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "arrivals",
        label: "Arrivals",
        unit: "",
        help: "Independent callers (Poisson); bursts every 3 s; a day that lasts the whole run; or your own data.",
        range: Range::Choice(&["Poisson", "steady", "bursts", "diurnal", "your data"]),
    },
    get: |params| f64::from(params.pattern as u8),
    // The value has been clamped to the choices.
    set: |params, value| params.pattern = PATTERNS[value as usize],
};

const OFFERED: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "offered",
        label: "Offered load",
        unit: "/s",
        help: "Requests that arrive each second on average; your own data keeps its own.",
        range: Range::Log {
            min: 1.0,
            max: 5_000.0,
        },
    },
    get: |params| params.offered,
    set: |params, value| params.offered = value,
};

const EACH: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "limit-for",
        label: "One limit for",
        unit: "",
        help: "Everybody together, or each key of your data; arrivals made up here have one.",
        range: Range::Choice(&["everybody", "each key"]),
    },
    get: |params| f64::from(params.each),
    set: |params, value| params.each = value >= 0.5,
};

pub(super) const KNOBS: &[Knob<Params>] = &[RATE, BURST, ALGORITHM, PATTERN, OFFERED, EACH];
