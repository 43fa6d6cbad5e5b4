//! The head of a card: what the lab is, its seed, and the buttons that begin a run anew, compare two or open the full-screen page.

use labs::About;
use yew::{AttrValue, Callback};

use crate::element::{Element, el};
use crate::icons;
use crate::snapshot::Snapshot;
use crate::transport::worded;
use crate::world::Command;

/// Title, seed and buttons; `full_screen` is the address of the full-screen page, without a query.
pub(crate) fn heading(
    about: &About,
    snapshot: &Snapshot,
    full_screen: Option<&AttrValue>,
    on: &Callback<Command>,
) -> Element {
    let titles = el("div", "hd-titles")
        .with(el("strong", "hd-title").text(about.title))
        .with(el("span", "hd-summary").text(about.summary));
    let full_screen = full_screen.map(|page| {
        let link = el("a", "hd-small hd-full")
            .attr("title", "open full screen")
            .attr("aria-label", "open full screen")
            .with(icons::full_screen());
        // A locked lab must not be seen elsewhere either.
        if snapshot.locked.is_some() {
            return link.attr("role", "link").attr("aria-disabled", "true");
        }
        link.attr("href", [page, &*snapshot.query].concat())
    });
    let compare = match snapshot.compared {
        None => worded(
            "compare",
            "play a second run beside it, on the same arrivals with settings of its own",
            on,
            Command::Compare,
        ),
        Some(_) => worded(
            "end comparison",
            "go on with run A alone",
            on,
            Command::Compare,
        ),
    };
    let tools = el("div", "hd-tools")
        .with(
            el("span", "hd-seed")
                .text("seed ")
                .text(snapshot.seed.to_string()),
        )
        .with(compare)
        .with(worded(
            "same again",
            "play the same seed from the start",
            on,
            Command::Again,
        ))
        .with(worded(
            "another seed",
            "play the next seed from the start",
            on,
            Command::AnotherSeed,
        ))
        .each(full_screen);
    el("div", "hd-head").with(titles).with(tools)
}
