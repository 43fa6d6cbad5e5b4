//! The service's side: places, the queue before them, work, answers, faults.

use clock::Instant;
use load_shed::Verdict;
use sim::{Distribution, Rng};

use super::call::{Key, Stage};
use super::config::{Guarding, Trouble};
use super::model::{Due, LATENCY, Model};
use super::told::{Told, What};

impl Model {
    /// Nothing gets through to or from a service that is cut off.
    fn cut_off(&self, service: usize) -> bool {
        self.servers[service].trouble == Some(Trouble::Partition)
    }

    fn service_of(&self, place: u32) -> usize {
        self.config.links[self.calls.get(place).link as usize].to
    }

    // ANCHOR: deliver
    /// A call reaches its service: it begins, waits, or is turned away.
    pub(super) fn deliver(&mut self, key: Key, told: &mut Vec<Told>) {
        let (place, _) = key;
        if !self.calls.is(key) {
            return;
        }
        let service = self.service_of(place);
        if self.cut_off(service) {
            return self.lose(place);
        }
        if self.servers[service].trouble == Some(Trouble::Crash) {
            return self.send_answer(place, false);
        }
        self.calls.get_mut(place).since = self.now;
        if self.turned_away(place) {
            let request = self.calls.get(place).request;
            self.tell(told, request, What::Shed(service as u32));
            return self.send_answer(place, false);
        }
        let full = self.servers[service].busy >= self.config.services[service].places;
        if !full {
            return self.begin(place, told);
        }
        if self.servers[service].queue.len() >= self.config.services[service].queue as usize {
            self.unplace(place);
            let request = self.calls.get(place).request;
            self.tell(told, request, What::QueueFull(service as u32));
            return self.send_answer(place, false);
        }
        self.calls.get_mut(place).stage = Stage::Queued;
        self.servers[service].queue.push_back(place);
    }
    // ANCHOR_END: deliver

    /// The service's guard does not let a call in.
    fn turned_away(&mut self, place: u32) -> bool {
        let (service, request) = (self.service_of(place), self.calls.get(place).request);
        match &mut self.servers[service].guard {
            Guarding::Priority(shedder) => {
                // Priorities are spread evenly, and the same for all calls of a request.
                let level = Rng::new(u64::from(request)).below(load_shed::LEVELS as u64);
                shedder.on_arrival(self.now, level as usize) == Verdict::Shed
            }
            Guarding::Limit(limiter) => match limiter.try_acquire(self.now) {
                Ok(permit) => {
                    self.calls.get_mut(place).place = Some(permit);
                    false
                }
                Err(_) => true,
            },
            Guarding::None | Guarding::CoDel(_) | Guarding::Delay(_) => false,
        }
    }

    /// A call gives its place within the limit back, without telling how long it took.
    fn unplace(&mut self, place: u32) {
        let service = self.service_of(place);
        if let Guarding::Limit(limiter) = &mut self.servers[service].guard
            && let Some(permit) = self.calls.get_mut(place).place.take()
        {
            limiter.ignore(permit);
        }
    }

    /// The service begins to work on a call.
    fn begin(&mut self, place: u32, told: &mut Vec<Told>) {
        let service = self.service_of(place);
        self.servers[service].busy += 1;
        let call = self.calls.get_mut(place);
        call.stage = Stage::Worked;
        let (request, given_up) = (call.request, call.given_up);
        self.tell(told, request, What::Starts(service as u32, given_up));
        let mean = self.config.services[service].work.as_nanos() as f64;
        let factor = match self.servers[service].trouble {
            Some(Trouble::Slow(factor)) => factor,
            _ => 1.0,
        };
        let work = Distribution::Exponential {
            mean: mean * factor,
        }
        .sample(&mut self.work);
        let done = self.now + core::time::Duration::from_nanos(work as u64);
        let key = self.calls.key(place);
        self.queue.push(done, Due::Worked(key));
    }

    // ANCHOR: worked
    /// A service's own work is done: it fails, or asks the next service, or answers.
    pub(super) fn worked(&mut self, key: Key, told: &mut Vec<Told>) {
        let (place, _) = key;
        if !self.calls.is(key) || self.calls.get(place).stage != Stage::Worked {
            return;
        }
        let service = self.service_of(place);
        let errors = match self.servers[service].trouble {
            Some(Trouble::Errors(share)) => share,
            _ => 0.0,
        };
        // Drawn for every call, so that a fault does not shift the chance of those after it.
        let fails = self.luck.unit() < errors;
        if fails || self.config.services[service].calls.is_empty() {
            return self.answer(place, !fails, told);
        }
        self.calls.get_mut(place).stage = Stage::Calling;
        self.attempt(place, told);
    }
    // ANCHOR_END: worked

    /// The service answers, and its place is free for the next.
    pub(super) fn answer(&mut self, place: u32, good: bool, told: &mut Vec<Told>) {
        let service = self.service_of(place);
        let request = self.calls.get(place).request;
        self.tell(told, request, What::Answers(service as u32, good));
        if let Guarding::Limit(limiter) = &mut self.servers[service].guard
            && let Some(permit) = self.calls.get_mut(place).place.take()
        {
            limiter.on_outcome(permit, self.now, false);
        }
        if self.cut_off(service) {
            self.lose(place);
        } else {
            self.send_answer(place, good);
        }
        self.leave(service, told);
    }

    fn leave(&mut self, service: usize, told: &mut Vec<Told>) {
        self.servers[service].busy -= 1;
        while let Some(next) = self.next_of(service) {
            let call = self.calls.get(next);
            let (since, request) = (call.since, call.request);
            if !self.shed(service, since) {
                return self.begin(next, told);
            }
            self.tell(told, request, What::Shed(service as u32));
            self.send_answer(next, false);
        }
        if let Guarding::Delay(shedder) = &mut self.servers[service].guard {
            shedder.on_empty(self.now);
        }
    }

    /// Whose turn it is of those that wait.
    fn next_of(&mut self, service: usize) -> Option<u32> {
        let queue = &mut self.servers[service].queue;
        if self.config.services[service].last_first {
            return queue.remove(queue.len().checked_sub(1)?);
        }
        queue.pop_front()
    }

    /// The service's guard drops a call that has waited since then.
    fn shed(&mut self, service: usize, since: Instant) -> bool {
        let server = &mut self.servers[service];
        let last = server.queue.is_empty();
        Verdict::Shed
            == match &mut server.guard {
                Guarding::CoDel(shedder) => shedder.on_dequeue(self.now, since, last),
                Guarding::Delay(shedder) => shedder.on_dequeue(self.now, since),
                Guarding::Priority(shedder) => {
                    shedder.on_dequeue(self.now.since(since));
                    Verdict::Serve
                }
                Guarding::None | Guarding::Limit(_) => Verdict::Serve,
            }
    }

    fn send_answer(&mut self, place: u32, good: bool) {
        self.calls.get_mut(place).stage = Stage::Answered;
        let key = self.calls.key(place);
        self.queue.push(self.now + LATENCY, Due::Reply(key, good));
    }

    /// The service will never be heard of about this call.
    fn lose(&mut self, place: u32) {
        if self.calls.get(place).given_up {
            self.calls.remove(place);
        } else {
            self.calls.get_mut(place).stage = Stage::Lost;
        }
    }

    /// The caller waits no longer. What the service does goes on, unless the link says so to it.
    pub(super) fn give_up(&mut self, place: u32, told: &mut Vec<Told>) {
        let call = self.calls.get_mut(place);
        call.given_up = true;
        let (stage, link) = (call.stage, call.link as usize);
        match stage {
            // It comes late.
            Stage::Answered => {}
            Stage::Lost => self.calls.remove(place),
            _ if self.config.links[link].cancels => self.cancel(place, told),
            _ => {}
        }
    }

    /// The service drops a call that nobody waits for.
    fn cancel(&mut self, place: u32, told: &mut Vec<Told>) {
        let service = self.service_of(place);
        let child = self.calls.get(place).child;
        self.unplace(place);
        match self.calls.get(place).stage {
            Stage::Queued => {
                let queue = &mut self.servers[service].queue;
                if let Some(nth) = queue.iter().position(|&queued| queued == place) {
                    queue.remove(nth);
                }
            }
            Stage::Worked | Stage::Calling => {
                if child != super::call::NONE {
                    self.withdraw(child, told);
                }
                self.leave(service, told);
            }
            Stage::Coming | Stage::Answered | Stage::Lost => {}
        }
        self.calls.remove(place);
    }

    // ANCHOR: fault
    /// A fault begins or ends.
    pub(super) fn fault(&mut self, number: usize, begins: bool, told: &mut Vec<Told>) {
        let fault = self.config.faults[number];
        let service = fault.service;
        if !begins {
            // Another trouble may have come over it since.
            if self.servers[service].trouble != Some(fault.what) {
                return;
            }
            self.servers[service].trouble = None;
            return self.tell(told, super::call::NONE, What::Ends(service as u32));
        }
        self.servers[service].trouble = Some(fault.what);
        self.tell(
            told,
            super::call::NONE,
            What::Begins(service as u32, fault.what),
        );
        if fault.what == Trouble::Crash {
            self.crash(service, told);
        }
    }

    // ANCHOR_END: fault

    /// All that a service was doing is lost; its callers see their connections closed.
    fn crash(&mut self, service: usize, told: &mut Vec<Told>) {
        let lost: Vec<u32> = (self.calls.live())
            .filter(|(_, call)| {
                matches!(call.stage, Stage::Queued | Stage::Worked | Stage::Calling)
            })
            .filter(|(_, call)| call.link != super::call::NONE)
            .filter(|(_, call)| self.config.links[call.link as usize].to == service)
            .map(|(place, _)| place)
            .collect();
        self.servers[service].queue = sim::Fifo::new();
        self.servers[service].busy = 0;
        for place in lost {
            self.unplace(place);
            let child = self.calls.get(place).child;
            if child != super::call::NONE {
                self.withdraw(child, told);
            }
            self.send_answer(place, false);
        }
    }
}
