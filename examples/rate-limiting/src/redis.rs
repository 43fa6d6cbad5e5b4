//! The limiter in a Redis: one state for every server that asks, decided by a script that Redis runs undisturbed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clock::Instant;
use drivers::{Decision, Throttled};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisResult, Script};

use crate::options::{Algorithm, Options};

/// How long the program tries to reach Redis before it says that it cannot.
const CONNECT_WAIT_MAX: Duration = Duration::from_secs(2);
/// How long one decision may take. A limiter that is slower than the service it protects is worse than none.
const DECISION_WAIT_MAX: Duration = Duration::from_millis(500);

/// A limiter whose state lives in a Redis.
///
/// If Redis does not answer, the request passes and is counted as unchecked: the limiter protects the service from too much load,
/// and losing it should not cost the service the load it can bear. A limiter that guards money would refuse instead.
#[derive(Clone)]
pub(crate) struct RedisLimiter {
    connection: MultiplexedConnection,
    script: Arc<Script>,
    /// What the script needs to know of the limit, as text.
    arguments: [String; 2],
    /// Start of every key: one state for each mechanism, rate and burst.
    prefix: String,
    unchecked: Arc<AtomicU64>,
    /// The URL it was found at, without a password.
    address: String,
}

/// What the scripts return: admitted, wait in ns, and Redis's time in seconds and microseconds.
type Reply = (u8, u64, u64, u64);

impl RedisLimiter {
    /// Connects to the Redis at `url`.
    ///
    /// # Errors
    /// One sentence if the URL makes no sense or nobody answers there.
    pub(crate) async fn connect(url: &str, options: &Options) -> Result<Self, String> {
        let client = Client::open(url)
            .map_err(|error| format!("--redis {url} is not a Redis address: {error}"))?;
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_WAIT_MAX))
            .set_response_timeout(Some(DECISION_WAIT_MAX));
        let connection = client
            .get_multiplexed_async_connection_with_config(&config)
            .await
            .map_err(|error| format!("no Redis answers at {url}: {error}"))?;
        let (rate, burst) = (options.rate, options.burst);
        let (source, arguments) = if options.algorithm == Algorithm::Gcra {
            let interval_ns = ((1e9 / rate) as u64).max(1);
            let tolerance_ns = interval_ns * u64::from(burst - 1);
            (
                include_str!("gcra.lua"),
                [interval_ns.to_string(), tolerance_ns.to_string()],
            )
        } else {
            (
                include_str!("token_bucket.lua"),
                [rate.to_string(), burst.to_string()],
            )
        };
        Ok(Self {
            connection,
            script: Arc::new(Script::new(source)),
            arguments,
            prefix: format!("rate-limiting:{}:{rate}:{burst}", options.algorithm),
            unchecked: Arc::default(),
            address: client.get_connection_info().addr().to_string(),
        })
    }

    /// Decides about one request of `client`; `None` if Redis did not answer, and the request passes.
    pub(crate) async fn decide(&self, client: &str) -> Option<Decision> {
        match self.ask(client).await {
            Ok((admitted, wait_ns, seconds, micros)) => {
                let at = Instant::from_nanos(seconds * 1_000_000_000 + micros * 1_000);
                let retry_after = Duration::from_nanos(wait_ns);
                let outcome = if admitted == 1 {
                    Ok(())
                } else {
                    Err(Throttled { retry_after })
                };
                Some(Decision { at, outcome })
            }
            Err(_) => {
                self.unchecked.fetch_add(1, Ordering::Relaxed);
                None
            }
        }
    }

    async fn ask(&self, client: &str) -> RedisResult<Reply> {
        self.script
            .key(format!("{}:{client}", self.prefix))
            .arg(&self.arguments[0])
            .arg(&self.arguments[1])
            .invoke_async(&mut self.connection.clone())
            .await
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Requests that passed because Redis did not answer.
    pub(crate) fn unchecked(&self) -> u64 {
        self.unchecked.load(Ordering::Relaxed)
    }
}
