//! Every order of steps is tried once, and what goes wrong in one of them is found and told.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use exercises::interleave::{Scene, Word, accesses, every_order, of_worker, random_order, step};
use exercises::{Miss, expect};

/// Two workers that each add one to a word.
struct Shop(fn(&Word));

impl Scene for Shop {
    type Shared = Word;

    fn begin(&self) -> Word {
        Word::new("sold")
    }

    fn work(&self, _worker: usize, word: &Word) {
        (self.0)(word);
    }

    fn judge(&self, word: &Word) -> Result<(), Miss> {
        expect(word.load(), 2, "two were sold")
    }
}

#[test]
fn a_lost_update_is_found_with_one_interruption_and_not_without() {
    let shop = Shop(|word| word.store(word.load() + 1));
    // Either worker may begin, and then runs to its end.
    assert_eq!(every_order(&shop, 0).unwrap(), 2);
    assert_eq!(every_order(&shop, 1).unwrap_err().came_out, "1");
    let found = |seed| random_order(&shop, seed).is_err();
    assert!((1..100).any(found) && !(1..100).all(found));
}

#[test]
fn an_exchange_loses_nothing_in_any_order() {
    let shop = Shop(|word| {
        loop {
            let sold = word.load();
            if word.compare_exchange(sold, sold + 1) {
                return;
            }
        }
    });
    assert!(every_order(&shop, 3).unwrap() > 10);
}

/// Two workers that take two steps each; keeps in which order they came.
struct Steps(Mutex<Vec<String>>);

impl Scene for Steps {
    type Shared = Mutex<String>;

    fn begin(&self) -> Mutex<String> {
        Mutex::default()
    }

    fn work(&self, worker: usize, order: &Mutex<String>) {
        for _ in 0..2 {
            step();
            order.lock().unwrap().push_str(&worker.to_string());
        }
    }

    fn judge(&self, order: &Mutex<String>) -> Result<(), Miss> {
        self.0.lock().unwrap().push(order.lock().unwrap().clone());
        Ok(())
    }
}

#[test]
fn every_order_is_tried_exactly_once() {
    // There are 4! / (2! 2!) = 6 orders, and three interruptions make them all.
    let steps = Steps(Mutex::default());
    let runs = every_order(&steps, 3).unwrap();
    let orders = steps.0.into_inner().unwrap();
    assert_eq!(orders.len(), runs as usize);
    let different: BTreeSet<String> = orders.into_iter().collect();
    let all = ["0011", "0101", "0110", "1001", "1010", "1100"];
    assert_eq!(different, BTreeSet::from(all.map(str::to_owned)));
}

#[test]
fn a_worker_that_waits_for_ever_and_one_that_panics_end_the_run() {
    let waits = every_order(&Shop(|word| while word.load() < 9 {}), 0);
    assert!(waits.unwrap_err().came_out.contains("no end"));
    let panics = Shop(|word| {
        let sold = word.load();
        assert!(sold == 0, "sold out");
        word.store(1);
    });
    let payload = catch_unwind(AssertUnwindSafe(|| every_order(&panics, 1))).unwrap_err();
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"sold out"));
}

#[test]
fn a_word_is_named_after_its_worker_and_counts_its_accesses() {
    let word = of_worker(1, || Word::numbered("slot", 3));
    assert_eq!(word.to_string(), "1.slot 3");
    assert_eq!(Word::new("head").to_string(), "head");
    let made = accesses(|| {
        word.store(4);
        assert!(!word.compare_exchange(5, 6));
        assert!(word.compare_exchange(4, 6));
    });
    assert_eq!((made, word.load()), (3, 6));
}
