//! What the page's scripts ask of a lab that is alive, and of the engine itself; `theme/labs.js` makes the host's methods of it.

use js_sys::Array;
use labs::Query;
use wasm_bindgen::prelude::*;

use crate::Handle;
use crate::numbers::decimal;
use crate::setup::{Attributes, Setup};
use crate::world::{Wish, World};

#[wasm_bindgen]
impl Handle {
    /// Shuts the lab for a reason, or opens it when there is none.
    pub fn lock(&self, reason: Option<String>) {
        self.change(&mut |world| match &reason {
            Some(reason) => world.lock(reason),
            None => world.unlock(),
        });
    }

    /// Stands at a situation; what is missing stays as the page set it. `false` while the lab is locked or has failed.
    pub fn open(
        &self,
        seed: Option<String>,
        at: Option<f64>,
        knobs: Option<String>,
        play: Option<f64>,
    ) -> bool {
        let wish = Wish {
            seed,
            at,
            knobs: knobs.unwrap_or_default(),
            play,
        };
        let mut done = false;
        self.change(&mut |world| done = world.open(&wish));
        done
    }

    /// Draws the reader's own curve over a line: seconds and values in turn; without any it is removed.
    pub fn sketch(&self, line: usize, numbers: Option<Vec<f64>>) {
        let points: Option<Vec<(f64, f64)>> = numbers.map(|numbers| {
            (numbers.chunks_exact(2))
                .map(|pair| (pair[0], pair[1]))
                .collect()
        });
        self.change(&mut |world| world.sketch(line, points.as_deref()));
    }

    fn change(&self, then: &mut dyn FnMut(&mut World)) {
        if let Some(player) = &*self.player.borrow() {
            player.change(then);
        }
    }
}

/// A moment of a lab, as `mount` tells it.
pub(crate) fn moment(world: &World) -> Array {
    let run = world.run();
    let turned = (0..run.knobs().len()).any(|knob| world.turned(knob));
    Array::of5(
        &run.now().as_secs_f64().into(),
        &world.playing().into(),
        &world.ended().into(),
        &(run.seed() as f64).into(),
        &turned.into(),
    )
}

/// What the engine answers to a query about a run from its start; `seed` is a number or its digits, `knobs` are `rate=10,burst=50`.
///
/// # Errors
/// One sentence on what cannot be asked.
#[wasm_bindgen]
pub fn ask(lab: &str, seed: &JsValue, knobs: &str, query: &str) -> Result<f64, String> {
    let digits = seed
        .as_string()
        .or_else(|| seed.as_f64().map(|number| number.to_string()));
    answer(lab, &digits.unwrap_or_default(), knobs, query)
}

/// The same with the seed as text; an empty one is the first seed.
pub(crate) fn answer(lab: &str, seed: &str, knobs: &str, query: &str) -> Result<f64, String> {
    let query = Query::parse(query)?;
    let mut setup = Setup::read(&Attributes {
        lab: lab.to_owned(),
        seed: seed.to_owned(),
        knobs: knobs.to_owned(),
        ..Attributes::default()
    });
    if !setup.problems.is_empty() {
        return Err(setup.problems.swap_remove(0));
    }
    Ok(query.ask(&mut *setup.open())?.value)
}

/// Judges run number `nth` (from 0) of a challenge with the reader's settings; JSON `{seed, met, miss, goals: [{value, met}]}`.
///
/// # Errors
/// One sentence if there is no such challenge or a setting cannot be read.
#[wasm_bindgen]
pub fn judge(challenge: &str, knobs: &str, nth: u32) -> Result<String, String> {
    let challenge = labs::challenge(challenge)
        .ok_or_else(|| ["There is no challenge called “", challenge, "”."].concat())?;
    let mut settings = Vec::new();
    for pair in knobs.split(',').filter(|pair| !pair.trim().is_empty()) {
        let value = pair
            .split_once('=')
            .and_then(|(id, value)| Some((id.trim().to_owned(), decimal(value.trim())?)));
        settings.push(value.ok_or_else(|| ["“", pair, "” is no setting."].concat())?);
    }
    let seed = labs::Challenge::seed(nth.into());
    let judged = challenge.judge(&settings, seed);
    let goals: Vec<String> = (judged.goals.iter())
        .map(|&(value, met)| format!("{{\"value\":{},\"met\":{met}}}", number(value)))
        .collect();
    Ok(format!(
        "{{\"seed\":{seed},\"met\":{},\"miss\":{},\"goals\":[{}]}}",
        judged.met(),
        number(judged.miss),
        goals.join(",")
    ))
}

/// A number as JSON has it, which knows no infinity.
fn number(value: f64) -> String {
    if value.is_finite() {
        value.to_string()
    } else {
        "null".to_owned()
    }
}
