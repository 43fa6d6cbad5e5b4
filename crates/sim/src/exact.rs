//! Mathematics from IEEE arithmetic alone: the same bits on every platform, and small where it is downloaded.

use core::f64::consts::TAU;

/// Sine and cosine of an angle in turns (1.0 is the full circle); each is within 1e-15 of the true value up to a million turns.
///
/// Taken by turns and not by radians, because a turn can be reduced without a remainder: whole and quarter turns are exact.
#[must_use]
pub fn sine_cosine(turns: f64) -> (f64, f64) {
    let within = turns - turns.floor();
    let quarter = (4.0 * within + 0.5).floor();
    // At most an eighth of a turn to either side.
    let angle = (within - quarter / 4.0) * TAU;
    let square = angle * angle;
    let sine = angle * alternating(square, 17.0);
    let cosine = alternating(square, 16.0);
    match quarter as u8 {
        1 => (cosine, -sine),
        2 => (-sine, -cosine),
        3 => (-cosine, sine),
        _ => (sine, cosine),
    }
}

/// `1 − x/(n(n−1)) · (1 − x/((n−2)(n−3)) · …)` from the inside out: Taylor's polynomial up to the power `last`, where `x` is the
/// angle's square; an odd `last` gives the sine's (without its factor), an even one the cosine's.
fn alternating(square: f64, last: f64) -> f64 {
    let (mut sum, mut power) = (1.0, last);
    while power > 1.0 {
        sum = 1.0 - square / (power * (power - 1.0)) * sum;
        power -= 2.0;
    }
    sum
}

/// The greatest power of ten that is not above `value`, from 1e-22 to 1e22; what lies outside gives the end that is nearer, and
/// zero, negative values and NaN give 1e-22.
#[must_use]
pub fn power_of_ten(value: f64) -> f64 {
    // Powers of ten up to 1e22 are whole numbers that an `f64` holds exactly, and so is each step between them.
    let mut power = 1.0;
    if value >= 1.0 {
        while power < 1e22 && power * 10.0 <= value {
            power *= 10.0;
        }
        return power;
    }
    // The greater of NaN and zero is zero.
    let value = value.max(0.0);
    while power < 1e22 && 1.0 / power > value {
        power *= 10.0;
    }
    1.0 / power
}
