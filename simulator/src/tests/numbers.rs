//! Numbers as a reader sees them.

use core::time::Duration;

use clock::Instant;

use crate::numbers::{decimal, length, log_moment, moment, plain, with_unit};

#[test]
fn numbers_keep_the_digits_that_matter() {
    for (value, expected) in [
        (0.0, "0"),
        (0.25, "0.25"),
        (0.12345, "0.123"),
        (1.5, "1.5"),
        (9.999, "10"),
        (12.34, "12.3"),
        (100.0, "100"),
        (1234.5, "1,234"),
        (1_000_000.0, "1,000,000"),
        (-2.5, "−2.5"),
        (f64::NAN, "–"),
        (f64::INFINITY, "–"),
    ] {
        assert_eq!(plain(value), expected);
    }
    assert_eq!(with_unit(50.0, "tokens"), "50 tokens");
    assert_eq!(with_unit(50.0, ""), "50");
}

#[test]
fn short_runs_are_told_in_milliseconds() {
    let (short, long) = (Duration::from_millis(40), Duration::from_secs(60));
    let at = Instant::from_nanos(29_750_000);
    assert_eq!(moment(at, short), "29.75 ms");
    assert_eq!(log_moment(at, short), "29.750 ms");
    assert_eq!(length(short), "40 ms");
    assert_eq!(moment(Instant::from_millis(17_400), long), "17.40 s");
    assert_eq!(log_moment(Instant::from_millis(7_204), long), "7.204 s");
    assert_eq!(length(long), "60 s");
}

#[test]
fn decimals_are_read_as_the_standard_library_reads_them() {
    for text in [
        "0",
        "7",
        "0.1",
        "0.30",
        "-2.5",
        "1200",
        "10000",
        ".5",
        "5.",
        "0.000000001",
        "123456.789",
        "999999999999999",
    ] {
        assert_eq!(decimal(text), text.parse().ok(), "{text}");
    }
    for text in [
        "",
        "-",
        ".",
        "1e9",
        "NaN",
        "inf",
        "+1",
        "1.2.3",
        "--1",
        "1 ",
        "½",
        "1234567890123456",
    ] {
        assert_eq!(decimal(text), None, "{text}");
    }
}
