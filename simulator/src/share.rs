//! A run in one line: the link that opens it again at the same moment, and the command that runs it natively.

use clock::Instant;
use labs::{AnyRun, seconds};

use crate::memory::{self, list};
use crate::setup::{Attributes, Setup, short};
use crate::world::{Pace, World};

/// Version of the text in a link: `2;engine;lab;seed;nanoseconds;knob=value,…;action@nanoseconds,…;fingerprint;own;twin`.
///
/// The fingerprint is that of the log up to the moment, in hexadecimal; then comes `own` if the run has data of the reader's own.
/// While two runs are compared the last part is `b`, followed by `,knob=value` for each knob that stands elsewhere in run B.
const VERSION: u32 = 2;
/// Parts of the text.
const PARTS: usize = 10;
/// Letters a link may have, so that no browser, mail or chat cuts it.
pub(crate) const LONGEST: usize = 8 * 1024;
/// Stands in the last part but one of the text when the run has data of the reader's own.
const OWN: &str = "own";
/// Begins the last part of the text when two runs are compared.
const TWIN: &str = "b";

/// What a link asks for.
pub(crate) struct Shared {
    /// The situation; it says itself what of it could not be used.
    pub setup: Setup,
    /// [`labs::ENGINE`] of the simulator that made the link.
    engine: u32,
    /// The fingerprint of the log up to the moment.
    hash: u64,
    /// The run had data that is not in the link.
    own: bool,
    /// The knobs that stand elsewhere in run B, if two runs were compared.
    twin: Option<Vec<(String, f64)>>,
}

/// What stands behind `#lab=` in a link to this run.
///
/// # Errors
/// A sentence when so much was done that no link could hold it.
pub(crate) fn link(world: &mut World) -> Result<String, String> {
    let text = text(world);
    let link = encode(text.as_bytes());
    if link.len() > LONGEST {
        let count = world.run().acted().len();
        return Err(format!(
            "You did {count} things in this run, too many for a link; the command below holds them all."
        ));
    }
    Ok(link)
}

fn text(world: &mut World) -> String {
    let hash = world.hash_here();
    let knobs = memory::pairs(&differing(world.run(), &world.setup().defaults));
    let run = world.run();
    let twin = world.twin().map(|twin| {
        let own: Vec<f64> = run.knobs().iter().map(|&(_, value)| value).collect();
        [TWIN, ",", &memory::pairs(&differing(twin, &own))].concat()
    });
    let actions: Vec<String> = (run.acted().iter())
        .filter_map(|&(at, action)| {
            let action = run.actions().get(action)?;
            Some(format!("{}@{}", action.id, at.as_nanos()))
        })
        .collect();
    format!(
        "{VERSION};{};{};{};{};{knobs};{};{hash:016x};{};{}",
        labs::ENGINE,
        run.about().id,
        run.seed(),
        run.now().as_nanos(),
        actions.join(","),
        if world.own_data() { OWN } else { "" },
        twin.unwrap_or_default(),
    )
}

/// Reads what stands behind `#lab=`.
///
/// # Errors
/// A sentence on why nothing of it can be used.
pub(crate) fn read(link: &str) -> Result<Shared, String> {
    if link.len() > LONGEST {
        return Err(
            "This link is longer than 8 KB and was not read; the lab opens as it is.".to_owned(),
        );
    }
    let text = decode(link).and_then(|bytes| String::from_utf8(bytes).ok());
    read_text(&migrate(&text.unwrap_or_default()))
}

fn read_text(text: &str) -> Result<Shared, String> {
    let parts: Vec<&str> = text.split(';').collect();
    let version = parts[0].parse();
    if version.as_ref().is_ok_and(|version| *version > VERSION) {
        return Err(
            "This link was made by a newer version of this book; the lab opens as it is."
                .to_owned(),
        );
    }
    let damaged = || "This link is damaged; the lab opens as it is.".to_owned();
    let sound = parts.len() == PARTS && version == Ok(VERSION) && ["", OWN].contains(&parts[8]);
    if !sound {
        return Err(damaged());
    }
    let engine = parts[1].parse().map_err(|_| damaged())?;
    let seed: u64 = parts[3].parse().map_err(|_| damaged())?;
    let now: u64 = parts[4].parse().map_err(|_| damaged())?;
    let hash = u64::from_str_radix(parts[7], 16).map_err(|_| damaged())?;
    if labs::find(parts[2]).is_none() {
        return Err(format!(
            "This link is about a lab called “{}”, which is not in this book.",
            short(parts[2])
        ));
    }
    let mut setup = Setup::read(&Attributes {
        lab: parts[2].to_owned(),
        seed: seed.to_string(),
        at: seconds(Instant::from_nanos(now)),
        knobs: parts[5].to_owned(),
        show: None,
    });
    let done = list(parts[6], |entry| {
        let (id, at) = entry.split_once('@')?;
        Some((id.to_owned(), at.parse().ok()?))
    });
    read_actions(done.ok_or_else(damaged)?, &mut setup);
    let twin = match parts[9].strip_prefix(TWIN) {
        Some(knobs) => Some(memory::list(knobs, memory::knob).ok_or_else(damaged)?),
        None => None,
    };
    Ok(Shared {
        setup,
        engine,
        hash,
        own: parts[8] == OWN,
        twin,
    })
}

/// Takes over the actions that this lab has and that lie within its run; a sentence for each other one.
fn read_actions(done: Vec<(String, u64)>, setup: &mut Setup) {
    let run = setup.entry.open(setup.seed);
    let end = Instant::ZERO + run.length();
    for (id, at) in done {
        let at = Instant::from_nanos(at);
        match run.actions().iter().position(|action| action.id == id) {
            Some(action) if at <= end => {
                // A sort would cost every reader three kilobytes for what is in order already.
                let place = setup.actions.partition_point(|&(done, _)| done <= at);
                setup.actions.insert(place, (at, action));
            }
            Some(_) => setup.problems.push(format!(
                "“{}” at {at} lies behind the end of the run and is left out.",
                short(&id)
            )),
            None => setup
                .problems
                .push(format!("This lab has no action called “{}”.", short(&id))),
        }
    }
}

/// Text of an older version in that of this one; anything else as it is.
///
/// Version 0 had no actions: `0;engine;lab;seed;nanoseconds;knob=value,…;fingerprint`. Version 1 knew of one run only.
pub(crate) fn migrate(text: &str) -> String {
    let parts: Vec<&str> = text.split(';').collect();
    match parts[..] {
        ["0", engine, lab, seed, now, knobs, hash] => {
            format!("{VERSION};{engine};{lab};{seed};{now};{knobs};;{hash};;")
        }
        ["1", .., _] if parts.len() + 1 == PARTS => {
            let rest = parts[1..].join(";");
            format!("{VERSION};{rest};")
        }
        _ => text.to_owned(),
    }
}

impl Shared {
    /// The run the link is about, with a note if it cannot be the one its maker saw.
    pub(crate) fn open(self, pace: Pace) -> World {
        let Self {
            setup,
            engine,
            hash,
            own,
            twin,
        } = self;
        let mut world = World::new(setup, pace);
        let hash_here = world.hash_here();
        if let Some(knobs) = twin {
            world.recall_twin(&knobs);
        }
        let note = if own {
            "This link was made with its maker's own data, which is not in it."
        } else if engine != labs::ENGINE {
            "This link was made by another version of the simulator: the run is computed anew and may differ."
        } else if hash_here != hash {
            "The run is computed anew: the same settings now give another log than when this link was made."
        } else {
            return world;
        };
        world.note_unless_noted(note);
        world
    }
}

/// The command that repeats the run looked at natively up to the present moment.
pub(crate) fn command_line(world: &World) -> String {
    let run = world.looked_at();
    let mut line = format!(
        "cargo run -p lab -- run {} --seed {}",
        run.about().id,
        run.seed()
    );
    let mut known = world.setup().defaults.clone();
    if world.own_data() {
        // Where the file lies only the reader knows. It may turn knobs itself, so that all are told: nothing equals NaN.
        line.push_str(" --data YOUR-FILE");
        known.fill(f64::NAN);
    }
    for (id, value) in differing(run, &known) {
        line.push_str(&format!(" --knob {id}={value}"));
    }
    // What was done later than the present is still to come there as here.
    for &(at, action) in run.acted().iter().filter(|(at, _)| *at <= run.now()) {
        if let Some(action) = run.actions().get(action) {
            line.push_str(&[" --act ", action.id, "@", &seconds(at)].concat());
        }
    }
    line.push_str(" --until ");
    line.push_str(&seconds(run.now()));
    line
}

/// Ids and values of the knobs that stand elsewhere than in `values`, which are in the lab's order.
pub(crate) fn differing(run: &dyn AnyRun, values: &[f64]) -> Vec<(String, f64)> {
    (run.knobs().iter().zip(values))
        .filter(|((_, value), other)| value != *other)
        .map(|((spec, value), _)| (spec.id.to_owned(), *value))
        .collect()
}

/// A name for a file about this run, without its ending: `one-bucket-seed-7-at-4.5s`.
pub(crate) fn file_name(run: &dyn AnyRun) -> String {
    format!(
        "{}-seed-{}-at-{}s",
        run.about().id,
        run.seed(),
        seconds(run.now())
    )
}

/// Letters of base64url, which need no escaping in an address.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes as base64url, without padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |nth: usize| u32::from(three.get(nth).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for nth in 0..=three.len() {
            let letter = LETTERS[(bits >> (18 - 6 * nth) & 63) as usize];
            text.push(char::from(letter));
        }
    }
    text
}

/// Reads base64url; `None` if it is none.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for four in text.as_bytes().chunks(4) {
        if four.len() == 1 {
            return None;
        }
        let mut bits = 0;
        for &letter in four {
            let value = LETTERS.iter().position(|&known| known == letter)?;
            bits = bits << 6 | value as u32;
        }
        bits <<= 6 * (4 - four.len());
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    Some(bytes)
}
