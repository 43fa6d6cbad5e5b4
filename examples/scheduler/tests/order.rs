//! The order of ten tasks that the page shows is the one tokio runs them in.

use std::path::Path;
use std::process::Command;

#[test]
fn the_recorded_order_is_what_the_program_prints() {
    // Cargo builds the examples of a package along with its tests, beside its programs.
    let program = Path::new(env!("CARGO_BIN_EXE_scheduler"))
        .with_file_name("examples")
        .join("order");
    let output = Command::new(program).output().expect("it was built");
    let recorded = include_str!("../../../src/concurrency/scheduler/order.txt");
    assert_eq!(String::from_utf8_lossy(&output.stdout), recorded);
}
