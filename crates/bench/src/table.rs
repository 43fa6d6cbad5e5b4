//! Tables in aligned columns: the first to the left, the others to the right.

use crate::contest::{Answer, Contest};
use crate::measure::rounds;

/// The columns of a table of decisions: threads, and the answer to all requests.
const COLUMNS: [(u32, Answer, &str); 4] = [
    (1, Answer::Denied, "1 thread, denied"),
    (1, Answer::Allowed, "1 thread, allowed"),
    (2, Answer::Denied, "2 threads, denied"),
    (2, Answer::Allowed, "2 threads, allowed"),
];

/// Makes the contestants of a column.
pub(crate) type Contests = fn(u32, Answer) -> Vec<Contest<'static>>;

/// Prints a headline and rows, the first of which names the columns.
pub(crate) fn print(headline: &str, rows: &[Vec<String>]) {
    println!("\n{headline}");
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column| {
        let cells = rows.iter().filter_map(|row: &Vec<String>| row.get(column));
        cells
            .map(|cell: &String| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for (number, row) in rows.iter().enumerate() {
        let mut line = String::from("  ");
        for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            let gap = " ".repeat(width - cell.chars().count());
            line += &if column == 0 {
                format!("{cell}{gap}")
            } else {
                format!("   {gap}{cell}")
            };
        }
        println!("{}", line.trim_end());
        if number == 0 {
            let total = widths.iter().sum::<usize>() + 3 * columns.saturating_sub(1);
            println!("  {}", "─".repeat(total));
        }
    }
}

/// Measures a table of decisions: a row for each contestant, behind the names of the columns.
pub(crate) fn rows(counted: u32, contests: Contests) -> Vec<Vec<String>> {
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
