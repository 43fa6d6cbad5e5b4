//! What the build needs to know of a Markdown source: where its code and comments are, and where its links lead.

use core::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

/// A source, taken apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Markdown {
    /// Code blocks, inline code and comments: places that show an element rather than use it.
    pub(crate) quoted: Vec<Range<usize>>,
    /// Where each link or image begins, and what it names.
    pub(crate) links: Vec<(usize, String)>,
}

/// Takes a source apart the way mdBook does.
pub(crate) fn read(source: &str) -> Markdown {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    let mut found = Markdown::default();
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) | Event::Code(_) => found.quoted.push(range),
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                found.quoted.extend(comments(source, range));
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                found.links.push((range.start, dest_url.into_string()));
            }
            _ => {}
        }
    }
    found
}

/// The comments within a piece of HTML.
fn comments(source: &str, html: Range<usize>) -> Vec<Range<usize>> {
    let text = &source[html.clone()];
    text.match_indices("<!--")
        .map(|(start, _)| {
            let length = text[start..]
                .find("-->")
                .map_or(text.len() - start, |end| end + 3);
            html.start + start..html.start + start + length
        })
        .collect()
}

/// The line that byte `at` stands in, from 1.
pub(crate) fn line_of(source: &str, at: usize) -> usize {
    source[..at].matches('\n').count() + 1
}
