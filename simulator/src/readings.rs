//! What is read beside the figures: their numbers, the legends of the charts, and which of two runs is which.

use labs::{Chart, LineStyle, State};
use yew::AttrValue;

use crate::element::{Element, el};
use crate::icons;
use crate::snapshot::{CounterView, Snapshot};
use crate::world::Side;

/// The numbers beside the figure; in a comparison those of both runs.
pub(crate) fn numbers(snapshot: &Snapshot) -> Element {
    match snapshot.compared {
        Some(_) => pairs(&snapshot.counters),
        None => counters(&snapshot.counters),
    }
}

fn counters(counters: &[CounterView]) -> Element {
    el("div", "hd-counters").each(counters.iter().map(|counter| {
        el("span", "hd-counter")
            .with(icons::shape(counter.state))
            .with(el("b", icons::state_class(counter.state)).text(counter.value.clone()))
            .with(el("span", "").text(counter.label))
    }))
}

/// The numbers of two runs, and how much the second has more.
fn pairs(counters: &[CounterView]) -> Element {
    let heads = ["A", "B", "B − A"].map(|name| el("th", "").attr("scope", "col").text(name));
    let head = el("tr", "").with(el("td", "")).each(heads);
    let rows = counters.iter().map(|counter| {
        let label = el("th", "")
            .attr("scope", "row")
            .with(icons::shape(counter.state))
            .text(counter.label);
        let numbers = core::iter::once(&counter.value).chain(counter.twin.iter().flatten());
        let numbers = numbers.map(|number| el("td", "").text(number.clone()));
        el("tr", icons::state_class(counter.state))
            .with(label)
            .each(numbers)
    });
    el("table", "hd-pairs")
        .with(el("thead", "").with(head))
        .with(el("tbody", "").each(rows))
}

/// Title and lines of a chart; those of the reader's own and of a second run are dashed.
pub(crate) fn legend(chart: &'static Chart, own: bool, compared: bool) -> Element {
    let key = |style, words: &'static str| {
        el("span", "hd-key")
            .with(icons::swatch(style, State::Neutral))
            .text(words)
    };
    let own = own.then(|| key(LineStyle::Reference, "your curve"));
    let sides = compared.then(|| [key(LineStyle::Line, "A"), key(LineStyle::Reference, "B")]);
    let caption = el("span", "hd-caption")
        .text(chart.title)
        .with(el("span", "hd-unit").text(chart.unit));
    el("div", "hd-legend")
        .with(caption)
        .each(chart.lines.iter().map(|line| {
            el("span", "hd-key")
                .with(icons::swatch(line.style, line.state))
                .text(line.label)
        }))
        .each(sides.into_iter().flatten())
        .each(own)
}

/// One of two figures, under its letter and its settings.
pub(crate) fn pane(side: Side, settings: &AttrValue, figure: Element) -> Element {
    let words = match &**settings {
        "" => AttrValue::Static("the same settings"),
        _ => settings.clone(),
    };
    let caption = el("p", "hd-pane")
        .with(el("b", "hd-letter").text(side.letter()))
        .text(words);
    el("div", "").with(caption).with(figure)
}
