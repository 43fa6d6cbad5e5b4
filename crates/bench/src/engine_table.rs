//! The engine beside a bare heap, natively and in WebAssembly.

use std::path::Path;

use anyhow::{Result, ensure};
use bench::engine;

use crate::measure::{Samples, time};
use crate::table;
use crate::wasm::Node;

/// Events in a round of one loop.
const EVENTS: u32 = 500_000;

/// A loop: what it is, its exported name, the function, and the loop it is compared with.
struct Loop {
    title: &'static str,
    export: &'static str,
    run: fn(u32, u64) -> u64,
    yardstick: usize,
}

const LOOPS: [Loop; 7] = [
    Loop {
        title: "M/M/1, bare BinaryHeap loop",
        export: "bare_heap",
        run: engine::bare_heap,
        yardstick: 0,
    },
    Loop {
        title: "M/M/1, EventQueue loop",
        export: "event_queue",
        run: engine::event_queue,
        yardstick: 0,
    },
    Loop {
        title: "M/M/1, Station without log",
        export: "station",
        run: engine::station,
        yardstick: 0,
    },
    Loop {
        title: "M/M/1, Station with log and hash",
        export: "station_with_log",
        run: engine::station_with_log,
        yardstick: 0,
    },
    Loop {
        title: "1,000 pending, bare BinaryHeap",
        export: "bare_hold",
        run: engine::bare_hold,
        yardstick: 4,
    },
    Loop {
        title: "1,000 pending, EventQueue",
        export: "queue_hold",
        run: engine::queue_hold,
        yardstick: 4,
    },
    Loop {
        title: "one draw, all samplers in turn",
        export: "samplers",
        run: engine::samplers,
        yardstick: 6,
    },
];

/// Measures and prints; with a module, also in Node, each round right after the native one.
pub(crate) fn run(rounds: u32, module: Option<&Path>) -> Result<()> {
    let mut node = module.map(Node::start).transpose()?.flatten();
    let mut native = vec![Vec::new(); LOOPS.len()];
    let mut wasm = vec![Vec::new(); LOOPS.len()];
    for round in 0..=rounds {
        for (index, engine) in LOOPS.iter().enumerate() {
            let seed = u64::from(round);
            let (nanos, fingerprint) = time(EVENTS, || (engine.run)(EVENTS, seed));
            // The first round warms up caches and lets Node compile; it is checked, not counted.
            if round > 0 {
                native[index].push(nanos);
            }
            if let Some(node) = &mut node {
                let (nanos, in_wasm) = node.run(engine.export, EVENTS, seed)?;
                ensure!(
                    in_wasm == fingerprint,
                    "{} with seed {seed} differs between native and WebAssembly",
                    engine.title
                );
                if round > 0 {
                    wasm[index].push(nanos);
                }
            }
        }
    }
    let native: Vec<Samples> = native.into_iter().map(Samples::new).collect();
    let wasm: Option<Vec<Samples>> = node
        .is_some()
        .then(|| wasm.into_iter().map(Samples::new).collect());
    print(rounds, &native, wasm.as_deref());
    say_how_wasm_went(module, node.as_ref());
    Ok(())
}

fn print(rounds: u32, native: &[Samples], wasm: Option<&[Samples]>) {
    let mut header = vec!["ns an event, median (min–max)", "native", "× bare"];
    if wasm.is_some() {
        header.extend(["wasm", "wasm × native"]);
    }
    let mut rows = vec![header.into_iter().map(str::to_owned).collect::<Vec<_>>()];
    for (index, engine) in LOOPS.iter().enumerate() {
        let ratio = native[index].ratio_to(&native[engine.yardstick]);
        let mut row = vec![engine.title.to_owned(), native[index].text()];
        row.push(if engine.yardstick == index {
            "1".to_owned()
        } else {
            format!("{ratio:.2}")
        });
        if let Some(wasm) = wasm {
            row.push(wasm[index].text());
            row.push(format!("{:.2}", wasm[index].ratio_to(&native[index])));
        }
        rows.push(row);
    }
    table::print(
        &format!(
            "Engine: {rounds} rounds of {EVENTS} events, loops in turn \
             (aims: Station without log ≤ 2 × bare, wasm ≤ 1.6 × native)"
        ),
        &rows,
    );
}

fn say_how_wasm_went(module: Option<&Path>, node: Option<&Node>) {
    match (module, node) {
        (_, Some(node)) => println!(
            "  wasm ran in Node {}; every loop returned the same bits as natively.",
            node.version
        ),
        (Some(_), None) => {
            println!("  Not measured as WebAssembly: there is no `node` on PATH.");
        }
        (None, None) => {
            println!("  Not measured as WebAssembly: give the module with --wasm FILE.wasm.");
        }
    }
}
