//! Whether services get well again by themselves, and the first event after which they cannot.

use core::time::Duration;

use clock::Instant;

use super::model::Model;
use super::told::What;

/// How long services have to get well once nothing is wrong any more.
const PATIENCE: Duration = Duration::from_secs(20);
/// Whether they are well is judged by the end of that time.
const JUDGED: Duration = Duration::from_secs(3);
/// Well: so large a part of the requests succeeds.
const WELL: f64 = 0.9;

// ANCHOR: no-return
/// Where a trouble went too far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NoReturn {
    /// The first event after which ending the trouble does not help.
    pub(crate) at: Instant,
    /// Calls that waited in the queues then.
    pub(crate) queued: u32,
}

/// Whether the services get well if from here on nothing is wrong with them and clients ask at the ordinary rate.
pub(crate) fn recovers(model: &Model) -> bool {
    let mut model = model.clone();
    let mut told = Vec::new();
    model.relieve(&mut told);
    let end = model.now() + PATIENCE;
    let (mut asked, mut good) = (0_u32, 0_u32);
    while model.next_at().is_some_and(|at| at < end) {
        told.clear();
        model.step(&mut told);
        if model.now() + JUDGED < end {
            continue;
        }
        for told in &told {
            asked += u32::from(told.what == What::Arrives);
            good += u32::from(matches!(told.what, What::Succeeds(_)));
        }
    }
    f64::from(good) >= WELL * f64::from(asked)
}

/// Of the steps from `start`, which recovers, to `end`, which does not: the one that makes the difference, found by halving.
///
/// Each probe repeats the run from `start` and ends the trouble in another place. Between the last that recovers and the
/// first that does not there may be others if chance helps one of them; halving finds one edge.
pub(crate) fn no_return(start: &Model, end: &Model) -> NoReturn {
    let mut count = 0_u64;
    let mut told = Vec::new();
    let mut model = start.clone();
    while model.next_at().is_some_and(|at| at <= end.now()) {
        model.step(&mut told);
        told.clear();
        count += 1;
    }
    // After `well` steps it recovers, after `lost` steps it does not.
    let (mut well, mut lost) = (0, count);
    let mut from = start.clone();
    while lost - well > 1 {
        let middle = well + (lost - well) / 2;
        let mut probe = from.clone();
        for _ in well..middle {
            probe.step(&mut told);
        }
        told.clear();
        if recovers(&probe) {
            (well, from) = (middle, probe);
        } else {
            lost = middle;
        }
    }
    from.step(&mut told);
    NoReturn {
        at: from.now(),
        queued: from
            .servers()
            .iter()
            .map(|server| server.queue.len() as u32)
            .sum(),
    }
}
// ANCHOR_END: no-return
