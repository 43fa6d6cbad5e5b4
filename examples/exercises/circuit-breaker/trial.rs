//! A breaker under trial: every call goes on the tape and is compared with what it should give.

use std::time::Duration;

use exercises::{Miss, expect, tape};

use crate::source::{Breaker, Call, Refused, Settings, State};

/// A breaker of the reader's making.
pub(crate) struct Trial {
    breaker: Breaker,
    calls: Vec<Option<Call>>,
}

/// A time in milliseconds since the start.
pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The nanosecond after `time`.
pub(crate) fn just_after(time: Duration) -> Duration {
    time + Duration::from_nanos(1)
}

/// A time as `99 ms` or `5000.000001 ms`.
pub(crate) fn shown(time: Duration) -> String {
    let nanos = time.as_nanos();
    let (whole, rest) = (nanos / 1_000_000, nanos % 1_000_000);
    if rest == 0 {
        return format!("{whole} ms");
    }
    let rest = format!("{rest:06}");
    format!("{whole}.{} ms", rest.trim_end_matches('0'))
}

/// A refusal in the words of the tape.
fn refusal(refused: Refused) -> String {
    match refused {
        Refused::Open { wait } => format!("refused, open for another {}", shown(wait)),
        Refused::TrialsTaken => "refused, all trials are taken".to_owned(),
    }
}

impl Trial {
    /// A new breaker.
    pub(crate) fn new(settings: Settings, now: Duration) -> Self {
        tape::call(format!(
            "Breaker::new({} buckets of {}, {} calls, ratio {}, wait {}, {} trials)",
            settings.buckets,
            shown(settings.bucket),
            settings.min_calls,
            settings.ratio,
            shown(settings.wait),
            settings.trials
        ));
        Self {
            breaker: Breaker::new(settings, now),
            calls: Vec::new(),
        }
    }

    /// Calls `state`.
    pub(crate) fn state(&self, now: Duration, expected: State, why: &str) -> Result<(), Miss> {
        tape::call(format!("state({})", shown(now)));
        let came_out = self.breaker.state(now);
        tape::gave(&format!("{came_out:?}"));
        expect(came_out, expected, why)
    }

    /// Calls `window`.
    pub(crate) fn window(
        &self,
        now: Duration,
        (calls, failures): (u32, u32),
        why: &str,
    ) -> Result<(), Miss> {
        tape::call(format!("window({})", shown(now)));
        let came_out = self.breaker.window(now);
        let words = |(calls, failures): (u32, u32)| format!("{calls} calls, {failures} failures");
        tape::gave(&words(came_out));
        if came_out == (calls, failures) {
            return Ok(());
        }
        Err(Miss {
            came_out: words(came_out),
            expected: format!("{}: {why}", words((calls, failures))),
        })
    }

    /// Calls `try_call`, which lets it through; returns its number, counted from 0.
    pub(crate) fn passes(&mut self, now: Duration, why: &str) -> Result<usize, Miss> {
        let number = self.calls.len();
        tape::call(format!("try_call({})", shown(now)));
        match self.breaker.try_call(now) {
            Ok(call) => {
                tape::gave(&format!("call {number}"));
                self.calls.push(Some(call));
                Ok(number)
            }
            Err(refused) => {
                let came_out = refusal(refused);
                tape::gave(&came_out);
                Err(Miss {
                    came_out,
                    expected: format!("a call that passes: {why}"),
                })
            }
        }
    }

    /// Calls `try_call`, which refuses it.
    pub(crate) fn refuses(
        &mut self,
        now: Duration,
        expected: Refused,
        why: &str,
    ) -> Result<(), Miss> {
        tape::call(format!("try_call({})", shown(now)));
        let came_out = match self.breaker.try_call(now) {
            Ok(_) => "a call that passes".to_owned(),
            Err(refused) => refusal(refused),
        };
        tape::gave(&came_out);
        let wanted = refusal(expected);
        if came_out == wanted {
            return Ok(());
        }
        Err(Miss {
            came_out,
            expected: format!("{wanted}: {why}"),
        })
    }

    /// Calls `report` for the call of this number.
    pub(crate) fn ends(&mut self, now: Duration, number: usize, success: bool) {
        let call = self.calls.get_mut(number).and_then(Option::take);
        if let Some(call) = call {
            tape::call(format!("report({}, call {number}, {success})", shown(now)));
            self.breaker.report(now, call, success);
            tape::gave("()");
        }
    }

    /// So many calls at `now` that end at once.
    pub(crate) fn calls(
        &mut self,
        now: Duration,
        count: u32,
        success: bool,
        why: &str,
    ) -> Result<(), Miss> {
        for _ in 0..count {
            let number = self.passes(now, why)?;
            self.ends(now, number, success);
        }
        Ok(())
    }
}
