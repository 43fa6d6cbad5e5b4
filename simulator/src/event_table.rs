//! The event log as a table of the entries up to the present, and the chain of causes of the one the reader asked about.

use yew::{AttrValue, Callback};

use crate::element::{Element, el};
use crate::icons;
use crate::snapshot::{Compared, LogView, Place, ROWS, Row, Why};
use crate::transport::{button, worded};
use crate::world::{Command, Side};

/// The log: a window of rows; each can be picked, which seeks there and asks why.
pub(crate) fn event_table(
    log: &LogView,
    compared: Option<&Compared>,
    on: &Callback<Command>,
) -> Element {
    let leaves = el("span", "hd-leaf")
        .with(leaf("earlier", log.earlier, -1, on))
        .with(leaf("now", log.away, 0, on))
        .with(leaf("later", log.later, 1, on));
    let head = el("div", "hd-log-head")
        .with(
            el("span", "hd-caption")
                .text("Event log")
                .each(compared.map(|compared| sides(compared.side, on))),
        )
        .with(leaves);
    let columns = ["time", "event", "what happened"];
    let columns = columns.map(|name| el("th", "").attr("scope", "col").text(name));
    let empty = (log.rows.len()..ROWS).map(|_| {
        el("tr", "")
            .attr("aria-hidden", "true")
            .with(el("td", "").attr("colspan", "3"))
    });
    let table = el("table", "")
        .attr("aria-rowcount", log.total.to_string())
        .with(el("thead", "").with(el("tr", "").each(columns)))
        .with(
            el("tbody", "")
                .each(log.rows.iter().map(|row| table_row(row, on)))
                .each(empty),
        );
    el("div", "hd-log")
        .attr("role", "group")
        .attr("aria-label", "event log")
        .with(head)
        .with(table)
}

/// Two buttons that choose whose log is shown.
fn sides(chosen: Side, on: &Callback<Command>) -> Element {
    let choices = [(Side::A, "log of A"), (Side::B, "log of B")];
    let buttons = choices.map(|(side, title)| {
        let pressed = if side == chosen { "true" } else { "false" };
        worded(side.letter(), title, on, Command::Look(side))
            .attr("aria-label", title)
            .attr("aria-pressed", pressed)
    });
    el("span", "hd-sides").each(buttons)
}

fn leaf(word: &'static str, possible: bool, pages: i32, on: &Callback<Command>) -> Element {
    worded(word, "leaf through the log", on, Command::Leaf(pages)).flag("disabled", !possible)
}

fn table_row(row: &Row, on: &Callback<Command>) -> Element {
    let class = match row.place {
        Place::Past => "",
        Place::Last => "hd-last",
        Place::Future => "hd-future",
    };
    let at = el("button", "hd-link")
        .attr("type", "button")
        .attr("title", "go there and see why")
        .text(row.at.clone());
    let kind = el("td", "")
        .with(icons::shape(row.state))
        .with(el("span", icons::state_class(row.state)).text(row.kind));
    el("tr", class)
        .attr("aria-rowindex", (row.id.0 + 1).to_string())
        .click(on, Command::Pick(row.id))
        .with(el("td", "").with(at))
        .with(kind)
        .with(el("td", "").text(row.text.clone()))
}

/// The answer to the reader's question, or how to ask one.
pub(crate) fn why(why: Option<&Why>, note: Option<&AttrValue>, on: &Callback<Command>) -> Element {
    let answer = el("div", "hd-why");
    let Some(why) = why else {
        return answer.with(match note {
            Some(note) => el("span", "hd-note").text(note.clone()),
            None => el("span", "hd-hint")
                .text("Pick a mark in the figure or a line of the log to see why it happened."),
        });
    };
    let mut answer = answer.with(el("b", "").text(why.title.clone()));
    if why.links.is_empty() {
        answer = answer.text("nothing in the log yet.");
    }
    for (nth, row) in why.links.iter().enumerate() {
        if nth > 0 || why.cut {
            answer =
                answer.with(el("span", "hd-arrow").text(if nth > 0 { "→" } else { "… →" }));
        }
        let link =
            button("hd-link", "go there", on, Command::Pick(row.id)).with(icons::shape(row.state));
        answer = answer.with(link.text([&row.at, " ", &row.text].concat()));
    }
    answer
        .with(worded("close", "leave the question", on, Command::Unask))
        .each(why.source.map(source))
}

/// The lines of code that decided, folded; the page's script fills in their text when they are unfolded.
fn source(place: &'static str) -> Element {
    let name = place.rsplit('/').next().unwrap_or(place);
    let summary = el("summary", "")
        .text("the code that decided: ")
        .with(el("code", "").text(name));
    el("details", "hd-source")
        .keyed(place)
        .attr("data-source", place)
        .with(summary)
        .with(el("div", ""))
}
