//! The book's own part of the build: mdBook's preprocessor for the workbook's elements, and the static site.
//!
//! # Map
//! - [`element`]: finds `<hd-…>` elements in a source, with their lines.
//! - [`lab`]: `<hd-lab>`, checked against the registry and filled with its static card ([`fallback`](fallback::fallback)).
//! - [`value`], [`seek`], [`quiz`]: figures in the prose, phrases that open a lab at a moment, questions; their numbers and keys
//!   are asked of the engine ([`answers`]).
//! - [`predict`], [`next`], [`challenge`], [`progress`]: predictions before a lab and before its every decision, challenges with a
//!   judge, what the reader has done.
//! - [`answers`]: what the engine is asked while the book is built.
//! - [`page`]: what an element may know of the page around it; [`situation`]: the lab, seed and knobs an element names.
//! - [`Elements`]: the preprocessor, which fills every element by the list `FILL`; a new element is one module and one line there.
//! - `sources`: the code behind the labs' decisions, for the page to show.
//! - [`check`]: what is wrong with the sources, without building; [`site`]: the whole build, to be served or (`offline`) opened from disk.

pub mod answers;
pub mod challenge;
pub mod check;
mod curve;
pub mod element;
pub mod fallback;
mod finish;
mod include;
pub mod lab;
mod log;
mod markdown;
pub mod next;
mod offline;
mod options;
pub mod page;
pub mod predict;
pub mod progress;
pub mod quiz;
pub mod seek;
pub mod site;
pub mod situation;
mod sources;
pub mod value;

use std::path::Path;

use mdbook_driver::book::{Book, BookItem};
use mdbook_preprocessor::errors::Result;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use answers::Answers;
use element::{Element, Problem};
use page::Page;

/// What an element becomes: HTML, or everything that is wrong with it.
type Filled = core::result::Result<String, Vec<Problem>>;

/// Checks an element of a page and fills it.
type Fill = fn(&Element, &Page<'_>) -> Filled;

/// Every element there is, by name.
const FILL: &[(&str, Fill)] = &[
    ("hd-challenge", challenge::render),
    ("hd-lab", lab::render),
    ("hd-next", next::render),
    ("hd-predict", predict::render),
    ("hd-progress", progress::render),
    ("hd-quiz", quiz::render),
    ("hd-seek", seek::render),
    ("hd-value", value::render),
];

/// Fills the workbook's elements; registered with mdBook as `headroom`.
pub struct Elements;

impl Preprocessor for Elements {
    fn name(&self) -> &str {
        "headroom"
    }

    fn run(&self, _context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let mut problems = Vec::new();
        let answers = Answers::default();
        let contents = progress::Contents::of(&book);
        book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item {
                let (content, found) = fill_with(&chapter.content, &answers);
                chapter.content = content;
                contents.placed(chapter);
                let path = chapter.source_path.clone().unwrap_or_default();
                problems.extend(found.iter().map(|problem| told(&path, problem)));
            }
        });
        if problems.is_empty() {
            Ok(book)
        } else {
            Err(anyhow::anyhow!("{}", problems.join("\n")))
        }
    }
}

/// A problem as `src/page.md:12: message`.
#[must_use]
pub fn told(page: &Path, problem: &Problem) -> String {
    format!(
        "src/{}:{}: {}",
        page.display(),
        problem.line,
        problem.message
    )
}

/// The source with every element filled, and what is wrong with them.
#[must_use]
pub fn fill(source: &str) -> (String, Vec<Problem>) {
    fill_with(source, &Answers::default())
}

/// The same with the answers that other pages of this build have already asked for.
fn fill_with(source: &str, answers: &Answers) -> (String, Vec<Problem>) {
    let (mut elements, mut problems) = element::find(source);
    predict::lock(&mut elements);
    let page = Page {
        source,
        elements: &elements,
        answers,
    };
    problems.extend(page.twice());
    let (filled, found) = page.filled(0..source.len());
    problems.extend(found);
    problems.sort_by_key(|problem| problem.line);
    (filled, problems)
}

/// What is wrong with the elements of a source.
fn elements_of(source: &str) -> Vec<Problem> {
    fill(source).1
}

#[cfg(test)]
mod tests;
