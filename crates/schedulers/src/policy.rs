//! Where the schedulers part: what each does with a ready task, with one that steps aside, and with a worker that needs one.

use core::cmp::Reverse;
use core::time::Duration;

use crate::config::Policy;
use crate::event::{Event, NONE, Rule, What};
use crate::machine::{Due, Machine};
use crate::task::Life;
use crate::worker::Stage;

impl Machine {
    /// Puts the first task where its scheduler finds it.
    pub(crate) fn begin_with(&mut self, root: u32) {
        match self.config.policy {
            Policy::Go => self.go_begin(root),
            Policy::Tokio | Policy::TokioCurrent | Policy::Manual => self.shared.push_back(root),
            Policy::Threads => {
                self.workers[0].fair.push(Reverse((0, root)));
            }
        }
        self.idle.retain(|&worker| worker != 0);
        self.wake_worker(0, Duration::ZERO);
    }

    /// A worker that sleeps comes to a decision after so long.
    pub(crate) fn wake_worker(&mut self, worker: u32, after: Duration) {
        self.count_threads();
        self.workers[worker as usize].stage = Stage::Deciding;
        self.plan_work(worker, after);
        self.start_monitor();
    }

    /// Wakes the worker that went to sleep last, if one sleeps.
    pub(crate) fn wake_idle(&mut self) -> Option<u32> {
        let worker = self.idle.pop()?;
        self.wake_worker(worker, self.config.costs.wake);
        Some(worker)
    }

    /// Nothing was found: the worker sleeps.
    pub(crate) fn park(&mut self, worker: u32, events: &mut Vec<Event>) {
        self.workers[worker as usize].stage = Stage::Idle;
        self.idle.push(worker);
        self.tell(events, What::Parks, NONE, worker, NONE);
    }

    pub(crate) fn decide(&mut self, worker: u32, events: &mut Vec<Event>) {
        match self.config.policy {
            Policy::Go => self.go_decide(worker, events),
            Policy::Tokio => self.tokio_decide(worker, events),
            Policy::TokioCurrent => self.current_decide(worker, events),
            Policy::Threads => self.threads_decide(worker, events),
            Policy::Manual => {
                self.workers[worker as usize].stage = Stage::Asking;
            }
        }
    }

    /// A task can run: it gets into a queue, and a worker that sleeps may be woken for it.
    pub(crate) fn enqueue(&mut self, task: u32, by: Option<u32>, events: &mut Vec<Event>) {
        match self.config.policy {
            Policy::Go => self.go_ready(task, by, events),
            Policy::Tokio => self.tokio_schedule(task, by, events),
            Policy::TokioCurrent => self.current_schedule(task, by),
            Policy::Threads => self.threads_place(task),
            Policy::Manual => {
                self.shared.push_back(task);
                if let Some(worker) = self.idle.pop() {
                    self.workers[worker as usize].stage = Stage::Asking;
                }
            }
        }
    }

    /// A task enters the own queue of a worker, which is woken for it if it sleeps; otherwise somebody may come and steal it.
    pub(crate) fn land(&mut self, task: u32, worker: u32, events: &mut Vec<Event>) {
        match self.config.policy {
            Policy::Go => self.go_put_tail(worker, task, events),
            Policy::Tokio => self.tokio_push(worker, task, events),
            _ => return self.enqueue(task, None, events),
        }
        if let Some(place) = self.idle.iter().position(|&idle| idle == worker) {
            self.idle.remove(place);
            self.wake_worker(worker, self.config.costs.wake);
        } else if self.config.stealing && self.config.policy == Policy::Go {
            self.go_wake_one();
        } else if self.config.stealing {
            self.tokio_notify();
        }
    }

    /// The running task lets others go first.
    pub(crate) fn step_aside(&mut self, worker: u32, task: u32, events: &mut Vec<Event>) {
        match self.config.policy {
            Policy::Go => {
                self.shared.push_back(task);
                self.leave(worker);
                self.go_wake_one();
            }
            Policy::Tokio | Policy::TokioCurrent => {
                self.workers[worker as usize].deferred.push(task);
                self.leave(worker);
            }
            Policy::Threads => self.threads_step_aside(worker, task),
            Policy::Manual => {
                self.leave(worker);
                self.enqueue(task, None, events);
            }
        }
    }

    /// The worker's task is in a blocking call.
    pub(crate) fn enter_call(&mut self, worker: u32) {
        match self.config.policy {
            Policy::Threads | Policy::Manual => self.leave(worker),
            _ => {
                let now = self.now;
                let this = &mut self.workers[worker as usize];
                this.plan = this.plan.wrapping_add(1);
                this.stage = Stage::InCall;
                this.call = Some((now, false));
            }
        }
    }

    /// A blocking call is over.
    pub(crate) fn call_ends(&mut self, task: u32, events: &mut Vec<Event>) {
        self.advance(task);
        let kept =
            |worker: &crate::worker::Worker| worker.stage == Stage::InCall && worker.task == task;
        if let Some(worker) = self.workers.iter().position(kept) {
            self.workers[worker].call = None;
            self.live(task, Life::Running);
            self.tell(events, What::LeavesCall, task, worker as u32, NONE);
            return self.go_on(worker as u32, events);
        }
        if self.config.policy == Policy::Go {
            return self.go_returns(task, events);
        }
        self.tell(events, What::LeavesCall, task, NONE, NONE);
        self.wake(task, None, events);
    }

    pub(crate) fn set_timer(&mut self, worker: u32, task: u32, time: Duration) {
        let at = self.now + time;
        if self.config.policy == Policy::Go {
            self.go_set_timer(worker, task, at);
        } else {
            self.plan(at, Due::Timer(task));
        }
    }

    /// A timer went off or the network has something; where nobody is told at once it waits to be fetched.
    pub(crate) fn ready_from_outside(&mut self, task: u32, events: &mut Vec<Event>) {
        match self.config.policy {
            Policy::Threads | Policy::Manual => self.wake(task, None, events),
            Policy::Go | Policy::Tokio | Policy::TokioCurrent => {
                self.ready_outside.push_back(task);
                self.wake_idle();
            }
        }
    }

    /// How long the worker may run before something else has to be looked at.
    pub(crate) fn stretch(&mut self, worker: u32, nanos: u64) -> u64 {
        if self.config.policy == Policy::Threads {
            self.threads_stretch(worker, nanos)
        } else {
            nanos
        }
    }

    /// Whether the running task was stopped in the middle because its slice is over.
    pub(crate) fn slice_ends(&mut self, worker: u32, events: &mut Vec<Event>) -> bool {
        self.config.policy == Policy::Threads && self.threads_slice_ends(worker, events)
    }

    /// The same where the end of a stretch and that of the slice fall together.
    pub(crate) fn slice_over(&mut self, worker: u32, events: &mut Vec<Event>) -> bool {
        match self.config.policy {
            Policy::Threads => self.threads_slice_over(worker, events),
            Policy::Go => self.go_stops(worker, events),
            _ => false,
        }
    }

    /// With [`Policy::Manual`]: the workers that wait for the reader's choice.
    pub fn asking(&self) -> impl Iterator<Item = u32> + '_ {
        let asks = |&(_, worker): &(usize, &crate::worker::Worker)| worker.stage == Stage::Asking;
        self.workers
            .iter()
            .enumerate()
            .filter(asks)
            .map(|(nth, _)| nth as u32)
    }

    /// With [`Policy::Manual`]: the worker runs the task at this place of [`Machine::shared`]; `false` if it does not ask or there is none.
    pub fn choose(&mut self, worker: u32, place: usize, events: &mut Vec<Event>) -> bool {
        let asks =
            (self.workers.get(worker as usize)).is_some_and(|worker| worker.stage == Stage::Asking);
        if !asks {
            return false;
        }
        let Some(task) = self.shared.remove(place) else {
            return false;
        };
        self.run(worker, task, Rule::Chosen, events);
        true
    }
}
