//! The cells of a row, and the numbers in them: digit by digit, as a float would blur the nanoseconds of an epoch.

/// Hands over the cells of a row, without the blanks and quotes around them; how many there are.
///
/// A doubled quote within a quoted cell stays doubled.
pub(super) fn split<'a>(
    line: &'a str,
    separator: u8,
    each: &mut dyn FnMut(usize, &'a str),
) -> Result<usize, super::Wrong<'a>> {
    let (mut count, mut start, mut quoted) = (0, 0, false);
    for (end, sign) in line.bytes().chain([separator]).enumerate() {
        if sign == b'"' {
            quoted = !quoted;
        }
        if sign != separator || (quoted && end < line.len()) {
            continue;
        }
        let cell = line[start..end].trim();
        let inside = cell
            .strip_prefix('"')
            .and_then(|cell| cell.strip_suffix('"'));
        each(count, inside.unwrap_or(cell));
        (count, start) = (count + 1, end + 1);
    }
    if quoted {
        return Err((line, "has a quote that is not closed"));
    }
    Ok(count)
}

/// A decimal number as digits and the power of ten they are multiplied with; digits beyond the nineteenth are cut off.
fn decimal(text: &str) -> Option<(u64, i32)> {
    let (mut digits, mut power): (u64, i32) = (0, 0);
    let (mut any, mut point) = (false, false);
    for (nth, sign) in text.bytes().enumerate() {
        match sign {
            b'0'..=b'9' => {
                any = true;
                if digits < 1_000_000_000_000_000_000 {
                    digits = digits * 10 + u64::from(sign - b'0');
                    power -= i32::from(point);
                } else {
                    power += i32::from(!point);
                }
            }
            b'.' if !point => point = true,
            b'e' | b'E' if any => {
                let more: i32 = text[nth + 1..].parse().ok()?;
                return Some((digits, power.saturating_add(more)));
            }
            _ => return None,
        }
    }
    any.then_some((digits, power))
}

/// A time in nanoseconds, of which the unit given has so many digits; what is less than a nanosecond is cut off.
///
/// `None` for what is no number, negative, or more than 292 years.
pub(super) fn nanos(text: &str, unit: i32) -> Option<u64> {
    let (mut nanos, power) = decimal(text)?;
    let power = power.saturating_add(unit);
    // Twenty digits or more to either side leave nothing, or too much.
    for _ in 0..power.unsigned_abs().min(20) {
        nanos = if power > 0 {
            nanos.checked_mul(10)?
        } else {
            nanos / 10
        };
    }
    (nanos <= i64::MAX as u64).then_some(nanos)
}

/// A number of ordinary size, to the last bit what any program reads from these digits; `None` for what is none.
pub(super) fn number(text: &str) -> Option<f64> {
    let (digits, power) = decimal(text)?;
    // Both are exact as floats, so that one operation rounds once.
    if digits >= 1 << 53 || power.unsigned_abs() > 22 {
        return None;
    }
    let mut tens = 1.0;
    for _ in 0..power.unsigned_abs() {
        tens *= 10.0;
    }
    let digits = digits as f64;
    Some(if power > 0 {
        digits * tens
    } else {
        digits / tens
    })
}

/// The beginning of a piece of the file, fit to be shown.
pub(super) fn short(text: &str) -> String {
    let mut shown = String::new();
    for (nth, sign) in text.chars().enumerate() {
        if nth == 24 {
            shown.push('…');
            break;
        }
        if !sign.is_control() {
            shown.push(sign);
        }
    }
    shown
}
