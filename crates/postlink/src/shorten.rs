//! Short names between module and glue, and glue without comments: what only `wasm-bindgen` reads need not be downloaded.
//!
//! Each of some two hundred names ends with a hash of 16 digits, which no compression makes smaller, and stands in both files.

use std::collections::BTreeMap;

use wasm_bindgen_cli_support::Output;

/// Names that start so are made up by `wasm-bindgen`; all others are the exports a page calls.
const MADE_UP: [&str; 3] = ["__wbg_", "__wbindgen_", "wasm_bindgen__"];

/// The short name of each made-up name.
#[derive(Default)]
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    /// Gives the module's imports and exports short names.
    pub(crate) fn of(output: &mut Output) -> Self {
        let mut names = Self::default();
        let module = output.wasm_mut();
        for import in module.imports.iter_mut() {
            names.shorten(&mut import.name);
        }
        for export in module.exports.iter_mut() {
            names.shorten(&mut export.name);
        }
        names
    }

    /// Replaces a name that is made up; the same name becomes the same short one.
    pub(crate) fn shorten(&mut self, name: &mut String) {
        if MADE_UP.iter().any(|start| name.starts_with(start)) {
            let next = format!("${}", self.0.len());
            let short = self.0.entry(std::mem::take(name)).or_insert(next);
            name.clone_from(short);
        }
    }

    /// The glue with the same short names, without comments and indentation.
    pub(crate) fn glue(&self, glue: &str) -> String {
        let mut shorter = String::with_capacity(glue.len());
        let mut inside_comment = false;
        for line in glue.lines().map(str::trim) {
            inside_comment |= line.starts_with("/*");
            let kept = !inside_comment && !line.starts_with("//") && !line.is_empty();
            inside_comment &= !line.ends_with("*/");
            if kept {
                self.write_renamed(line, &mut shorter);
                shorter.push('\n');
            }
        }
        shorter
    }

    /// Appends a line with every whole word that is a made-up name replaced.
    fn write_renamed(&self, line: &str, out: &mut String) {
        let of_word = |letter: char| letter.is_ascii_alphanumeric() || "_$".contains(letter);
        let mut rest = line;
        while !rest.is_empty() {
            let end = rest.find(|letter| !of_word(letter)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            out.push_str(self.0.get(word).map_or(word, String::as_str));
            let next = after.find(of_word).unwrap_or(after.len());
            out.push_str(&after[..next]);
            rest = &after[next..];
        }
    }
}
