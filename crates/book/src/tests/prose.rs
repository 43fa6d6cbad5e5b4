//! The numbers in the prose are those of the runs it speaks of.

#[test]
fn probe() {
    for at in [0.9, 0.999, 1.08, 1.1, 2.0, 11.0, 30.0] {
        let mut run = labs::find("one-bucket").unwrap().open(7);
        run.seek(clock::Instant::from_secs_f64(at));
        println!("{at}: {:?} {}", run.frame().counters.iter().map(|c| (c.label, c.value)).collect::<Vec<_>>(), run.frame().summary);
    }
    for entry in labs::ALL { let run = entry.open(7); println!("{} {:?}", entry.id, run.knobs().iter().map(|(s, v)| (s.id, *v)).collect::<Vec<_>>()); }
    let mut run = labs::find("one-bucket").unwrap().open(7);
    run.finish();
    for e in run.tape().events().iter().filter(|e| e.kind >= 2).take(12) { println!("{} {}", e.at, run.describe(e)); }
    for e in run.tape().events().iter().filter(|e| e.kind == 1).take(3) { println!("{} {}", e.at, run.describe(e)); }
    let r: Vec<_> = run.tape().events().iter().filter(|e| e.kind == 1 && e.at.as_secs_f64() < 1.081).collect(); println!("rejected of burst: {}", r.len());
    let first = run.tape().events().iter().filter(|e| e.kind == 0 && (1.0..2.0).contains(&e.at.as_secs_f64())).count(); println!("admitted 1..2 s {first}");
    let late = |k| run.tape().events().iter().filter(|e| e.kind == k && e.at.as_secs_f64() > 2.0).count(); println!("after 2s admitted {} rejected {}", late(0), late(1));
}
