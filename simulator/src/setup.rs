//! What a page asked for: the attributes of an element, checked against the registry, with a sentence for each mistake.

use clock::Instant;
use labs::{AnyRun, Entry};

use crate::numbers::decimal;

/// The attributes of a lab's element, as they were written; empty where they are missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Attributes {
    /// The lab's id.
    pub lab: String,
    /// A whole number.
    pub seed: String,
    /// Seconds at which the lab opens.
    pub at: String,
    /// Overrides of defaults: `rate=10,burst=50`.
    pub knobs: String,
    /// Ids of the knobs shown at first, separated by commas; `None` shows all.
    pub show: Option<String>,
}

/// A situation a lab can open with.
pub(crate) struct Setup {
    /// The lab.
    pub entry: &'static Entry,
    /// The seed.
    pub seed: u64,
    /// The moment at which it opens.
    pub at: Instant,
    /// Value of every knob, in the lab's order.
    pub knobs: Vec<f64>,
    /// Value of every knob in the lab itself.
    pub defaults: Vec<f64>,
    /// What has been done in it, in order of time; more than a page asks for, a link may.
    pub actions: Vec<(Instant, usize)>,
    /// Knobs shown at first.
    pub shown: Vec<usize>,
    /// One sentence for each attribute that could not be used; its default is in force instead.
    pub problems: Vec<String>,
}

impl Setup {
    /// Reads the attributes; whatever cannot be used is replaced by its default and told in a sentence.
    pub(crate) fn read(attributes: &Attributes) -> Self {
        let mut problems = Vec::new();
        let entry = labs::find(&attributes.lab).unwrap_or_else(|| {
            let first = &labs::ALL[0];
            problems.push(format!(
                "There is no lab called “{}”; this is “{}”.",
                short(&attributes.lab),
                first.id
            ));
            first
        });
        let seed = read_seed(&attributes.seed, &mut problems);
        let mut run = entry.open(seed);
        let defaults = run.knobs().iter().map(|&(_, value)| value).collect();
        let knobs = read_knobs(&attributes.knobs, &*run, &mut problems);
        let shown = read_shown(attributes.show.as_deref(), &*run, &mut problems);
        // A knob may say how long the run is.
        for (knob, &value) in knobs.iter().enumerate() {
            run.set_knob(knob, value);
        }
        let at = read_at(&attributes.at, &*run, &mut problems);
        Self {
            entry,
            seed,
            at,
            knobs,
            defaults,
            actions: Vec::new(),
            shown,
            problems,
        }
    }

    /// Opens the lab in this situation, standing at [`Setup::at`].
    pub(crate) fn open(&self) -> Box<dyn AnyRun> {
        let mut run = self.entry.open(self.seed);
        for (knob, &value) in self.knobs.iter().enumerate() {
            run.set_knob(knob, value);
        }
        for &(at, action) in &self.actions {
            run.seek(at);
            run.act(action);
        }
        run.seek(self.at);
        run
    }
}

/// The seed used when none is given.
const SEED: u64 = 1;

fn read_seed(text: &str, problems: &mut Vec<String>) -> u64 {
    match text.trim() {
        "" => SEED,
        text => text.parse().unwrap_or_else(|_| {
            problems.push(format!(
                "The seed “{}” is not a whole number from 0 to {}; seed {SEED} is used.",
                short(text),
                u64::MAX
            ));
            SEED
        }),
    }
}

fn read_at(text: &str, run: &dyn AnyRun, problems: &mut Vec<String>) -> Instant {
    let length = run.length().as_secs_f64();
    match text.trim() {
        "" => Instant::ZERO,
        text => match decimal(text) {
            Some(secs) if (0.0..=length).contains(&secs) => Instant::from_secs_f64(secs),
            _ => {
                problems.push(format!(
                    "The moment “{}” does not lie within 0 and {length} s; the lab starts at 0.",
                    short(text)
                ));
                Instant::ZERO
            }
        },
    }
}

/// Value of every knob of `run`, with those that `text` names turned.
pub(crate) fn read_knobs(text: &str, run: &dyn AnyRun, problems: &mut Vec<String>) -> Vec<f64> {
    let knobs = run.knobs();
    let mut values: Vec<f64> = knobs.iter().map(|&(_, value)| value).collect();
    for pair in text.split(',').filter(|pair| !pair.trim().is_empty()) {
        let (id, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (id, value) = (id.trim(), value.trim());
        let Some(knob) = knobs.iter().position(|(spec, _)| spec.id == id) else {
            problems.push(format!("This lab has no setting called “{}”.", short(id)));
            continue;
        };
        let range = &knobs[knob].0.range;
        match decimal(value) {
            Some(number) if (range.min()..=range.max()).contains(&number) => {
                values[knob] = range.clamp(number);
            }
            _ => problems.push(format!(
                "“{}” is no value for {} ({} to {}); its default is used.",
                short(value),
                knobs[knob].0.label,
                range.min(),
                range.max()
            )),
        }
    }
    values
}

fn read_shown(text: Option<&str>, run: &dyn AnyRun, problems: &mut Vec<String>) -> Vec<usize> {
    let knobs = run.knobs();
    let Some(text) = text else {
        return (0..knobs.len()).collect();
    };
    let mut shown = Vec::new();
    for id in text.split(',').map(str::trim).filter(|id| !id.is_empty()) {
        match knobs.iter().position(|(spec, _)| spec.id == id) {
            Some(knob) if !shown.contains(&knob) => shown.push(knob),
            Some(_) => {}
            None => problems.push(format!("This lab has no setting called “{}”.", short(id))),
        }
    }
    shown
}

/// At most forty characters of what was written, so that nonsense of any length makes one sentence.
pub(crate) fn short(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
