//! Decimal numbers as readers and pages write them.

/// Reads a decimal number such as `0.5`, `-3` or `1200`, without exponent; `None` for anything else.
///
/// The standard library's parser would add ten kilobytes of tables to what every reader downloads.
/// This one is as exact for up to 15 digits, because both the digits and the power of ten fit a float.
#[must_use]
pub fn decimal(text: &str) -> Option<f64> {
    const DIGITS_MAX: usize = 15;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let count = whole.len() + part.len();
    if count == 0 || count > DIGITS_MAX {
        return None;
    }
    let mut number = 0.0;
    let mut scale = 1.0;
    for (index, digit) in whole.bytes().chain(part.bytes()).enumerate() {
        number = number * 10.0 + f64::from(char::from(digit).to_digit(10)?);
        if index >= whole.len() {
            scale *= 10.0;
        }
    }
    Some(sign * number / scale)
}
