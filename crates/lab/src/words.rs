//! Numbers and ranges as they are printed.

use labs::{KnobSpec, Range};

/// A value with at most three decimals and without needless zeros; JSON has all of them.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

/// A value and its unit.
pub(crate) fn with_unit(value: f64, unit: &str) -> String {
    [&number(value), unit].join(" ").trim_end().to_owned()
}

/// How a knob stands: a value with its unit, or the name of a choice.
pub(crate) fn value_name(spec: &KnobSpec, value: f64) -> String {
    let name = choices(&spec.range).get(value as usize);
    name.map_or_else(|| with_unit(value, spec.unit), |name| (*name).to_owned())
}

/// The names of a knob's values, if it takes no others.
pub(crate) fn choices(range: &Range) -> &'static [&'static str] {
    match range {
        Range::Choice(names) => names,
        Range::Toggle => &["off", "on"],
        Range::Linear { .. } | Range::Log { .. } => &[],
    }
}

/// The values a knob takes: `1 to 100 /s`, `0 even; 1 random`, `0 off; 1 on`.
pub(crate) fn range(spec: &KnobSpec) -> String {
    match spec.range {
        Range::Linear { min, max, step } => {
            let step = if step == 1.0 {
                String::new()
            } else {
                format!(" in steps of {step}")
            };
            format!("{min} to {}{step}", with_unit(max, spec.unit))
        }
        Range::Log { min, max } => format!("{min} to {}", with_unit(max, spec.unit)),
        Range::Choice(_) | Range::Toggle => {
            let names = choices(&spec.range).iter().enumerate();
            let all: Vec<String> = names.map(|(nth, name)| format!("{nth} {name}")).collect();
            all.join("; ")
        }
    }
}

/// At most forty letters of what was written, so that nonsense of any length makes one sentence.
pub(crate) fn short(text: &str) -> String {
    const LONGEST: usize = 40;
    let kept: String = text
        .chars()
        .take(LONGEST)
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        kept + "…"
    } else {
        kept
    }
}

/// Columns of text, each as wide as its widest cell, two blanks apart and indented by two.
pub(crate) fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |nth: usize| {
        let cells = rows.iter().map(|row| row[nth].chars().count());
        cells.max().unwrap_or(0)
    };
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (nth, cell) in row.iter().enumerate() {
            line.push_str("  ");
            line.push_str(cell);
            let blanks = width(nth) - cell.chars().count();
            line.extend(core::iter::repeat_n(' ', blanks));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
