//! The command line and the tables.

use super::{Options, Part};

fn parse(line: &str) -> Result<Options, String> {
    Options::parse(line.split_whitespace().map(str::to_owned))
}

#[test]
fn everything_is_measured_unless_a_part_is_named() {
    assert_eq!(parse("").unwrap().part, Part::All);
    assert_eq!(parse("limiters").unwrap().part, Part::Limiters);
    assert_eq!(parse("breakers").unwrap().part, Part::Breakers);
    let options = parse("engine --rounds 3").unwrap();
    assert_eq!((options.part, options.rounds), (Part::Engine, 3));
}

#[test]
fn wrong_arguments_are_refused_in_a_sentence() {
    for line in [
        "--rounds",
        "--rounds 0",
        "--rounds 1001",
        "--wasm",
        "--wasm /no/such.wasm",
        "--wasm Cargo.toml",
        "x",
    ] {
        assert!(parse(line).is_err(), "{line}");
    }
}

mod measuring {
    use crate::measure::{Samples, rounds};

    #[test]
    fn the_median_is_the_middle_and_the_range_the_ends() {
        let odd = Samples::new(vec![30.0, 10.0, 20.0]);
        assert_eq!(odd.text(), "20.0 (10.0–30.0)");
        let even = Samples::new(vec![1.0, 100.0, 3.0, 5.0]);
        assert_eq!(even.text(), "4.00 (1.00–100)");
    }

    #[test]
    fn a_ratio_compares_round_by_round() {
        let steady = Samples::new(vec![1.0, 1.0, 10.0]);
        let twice_as_slow = Samples::new(vec![2.0, 2.0, 20.0]);
        assert_eq!(twice_as_slow.ratio_to(&steady).to_bits(), 2.0_f64.to_bits());
        let disturbed_once = Samples::new(vec![90.0, 3.0, 30.0]);
        assert_eq!(
            disturbed_once.ratio_to(&steady).to_bits(),
            3.0_f64.to_bits()
        );
    }

    #[test]
    fn contestants_run_in_turn_and_the_first_round_does_not_count() {
        let order = std::cell::RefCell::new(Vec::new());
        let contestant = |name: f64| {
            let order = &order;
            Box::new(move || {
                order.borrow_mut().push(name);
                order.borrow().len() as f64
            }) as Box<dyn FnMut() -> f64>
        };
        let samples = rounds(2, &mut [contestant(1.0), contestant(2.0)]);
        assert_eq!(*order.borrow(), [1.0, 2.0, 1.0, 2.0, 1.0, 2.0]);
        assert_eq!(samples[0].median().to_bits(), 4.0_f64.to_bits());
    }
}

/// What the book says of recloser beside the breakers that have models of ours, asked of recloser itself.
mod recloser_itself {
    use std::time::Duration;

    use recloser::{Error, Recloser};

    /// Whether the call was made.
    fn call(breaker: &Recloser, good: bool) -> bool {
        let answer = breaker.call(|| if good { Ok(()) } else { Err(()) });
        !matches!(answer, Err(Error::Rejected))
    }

    #[test]
    fn it_opens_with_the_call_after_the_hundred_that_fill_its_ring() {
        let breaker = Recloser::custom().build();
        assert!((0..101).all(|_| call(&breaker, false)));
        assert!(!call(&breaker, false), "the 101st failure opened it");
    }

    #[test]
    fn a_success_can_be_the_call_that_trips_it() {
        let breaker = Recloser::custom().closed_len(4).build();
        for good in [true, false, false, false, true] {
            assert!(call(&breaker, good));
        }
        assert!(!call(&breaker, true));
    }

    #[test]
    fn after_the_wait_everybody_passes_until_ten_and_one_have_reported() {
        let breaker = Recloser::custom()
            .closed_len(1)
            .open_wait(Duration::ZERO)
            .build();
        call(&breaker, false);
        call(&breaker, false);
        // Open for no time at all, yet for longer than that: the clock has to move once.
        while !call(&breaker, false) {}
        // Trials under way at once, each inside the one before.
        fn within(breaker: &Recloser, deeper: u32) -> u32 {
            let mut passed = 0;
            let _ = breaker.call(|| {
                passed = 1 + if deeper > 0 {
                    within(breaker, deeper - 1)
                } else {
                    0
                };
                Ok::<(), ()>(())
            });
            passed
        }
        assert_eq!(within(&breaker, 30), 31);
    }
}
