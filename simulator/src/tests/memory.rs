//! What is kept between visits.

use clock::Instant;

use crate::memory::Memory;

#[test]
fn a_memory_survives_its_line_of_text() {
    let memories = [
        Memory::default(),
        Memory {
            seed: u64::MAX,
            now: Instant::from_nanos(3_200_000_001),
            knobs: vec![("rate".into(), 0.1), ("burst".into(), 120.0)],
            actions: vec![(Instant::ZERO, 0), (Instant::from_millis(7), 3)],
            twin: Some(vec![("burst".into(), 5.0)]),
        },
        Memory {
            twin: Some(Vec::new()),
            ..Memory::default()
        },
    ];
    for memory in memories {
        assert_eq!(Memory::from_line(&memory.to_line()), Some(memory));
    }
}

#[test]
fn other_lines_are_forgotten() {
    let lines = [
        "",
        "1",
        "1;x;0;;",
        "0;1;0;;",
        "1;1;0;rate;",
        "1;1;0;rate=ten;",
        "1;1;0;;5",
        "1;1;-4;;",
        "1;1;0;;-1:0",
        "1;1;0;;;rate",
    ];
    for line in lines {
        assert_eq!(Memory::from_line(line), None, "{line:?}");
    }
}
