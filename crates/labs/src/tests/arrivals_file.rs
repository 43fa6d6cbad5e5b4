//! Reading what readers bring along: what is accepted is sorted and bounded, and everything else is refused in a sentence.

use clock::Instant;
use sim::Rng;

use super::open;
use crate::arrivals_file::{ARRIVALS_MAX, KEYS_MAX, LAST, Read, read};

fn times(read: &Read<'_>) -> Vec<f64> {
    let arrivals = read.file.arrivals.iter();
    arrivals.map(|arrival| arrival.at.as_secs_f64()).collect()
}

#[test]
fn a_column_of_times_is_found_by_its_name_and_unit() {
    let expected = vec![0.5, 1.25];
    for text in [
        "seconds\n0.5\n1.25\n",
        "0.5\n1.25",
        "\u{feff}seconds\r\n0.5\r\n1.25\r\n",
        "key,seconds\nalice,0.5\nbob,1.25\n",
        "key;SECONDS\nalice; 0.5\n\nbob;1.25\n",
        "key\tms\nalice\t500\nbob\t1250.0\n",
        "\"milliseconds\",\"key\"\n\"500\",\"alice, or \"\"al\"\"\"\n1250,bob\n",
        "timestamp_ms\n5e2\n1.25E3\n",
        "# comment\n# another\nseconds\n0.5\n# between\n1.25\n",
    ] {
        let read = read(text).expect(text);
        assert_eq!(times(&read), expected, "{text}");
        assert_eq!(
            (read.notes.as_str(), read.file.recorded),
            ("", false),
            "{text}"
        );
    }
}

#[test]
fn times_are_read_to_the_nanosecond_even_of_an_epoch() {
    let read = read("seconds\n1700000000.000000001\n1700000000.123456789123\n").expect("good");
    let nanos: Vec<_> = read
        .file
        .arrivals
        .iter()
        .map(|arrival| arrival.at.as_nanos())
        .collect();
    assert_eq!(nanos, [0, 123_456_788]);
    assert!(read.notes.contains("moved to 0 s"));
}

#[test]
fn only_a_first_arrival_after_a_minute_is_taken_for_an_epoch() {
    assert_eq!(times(&read("60\n61\n").expect("good")), [60.0, 61.0]);
    assert_eq!(
        times(&read("60.000000001\n61.000000001\n").expect("good")),
        [0.0, 1.0]
    );
}

#[test]
fn rows_out_of_order_are_sorted_and_it_is_said() {
    let read = read("seconds,key\n3,c\n1,a\n2,b\n1,d\n").expect("good");
    assert_eq!(times(&read), [1.0, 1.0, 2.0, 3.0]);
    let keys: Vec<_> = read
        .file
        .arrivals
        .iter()
        .map(|arrival| &*read.file.keys[usize::from(arrival.key)])
        .collect();
    assert_eq!(keys, ["a", "d", "b", "c"]);
    assert!(read.notes.contains("have been sorted"));
}

/// Files that cannot be understood, and how what is said of them begins.
const WRONG: &[(&str, &str)] = &[
    ("seconds\n1\nNaN\n", "Line 3: "),
    ("seconds\n1\n\n\ninf\n", "Line 5: "),
    ("seconds\n-1\n", "Line 2: "),
    ("seconds\n1.2.3\n", "Line 2: "),
    ("seconds\n1e999\n", "Line 2: "),
    ("seconds\n.\n", "Line 2: "),
    ("seconds\n0x10\n", "Line 2: "),
    ("seconds,key\n,alice\n", "Line 2: "),
    ("seconds,key\n\"1,alice\n", "Line 2: "),
    ("seconds,key\n\"1\"2,alice\n", "Line 2: "),
    ("seconds,admitted\n1,perhaps\n", "Line 2: "),
    ("key,seconds\nalice\n", "Line 2: "),
    ("when,who\n1,alice\n", "Line 1: "),
    ("1,2\n3,4\n", "Line 1: "),
    ("\u{fffd}PNG\r\n\u{1a}\n\0\0", "Line 1: "),
    ("seconds\n\0\n", "Line 2: "),
    ("seconds\n9223372037\n", "Line 2: "),
    ("# headroom-trace 2 rate=10\nseconds\n1\n", "Line 1: "),
    ("# headroom-trace\nseconds\n1\n", "Line 1: "),
    ("# headroom-trace 1 rate=NaN\nseconds\n1\n", "Line 1: "),
    ("# headroom-trace 1 rate=0\nseconds\n1\n", "Line 1: "),
    ("# headroom-trace 1 burst=0\nseconds\n1\n", "Line 1: "),
    ("# headroom-trace 1 burst=-1\nseconds\n1\n", "Line 1: "),
    (
        "# headroom-trace 1 algorithm=guess\nseconds\n1\n",
        "Line 1: ",
    ),
    ("", "There are no arrivals"),
    (" \n\r\n", "There are no arrivals"),
    ("seconds\n", "There are no arrivals"),
];

#[test]
fn what_is_wrong_is_one_sentence_that_names_the_line() {
    let huge = "7".repeat(10_000_000);
    let deep = "[".repeat(1_000_000);
    let endless = [(huge.as_str(), "Line 1: "), (deep.as_str(), "Line 1: ")];
    for &(text, line) in WRONG.iter().chain(&endless) {
        let mut run = open("playground", 1);
        run.seek(Instant::from_millis(2_000));
        let before = (run.frame(), run.knobs());
        let shown: String = text.chars().take(40).collect();
        let why = run.load(text).expect_err(&shown);
        assert!(why.starts_with(line), "{shown:?}: {why}");
        assert!(
            why.len() < 160 && why.ends_with('.') && !why.contains('\n'),
            "{why}"
        );
        assert_eq!(
            (run.frame(), run.knobs()),
            before,
            "{shown:?} has changed the run"
        );
    }
}

#[test]
fn more_arrivals_than_can_be_kept_are_left_out_and_it_is_said() {
    let rows: String = (0..=ARRIVALS_MAX + 1)
        .map(|nth| format!("{}.5\n", nth / 100))
        .collect();
    let read = read(&rows).expect("good");
    assert_eq!(read.file.arrivals.len(), ARRIVALS_MAX);
    assert!(
        read.notes.contains("2 rows beyond the first 200000"),
        "{}",
        read.notes
    );
}

#[test]
fn arrivals_after_a_day_are_left_out_and_it_is_said() {
    let read = read("0\n86400\n86400.000000001\n90000\n").expect("good");
    assert_eq!(times(&read), [0.0, 86_400.0]);
    assert!(
        read.notes.contains("2 arrivals after the first 24 hours"),
        "{}",
        read.notes
    );
}

#[test]
fn too_many_keys_share_one_limit_unless_each_was_recorded_with_its_own() {
    let rows: String = (0..=KEYS_MAX)
        .map(|key| format!("{key},client-{key},true\n"))
        .collect();
    let text = format!("seconds,key,admitted\n{rows}");
    let plain = read(&text).expect("good");
    assert_eq!(
        (plain.file.arrivals.len(), plain.file.keys.len()),
        (KEYS_MAX + 1, 1)
    );
    assert!(plain.notes.contains("more than 50 keys"), "{}", plain.notes);
    let text = format!("# headroom-trace 1 keys=51\nseconds,key,admitted\n{rows}");
    let each = read(&text).expect("good");
    assert_eq!(
        (each.file.arrivals.len(), each.file.keys.len()),
        (KEYS_MAX, KEYS_MAX)
    );
    assert!(
        each.notes.contains("1 arrivals of more than 50 keys"),
        "{}",
        each.notes
    );
}

/// What files are made of, good and bad.
const PIECES: [&str; 32] = [
    "seconds",
    "ms",
    "key",
    "admitted",
    ",",
    ",",
    ",",
    ";",
    "\t",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\"",
    "\"\"",
    "0.5",
    "1",
    "1700000000.25",
    "-1",
    "NaN",
    "inf",
    "1e5",
    "99999999999999999999",
    ".",
    "true",
    "false",
    "# headroom-trace 1 rate=10 keys=2",
    "\u{feff}",
    "\0",
    "é",
    " ",
    "client-7",
];

/// A file that is nearly right: pieces of good files, bad ones among them, some bytes turned into others.
pub(super) fn nonsense(rng: &mut Rng) -> String {
    let mut text = String::from(
        [
            "",
            "seconds\n",
            "seconds,key,admitted\n",
            "# headroom-trace 1 burst=3\nms\n",
        ][rng.below(4) as usize],
    );
    for _ in 0..rng.below(40) {
        if rng.chance(0.9) {
            text += &format!(
                "{:.3}{}",
                rng.unit() * 1e5,
                ["\n", ",a,true\n", ",b,false\n"][rng.below(3) as usize]
            );
        } else {
            text += PIECES[rng.below(PIECES.len() as u64) as usize];
        }
    }
    text
}

#[test]
fn whatever_is_read_is_sorted_and_bounded_or_refused_in_a_sentence() {
    let mut rng = Rng::stream(1, "nonsense");
    let (mut good, mut bad) = (0, 0);
    for _ in 0..20_000 {
        let text = nonsense(&mut rng);
        match read(&text) {
            Ok(read) => {
                good += 1;
                let arrivals = &read.file.arrivals;
                assert!(
                    !arrivals.is_empty() && arrivals.len() <= ARRIVALS_MAX,
                    "{text:?}"
                );
                assert!(arrivals.is_sorted_by_key(|arrival| arrival.at), "{text:?}");
                assert!(
                    arrivals.iter().all(|arrival| arrival.at <= LAST),
                    "{text:?}"
                );
                assert!(
                    arrivals
                        .iter()
                        .all(|arrival| usize::from(arrival.key) < read.file.keys.len()),
                    "{text:?}"
                );
            }
            Err(why) => {
                bad += 1;
                assert!(
                    why.ends_with('.') && why.len() < 200 && !why.contains('\n'),
                    "{text:?}: {why}"
                );
            }
        }
    }
    assert!(good > 1_000 && bad > 1_000, "{good} good, {bad} bad");
}
