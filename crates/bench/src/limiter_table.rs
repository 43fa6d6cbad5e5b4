//! Limiters beside governor and a bare atomic: one decision, in ns.

use crate::contest::{Answer, Contest, DECISIONS};
use crate::limiters::{KEYS, clocks, direct, direct_timeless, keyed, keyed_timeless};
use crate::measure::rounds;
use crate::table;

/// The columns: threads, and the answer to all requests.
const COLUMNS: [(u32, Answer, &str); 4] = [
    (1, Answer::Denied, "1 thread, denied"),
    (1, Answer::Allowed, "1 thread, allowed"),
    (2, Answer::Denied, "2 threads, denied"),
    (2, Answer::Allowed, "2 threads, allowed"),
];

/// Makes the contestants of a column.
type Contests = fn(u32, Answer) -> Vec<Contest<'static>>;

/// Measures and prints all tables.
pub(crate) fn run(counted: u32) {
    let keys = format!(
        "A limit for each key (denied: one key; allowed: {KEYS} keys, in no foreseeable order)"
    );
    let tables: [(&str, Contests); 5] = [
        (
            "One limit for everybody, the time passed in",
            direct_timeless,
        ),
        ("One limit for everybody, with a clock (quanta)", direct),
        (&format!("{keys}, the time passed in"), keyed_timeless),
        (&format!("{keys}, with a clock (quanta)"), keyed),
        ("A clock by itself", clocks),
    ];
    println!(
        "\nLimiters: ns a decision, median (min–max) of {counted} rounds of {DECISIONS} decisions \
         a thread, contestants in turn;\n× is the median ratio to the first row of \
         the table in the same round (aim: no slower than governor)."
    );
    for (headline, contests) in tables {
        table::print(headline, &rows(counted, contests));
    }
    println!(
        "  Two threads: time passed over decisions of both. Keyed and KeyedLimiter hold a bounded \
         number of keys;\n  governor keeps all until it is told to forget."
    );
}

fn rows(counted: u32, contests: Contests) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    for (threads, answer, title) in COLUMNS {
        let mut contests = contests(threads, answer);
        let taking_part = contests.iter_mut().map(|contest| contest.contestant.take());
        let (present, mut contestants): (Vec<bool>, Vec<_>) = taking_part
            .map(|contestant| (contestant.is_some(), contestant))
            .unzip();
        let mut contestants: Vec<_> = contestants.drain(..).flatten().collect();
        let measured = rounds(counted, &mut contestants);
        let mut samples = measured.iter();
        rows[0].extend([title.to_owned(), "×".to_owned()]);
        for (index, (contest, present)) in contests.iter().zip(present).enumerate() {
            if rows.len() == index + 1 {
                rows.push(vec![contest.name.to_owned()]);
            }
            let sample = present.then(|| samples.next()).flatten();
            rows[index + 1].extend(sample.map_or_else(
                || ["one thread only".to_owned(), "–".to_owned()],
                |sample| {
                    [
                        sample.text(),
                        format!("{:.2}", sample.ratio_to(&measured[0])),
                    ]
                },
            ));
        }
    }
    rows
}
