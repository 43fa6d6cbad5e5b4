//! Questions to a run, in one line of text: what pages, quizzes and challenges ask the engine, instead of typing an answer.
//!
//! ```text
//! counter(rejected, 1.08)                      a number beside the figure, at that second
//! count(rejected, 1..1.08)                     entries of the log from the first second on and before the second one
//! time(bucket empty) · time(burst, 2)          when the first (second …) entry of a kind is, in seconds
//! line(tokens, 12.5)                           a line of a chart at that second
//! max(tokens, 0..10) · min(…) · mean(…)        the same over a stretch, of the points drawn there
//! busiest(admitted, 1)                         the most entries of a kind within any stretch so many seconds long
//! knob(burst)                                  how a knob stands
//! count(rejected) / count(admitted) <= 0.05    two of these, or one and a number, by + - * /, held against a number
//! ```
//! Where a stretch is left out it is the whole run.

mod facts;

use core::fmt;

use clock::Instant;

use crate::decimal::decimal;
use crate::run::AnyRun;
use facts::{busiest, counter, lacks, line, times, within};

/// A question; made by [`Query::parse`], answered by [`Query::ask`].
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    first: Term,
    then: Option<(Operator, Term)>,
    held_against: Option<(Comparison, f64)>,
}

/// What a run answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// The value left of the comparison.
    pub value: f64,
    /// Whether the comparison holds; `None` for a query without one.
    pub holds: Option<bool>,
    /// How far the value misses its bound, as a share of the bound; 0 where it holds.
    pub miss: f64,
}

#[derive(Clone, Debug, PartialEq)]
enum Term {
    Number(f64),
    Counter(String, f64),
    Count(String, Stretch),
    Time(String, usize),
    Line(String, f64),
    Over(Summary, String, Stretch),
    Busiest(String, f64),
    Knob(String),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Summary {
    Max,
    Min,
    Mean,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Plus,
    Minus,
    Times,
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

/// Seconds from, and before; the whole run when there is none.
type Stretch = Option<(f64, f64)>;

// ANCHOR: ask
impl Query {
    /// Asks a run, which is sent to its end and left where the question took it.
    ///
    /// # Errors
    /// One sentence if the lab has no such counter, kind, line or knob, or if what is asked for never happens.
    pub fn ask(&self, run: &mut dyn AnyRun) -> Result<Answer, String> {
        let mut value = self.first.value(run)?;
        if let Some((operator, term)) = &self.then {
            value = operator.of(value, term.value(run)?);
        }
        let Some((comparison, bound)) = self.held_against else {
            return Ok(Answer {
                value,
                holds: None,
                miss: 0.0,
            });
        };
        let holds = comparison.holds(value, bound);
        let miss = if holds {
            0.0
        } else {
            (value - bound).abs() / bound.abs().max(1e-9)
        };
        Ok(Answer {
            value,
            holds: Some(holds),
            miss,
        })
    }
}
// ANCHOR_END: ask

impl Term {
    fn value(&self, run: &mut dyn AnyRun) -> Result<f64, String> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Counter(label, secs) => counter(run, label, *secs),
            Self::Count(kind, stretch) => Ok(times(run, kind)?
                .iter()
                .filter(|&&at| within(at, *stretch))
                .count() as f64),
            Self::Time(kind, nth) => {
                let found = times(run, kind)?.get(nth - 1).copied();
                found.map(Instant::as_secs_f64).ok_or_else(|| {
                    format!("entry number {nth} of the kind “{kind}” never happens in this run")
                })
            }
            Self::Line(label, secs) => line(run, label, Some((0.0, secs + 1e-9)))?
                .last()
                .copied()
                .ok_or_else(|| format!("the line “{label}” has no point before {secs} s")),
            Self::Over(summary, label, stretch) => summary
                .of(&line(run, label, *stretch)?)
                .ok_or_else(|| format!("the line “{label}” has no point in that stretch")),
            Self::Busiest(kind, secs) => Ok(busiest(&times(run, kind)?, *secs) as f64),
            Self::Knob(id) => {
                let knobs = run.knobs();
                let knob = knobs.iter().find(|(spec, _)| spec.id == id);
                knob.map(|&(_, value)| value).ok_or_else(|| {
                    let known: Vec<&str> = knobs.iter().map(|(spec, _)| spec.id).collect();
                    lacks(run, "knob", id, &known)
                })
            }
        }
    }
}

impl Summary {
    fn of(self, values: &[f64]) -> Option<f64> {
        let values = values.iter().copied();
        match self {
            Self::Max => values.reduce(f64::max),
            Self::Min => values.reduce(f64::min),
            Self::Mean if values.len() == 0 => None,
            Self::Mean => Some(values.clone().sum::<f64>() / values.len() as f64),
        }
    }
}

impl Operator {
    fn of(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Plus => left + right,
            Self::Minus => left - right,
            Self::Times => left * right,
            Self::Over => left / right,
        }
    }
}

impl Comparison {
    fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Self::Less => value < bound,
            Self::AtMost => value <= bound,
            Self::Equal => value == bound,
            Self::AtLeast => value >= bound,
            Self::More => value > bound,
        }
    }
}

// ANCHOR: parse
impl Query {
    /// Reads a question.
    ///
    /// # Errors
    /// One sentence on what cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (value, held_against) = match text.find(['<', '>', '=']) {
            None => (text, None),
            Some(at) => {
                let (value, rest) = text.split_at(at);
                let equal = rest[1..].starts_with('=');
                let comparison = match (rest.as_bytes()[0], equal) {
                    (b'<', false) => Comparison::Less,
                    (b'<', true) => Comparison::AtMost,
                    (b'>', false) => Comparison::More,
                    (b'>', true) => Comparison::AtLeast,
                    _ => Comparison::Equal,
                };
                let sign = if equal && comparison != Comparison::Equal {
                    2
                } else {
                    1
                };
                (value, Some((comparison, number(&rest[sign..])?)))
            }
        };
        let (first, rest) = term(value.trim())?;
        let then = match rest.trim().split_at_checked(1) {
            None => None,
            Some((sign, rest)) => {
                let operator = match sign {
                    "+" => Operator::Plus,
                    "-" => Operator::Minus,
                    "*" => Operator::Times,
                    "/" => Operator::Over,
                    _ => {
                        return Err(not(sign, "one of + - * / and a second value"));
                    }
                };
                let (second, rest) = term(rest.trim())?;
                if !rest.trim().is_empty() {
                    let rest = short(rest.trim());
                    let most = "” is too much: a query has at most two values";
                    return Err(["“", rest, most].concat());
                }
                Some((operator, second))
            }
        };
        Ok(Self {
            first,
            then,
            held_against,
        })
    }
}
// ANCHOR_END: parse

/// The value a text begins with, and the rest of the text.
fn term(text: &str) -> Result<(Term, &str), String> {
    let of_a_number = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let digits = text.bytes().take_while(|&byte| of_a_number(byte)).count();
    let (digits, rest) = text.split_at(digits);
    let Some((name, rest)) = rest.split_once('(').filter(|_| digits.is_empty()) else {
        return Ok((Term::Number(number(digits)?), rest));
    };
    let (inside, rest) = rest
        .split_once(')')
        .ok_or_else(|| not(text, "closed by a bracket"))?;
    let (label, argument) = match inside.rsplit_once(',') {
        Some((label, argument)) => (label, Some(argument.trim())),
        None => (inside, None),
    };
    Ok((named(name.trim(), label.trim().to_owned(), argument)?, rest))
}

/// What the query calls `name`, of `label`.
fn named(name: &str, label: String, argument: Option<&str>) -> Result<Term, String> {
    Ok(match name {
        "counter" | "line" | "busiest" => {
            let Some(argument) = argument else {
                return Err([name, "(", &label, ", …) needs a second argument"].concat());
            };
            let at = seconds(argument)?;
            match name {
                "counter" => Term::Counter(label, at),
                "line" => Term::Line(label, at),
                _ => Term::Busiest(label, at),
            }
        }
        "count" => Term::Count(label, stretch(argument)?),
        "time" => Term::Time(label, nth(argument)?),
        "max" | "min" | "mean" => {
            let summary = match name {
                "max" => Summary::Max,
                "min" => Summary::Min,
                _ => Summary::Mean,
            };
            Term::Over(summary, label, stretch(argument)?)
        }
        "knob" => Term::Knob(label),
        _ => {
            return Err(not(
                name,
                "one of counter, count, time, line, max, min, mean, busiest, knob",
            ));
        }
    })
}

fn nth(argument: Option<&str>) -> Result<usize, String> {
    let Some(text) = argument else { return Ok(1) };
    match text.parse() {
        Ok(nth) if nth > 0 => Ok(nth),
        _ => Err(not(text, "a place, 1 for the first")),
    }
}

fn stretch(argument: Option<&str>) -> Result<Stretch, String> {
    let Some(text) = argument else {
        return Ok(None);
    };
    let dots = text.as_bytes().windows(2).position(|two| two == b"..");
    let dots = dots.ok_or_else(|| not(text, "a stretch such as 1..2.5"))?;
    Ok(Some((seconds(&text[..dots])?, seconds(&text[dots + 2..])?)))
}

/// A moment or a length in seconds that fits into a run.
fn seconds(text: &str) -> Result<f64, String> {
    let secs = number(text)?;
    if (0.0..=1e6).contains(&secs) {
        Ok(secs)
    } else {
        Err(["“", short(text), "” s is no moment of a run"].concat())
    }
}

fn number(text: &str) -> Result<f64, String> {
    match decimal(text.trim()) {
        Some(number) => Ok(number),
        None => Err(not(text.trim(), "a number")),
    }
}

/// “text” is not what it should be.
fn not(text: &str, what: &str) -> String {
    ["“", short(text), "” is not ", what].concat()
}

/// At most forty characters, so that nonsense of any length makes one sentence.
fn short(text: &str) -> &str {
    text.char_indices()
        .nth(40)
        .map_or(text, |(end, _)| &text[..end])
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value)
    }
}
