//! Knobs: sliders, lists and switches for a lab's settings, each with label, unit and a way back to its default.

use std::rc::Rc;

use labs::{KnobSpec, Range};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::virtual_dom::ListenerKind;
use yew::{AttrValue, Callback, Html};

use crate::element::{Element, all, el, target};
use crate::icons;
use crate::numbers::with_unit;
use crate::world::{Command, Side};

/// A knob as it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KnobView {
    /// Its number in the lab.
    pub index: usize,
    /// In a comparison, whose it is.
    pub side: Option<Side>,
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
        let next = range
            .at_position(start + (f64::from(steps) + direction * f64::from(further) * 0.25) * STEP);
        if next != value {
            return next;
        }
    }
    value
}

/// What the reader reads: `10 /s`, `on`, `fixed window`.
pub(crate) fn worded(spec: &KnobSpec, value: f64) -> String {
    match spec.range {
        Range::Choice(names) => names
            .get(value as usize)
            .copied()
            .unwrap_or_default()
            .to_owned(),
        Range::Toggle => if value >= 0.5 { "on" } else { "off" }.to_owned(),
        Range::Linear { .. } | Range::Log { .. } => with_unit(value, spec.unit),
    }
}

/// The knobs of a lab: those of this figure in a row, the rest one click away.
pub(crate) fn knobs(knobs: &[KnobView], on: &Callback<Command>) -> Html {
    let cells = |shown: bool| {
        let chosen: Vec<_> = knobs.iter().filter(|knob| knob.shown == shown).collect();
        // In a comparison those of the second run follow those of the first; they are shown in pairs.
        let (first, second) = chosen.split_at(match knobs.first() {
            Some(KnobView { side: Some(_), .. }) => chosen.len() / 2,
            _ => chosen.len(),
        });
        let mut cells = el("div", "hd-knobs");
        if !second.is_empty() {
            cells = cells.attr("data-pairs", "");
        }
        for (nth, view) in first.iter().enumerate() {
            cells = cells.with(knob(view, on));
            cells = cells.each(second.get(nth).map(|view| knob(view, on)));
        }
        cells
    };
    let (some, more) = (
        knobs.iter().any(|knob| knob.shown),
        knobs.iter().any(|knob| !knob.shown),
    );
    let more = more.then(|| {
        el("details", "hd-more")
            .with(el("summary", "").text("more settings"))
            .with(cells(false))
    });
    all(some.then(|| cells(true)).into_iter().chain(more))
}

fn knob(view: &KnobView, on: &Callback<Command>) -> Element {
    let spec = view.spec;
    let letter = view.side.map(Side::letter);
    let name: AttrValue = match letter {
        Some(letter) => [spec.label, ", ", letter].concat().into(),
        None => spec.label.into(),
    };
    let control = match spec.range {
        Range::Linear { .. } | Range::Log { .. } => slider(view, on),
        Range::Choice(names) => list(view, names, on),
        Range::Toggle => switch(view, on),
    };
    let back = el("button", "hd-back")
        .attr("type", "button")
        .attr("title", "back to the default")
        .attr("aria-label", [&*name, ": back to the default"].concat())
        .flag("disabled", !view.turned)
        .click(on, Command::ResetKnob(view.index))
        .with(icons::back());
    el("div", "hd-knob")
        .attr("title", spec.help)
        .with(
            el("span", "hd-knob-label")
                .each(letter.map(|letter| el("b", "hd-letter").text(letter)))
                .text(spec.label),
        )
        .with(back)
        .with(el("span", "hd-knob-value").text(worded(spec, view.value)))
        .with(control.attr("aria-label", name))
}

fn slider(view: &KnobView, on: &Callback<Command>) -> Element {
    let (index, range) = (view.index, view.spec.range);
    let position = range.position(view.value);
    let turned = on.clone();
    el("input", "hd-range")
        .attr("type", "range")
        .attr("min", "0")
        .attr("max", "1")
        .attr("step", "any")
        .attr("style", format!("--hd-done:{:.1}%", position * 100.0))
        .attr("data-knob", index.to_string())
        .attr("aria-valuetext", worded(view.spec, view.value))
        .value(position.to_string())
        .on(
            || ListenerKind::oninput,
            Rc::new(move |event| {
                if let Some(input) = target::<HtmlInputElement>(&event) {
                    turned.emit(Command::Knob(
                        index,
                        range.at_position(input.value_as_number()),
                    ));
                }
            }),
        )
        .on(|| ListenerKind::ondblclick, {
            let on = on.clone();
            Rc::new(move |_| on.emit(Command::ResetKnob(index)))
        })
}

fn list(view: &KnobView, names: &'static [&'static str], on: &Callback<Command>) -> Element {
    let (index, chosen) = (view.index, view.value as usize);
    choice(
        "hd-select",
        names.iter().map(|&name| name.into()),
        chosen,
        {
            let on = on.clone();
            Rc::new(move |nth| on.emit(Command::Knob(index, nth as f64)))
        },
    )
}

/// A list to choose from, which stands at `chosen` and tells what is chosen instead.
pub(crate) fn choice(
    class: &'static str,
    names: impl Iterator<Item = AttrValue>,
    chosen: usize,
    then: Rc<dyn Fn(usize)>,
) -> Element {
    let options = names.enumerate().map(|(nth, name)| {
        el("option", "")
            .property("selected", nth == chosen)
            .text(name)
    });
    el("select", class).each(options).on(
        || ListenerKind::onchange,
        Rc::new(move |event| {
            let select = target::<HtmlSelectElement>(&event);
            if let Some(nth) =
                select.and_then(|select| usize::try_from(select.selected_index()).ok())
            {
                then(nth);
            }
        }),
    )
}

fn switch(view: &KnobView, on: &Callback<Command>) -> Element {
    let (index, on) = (view.index, on.clone());
    el("input", "hd-switch")
        .attr("type", "checkbox")
        .attr("role", "switch")
        .checked(view.value >= 0.5)
        .on(
            || ListenerKind::onchange,
            Rc::new(move |event| {
                if let Some(input) = target::<HtmlInputElement>(&event) {
                    on.emit(Command::Knob(index, f64::from(input.checked())));
                }
            }),
        )
}
