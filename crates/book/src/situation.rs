//! The situation an element names: a lab, its seed, its knobs and a moment of its run; checked here for all elements alike.

use clock::Instant;
use labs::{About, AnyRun, Entry};

use crate::element::Element;

/// A lab in a situation that exists.
#[derive(Clone)]
pub struct Situation {
    entry: &'static Entry,
    /// The seed it was given, or 1.
    pub seed: u64,
    /// The value of every knob, in the lab's order.
    knobs: Vec<f64>,
}

/// What tells one situation from another.
pub(crate) type Key = (&'static str, u64, Vec<u64>);

impl Situation {
    /// Reads the attributes `seed` and `knobs` of an element for the lab called `lab`; adds a sentence to `wrong` for each mistake.
    pub fn read(lab: &str, element: &Element, wrong: &mut Vec<String>) -> Option<Self> {
        let Some(entry) = labs::find(lab) else {
            let known: Vec<&str> = labs::ALL.iter().map(|entry| entry.id).collect();
            wrong.push(format!(
                "there is no lab {lab:?}; the labs are {}",
                known.join(", ")
            ));
            return None;
        };
        let seed = element.get("seed").unwrap_or("1");
        let seed = seed.parse::<u64>().unwrap_or_else(|_| {
            wrong.push(format!("seed {seed:?} is not a whole number"));
            1
        });
        let mut run = entry.open(seed);
        for pair in list(element.get("knobs")) {
            if let Err(message) = turn(&mut *run, pair) {
                wrong.push(message);
            }
        }
        let knobs = run.knobs().iter().map(|&(_, value)| value).collect();
        Some(Self { entry, seed, knobs })
    }

    /// The lab's id.
    #[must_use]
    pub fn lab(&self) -> &'static str {
        self.entry.id
    }

    /// The lab at time zero.
    #[must_use]
    pub fn open(&self) -> Box<dyn AnyRun> {
        self.open_with(self.seed)
    }

    /// The lab at time zero with another seed.
    pub(crate) fn open_with(&self, seed: u64) -> Box<dyn AnyRun> {
        let mut run = self.entry.open(seed);
        for (knob, &value) in self.knobs.iter().enumerate() {
            run.set_knob(knob, value);
        }
        run
    }

    pub(crate) fn key(&self) -> Key {
        let knobs = self.knobs.iter().map(|value| value.to_bits()).collect();
        (self.entry.id, self.seed, knobs)
    }
}

/// A sentence for each attribute that the element does not take.
pub(crate) fn strangers(element: &Element, taken: &[&str]) -> Vec<String> {
    let names = element.attributes.iter().map(|(name, _)| name.as_str());
    names
        .filter(|name| !taken.contains(name))
        .map(|name| {
            format!(
                "<{}> has no attribute {name}; it takes {}",
                element.name,
                taken.join(", ")
            )
        })
        .collect()
}

/// The parts of a list such as `rate,burst`.
pub(crate) fn list(value: Option<&str>) -> impl Iterator<Item = &str> {
    value
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn turn(run: &mut dyn AnyRun, pair: &str) -> Result<(), String> {
    let (id, value) = pair
        .split_once('=')
        .ok_or_else(|| format!("knob {pair:?} is not of the form name=value"))?;
    let knobs = run.knobs();
    let knob = knobs
        .iter()
        .position(|(spec, _)| spec.id == id)
        .ok_or_else(|| {
            let known: Vec<&str> = knobs.iter().map(|(spec, _)| spec.id).collect();
            format!(
                "{} has no knob {id:?}; it has {}",
                run.about().id,
                known.join(", ")
            )
        })?;
    let range = knobs[knob].0.range;
    let number: f64 = value
        .parse()
        .map_err(|_| format!("knob {id} is set to {value:?}, which is not a number"))?;
    if range.clamp(number) != number {
        return Err(format!(
            "knob {id} cannot be {value}; it goes from {} to {}",
            range.min(),
            range.max()
        ));
    }
    run.set_knob(knob, number);
    Ok(())
}

/// The moment `at` seconds into the lab's run; adds a sentence to `wrong` if it lies outside.
pub(crate) fn moment(at: &str, about: &About, wrong: &mut Vec<String>) -> Option<Instant> {
    let duration = about.duration.as_secs_f64();
    match at.parse::<f64>() {
        Ok(secs) if (0.0..=duration).contains(&secs) => Some(Instant::from_secs_f64(secs)),
        _ => {
            wrong.push(format!("at {at:?} is not between 0 and {duration} s"));
            None
        }
    }
}
