//! The page an element stands in: what it may look at around itself, and how the text in its own body is filled.

use core::ops::Range;

use crate::FILL;
use crate::answers::Answers;
use crate::element::{Element, Problem};

/// A page while its elements are being filled.
pub struct Page<'a> {
    /// The whole source.
    pub source: &'a str,
    /// All its elements, in order of their opening tags.
    pub elements: &'a [Element],
    /// What the engine has been asked in this build.
    pub answers: &'a Answers,
}

impl Page<'_> {
    /// A stretch of the source with every element in it filled, and what is wrong with those.
    #[must_use]
    pub fn filled(&self, range: Range<usize>) -> (String, Vec<Problem>) {
        let (mut filled, mut problems) = (String::with_capacity(range.len()), Vec::new());
        let mut from = range.start;
        for element in self.within(&range) {
            // One that stands in the body of another is filled by that one.
            if element.range.start < from {
                continue;
            }
            filled.push_str(&self.source[from..element.range.start]);
            let rendered = match FILL.iter().find(|(name, _)| *name == element.name) {
                Some((_, render)) => render(element, self),
                None => Err(vec![
                    element.problem(format!("there is no element <{}>", element.name)),
                ]),
            };
            match rendered {
                Ok(html) => filled.push_str(&html),
                Err(found) => problems.extend(found),
            }
            from = element.range.end;
        }
        filled.push_str(&self.source[from..range.end]);
        (filled, problems)
    }

    /// The elements that begin in a stretch of the source.
    pub fn within(&self, range: &Range<usize>) -> impl Iterator<Item = &Element> {
        let range = range.clone();
        let elements = self.elements.iter();
        elements.filter(move |element| range.contains(&element.range.start))
    }

    /// The element of this name and id.
    #[must_use]
    pub fn named(&self, name: &str, id: &str) -> Option<&Element> {
        let mut elements = self.elements.iter();
        elements.find(|element| element.name == name && element.get("id") == Some(id))
    }

    /// Every id that an earlier element has already.
    pub(crate) fn twice(&self) -> Vec<Problem> {
        let ids = |element: &Element| element.get("id").map(str::to_owned);
        let repeated = self
            .elements
            .iter()
            .enumerate()
            .filter_map(|(nth, element)| {
                let id = ids(element)?;
                let first = self.elements[..nth]
                    .iter()
                    .find(|earlier| ids(earlier).as_deref() == Some(id.as_str()))?;
                Some(element.problem(format!(
                    "the id {id:?} is already that of the <{}> in line {}",
                    first.name, first.line
                )))
            });
        repeated.collect()
    }
}

/// Text as it may stand in HTML and in the value of an attribute.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}
