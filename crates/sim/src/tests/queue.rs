//! Order of time, then of insertion.

use clock::Instant;
use proptest::collection::vec;
use proptest::prelude::{any, proptest};

use crate::EventQueue;

#[test]
fn events_of_one_instant_come_out_in_the_order_they_went_in() {
    let mut queue = EventQueue::new();
    let noon = Instant::from_millis(12);
    for name in ["restart", "probe", "deploy", "alert"] {
        queue.push(noon, name);
    }
    queue.push(Instant::ZERO, "boot");
    assert_eq!(queue.next_at(), Some(Instant::ZERO));
    let names: Vec<_> = std::iter::from_fn(|| queue.pop())
        .map(|(_, name)| name)
        .collect();
    assert_eq!(names, ["boot", "restart", "probe", "deploy", "alert"]);
}

#[test]
fn a_cleared_queue_is_empty() {
    let mut queue = EventQueue::default();
    queue.push(Instant::ZERO, 1);
    assert_eq!((queue.len(), queue.is_empty()), (1, false));
    queue.clear();
    assert_eq!(
        (queue.len(), queue.is_empty(), queue.next_at()),
        (0, true, None)
    );
    assert_eq!(queue.pop(), None);
}

#[test]
fn a_clone_goes_on_as_the_original_does() {
    let mut queue = EventQueue::new();
    for number in 0..50 {
        queue.push(Instant::from_millis(number % 5), number);
    }
    queue.pop();
    let mut clone = queue.clone();
    queue.push(Instant::from_millis(2), 99);
    clone.push(Instant::from_millis(2), 99);
    while let Some(event) = queue.pop() {
        assert_eq!(clone.pop(), Some(event));
    }
    assert!(clone.is_empty());
}

proptest! {
    #[test]
    fn order_is_that_of_a_stable_sort(times in vec(0_u64..20, 0..200)) {
        let mut queue = EventQueue::new();
        let mut expected = Vec::new();
        for (number, &time) in times.iter().enumerate() {
            queue.push(Instant::from_nanos(time), number);
            expected.push((Instant::from_nanos(time), number));
        }
        expected.sort_by_key(|&(at, _)| at);
        let popped: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(popped, expected);
    }

    /// Pushes and pops mixed, against a list that is searched for its first least entry.
    #[test]
    fn order_holds_between_pops(steps in vec((any::<bool>(), 0_u64..10), 0..200)) {
        let mut queue = EventQueue::new();
        let mut list: Vec<(Instant, usize)> = Vec::new();
        for (number, &(pop, time)) in steps.iter().enumerate() {
            if pop {
                let first = (0..list.len()).min_by_key(|&index| list[index].0);
                assert_eq!(queue.pop(), first.map(|index| list.remove(index)));
            } else {
                queue.push(Instant::from_nanos(time), number);
                list.push((Instant::from_nanos(time), number));
            }
            assert_eq!(queue.len(), list.len());
            assert_eq!(queue.next_at(), list.iter().map(|&(at, _)| at).min());
        }
    }
}
