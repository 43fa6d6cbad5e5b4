//! `<hd-progress>`: a table of the book's sections, with what there is to do in each; `theme/progress.js` fills in what has been done.

use std::path::Path;

use mdbook_driver::book::{Book, BookItem, Chapter};

use crate::challenge;
use crate::element::{self, Element, Problem};
use crate::page::{Page, escaped};
use crate::situation;

/// Where the table of the whole book goes: an element alone knows only its page.
const TABLE: &str = "<hd-progress-table></hd-progress-table>";
/// What the page says to whoever runs no scripts.
const NO_SCRIPT: &str =
    "What you have done is kept in your browser alone, and reading it takes JavaScript.";

/// The sentence that stands without scripts, and the place of the table.
///
/// # Errors
/// Everything that is wrong with it, with its line.
pub fn render(element: &Element, page: &Page<'_>) -> Result<String, Vec<Problem>> {
    let mut wrong = situation::strangers(element, &[]);
    if !page.source[element.body.clone()].trim().is_empty() {
        wrong.push("<hd-progress> writes its own text; it has none between its tags".to_owned());
    }
    if !wrong.is_empty() {
        return Err(element.problems(wrong));
    }
    Ok(format!(
        "\n<hd-progress>\n<p class=\"hd-without\">{NO_SCRIPT}</p>{TABLE}\n</hd-progress>\n"
    ))
}

/// A page on which there is something to do.
struct Section {
    name: String,
    /// Its address within the book.
    page: String,
    /// Ids of what can be done, by kind, in the order of [`KINDS`].
    ids: [Vec<String>; KINDS.len()],
}

/// What can be done, and the heading of its column.
const KINDS: [(&str, &str); 4] = [
    ("predict", "Predictions"),
    ("quiz", "Questions right"),
    ("challenge", "Challenges met"),
    ("lab", "Labs opened"),
];

/// What there is to do in a book whose elements have not been filled yet.
pub(crate) struct Contents(Vec<Section>);

impl Contents {
    pub(crate) fn of(book: &Book) -> Self {
        let chapters = book.iter().filter_map(|item| match item {
            BookItem::Chapter(chapter) => section(chapter),
            _ => None,
        });
        Self(chapters.collect())
    }

    /// The page with the table in its place, if it has one.
    pub(crate) fn placed(&self, chapter: &mut Chapter) {
        if chapter.content.contains(TABLE) {
            let path = chapter.path.clone().unwrap_or_default();
            chapter.content = chapter.content.replace(TABLE, &self.table(&path));
        }
    }

    fn table(&self, from: &Path) -> String {
        let above = "../".repeat(from.components().count().saturating_sub(1));
        let heads: String = KINDS
            .iter()
            .map(|(_, head)| format!("<th scope=\"col\">{head}</th>"))
            .collect();
        let rows: String = self.0.iter().map(|section| row(section, &above)).collect();
        let totals: String = KINDS
            .iter()
            .map(|(_, head)| format!("<td data-head=\"{head}\"></td>"))
            .collect();
        format!(
            "<div class=\"hd-progress-table\"><table><thead><tr><th scope=\"col\">Section</th>{heads}</tr></thead>\
             <tbody>{rows}</tbody><tfoot><tr><th scope=\"row\">In all</th>{totals}</tr></tfoot></table></div>"
        )
    }
}

fn section(chapter: &Chapter) -> Option<Section> {
    let page = chapter.path.as_ref()?.with_extension("html");
    let (elements, _) = element::find(&chapter.content);
    let ids = KINDS.map(|(kind, _)| elements.iter().filter_map(|it| own_id(it, kind)).collect());
    let something = ids.iter().any(|ids: &Vec<String>| !ids.is_empty());
    something.then(|| Section {
        name: chapter.name.clone(),
        page: page.to_string_lossy().replace('\\', "/"),
        ids,
    })
}

/// The id an element's answer is kept under, if it is of this kind. A wide lab is the simulator, which shows those of the sections.
fn own_id(element: &Element, kind: &str) -> Option<String> {
    if element.name.strip_prefix("hd-") != Some(kind) {
        return None;
    }
    match kind {
        "challenge" => element.get("name").map(challenge::id),
        "lab" if element.get("wide").is_some() => None,
        "lab" => element.get("lab").map(|lab| format!("lab-{lab}")),
        _ => element.get("id").map(str::to_owned),
    }
}

fn row(section: &Section, above: &str) -> String {
    let cells: String = section
        .ids
        .iter()
        .zip(KINDS)
        .map(|(ids, (_, head))| {
            let ids = escaped(&distinct(ids).join(" "));
            format!("<td data-head=\"{head}\" data-ids=\"{ids}\"></td>")
        })
        .collect();
    let page = escaped(&section.page);
    format!(
        "<tr data-page=\"{page}\"><th scope=\"row\"><a href=\"{above}{page}\">{}</a></th>{cells}</tr>",
        escaped(&section.name)
    )
}

/// A lab that stands twice on its page is one lab.
fn distinct(ids: &[String]) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for id in ids {
        if !found.contains(&id.as_str()) {
            found.push(id);
        }
    }
    found
}
