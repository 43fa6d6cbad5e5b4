//! The caller's side: attempts, time-outs, retries, breakers, and what becomes of a request.

use core::time::Duration;

use circuit_breaker::{Breaker, Outcome, Permit};
use retry::{Budget, Sleeps};

use super::call::{Key, NONE, Stage};
use super::model::{Due, End, LATENCY, Model};
use super::told::{Refusal, Told, What};

/// One attempt after the other on behalf of a call.
impl Model {
    /// The link by which a call is served further.
    fn link_for(&self, holder: u32) -> usize {
        let call = self.calls.get(holder);
        if call.link == NONE {
            return 0;
        }
        let calls = self.config.services[self.config.links[call.link as usize].to].calls;
        calls[self.kind_of(call.request) as usize % calls.len()]
    }

    /// The wait is over; meanwhile the service may have crashed, or its caller may have cancelled.
    pub(super) fn again(&mut self, key: Key, link: u32, told: &mut Vec<Told>) {
        if self.calls.is(key) && self.calls.get(key.0).stage == Stage::Calling {
            self.attempt(key.0, told);
        } else {
            self.callers[link as usize].budget.finished(self.now, true);
        }
    }

    // ANCHOR: attempt
    /// One attempt, if bulkhead, throttle and breaker allow it.
    pub(super) fn attempt(&mut self, holder: u32, told: &mut Vec<Told>) {
        let link = self.link_for(holder);
        let request = self.calls.get(holder).request;
        self.calls.get_mut(holder).attempts += 1;
        let number = self.calls.get(holder).attempts;
        let permit = match self.allowed(link, request, told) {
            Ok(permit) => permit,
            Err(why) => {
                if number > 1 {
                    self.callers[link].budget.finished(self.now, true);
                }
                self.tell(told, request, What::Refused(link as u32, why));
                return self.finish(holder, End::Refused, told);
            }
        };
        let call = self.calls.add(request, holder, link as u32, self.now);
        self.calls.get_mut(call).permit = permit;
        self.calls.get_mut(call).again = number > 1;
        self.calls.get_mut(holder).child = call;
        let caller = &mut self.callers[link];
        caller.under_way += 1;
        if number == 1 {
            caller.budget.request(self.now);
        }
        self.tell(told, request, What::Sent(link as u32, number));
        let key = self.calls.key(call);
        self.queue.push(self.now + LATENCY, Due::Deliver(key));
        let time_out = self.config.links[link].time_out;
        if time_out > Duration::ZERO {
            self.queue.push(self.now + time_out, Due::TimeOut(key));
        }
    }

    fn allowed(
        &mut self,
        link: usize,
        request: u32,
        told: &mut Vec<Told>,
    ) -> Result<Option<Permit>, Refusal> {
        let bulkhead = self.config.links[link].bulkhead;
        let caller = &mut self.callers[link];
        if bulkhead > 0 && caller.under_way >= bulkhead {
            return Err(Refusal::Bulkhead);
        }
        if let Some(throttle) = &mut caller.throttle
            && throttle.try_acquire(self.now, self.jitter.unit()).is_err()
        {
            return Err(Refusal::Throttle);
        }
        let Some(breaker) = &mut caller.breaker else {
            return Ok(None);
        };
        let (changed, answer) = match breaker.try_acquire(self.now) {
            Ok(mut permit) => (permit.transition.take(), Ok(Some(permit))),
            Err(refused) => (refused.transition, Err(Refusal::Breaker(refused.reason))),
        };
        if let Some(transition) = changed {
            self.tell(told, request, What::Breaker(link as u32, transition));
        }
        answer
    }
    // ANCHOR_END: attempt

    pub(super) fn reply(&mut self, key: Key, good: bool, told: &mut Vec<Told>) {
        let (place, _) = key;
        if !self.calls.is(key) {
            return;
        }
        let call = self.calls.get(place);
        if call.given_up {
            let (request, link) = (call.request, call.link);
            self.calls.remove(place);
            return self.tell(told, request, What::Late(link));
        }
        let (holder, link) = (call.holder, call.link);
        let outcome = if good {
            Outcome::Success
        } else {
            Outcome::Failure
        };
        self.report(place, outcome, told);
        self.calls.remove(place);
        let end = if good { End::Good } else { End::Bad };
        self.attempted(holder, link, end, told);
    }

    // ANCHOR: time-out
    /// The caller stops waiting; what it asked for goes on, unless the link cancels.
    pub(super) fn time_out(&mut self, key: Key, told: &mut Vec<Told>) {
        let (place, _) = key;
        if !self.calls.is(key) || self.calls.get(place).given_up {
            return;
        }
        let (holder, link) = (self.calls.get(place).holder, self.calls.get(place).link);
        self.tell(told, self.calls.get(place).request, What::TimesOut(link));
        self.report(place, Outcome::TimedOut, told);
        self.give_up(place, told);
        self.attempted(holder, link, End::TimedOut, told);
    }

    // ANCHOR_END: time-out

    /// The breaker learns what became of an attempt, which is no longer under way.
    fn report(&mut self, place: u32, outcome: Outcome, told: &mut Vec<Told>) {
        let call = self.calls.get_mut(place);
        let (link, request, latency) = (call.link, call.request, self.now.since(call.sent));
        let permit = call.permit.take();
        let again = call.again;
        let caller = &mut self.callers[link as usize];
        caller.under_way -= 1;
        caller.budget.finished(self.now, again);
        if let Some(throttle) = &mut caller.throttle {
            throttle.on_outcome(self.now, outcome == Outcome::Success);
        }
        let changed = (caller.breaker.as_mut().zip(permit))
            .and_then(|(breaker, permit)| breaker.on_outcome(permit, self.now, outcome, latency));
        if let Some(transition) = changed {
            self.tell(told, request, What::Breaker(link, transition));
        }
    }

    /// The caller drops an attempt because nobody wants the answer any more.
    pub(super) fn withdraw(&mut self, place: u32, told: &mut Vec<Told>) {
        self.report(place, Outcome::Cancelled, told);
        self.give_up(place, told);
    }

    // ANCHOR: again
    /// An attempt by this link is over: another one after a wait, if the budget allows it, or that was it.
    fn attempted(&mut self, holder: u32, link: u32, end: End, told: &mut Vec<Told>) {
        let policy = &self.config.links[link as usize];
        let call = self.calls.get_mut(holder);
        call.child = NONE;
        let last = call.attempts >= policy.attempts;
        if end == End::Good || call.given_up || last {
            return self.finish(holder, end, told);
        }
        let request = call.request;
        if (self.callers[link as usize].budget.try_retry(self.now)).is_err() {
            self.tell(told, request, What::Refused(link, Refusal::Budget));
            return self.finish(holder, end, told);
        }
        let wait = policy.backoff.map_or(Duration::ZERO, |backoff| {
            let sleeps = call.sleeps.get_or_insert(Sleeps::new(backoff));
            sleeps.next(self.jitter.unit())
        });
        let key = self.calls.key(holder);
        self.queue.push(self.now + wait, Due::Again(key, link));
    }
    // ANCHOR_END: again

    // ANCHOR: finish
    /// What was done on behalf of a call has come to an end.
    pub(super) fn finish(&mut self, holder: u32, end: End, told: &mut Vec<Told>) {
        let call = self.calls.get(holder);
        if call.link != NONE {
            return self.answer(holder, end == End::Good, told);
        }
        let (request, took) = (call.request, self.now.since(call.sent));
        self.calls.remove(holder);
        let what = if end == End::Good {
            What::Succeeds(took)
        } else {
            What::Fails
        };
        self.tell(told, request, what);
    }
    // ANCHOR_END: finish
}
