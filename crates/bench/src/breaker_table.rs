//! Circuit breakers beside recloser and failsafe: one call that does nothing, in ns.

use crate::breakers::{timed, timeless};
use crate::contest::DECISIONS;
use crate::table::{self, Contests, rows};

/// Measures and prints both tables.
pub(crate) fn run(counted: u32) {
    println!(
        "\nCircuit breakers: ns a call that does nothing and succeeds (allowed), or that an open \
         breaker refuses (denied),\nmedian (min–max) of {counted} rounds of {DECISIONS} calls a \
         thread, contestants in turn;\n× is the median ratio to the first row of the table in the \
         same round (aim: no slower than recloser and failsafe)."
    );
    let tables: [(&str, Contests); 2] = [
        ("As it is used, with a clock", timed),
        ("Ours with the time passed in", timeless),
    ];
    for (headline, contests) in tables {
        table::print(headline, &rows(counted, contests));
    }
    println!(
        "  Two threads: time passed over calls of both. Peers have their default policies; \
         recloser reads a clock only while it\n  is open, failsafe only when its default policy \
         does; SharedBreaker reads it once for each call that succeeds."
    );
}
