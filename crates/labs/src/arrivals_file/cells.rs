//! The cells of a row: quotes, and times to the nanosecond.

use std::borrow::Cow;

/// Hands over the cells of a row, trimmed and without their quotes; how many there are.
pub(super) fn split<'a>(
    line: &'a str,
    separator: char,
    mut each: impl FnMut(usize, Cow<'a, str>),
) -> Result<usize, String> {
    let mut rest = Some(line);
    let mut count = 0;
    while let Some(text) = rest {
        let cell = match text.trim_start_matches(' ').strip_prefix('"') {
            None => {
                let (cell, after) = match text.split_once(separator) {
                    Some((cell, after)) => (cell, Some(after)),
                    None => (text, None),
                };
                rest = after;
                Cow::Borrowed(cell.trim())
            }
            Some(quoted) => {
                let (cell, after) = unquote(quoted).ok_or("a quote is not closed")?;
                let after = after.trim();
                rest = after.strip_prefix(separator);
                if rest.is_none() && !after.is_empty() {
                    return Err("something follows a closing quote".into());
                }
                cell
            }
        };
        each(count, cell);
        count += 1;
    }
    Ok(count)
}

/// What stands up to the closing quote, and what follows it; a doubled quote stands for one.
fn unquote(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut cell = Cow::Borrowed("");
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"')?;
        cell += before;
        match after.strip_prefix('"') {
            Some(after) => {
                cell += "\"";
                rest = after;
            }
            None => return Some((cell, after)),
        }
    }
}

/// A time in nanoseconds, from a number of units: digit by digit, as a float would blur the nanoseconds of an epoch.
pub(super) fn nanos(text: &str, unit: u64) -> Result<u64, String> {
    let wrong = || format!("“{}” is no time", short(text));
    if let Some(rest) = text.strip_prefix('-') {
        let negative = rest.starts_with(|sign: char| sign.is_ascii_digit() || sign == '.');
        return Err(if negative {
            format!("the time {} is negative", short(text))
        } else {
            wrong()
        });
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|sign| sign.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        // 1.7e9, and 1e-05 as some programs write 10 microseconds.
        let exponent =
            text.starts_with(|sign: char| sign.is_ascii_digit()) && text.contains(['e', 'E']);
        let number: f64 = text.parse().ok().filter(|_| exponent).ok_or_else(wrong)?;
        let nanos = number * unit as f64;
        return if nanos < LATEST as f64 {
            Ok((nanos + 0.5) as u64)
        } else {
            Err(late(text))
        };
    }
    if whole.is_empty() && fraction.is_empty() {
        return Err(if text.is_empty() {
            "there is no time in it".into()
        } else {
            wrong()
        });
    }
    let all = whole.bytes().try_fold(0_u64, |sum, digit| {
        sum.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
    });
    let whole = all.and_then(|whole| whole.checked_mul(unit));
    let mut nanos = whole
        .filter(|&nanos| nanos < LATEST)
        .ok_or_else(|| late(text))?;
    let mut place = unit;
    for digit in fraction.bytes() {
        place /= 10;
        nanos += u64::from(digit - b'0') * place;
    }
    Ok(nanos)
}

/// Two hundred and ninety-two years, in nanoseconds.
const LATEST: u64 = i64::MAX as u64;

fn late(text: &str) -> String {
    format!("the time {} is too far from the origin", short(text))
}

/// The beginning of what the reader gave, fit to be shown.
pub(super) fn short(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .filter(|sign| !sign.is_control())
        .take(24)
        .collect();
    if text.chars().nth(24).is_some() {
        shown.push('…');
    }
    shown
}
