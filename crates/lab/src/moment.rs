//! Seconds as text, read exactly to the nanosecond: the inverse of [`labs::seconds`], so that the page's command line means the page's moment.

use clock::{Instant, NANOS_PER_SEC};

/// Digits of a second that matter.
const DIGITS: usize = 9;

/// Reads seconds such as `4.5`, `12` or `0.000000001`.
///
/// A float would not do: it holds 4.512345678 only nearly, and a request that arrives a nanosecond later would change the log.
///
/// # Errors
/// One sentence if the text is no such number.
pub(crate) fn parse(text: &str) -> Result<Instant, String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return Err(format!(
            "“{}” is no moment; it is told in seconds, such as 4.5",
            crate::words::short(text)
        ));
    }
    if part.trim_end_matches('0').len() > DIGITS {
        return Err(format!(
            "“{}” is finer than a nanosecond, which is as exact as a run is",
            crate::words::short(text)
        ));
    }
    let nanos = part
        .bytes()
        .chain(core::iter::repeat(b'0'))
        .take(DIGITS)
        .fold(0, |nanos, digit| nanos * 10 + u64::from(digit - b'0'));
    let all = whole
        .parse()
        .ok()
        .and_then(|secs: u64| secs.checked_mul(NANOS_PER_SEC)?.checked_add(nanos));
    all.map(Instant::from_nanos)
        .ok_or_else(|| format!("“{}” s is longer than any run", crate::words::short(text)))
}
