//! Causes, and fingerprints that notice every field.

use clock::Instant;

use crate::{Event, EventId, Fnv64, Log};

fn event(at: u64, cause: Option<u32>, value: f64) -> Event {
    Event {
        at: Instant::from_nanos(at),
        cause: cause.map(EventId),
        kind: 3,
        subject: 17,
        value,
    }
}

#[test]
fn the_chain_walks_up_to_what_came_from_outside() {
    let mut log = Log::new();
    let request = log.push(event(1, None, 0.0));
    log.push(event(2, None, 0.0));
    let retry = log.push(event(3, Some(request.0), 0.0));
    let timeout = log.push(event(4, Some(retry.0), 0.0));
    let chain: Vec<EventId> = log.chain(timeout).map(|(id, _)| id).collect();
    assert_eq!(chain, [timeout, retry, request]);
    assert_eq!(log.chain(EventId(99)).count(), 0);
}

#[test]
fn a_chain_ends_even_if_an_entry_names_itself_or_a_later_one() {
    let mut log = Log::new();
    let itself = log.push(event(1, Some(0), 0.0));
    let later = log.push(event(2, Some(2), 0.0));
    log.push(event(3, Some(1), 0.0));
    assert_eq!(log.chain(itself).count(), 1);
    assert_eq!(log.chain(later).count(), 1);
}

#[test]
fn the_hash_is_fnv_over_the_fields_in_order() {
    let mut log = Log::new();
    log.push(event(5, None, 0.5));
    log.push(event(8, Some(0), -1.0));
    let mut bytes = Vec::new();
    for (at, cause, value) in [(5_u64, u32::MAX, 0.5_f64), (8, 0, -1.0)] {
        bytes.extend(at.to_le_bytes());
        bytes.extend(cause.to_le_bytes());
        bytes.extend(3_u16.to_le_bytes());
        bytes.extend(17_u32.to_le_bytes());
        bytes.extend(value.to_bits().to_le_bytes());
    }
    let mut expected = Fnv64::new();
    expected.write_bytes(&bytes);
    assert_eq!(log.hash(), expected.finish());
}

#[test]
fn the_hash_depends_on_every_field() {
    let base = event(5, None, 0.5);
    let variants = [
        base,
        Event {
            at: Instant::from_nanos(6),
            ..base
        },
        Event {
            cause: Some(EventId(0)),
            ..base
        },
        Event { kind: 4, ..base },
        Event {
            subject: 18,
            ..base
        },
        Event {
            value: 0.25,
            ..base
        },
    ];
    let hashes = variants.map(|event| {
        let mut log = Log::new();
        log.push(event);
        log.hash()
    });
    for (index, hash) in hashes.iter().enumerate() {
        assert!(!hashes[..index].contains(hash));
    }
}

#[test]
fn truncating_takes_back_the_latest_entries() {
    let mut log = Log::new();
    log.push(event(1, None, 1.0));
    let before = log.clone();
    log.push(event(2, None, 2.0));
    log.truncate(1);
    assert_eq!((log.hash(), log.events()), (before.hash(), before.events()));
    assert_eq!(
        (log.len(), log.is_empty(), log.get(EventId(1))),
        (1, false, None)
    );
}
