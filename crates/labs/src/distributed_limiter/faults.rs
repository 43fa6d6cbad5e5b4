//! What the reader may break: the store, an instance, the way between them.

use clock::Instant;

use super::settings::{CUT, OUTAGE};
use super::{DistributedLimiter, Due, note, words};
use crate::tape::Tape;

// ANCHOR: faults
impl DistributedLimiter {
    /// The store answers nobody for a while.
    pub(super) fn bring_down(&mut self, now: Instant, tape: &mut Tape) {
        let secs = OUTAGE.as_secs_f64();
        self.down = Some(note(tape, now, None, words::STORE_DOWN, 0, secs));
        self.queue.push(now + OUTAGE, Due::StoreUp);
    }

    /// The store is back, with the bucket it had.
    pub(super) fn bring_up(&mut self, now: Instant, tape: &mut Tape) {
        let cause = self.down.take();
        note(tape, now, cause, words::STORE_UP, 0, 0.0);
    }

    /// The last instance stops, and what it was deciding is never decided; the very last one stays.
    pub(super) fn kill(&mut self, now: Instant, tape: &mut Tape) {
        let alive = self.instances.iter().filter(|instance| instance.alive);
        if alive.count() < 2 {
            return;
        }
        let Some(index) = self.instances.iter().rposition(|instance| instance.alive) else {
            return;
        };
        self.instances[index].alive = false;
        let number = (index + 1) as u32;
        let doomed = |ask: &&super::Ask| ask.instance == index && ask.ideal.is_some();
        let requests: Vec<u32> = self
            .pending
            .iter()
            .filter(doomed)
            .map(|ask| ask.request)
            .collect();
        let count = requests.len() as f64;
        let cause = note(tape, now, None, words::KILLED, number, count);
        for request in requests {
            let instance = f64::from(number);
            note(tape, now, Some(cause), words::LOST, request, instance);
        }
        self.pending.retain(|ask| ask.instance != index);
    }

    /// The first instance that is alive cannot reach the store for a while.
    pub(super) fn cut(&mut self, now: Instant, tape: &mut Tape) {
        let Some(index) = self.instances.iter().position(|instance| instance.alive) else {
            return;
        };
        let (number, secs) = ((index + 1) as u32, CUT.as_secs_f64());
        let entry = note(tape, now, None, words::CUT_OFF, number, secs);
        self.partition = Some((index, entry));
        self.queue.push(now + CUT, Due::Heal);
    }

    /// It reaches the store again.
    pub(super) fn heal(&mut self, now: Instant, tape: &mut Tape) {
        if let Some((index, cause)) = self.partition.take() {
            let number = (index + 1) as u32;
            note(tape, now, Some(cause), words::HEALED, number, 0.0);
        }
    }

    /// Whether no message passes between this instance and the store.
    pub(super) fn cut_off(&self, instance: usize) -> bool {
        self.partition.is_some_and(|(index, _)| index == instance)
    }
}
// ANCHOR_END: faults
