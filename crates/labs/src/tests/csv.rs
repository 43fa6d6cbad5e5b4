//! The log as a table.

use clock::Instant;

use crate::csv::push_quoted;
use crate::{ALL, csv, seconds};

/// The fields of a line, quotes undone.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let field = fields.last_mut().expect("there is always one");
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => field.push(other),
        }
    }
    fields
}

#[test]
fn seconds_are_exact_to_the_nanosecond() {
    let cases = [
        (0, "0"),
        (1, "0.000000001"),
        (4_500_000_000, "4.5"),
        (60_000_000_000, "60"),
        (1_010_000_009, "1.010000009"),
        (u64::MAX, "18446744073.709551615"),
    ];
    for (nanos, text) in cases {
        assert_eq!(seconds(Instant::from_nanos(nanos)), text);
    }
    for nanos in (0..3_600_000_000_000).step_by(7_919_777_777) {
        let text = seconds(Instant::from_nanos(nanos));
        let read = Instant::from_secs_f64(text.parse().expect("a number"));
        assert_eq!(read.as_nanos(), nanos, "{text}");
    }
}

#[test]
fn fields_are_quoted_when_they_have_to_be() {
    for text in [
        "plain",
        "one, two",
        "say \"no\"",
        "\"",
        "two\nlines",
        "",
        "a\rb",
    ] {
        let mut line = String::new();
        push_quoted(&mut line, text);
        assert_eq!(fields(&line), [text]);
    }
    let mut line = String::new();
    push_quoted(&mut line, "plain");
    assert_eq!(line, "plain");
}

#[test]
fn every_entry_up_to_the_present_is_a_line_of_six_fields() {
    for entry in ALL {
        let mut run = entry.open(7);
        run.finish();
        run.seek(Instant::from_millis(4_000));
        let table = csv(&*run);
        let mut lines = table.lines();
        assert_eq!(lines.next(), Some("seconds,kind,subject,value,cause,text"));
        let events = run.tape().events();
        assert_eq!(lines.clone().count(), events.len(), "{}", entry.id);
        for (line, event) in lines.zip(events) {
            let fields = fields(line);
            assert_eq!(fields.len(), 6, "{line}");
            assert_eq!(fields[3].parse(), Ok(event.value));
            assert_eq!(fields[5], run.describe(event));
            let cause = event
                .cause
                .map_or(String::new(), |id| (id.0 + 1).to_string());
            assert_eq!(fields[4], cause);
        }
    }
}
