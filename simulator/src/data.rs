//! Data of the reader's own: what is refused before a lab looks at it.

use labs::AnyRun;

/// Bytes of data a lab takes at most.
pub(crate) const LARGEST: usize = 10_000_000;

/// Hands data to the run; a sentence on what was understood.
///
/// # Errors
/// A sentence on why it cannot be used; the run is then as it was.
pub(crate) fn take(run: &mut dyn AnyRun, bytes: &[u8]) -> Result<String, String> {
    if run.takes().is_none() {
        return Err("This lab takes no data.".to_owned());
    }
    if bytes.len() > LARGEST {
        return Err(
            "This is more than 10 MB, the most a lab takes; nothing was changed.".to_owned(),
        );
    }
    match core::str::from_utf8(bytes) {
        // Spreadsheets put a mark before their text.
        Ok(text) if !text.contains('\0') => {
            let text = text.trim_start_matches('\u{feff}');
            if text.trim().is_empty() {
                return Err("There is no data in it; nothing was changed.".to_owned());
            }
            run.load(text)
        }
        _ => Err("This is not text but a binary file; nothing was changed.".to_owned()),
    }
}
