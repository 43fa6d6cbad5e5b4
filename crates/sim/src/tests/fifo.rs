//! A queue gives out in order what went in, whatever has left before.

use std::collections::VecDeque;

use crate::{Fifo, Rng};

#[test]
fn it_does_what_a_deque_does_over_any_sequence_of_operations() {
    for seed in 0..20 {
        let mut chance = Rng::stream(seed, "operations");
        let (mut ours, mut theirs) = (Fifo::new(), VecDeque::new());
        for number in 0..500_u32 {
            match chance.below(5) {
                0 | 1 => {
                    ours.push_back(number);
                    theirs.push_back(number);
                }
                2 | 3 => assert_eq!(ours.pop_front(), theirs.pop_front()),
                _ => {
                    let place = chance.below(4) as usize;
                    assert_eq!(ours.remove(place), theirs.remove(place));
                }
            }
            assert_eq!(ours.to_vec(), Vec::from(theirs.clone()));
        }
    }
}

#[test]
fn a_copy_goes_its_own_way() {
    let mut one = Fifo::default();
    (0..3).for_each(|item| one.push_back(item));
    one.pop_front();
    let mut other = one.clone();
    one.push_back(7);
    other[0] = 8;
    assert_eq!((&one[..], &other[..]), (&[1, 2, 7][..], &[8, 2][..]));
}

#[test]
fn nothing_leaves_an_empty_queue_or_a_place_behind_its_end() {
    let mut queue = Fifo::<u8>::new();
    assert_eq!((queue.pop_front(), queue.remove(0)), (None, None));
    queue.push_back(1);
    assert_eq!((queue.remove(1), queue.len()), (None, 1));
}
