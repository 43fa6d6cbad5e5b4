//! A limiter for each key, in bounded memory.

use std::collections::VecDeque;
use std::hash::{BuildHasherDefault, Hasher};

use clock::Instant;
use proptest::prelude::*;

use super::ms;
use crate::{Gcra, Keyed, RateLimiter};

#[test]
fn each_key_has_an_allowance_of_its_own() {
    let mut keyed = Keyed::new(Gcra::new(10.0, 1), 100);
    assert_eq!(keyed.try_acquire(ms(0), &"shop", 1), Ok(()));
    assert_eq!(keyed.try_acquire(ms(0), &"mail", 1), Ok(()));
    assert!(keyed.try_acquire(ms(0), &"shop", 1).is_err());
    assert_eq!(keyed.available(ms(0), &"shop"), 0);
    assert_eq!(keyed.available(ms(0), &"unseen"), 1);
    assert_eq!(keyed.len(), 2);
}

#[test]
fn the_key_used_longest_ago_makes_room() {
    let mut keyed = Keyed::new(Gcra::new(10.0, 1), 2);
    for key in ["a", "b", "a", "c"] {
        let _ = keyed.try_acquire(ms(0), &key, 1);
    }
    assert_eq!(
        keyed.iter().map(|(key, _)| *key).collect::<Vec<_>>(),
        ["a", "c"]
    );
    assert_eq!(keyed.forgotten(), 1);
    // Whoever was forgotten starts afresh.
    assert_eq!(keyed.try_acquire(ms(0), &"b", 1), Ok(()));
    assert!(keyed.get(&"a").is_none());
}

#[test]
fn there_is_room_for_at_least_one_key() {
    let mut keyed = Keyed::new(Gcra::new(10.0, 1), 0);
    assert!(keyed.is_empty());
    assert_eq!(keyed.try_acquire(ms(0), &1, 1), Ok(()));
    assert_eq!((keyed.len(), keyed.keys_max()), (1, 1));
}

/// Gives every key one of two hashes, next to each other at the end of the table, so that keys
/// collide, are moved, and wrap around.
#[derive(Default)]
struct Colliding(u64);

impl Hasher for Colliding {
    fn finish(&self) -> u64 {
        // The inverse of the number that the index multiplies by, so that it gets what we choose.
        let wanted = if self.0.is_multiple_of(3) {
            u64::MAX
        } else {
            u64::MAX / 8 * 7
        };
        wanted.wrapping_mul(0xF1DE_83E1_9937_733D)
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes
            .iter()
            .fold(self.0, |sum, &byte| sum.wrapping_mul(31) + u64::from(byte));
    }
}

/// The same, in the slowest and plainest way.
struct Plain {
    /// Least recently used first.
    keys: VecDeque<(u8, Gcra)>,
    keys_max: usize,
}

impl Plain {
    fn try_acquire(&mut self, now: Instant, key: u8) -> bool {
        let known = self.keys.iter().position(|(known, _)| *known == key);
        let (_, mut gcra) = match known {
            Some(at) => self.keys.remove(at).unwrap(),
            None => (key, Gcra::new(10.0, 2)),
        };
        if self.keys.len() == self.keys_max {
            self.keys.pop_front();
        }
        let admitted = gcra.try_acquire(now, 1).is_ok();
        self.keys.push_back((key, gcra));
        admitted
    }
}

proptest! {
    #[test]
    fn decides_as_a_plain_list_does(
        calls in prop::collection::vec((0u64..60, 0u8..12), 1..400),
        keys_max in 1usize..10,
    ) {
        let mut now = Instant::ZERO;
        let mut plain = Plain { keys: VecDeque::new(), keys_max };
        let mut keyed = Keyed::new(Gcra::new(10.0, 2), keys_max);
        let mut colliding = Keyed::with_hasher(
            Gcra::new(10.0, 2),
            keys_max,
            BuildHasherDefault::<Colliding>::default(),
        );
        for (step, key) in calls {
            now = now.plus_nanos(step * 1_000_000);
            let expected = plain.try_acquire(now, key);
            prop_assert_eq!(keyed.try_acquire(now, &key, 1).is_ok(), expected);
            prop_assert_eq!(colliding.try_acquire(now, &key, 1).is_ok(), expected);
            for (key, gcra) in &plain.keys {
                prop_assert_eq!(keyed.get(key), Some(gcra));
                prop_assert_eq!(colliding.get(key), Some(gcra));
            }
            prop_assert_eq!(keyed.len(), plain.keys.len());
        }
    }
}
