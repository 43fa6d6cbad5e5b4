//! Waits and budgets as knobs offer them.

use core::time::Duration;

use retry::{Backoff, Jitter};

use super::config::BudgetPolicy;
use crate::knob::Range;

/// The choices of a knob, in the order of [`backoff`].
pub(crate) const BACKOFFS: Range = Range::Choice(&[
    "at once",
    "no jitter",
    "full jitter",
    "equal jitter",
    "decorrelated",
]);
/// The choices of a knob, in the order of [`budget`].
pub(crate) const BUDGETS: Range =
    Range::Choice(&["no budget", "20 % of requests", "20 % under way"]);

/// Waits from a tenth of a second, doubled each time, up to 5 s.
pub(crate) fn backoff(choice: f64) -> Option<Backoff> {
    let jitter = match choice as u32 {
        0 => return None,
        1 => Jitter::None,
        2 => Jitter::Full,
        3 => Jitter::Equal,
        _ => Jitter::Decorrelated,
    };
    Some(Backoff {
        base: Duration::from_millis(100),
        cap: Duration::from_secs(5),
        jitter,
    })
}

/// The budget of a choice.
pub(crate) fn budget(choice: f64) -> BudgetPolicy {
    match choice as u32 {
        0 => BudgetPolicy::None,
        1 => BudgetPolicy::Token,
        _ => BudgetPolicy::Ratio,
    }
}
