//! The limiter that the server asks: in memory or in a Redis, with a log of what it decided and when.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use clock::Instant;
use drivers::{Admission, DirectLimiter, KeyedLimiter, Locked, Throttled, TokioClock};

use crate::mechanism::Mechanism;
use crate::options::Options;
use crate::redis::RedisLimiter;
use crate::server::CLIENT_HEADER;

/// The client of a request that does not say who sends it.
const ANONYMOUS: &str = "anonymous";

/// One decision, as the limiter made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    /// When, on the limiter's own clock.
    pub at: Instant,
    /// About whom.
    pub client: String,
    /// Admitted, or refused and for how long.
    pub outcome: Result<(), Throttled>,
}

/// The limiter in front of the service, and what it has decided so far. Clones share both.
#[derive(Clone)]
pub(crate) struct Limiter {
    state: State,
    log: Arc<Mutex<Vec<Decision>>>,
}

/// Where the tokens are.
#[derive(Clone)]
enum State {
    /// In memory, one limit for everybody.
    Global(DirectLimiter<Locked<Mechanism>>),
    /// In memory, a limit for each client.
    PerClient(KeyedLimiter<String, Mechanism>),
    /// In a Redis.
    Redis(RedisLimiter),
}

impl Limiter {
    /// The limiter of `options`; its clock reads zero at `origin`, unless it is Redis's.
    ///
    /// # Errors
    /// One sentence if the Redis cannot be reached.
    pub(crate) async fn new(
        options: &Options,
        origin: tokio::time::Instant,
    ) -> Result<Self, String> {
        let clock = TokioClock::since(origin);
        let mechanism = Mechanism::new(options);
        let state = match &options.redis {
            Some(url) => State::Redis(RedisLimiter::connect(url, options).await?),
            None if options.keys > 1 => {
                let keys_max = options.keys as usize;
                State::PerClient(KeyedLimiter::with_clock(mechanism, keys_max, clock))
            }
            None => State::Global(DirectLimiter::with_clock(Locked::new(mechanism), clock)),
        };
        Ok(Self {
            state,
            log: Arc::default(),
        })
    }

    /// Decides about one request of `client`, and writes the decision down.
    async fn decide(self, client: String) -> Result<(), Throttled> {
        let decided = match &self.state {
            State::Global(limiter) => limiter.decide(1),
            State::PerClient(limiter) => limiter.decide(&client, 1),
            State::Redis(limiter) => match limiter.decide(&client).await {
                Some(decided) => decided,
                None => return Ok(()),
            },
        };
        let decision = Decision {
            at: decided.at,
            client,
            outcome: decided.outcome,
        };
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(decision);
        decided.outcome
    }

    /// Every decision so far.
    pub(crate) fn decisions(&self) -> Vec<Decision> {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Where its state is, for people.
    pub(crate) fn place(&self) -> String {
        match &self.state {
            State::Global(_) | State::PerClient(_) => "in memory".to_owned(),
            State::Redis(limiter) => format!("in the Redis at {}", limiter.address()),
        }
    }

    /// Requests that passed because the limiter could not be asked.
    pub(crate) fn unchecked(&self) -> u64 {
        match &self.state {
            State::Global(_) | State::PerClient(_) => 0,
            State::Redis(limiter) => limiter.unchecked(),
        }
    }
}

impl Admission<Request> for Limiter {
    type Future = Pin<Box<dyn Future<Output = Result<(), Throttled>> + Send>>;

    fn admit(&self, request: &Request) -> Self::Future {
        let client = request
            .headers()
            .get(CLIENT_HEADER)
            .and_then(|value| value.to_str().ok());
        Box::pin(self.clone().decide(client.unwrap_or(ANONYMOUS).to_owned()))
    }
}
