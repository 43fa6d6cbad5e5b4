//! The event log as a table of the entries around the present, and the chain of causes of the one the reader asked about.

use yew::prelude::*;

use crate::icons;
use crate::snapshot::{LogView, Place, ROWS, Row, Why};
use crate::transport::worded;
use crate::world::Command;

/// The log: a window of rows; each can be picked, which seeks there and asks why.
pub(crate) fn event_table(log: &LogView, on: &Callback<Command>) -> Html {
    let empty = ROWS - log.rows.len().min(ROWS);
    html! {
        <div class="hd-log" role="group" aria-label="event log">
            <div class="hd-log-head">
                <span class="hd-caption">{ "Event log" }</span>
                <span class="hd-leaf">
                    { leaf("earlier", log.earlier, -1, on) }
                    { leaf("now", log.away, 0, on) }
                    { leaf("later", log.later, 1, on) }
                </span>
            </div>
            <table aria-rowcount={log.total.to_string()}>
                <thead>
                    <tr><th scope="col">{ "time" }</th><th scope="col">{ "event" }</th><th scope="col">{ "what happened" }</th></tr>
                </thead>
                <tbody>
                    { for log.rows.iter().map(|row| table_row(row, on)) }
                    { for (0..empty).map(|_| html! { <tr aria-hidden="true"><td colspan="3"></td></tr> }) }
                </tbody>
            </table>
        </div>
    }
}

fn leaf(word: &'static str, possible: bool, pages: i32, on: &Callback<Command>) -> Html {
    html! {
        <button type="button" class="hd-small" disabled={!possible} onclick={on.reform(move |_| Command::Leaf(pages))}>
            { word }
        </button>
    }
}

fn table_row(row: &Row, on: &Callback<Command>) -> Html {
    let id = row.id;
    let pick = on.reform(move |_: MouseEvent| Command::Pick(id));
    let class = match row.place {
        Place::Past => "",
        Place::Last => "hd-last",
        Place::Future => "hd-future",
    };
    html! {
        <tr {class} onclick={pick} aria-rowindex={(id.0 + 1).to_string()}>
            <td><button type="button" class="hd-link" title="go there and see why">{ &row.at }</button></td>
            <td>{ icons::shape(row.state) }<span class={icons::state_class(row.state)}>{ row.kind }</span></td>
            <td>{ &row.text }</td>
        </tr>
    }
}

/// The answer to the reader's question, or how to ask one.
pub(crate) fn why(why: Option<&Why>, note: Option<&AttrValue>, on: &Callback<Command>) -> Html {
    html! {
        <div class="hd-why">
            if let Some(why) = why {
                <b>{ &why.title }</b>
                if why.cut { <span class="hd-arrow">{ "… →" }</span> }
                if why.links.is_empty() { <span>{ "nothing in the log yet." }</span> }
                { for why.links.iter().enumerate().map(|(nth, row)| link(nth, row, on)) }
                { worded("close", "leave the question", on, Command::Unask) }
            } else if let Some(note) = note {
                <span class="hd-note">{ note }</span>
            } else {
                <span class="hd-hint">{ "Pick a request in the figure or a line of the log to see why it happened." }</span>
            }
        </div>
    }
}

fn link(nth: usize, row: &Row, on: &Callback<Command>) -> Html {
    let id = row.id;
    html! {
        <>
            if nth > 0 { <span class="hd-arrow">{ "→" }</span> }
            <button type="button" class="hd-link" title="go there" onclick={on.reform(move |_| Command::Pick(id))}>
                { icons::shape(row.state) }{ &row.at }{ " " }{ &row.text }
            </button>
        </>
    }
}
