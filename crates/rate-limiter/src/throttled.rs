//! The refusal: what a caller is told instead of "yes".

use core::fmt;
use core::time::Duration;

// ANCHOR: Throttled
/// Not admitted; carries what the caller does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttled {
    /// How long to stay away: the same request, asked again after this time, passes if nobody
    /// else took its place. [`Duration::MAX`] if it can never pass.
    pub retry_after: Duration,
}
// ANCHOR_END: Throttled

impl Throttled {
    /// The request asks for more than the limiter ever grants at once: waiting does not help.
    pub const NEVER: Self = Self {
        retry_after: Duration::MAX,
    };

    /// A refusal that holds for `nanos` nanoseconds.
    pub(crate) const fn for_nanos(nanos: u64) -> Self {
        Self {
            retry_after: Duration::from_nanos(nanos),
        }
    }

    /// Whether the same request can pass later, unless somebody is quicker.
    #[must_use]
    pub fn is_temporary(self) -> bool {
        self != Self::NEVER
    }
}

impl fmt::Display for Throttled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_temporary() {
            write!(f, "rate limited: try again in {:?}", self.retry_after)
        } else {
            f.write_str("rate limited: more than is ever granted at once")
        }
    }
}

impl core::error::Error for Throttled {}
