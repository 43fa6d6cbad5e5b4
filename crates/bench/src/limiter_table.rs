//! Limiters beside governor and a bare atomic: one decision, in ns.

use crate::contest::DECISIONS;
use crate::limiters::{KEYS, clocks, direct, direct_timeless, keyed, keyed_timeless};
use crate::table::{self, Contests, rows};

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
