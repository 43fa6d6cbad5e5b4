//! Everything that can be said of the sources without building: elements, includes and links, each with file and line.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::element::Problem;
use crate::markdown::{self, line_of};
use crate::{elements_of, include, sources, told};

/// What is wrong with the pages of the book at `root`, as `src/page.md:12: message`, in order.
///
/// # Errors
/// The sources cannot be read.
pub fn problems(root: &Path) -> Result<Vec<String>> {
    let mut found = each_page(root, elements_of)?;
    sources::of_labs(root, &mut found);
    Ok(found)
}

/// The same without the elements: filling them is the greatest part of a build, which does it anyway and tells their problems.
pub(crate) fn problems_beside_elements(root: &Path) -> Result<Vec<String>> {
    each_page(root, |_| Vec::new())
}

fn each_page(root: &Path, elements: impl Fn(&str) -> Vec<Problem>) -> Result<Vec<String>> {
    let src = root.join("src");
    let summary = read(&src.join("SUMMARY.md"))?;
    let listed: Vec<PathBuf> = markdown::read(&summary)
        .links
        .into_iter()
        .map(|(_, link)| PathBuf::from(link))
        .collect();
    let mut told_all = Vec::new();
    for page in pages(&src)? {
        let source = read(&src.join(&page))?;
        let folder = src.join(page.parent().unwrap_or(Path::new("")));
        let mut found = elements(&source);
        found.extend(include::problems(&source, &folder));
        found.extend(links(&source, &folder));
        if !listed.contains(&page) && !UNLISTED.iter().any(|name| page == Path::new(name)) {
            let message = "SUMMARY.md does not list this page".to_owned();
            found.push(Problem { line: 1, message });
        }
        found.sort_by_key(|problem| problem.line);
        told_all.extend(found.iter().map(|problem| told(&page, problem)));
    }
    Ok(told_all)
}

/// Pages that mdBook finds by their names.
const UNLISTED: [&str; 2] = ["SUMMARY.md", "404.md"];

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Links to a file of the book that is not there.
fn links(source: &str, folder: &Path) -> Vec<Problem> {
    let found = markdown::read(source).links;
    let broken = found.into_iter().filter(|(_, link)| {
        let path = link.split(['#', '?']).next().unwrap_or_default();
        let elsewhere = path.is_empty() || path.contains(':');
        !elsewhere && !folder.join(path).exists()
    });
    broken
        .map(|(at, link)| Problem {
            line: line_of(source, at),
            message: format!("the link leads to {link}, which is not there"),
        })
        .collect()
}

/// All Markdown files below `src`, relative to it, sorted.
fn pages(src: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut open) = (Vec::new(), vec![src.to_owned()]);
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("cannot read the folder {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path.strip_prefix(src).unwrap_or(&path).to_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}
