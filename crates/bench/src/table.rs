//! Tables in aligned columns: the first to the left, the others to the right.

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
