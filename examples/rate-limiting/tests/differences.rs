//! What the page shows of the two limiters' differences is what the program prints.

use std::path::Path;
use std::process::Command;

#[test]
fn the_recorded_table_is_what_the_program_prints() {
    // Cargo builds the examples of a package along with its tests, beside its programs.
    let program = Path::new(env!("CARGO_BIN_EXE_rate-limiting"))
        .with_file_name("examples")
        .join("differences");
    let output = Command::new(program).output().expect("it was built");
    let recorded = include_str!("../../../src/scalability/rate-limiting/differences.txt");
    assert_eq!(String::from_utf8_lossy(&output.stdout), recorded);
}
