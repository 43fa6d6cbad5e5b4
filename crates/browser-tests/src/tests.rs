//! What Firefox prints is told apart: what pages complain of, and what it says of itself.

use crate::firefox::is_complaint;

#[test]
fn what_a_page_prints_or_throws_is_a_complaint() {
    for line in [
        r#"console.error: "an error said""#,
        r#"console.warn: "a warning said""#,
        "JavaScript error: file:///srv/a.js, line 2: Error: rejected",
    ] {
        assert!(is_complaint(line), "{line}");
    }
}

#[test]
fn what_firefox_says_of_itself_is_no_complaint() {
    for line in [
        r#"console.log: "console.error: ""#,
        "console.error: RSLoader: ",
        "JavaScript error: resource:///modules/BackupService.sys.mjs, line 4408: NotAllowedError",
        "*** You are running in headless mode.",
    ] {
        assert!(!is_complaint(line), "{line}");
    }
}
