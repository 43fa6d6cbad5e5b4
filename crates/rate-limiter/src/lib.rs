//! Placeholder until the family of limiters lands.
#![allow(missing_docs)]
use clock::Instant;
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit(f64);
impl Limit {
    pub fn per_second(rate: f64) -> Self { Self(rate) }
}
#[derive(Clone, Debug, PartialEq)]
pub struct TokenBucket { limit: f64, burst: i64, tokens: f64, last: Option<Instant> }
impl TokenBucket {
    pub fn new(limit: Limit, burst: i64) -> Self { Self { limit: limit.0, burst, tokens: burst as f64, last: None } }
    pub fn tokens_at(&self, now: Instant) -> f64 {
        match self.last { None => self.burst as f64, Some(last) => (self.tokens + now.since(last).as_secs_f64() * self.limit).min(self.burst as f64) }
    }
    pub fn allow(&mut self, now: Instant, n: i64) -> bool {
        let left = self.tokens_at(now) - n as f64;
        if left < 0.0 { return false; }
        self.tokens = left; self.last = Some(now); true
    }
}
