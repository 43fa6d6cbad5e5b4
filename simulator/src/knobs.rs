//! Knobs: sliders, lists and switches for a lab's settings, each with label, unit and a way back to its default.

use labs::{KnobSpec, Range};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::icons;
use crate::numbers::with_unit;
use crate::world::Command;

/// A knob as it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KnobView {
    /// Its number in the lab.
    pub index: usize,
    /// What it is called and takes.
    pub spec: &'static KnobSpec,
    /// Its value.
    pub value: f64,
    /// It stands elsewhere than the page put it.
    pub turned: bool,
    /// It is shown at first; the others are under "more settings".
    pub shown: bool,
}

/// The value `steps` of a knob's own steps away from `value`; never less than one step, if there is one.
pub(crate) fn nudged(range: &Range, value: f64, steps: i32) -> f64 {
    match *range {
        Range::Linear { step, .. } => range.clamp(value + f64::from(steps) * step),
        Range::Choice(_) | Range::Toggle => range.clamp(value + f64::from(steps)),
        Range::Log { .. } => nudged_log(range, value, steps),
    }
}

/// A hundredth of the slider a step; where the rounding to two digits swallows that, the next value it does not swallow.
fn nudged_log(range: &Range, value: f64, steps: i32) -> f64 {
    const STEP: f64 = 0.01;
    let start = range.position(value);
    let direction = f64::from(steps.signum());
    for further in 0..=400 {
        let next = range.at_position(start + (f64::from(steps) + direction * f64::from(further) * 0.25) * STEP);
        if next != value {
            return next;
        }
    }
    value
}

/// What the reader reads: `10 /s`, `on`, `fixed window`.
pub(crate) fn worded(spec: &KnobSpec, value: f64) -> String {
    match spec.range {
        Range::Choice(names) => names.get(value as usize).copied().unwrap_or_default().to_owned(),
        Range::Toggle => if value >= 0.5 { "on" } else { "off" }.to_owned(),
        Range::Linear { .. } | Range::Log { .. } => with_unit(value, spec.unit),
    }
}

/// The knobs of a lab: those of this figure in a row, the rest one click away.
pub(crate) fn knobs(knobs: &[KnobView], on: &Callback<Command>) -> Html {
    let cells = |shown: bool| {
        knobs.iter().filter(move |knob| knob.shown == shown).map(|view| knob(view, on)).collect::<Html>()
    };
    let more = knobs.iter().any(|knob| !knob.shown);
    html! {
        <>
            if knobs.iter().any(|knob| knob.shown) {
                <div class="hd-knobs">{ cells(true) }</div>
            }
            if more {
                <details class="hd-more">
                    <summary>{ "more settings" }</summary>
                    <div class="hd-knobs">{ cells(false) }</div>
                </details>
            }
        </>
    }
}

fn knob(view: &KnobView, on: &Callback<Command>) -> Html {
    let (spec, index) = (view.spec, view.index);
    let control = match spec.range {
        Range::Linear { .. } | Range::Log { .. } => slider(view, on),
        Range::Choice(names) => list(view, names, on),
        Range::Toggle => switch(view, on),
    };
    let back = on.reform(move |_: MouseEvent| Command::ResetKnob(index));
    html! {
        <div class="hd-knob" title={spec.help} key={spec.id}>
            <span class="hd-knob-label">{ spec.label }</span>
            <button type="button" class="hd-back" disabled={!view.turned} onclick={back}
                title="back to the default" aria-label={format!("{}: back to the default", spec.label)}>
                { icons::back() }
            </button>
            <span class="hd-knob-value">{ worded(spec, view.value) }</span>
            { control }
        </div>
    }
}

fn slider(view: &KnobView, on: &Callback<Command>) -> Html {
    let (index, range) = (view.index, view.spec.range);
    let position = range.position(view.value);
    let oninput = on.reform(move |event: InputEvent| {
        let at = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
        Command::Knob(index, range.at_position(at))
    });
    let ondblclick = on.reform(move |_: MouseEvent| Command::ResetKnob(index));
    html! {
        <input type="range" class="hd-range" min="0" max="1" step="any"
            value={position.to_string()} style={format!("--hd-done:{:.1}%", position * 100.0)}
            data-knob={index.to_string()} aria-label={view.spec.label}
            aria-valuetext={worded(view.spec, view.value)} {oninput} {ondblclick} />
    }
}

fn list(view: &KnobView, names: &'static [&'static str], on: &Callback<Command>) -> Html {
    let index = view.index;
    let onchange = on.reform(move |event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        Command::Knob(index, f64::from(chosen))
    });
    let chosen = view.value as usize;
    html! {
        <select class="hd-select" aria-label={view.spec.label} {onchange}>
            { for names.iter().enumerate().map(|(nth, name)| html! {
                <option selected={nth == chosen}>{ *name }</option>
            }) }
        </select>
    }
}

fn switch(view: &KnobView, on: &Callback<Command>) -> Html {
    let index = view.index;
    let onchange = on.reform(move |event: Event| {
        let checked = event.target_unchecked_into::<HtmlInputElement>().checked();
        Command::Knob(index, f64::from(checked))
    });
    html! {
        <input type="checkbox" role="switch" class="hd-switch" checked={view.value >= 0.5}
            aria-label={view.spec.label} {onchange} />
    }
}
