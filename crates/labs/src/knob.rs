//! A knob: one parameter of a lab the reader may turn, with its unit, range and default.

/// What values a knob takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// Evenly spaced values from `min` to `max`.
    Linear {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
        /// Distance between two neighbouring values.
        step: f64,
    },
    /// Values from `min` to `max` (both above zero) spread evenly over their logarithm, rounded to two significant digits.
    Log {
        /// Smallest value, above zero.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// One of several named choices; the value is its index.
    Choice(&'static [&'static str]),
    /// Off (0) or on (1).
    Toggle,
}

impl Range {
    /// The value nearest to `value` that the knob can take; nonsense (NaN) gives the smallest.
    #[must_use]
    pub fn clamp(&self, value: f64) -> f64 {
        if value.is_nan() {
            return self.min();
        }
        match *self {
            Self::Linear { min, max, step } => {
                let steps = ((value.clamp(min, max) - min) / step).round();
                // Rounding to nine decimals keeps 0.1 steps from drifting to 0.30000000000000004.
                (((min + steps * step) * 1e9).round() / 1e9).min(max)
            }
            Self::Log { min, max } => round_to_two_digits(value.clamp(min, max)).clamp(min, max),
            Self::Choice(names) => value
                .round()
                .clamp(0.0, names.len().saturating_sub(1) as f64),
            Self::Toggle => f64::from(value >= 0.5),
        }
    }

    /// Smallest value.
    #[must_use]
    pub fn min(&self) -> f64 {
        match *self {
            Self::Linear { min, .. } | Self::Log { min, .. } => min,
            Self::Choice(_) | Self::Toggle => 0.0,
        }
    }

    /// Largest value.
    #[must_use]
    pub fn max(&self) -> f64 {
        match *self {
            Self::Linear { max, .. } | Self::Log { max, .. } => max,
            Self::Choice(names) => names.len().saturating_sub(1) as f64,
            Self::Toggle => 1.0,
        }
    }

    /// Where `value` stands on a slider, from 0 to 1.
    #[must_use]
    pub fn position(&self, value: f64) -> f64 {
        let (min, max) = (self.min(), self.max());
        match self {
            Self::Log { .. } => libm_ratio(value, min) / libm_ratio(max, min),
            _ if max > min => (value - min) / (max - min),
            _ => 0.0,
        }
    }

    /// The value at `position` (0 to 1) of a slider.
    #[must_use]
    pub fn at_position(&self, position: f64) -> f64 {
        let (min, max) = (self.min(), self.max());
        let position = position.clamp(0.0, 1.0);
        self.clamp(match self {
            Self::Log { .. } => min * libm::exp(position * libm::log(max / min)),
            _ => min + (max - min) * position,
        })
    }
}

fn libm_ratio(value: f64, base: f64) -> f64 {
    libm::log(value / base)
}

fn round_to_two_digits(value: f64) -> f64 {
    let magnitude = sim::power_of_ten(value) / 10.0;
    ((value / magnitude).round() * magnitude * 1e9).round() / 1e9
}

/// What the page needs to know to draw a knob.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnobSpec {
    /// Name in links and attributes, kebab-case and stable.
    pub id: &'static str,
    /// What the reader sees.
    pub label: &'static str,
    /// Unit of the value, such as `/s` or `tokens`; empty for choices and toggles.
    pub unit: &'static str,
    /// One sentence on what turning it does.
    pub help: &'static str,
    /// The values it takes.
    pub range: Range,
}

impl KnobSpec {
    pub(crate) const fn new(
        id: &'static str,
        label: &'static str,
        unit: &'static str,
        range: Range,
        help: &'static str,
    ) -> Self {
        Self {
            id,
            label,
            unit,
            help,
            range,
        }
    }
}

/// A lens on one field of a lab's parameters.
pub struct Knob<P: 'static> {
    /// How it looks and what it takes.
    pub spec: KnobSpec,
    /// Reads the field.
    pub get: fn(&P) -> f64,
    /// Writes the field; the value has been clamped to the range.
    pub set: fn(&mut P, f64),
}

impl<P: 'static> Knob<P> {
    pub(crate) const fn new(spec: KnobSpec, get: fn(&P) -> f64, set: fn(&mut P, f64)) -> Self {
        Self { spec, get, set }
    }
}
